import { DEFAULT_CONTAINER } from './labels.ts'
import { at, list, strings, text } from './parse.ts'

/** The part of a pod template that says which version runs and whom it calls. */
export interface PodTemplate {
  readonly labels: ReadonlyMap<string, string>
  readonly annotations: ReadonlyMap<string, string>
  /** The container a person means first, then the others in their order. */
  readonly containers: readonly Container[]
  /** Field paths that downwardAPI volumes show to the running process, e.g. `metadata.labels`. */
  readonly volumeFields: readonly string[]
}

export interface Container {
  readonly name: string
  readonly image: string
  readonly env: readonly EnvEntry[]
  /** Strings of `command` and `args`. */
  readonly words: readonly string[]
}

/** One environment variable, or all of a ConfigMap (`key` and `name` absent). */
export type EnvEntry =
  | { readonly from: 'literal'; readonly name: string; readonly value: string }
  | { readonly from: 'configMap'; readonly name: string; readonly configMap: string; readonly key: string }
  | { readonly from: 'wholeConfigMap'; readonly configMap: string; readonly prefix: string }
  | { readonly from: 'secret'; readonly secret: string }
  | { readonly from: 'field'; readonly name: string; readonly path: string }

/** Parses a pod template; never throws. */
export function parsePodTemplate(raw: unknown): PodTemplate {
  const annotations = strings(at(raw, 'metadata', 'annotations'))
  const containers = list(at(raw, 'spec', 'containers')).map(parseContainer)
  const main = annotations.get(DEFAULT_CONTAINER)
  return {
    labels: strings(at(raw, 'metadata', 'labels')),
    annotations,
    containers: [...containers.filter((each) => each.name === main), ...containers.filter((each) => each.name !== main)],
    volumeFields: list(at(raw, 'spec', 'volumes')).flatMap(volumeFields),
  }
}

function parseContainer(raw: unknown): Container {
  const own = list(at(raw, 'env')).flatMap(parseEnv)
  const whole = list(at(raw, 'envFrom')).flatMap((each): EnvEntry[] => {
    const configMap = text(at(each, 'configMapRef', 'name'))
    if (configMap !== undefined) return [{ from: 'wholeConfigMap', configMap, prefix: text(at(each, 'prefix')) ?? '' }]
    const secret = text(at(each, 'secretRef', 'name'))
    return secret === undefined ? [] : [{ from: 'secret', secret }]
  })
  return {
    name: text(at(raw, 'name')) ?? '',
    image: text(at(raw, 'image')) ?? '',
    env: [...own, ...whole],
    words: [...list(at(raw, 'command')), ...list(at(raw, 'args'))].flatMap((each) => text(each) ?? []),
  }
}

function parseEnv(raw: unknown): EnvEntry[] {
  const name = text(at(raw, 'name'))
  if (name === undefined) return []
  const source = at(raw, 'valueFrom')
  if (source === undefined) return [{ from: 'literal', name, value: text(at(raw, 'value')) ?? '' }]
  const configMap = text(at(source, 'configMapKeyRef', 'name'))
  const key = text(at(source, 'configMapKeyRef', 'key'))
  if (configMap !== undefined && key !== undefined) return [{ from: 'configMap', name, configMap, key }]
  const secret = text(at(source, 'secretKeyRef', 'name'))
  if (secret !== undefined) return [{ from: 'secret', secret }]
  const path = text(at(source, 'fieldRef', 'fieldPath'))
  return path === undefined ? [] : [{ from: 'field', name, path }]
}

function volumeFields(raw: unknown): string[] {
  const direct = list(at(raw, 'downwardAPI', 'items'))
  const projected = list(at(raw, 'projected', 'sources')).flatMap((each) => list(at(each, 'downwardAPI', 'items')))
  return [...direct, ...projected].flatMap((each) => text(at(each, 'fieldRef', 'fieldPath')) ?? [])
}

/** Names of the ConfigMaps that a template's environment is made of. */
export function configMapsOf(template: PodTemplate): string[] {
  const names = template.containers.flatMap((each) =>
    each.env.flatMap((entry) => (entry.from === 'configMap' || entry.from === 'wholeConfigMap' ? [entry.configMap] : [])))
  return [...new Set(names)]
}
