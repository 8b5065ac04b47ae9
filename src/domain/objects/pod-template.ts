import { at, flag, list, strings, text } from './fields.ts'
import { HASH_LABEL, RELEASE } from './labels.ts'
import { type Mounted, mountsOf, parseMounted } from './mounted.ts'

/** The part of a pod template that says which version runs and whom it calls. */
export interface PodTemplate {
  readonly labels: ReadonlyMap<string, string>
  readonly annotations: ReadonlyMap<string, string>
  /** In their order; of a member's revision the one first that speaks for it (main-container.ts). */
  readonly containers: readonly Container[]
  readonly initContainers: readonly Container[]
  /** ConfigMaps whose keys the processes read as files. */
  readonly files: readonly Mounted[]
  /** What the template itself says at paths of the downward API: `metadata.annotations['app/url']`, and its namespace. */
  readonly fields: ReadonlyMap<string, string>
  /** Field paths that downwardAPI volumes show to the running process, e.g. `metadata.labels`. */
  readonly volumeFields: readonly string[]
  /** Names of the Secrets that the environment and the volumes are made of; they are never read. */
  readonly secrets: readonly string[]
  /** Host names that its pods have an address of their own for. */
  readonly hostAliases: readonly { readonly ip: string; readonly names: readonly string[] }[]
  /** Whether the kubelet tells the processes where Services are, by variables such as `PAY_SERVICE_HOST`. */
  readonly serviceLinks: boolean
}

export interface Container {
  readonly name: string
  readonly image: string
  /** Each pod asks the registry again what the tag of its image names. */
  readonly alwaysPulled: boolean
  /** In the order in which they override each other: `envFrom`, then `env` (kubelet, makeEnvironmentVariables). */
  readonly env: readonly EnvEntry[]
  /** Strings of `command` and `args`, then those of the commands of its hooks and probes. */
  readonly words: readonly string[]
}

/**
 * One environment variable, or all of a ConfigMap or Secret (`key` and `name` absent). `optional`: pods start without
 * it.
 */
export type EnvEntry =
  | { readonly from: 'literal'; readonly name: string; readonly value: string }
  | {
      readonly from: 'configMap'
      readonly name: string
      readonly configMap: string
      readonly key: string
      readonly optional: boolean
    }
  | { readonly from: 'wholeConfigMap'; readonly configMap: string; readonly prefix: string; readonly optional: boolean }
  | { readonly from: 'secret'; readonly name: string; readonly secret: string; readonly key: string }
  | { readonly from: 'wholeSecret'; readonly secret: string }
  | { readonly from: 'field'; readonly name: string; readonly path: string }

/** Keys of labels and annotations that somebody else has written into a pod template. */
export type Injected = Record<'labels' | 'annotations', ReadonlySet<string>>

/** Parses a pod template; never throws. @param around where it stands, and what is not its own */
export function parsePodTemplate(
  raw: unknown,
  around: { readonly namespace?: string | undefined; readonly injected?: Injected } = {},
): PodTemplate {
  const containers = list(at(raw, 'spec', 'containers')).map(parseContainer)
  const initContainers = list(at(raw, 'spec', 'initContainers')).map(parseContainer)
  // A projected volume is several in one.
  const volumes = list(at(raw, 'spec', 'volumes')).flatMap((volume) =>
    [volume, ...list(at(volume, 'projected', 'sources'))].map((source) => ({ source, name: at(volume, 'name') })),
  )
  return {
    labels: strings(at(raw, 'metadata', 'labels')),
    annotations: strings(at(raw, 'metadata', 'annotations')),
    containers,
    initContainers,
    files: volumes.flatMap(({ source, name }) => parseMounted(at(source, 'configMap'), () => mountsOf(raw, name))),
    hostAliases: list(at(raw, 'spec', 'hostAliases')).map((each) => ({
      ip: text(at(each, 'ip'))?.toLowerCase() ?? '',
      names: list(at(each, 'hostnames')).flatMap((name) => text(name) ?? []),
    })),
    fields: ownFields(raw, around),
    serviceLinks: at(raw, 'spec', 'enableServiceLinks') !== false,
    volumeFields: volumes
      .flatMap(({ source }) => list(at(source, 'downwardAPI', 'items')))
      .flatMap((each) => text(at(each, 'fieldRef', 'fieldPath')) ?? []),
    secrets: [
      ...new Set([
        ...[...containers, ...initContainers].flatMap((each) =>
          each.env.flatMap((entry) => ('secret' in entry ? [entry.secret] : [])),
        ),
        ...volumes.flatMap(
          ({ source }) => text(at(source, 'secret', 'secretName')) ?? text(at(source, 'secret', 'name')) ?? [],
        ),
      ]),
    ],
  }
}

/** The path of its namespace for the downward API. */
export const NAMESPACE = 'metadata.namespace'

/** The path of a label or an annotation for the downward API. */
export function fieldPath(kind: 'labels' | 'annotations', key: string): string {
  return `metadata.${kind}['${key}']`
}

/** Labels that are another's with each revision, or with each release. */
const CHANGING: ReadonlySet<string> = new Set([HASH_LABEL, RELEASE])

function ownFields(
  raw: unknown,
  { namespace, injected }: { readonly namespace?: string | undefined; readonly injected?: Injected },
): ReadonlyMap<string, string> {
  const own = (['labels', 'annotations'] as const).flatMap((kind) =>
    [...strings(at(raw, 'metadata', kind))].flatMap(([key, value]): [string, string][] =>
      CHANGING.has(key) || injected?.[kind].has(key) ? [] : [[fieldPath(kind, key), value]],
    ),
  )
  return new Map([...own, ...(namespace === undefined ? [] : [[NAMESPACE, namespace] as const])])
}

/** A port that a container names, or only tells of. */
export interface ContainerPort {
  readonly name: string | undefined
  readonly number: unknown
}

/** The ports of the containers of a raw pod template, then of those that start before them and stay (FindPort). */
export function containerPorts(raw: unknown): ContainerPort[] {
  const staying = list(at(raw, 'spec', 'initContainers')).filter((each) => at(each, 'restartPolicy') === 'Always')
  return [...list(at(raw, 'spec', 'containers')), ...staying]
    .flatMap((each) => list(at(each, 'ports')))
    .map((each) => ({ name: text(at(each, 'name')), number: at(each, 'containerPort') }))
}

/** Where a container has commands beside its own (core/v1, Lifecycle and Probe). */
const BESIDE = [
  ['lifecycle', 'postStart'],
  ['lifecycle', 'preStop'],
  ['startupProbe'],
  ['readinessProbe'],
  ['livenessProbe'],
] as const

/** Where in a container the strings of its commands stand. */
export function wordPaths(raw: unknown): (readonly [...path: string[], index: number])[] {
  return [['command'], ['args'], ...BESIDE.map((path) => [...path, 'exec', 'command'])].flatMap((path) =>
    list(at(raw, ...path)).flatMap((each, index) => (typeof each === 'string' ? [[...path, index] as const] : [])),
  )
}

function valueOf(raw: unknown, path: readonly [...path: string[], index: number]): string {
  return list(at(raw, ...(path.slice(0, -1) as string[])))[path.at(-1) as number] as string
}

function parseContainer(raw: unknown): Container {
  const whole = list(at(raw, 'envFrom')).flatMap((each): EnvEntry[] => {
    const configMap = text(at(each, 'configMapRef', 'name'))
    if (configMap !== undefined)
      return [
        {
          from: 'wholeConfigMap',
          configMap,
          prefix: text(at(each, 'prefix')) ?? '',
          optional: flag(at(each, 'configMapRef', 'optional')),
        },
      ]
    const secret = text(at(each, 'secretRef', 'name'))
    return secret === undefined ? [] : [{ from: 'wholeSecret', secret }]
  })
  return {
    name: text(at(raw, 'name')) ?? '',
    image: text(at(raw, 'image')) ?? '',
    alwaysPulled: at(raw, 'imagePullPolicy') === 'Always',
    env: [...whole, ...list(at(raw, 'env')).flatMap(parseEnv)],
    words: wordPaths(raw).map((path) => valueOf(raw, path)),
  }
}

function parseEnv(raw: unknown): EnvEntry[] {
  const name = text(at(raw, 'name'))
  if (name === undefined) return []
  const source = at(raw, 'valueFrom')
  if (source === undefined) return [{ from: 'literal', name, value: text(at(raw, 'value')) ?? '' }]
  const configMap = text(at(source, 'configMapKeyRef', 'name'))
  const key = text(at(source, 'configMapKeyRef', 'key'))
  if (configMap !== undefined && key !== undefined)
    return [{ from: 'configMap', name, configMap, key, optional: flag(at(source, 'configMapKeyRef', 'optional')) }]
  const secret = text(at(source, 'secretKeyRef', 'name'))
  if (secret !== undefined)
    return [{ from: 'secret', name, secret, key: text(at(source, 'secretKeyRef', 'key')) ?? '' }]
  const path = text(at(source, 'fieldRef', 'fieldPath'))
  return path === undefined ? [] : [{ from: 'field', name, path }]
}

/** The ConfigMaps that a template's environment and files are made of; `optional` where its pods start without it. */
export function configMapsOf(template: PodTemplate): { readonly name: string; readonly optional: boolean }[] {
  const entries = [...template.containers, ...template.initContainers].flatMap((each) => each.env)
  const used = [...entries.flatMap((entry) => ('configMap' in entry ? [entry] : [])), ...template.files]
  return [...Map.groupBy(used, (each) => each.configMap)].map(([name, uses]) => ({
    name,
    optional: uses.every((each) => each.optional),
  }))
}
