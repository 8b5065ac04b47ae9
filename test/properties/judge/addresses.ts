import { DIALLED, NOT_DIALLED, type RawConfigMap, type RawPod, type RawService, type RawTemplate } from './raw.ts'

/** What a pod read from its own metadata when it started: the values of its `fieldRef` variables. */
export function startValues(template: RawTemplate, pod: RawPod): string[] {
  const paths = template.spec.containers.flatMap((each) =>
    (each.env ?? []).flatMap((env) => env.valueFrom?.fieldRef?.fieldPath ?? []),
  )
  return paths.flatMap((path) => shown(path, pod))
}

/** What the files of a running pod say about its own metadata now. */
export function volumeValues(template: RawTemplate, pod: RawPod): string[] {
  const paths = (template.spec.volumes ?? []).flatMap(
    (each) => each.downwardAPI?.items.map((item) => item.fieldRef.fieldPath) ?? [],
  )
  return paths.flatMap((path) => shown(path, pod))
}

/** The values that a template's processes dial, as far as they do not depend on the pod. */
export function environment(template: RawTemplate, configMaps: readonly RawConfigMap[]): string[] {
  const data = (name: string) => configMaps.find((each) => each.metadata.name === name)?.data ?? {}
  const notes = template.metadata?.annotations ?? {}
  const spared = new Set(notes[NOT_DIALLED]?.split(','))
  return [
    ...(notes[DIALLED]?.split(',') ?? []),
    ...template.spec.containers.flatMap((container) => [
      ...(container.env ?? []).flatMap((env) => {
        const ref = env.valueFrom?.configMapKeyRef
        const value = ref === undefined ? env.value : data(ref.name)[ref.key]
        return value === undefined || spared.has(env.name) ? [] : [value]
      }),
      ...(container.envFrom ?? []).flatMap((each) =>
        Object.entries(data(each.configMapRef?.name ?? '')).flatMap(([key, value]) => (spared.has(key) ? [] : [value])),
      ),
    ]),
  ]
}

/** Every name by which a Service of a namespace may be dialled, with that Service. */
export function directory(services: readonly RawService[], namespace: string): Map<string, string> {
  const known = new Map<string, string>()
  for (const { metadata, spec } of services) {
    const { name } = metadata
    const variable = `${name.replaceAll('-', '_').toUpperCase()}_SERVICE_HOST`
    const real = spec.externalName === undefined ? name : spec.externalName.split('.')[0]!
    for (const way of [name, `${name}.${namespace}`, `${name}.${namespace}.svc.cluster.local`]) known.set(way, real)
    if (spec.clusterIP !== undefined) known.set(spec.clusterIP, real)
    if (spec.externalName === undefined) known.set(variable, real)
  }
  return known
}

/** The Services a value names as a host, alone or in a URL, as an SRV name, with or without namespace and port. */
export function hosts(value: string, ways: ReadonlyMap<string, string>): string[] {
  return value
    .replace(/_[a-z]+\._[a-z]+\./, '')
    .split(/[^a-zA-Z0-9._-]+/)
    .flatMap((word) => ways.get(word) ?? [])
}

function shown(path: string, pod: RawPod): string[] {
  const one = /^metadata\.(labels|annotations)(?:\['(.+)'\])?$/.exec(path)
  if (one === null) return []
  const values = pod.metadata[one[1] as 'labels' | 'annotations'] ?? {}
  return one[2] === undefined ? Object.values(values) : [values[one[2]] ?? '']
}
