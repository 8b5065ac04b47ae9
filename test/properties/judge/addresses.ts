import type { RawConfigMap, RawPod, RawTemplate } from './raw.ts'

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

/** The values of a template's environment that do not depend on the pod. */
export function environment(template: RawTemplate, configMaps: readonly RawConfigMap[]): string[] {
  const data = (name: string) => configMaps.find((each) => each.metadata.name === name)?.data ?? {}
  return template.spec.containers.flatMap((container) => [
    ...(container.env ?? []).flatMap((env) => {
      const ref = env.valueFrom?.configMapKeyRef
      return (ref === undefined ? env.value : data(ref.name)[ref.key]) ?? []
    }),
    ...(container.envFrom ?? []).flatMap((each) => Object.values(data(each.configMapRef?.name ?? ''))),
  ])
}

/** The Services a value names as a host, alone or in a URL, with or without namespace and port. */
export function hosts(value: string, namespace: string, services: ReadonlySet<string>): string[] {
  return value.split(/[^a-zA-Z0-9.-]+/).flatMap((word) => {
    const [service = '', where = namespace] = word.split('.')
    return where === namespace && services.has(service) ? [service] : []
  })
}

function shown(path: string, pod: RawPod): string[] {
  const one = /^metadata\.(labels|annotations)(?:\['(.+)'\])?$/.exec(path)
  if (one === null) return []
  const values = pod.metadata[one[1] as 'labels' | 'annotations'] ?? {}
  return one[2] === undefined ? Object.values(values) : [values[one[2]] ?? '']
}
