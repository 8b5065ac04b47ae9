import type { Configs } from '../objects/config-map.ts'
import { type Container, type EnvEntry, NAMESPACE, type PodTemplate } from '../objects/pod-template.ts'

/** Which string of a pod template, or of a ConfigMap that it names, something stands in. */
export type Place =
  | { readonly in: 'variable'; readonly container: string; readonly name: string }
  | { readonly in: 'word'; readonly container: string; readonly index: number }
  | { readonly in: 'config'; readonly configMap: string; readonly key: string }
  | { readonly in: 'field'; readonly path: string }

/** One string a process is given, and where it came from in a person's words. */
export interface Setting {
  /** The environment variable; undefined for a word of the command line. */
  readonly name: string | undefined
  readonly value: string
  /** The string as it is written, its variables not replaced. */
  readonly raw: string
  readonly place: Place
  /** Of a word of the command line: the one before it. */
  readonly before?: string | undefined
  /** The ConfigMap it comes from. */
  readonly configMap: string | undefined
  /** E.g. `BACKEND_HOST=backend-active in ConfigMap my-frontend-settings-7f9c`. */
  readonly where: string
}

/** What of a pod template its processes are given beside their own containers. */
type Own = Pick<PodTemplate, 'fields'>

/**
 * The strings a container's process starts with, ConfigMaps and fields of the template resolved and `$(VARIABLE)`
 * replaced as the kubelet does, in arguments also `$VARIABLE` as a shell would; what cannot be read is left out. Of a
 * variable that is set more than once the last value counts.
 */
export function settings(container: Container, template: Own, configs: Configs): Setting[] {
  const variables = new Map<string, Setting | undefined>()
  const filled = (value: string) =>
    value.replaceAll(/\$(?:\$|\(([^()]+)\))/g, (as, name?: string) =>
      name === undefined ? '$' : (variables.get(name)?.value ?? as),
    )
  for (const entry of container.env) {
    for (const { name, raw, place } of resolve(entry, container.name, template, configs)) {
      const value = entry.from === 'literal' && raw !== undefined ? filled(raw) : raw
      const configMap = place.in === 'config' ? place.configMap : undefined
      variables.set(
        name,
        value === undefined
          ? undefined
          : {
              name,
              value,
              raw: raw!,
              place,
              configMap,
              where: `${name}=${value}${standingIn(place)}`,
            },
      )
    }
  }
  const shell = (word: string) =>
    word.replaceAll(
      /\$(?:(\w+)|\{(\w+)(?::?-([^{}]*))?\})/g,
      (as, bare?: string, braced?: string, otherwise?: string) => {
        const set = variables.get(bare ?? braced ?? '')
        return set?.value ?? (variables.has(bare ?? braced ?? '') ? as : (otherwise ?? as))
      },
    )
  const words = container.words
    .map((word) => shell(filled(word)))
    .map((value, index, all) => ({
      name: undefined,
      value,
      raw: container.words[index]!,
      place: { in: 'word' as const, container: container.name, index },
      before: all[index - 1],
      configMap: undefined,
      where: `argument ${value}`,
    }))
  const known = [...variables.values()].filter((each) => each !== undefined)
  return [...known.filter(({ place }) => !isNamespace(place)), ...words]
}

/** The namespace is a part of addresses, and none by itself. */
function isNamespace(place: Place): boolean {
  return place.in === 'field' && place.path === NAMESPACE
}

/** The variables that a container sets itself, whatever to; those of a whole Secret are not known. */
export function variablesOf({ env, name }: Container, template: Own, configs: Configs): string[] {
  return env.flatMap((entry) => resolve(entry, name, template, configs).map((each) => each.name))
}

interface Resolved {
  readonly name: string
  /** Undefined: it is set, but nobody can say to what. */
  readonly raw: string | undefined
  readonly place: Place
}

function resolve(entry: EnvEntry, container: string, { fields }: Own, configs: Configs): Resolved[] {
  switch (entry.from) {
    case 'literal':
      return [{ name: entry.name, raw: entry.value, place: { in: 'variable', container, name: entry.name } }]
    case 'configMap': {
      const { name, configMap, key } = entry
      const raw = dataOf(configMap, configs)?.get(key)
      return raw === undefined && entry.optional ? [] : [{ name, raw, place: { in: 'config', configMap, key } }]
    }
    case 'wholeConfigMap': {
      const { configMap, prefix } = entry
      return [...(dataOf(configMap, configs) ?? [])].map(([key, raw]) => ({
        name: prefix + key,
        raw,
        place: { in: 'config', configMap, key },
      }))
    }
    case 'field':
      return [{ name: entry.name, raw: fields.get(entry.path), place: { in: 'field', path: entry.path } }]
    case 'secret':
      return [{ name: entry.name, raw: undefined, place: { in: 'variable', container, name: entry.name } }]
    case 'wholeSecret':
      return []
  }
}

/** Where in the metadata of a pod template a field is. */
export function metadataAt(path: string): { readonly kind: 'label' | 'annotation'; readonly key: string } | undefined {
  const [, kind, key] = /^metadata\.(label|annotation)s\['(.+)'\]$/.exec(path) ?? []
  return key === undefined ? undefined : { kind: kind as 'label' | 'annotation', key }
}

/** Where a value stands that is not a container's own, in a person's words. */
function standingIn(place: Place): string {
  if (place.in === 'config') return ` in ConfigMap ${place.configMap}`
  const field = place.in === 'field' ? metadataAt(place.path) : undefined
  return field === undefined ? '' : ` in ${field.kind} ${field.key}`
}

/** A file of a mounted ConfigMap. */
export interface MountedFile {
  readonly content: string
  readonly configMap: string
  readonly key: string
  readonly where: string
  /** The containers that see it. */
  readonly by: readonly string[]
}

/** The files of mounted ConfigMaps. */
export function filesOf(template: PodTemplate, configs: Configs): MountedFile[] {
  return template.files.flatMap(({ configMap, keys, by }) =>
    [...(dataOf(configMap, configs) ?? [])]
      .filter(([key]) => keys === undefined || keys.includes(key))
      .map(([key, content]) => ({ content, configMap, key, where: `file ${key} of ConfigMap ${configMap}`, by })),
  )
}

/** Before the name of a file that Vault's agent writes for the containers, of the template that the annotation holds. */
const BY_AGENT = 'vault.hashicorp.com/agent-inject-template-'

/** What such a template asks Vault for, by a path: `secret "orders/data/db"`. */
const ASKED = /(?<=\b(?:secret|pkiCert)[ \t]+)"[^"\n]*"(?:[ \t]+"[^"\n]*")*/g

/** The files that an agent beside the containers writes for them. */
export function filesByAgents({ annotations }: PodTemplate): { readonly content: string; readonly where: string }[] {
  return [...annotations].flatMap(([key, content]) =>
    key.startsWith(BY_AGENT)
      ? [{ content: content.replaceAll(ASKED, '""'), where: `file ${key.slice(BY_AGENT.length)} of annotation ${key}` }]
      : [],
  )
}

/** The labels and annotations of its own that a template shows the processes, each as a file. */
export function filesOfFields({ volumeFields, fields }: PodTemplate) {
  return volumeFields.flatMap((path) => {
    const [field, content] = [metadataAt(path), fields.get(path)]
    if (field === undefined || content === undefined) return []
    return [{ key: field.key, content, where: `${field.kind} ${field.key}`, place: { in: 'field' as const, path } }]
  })
}

function dataOf(name: string, configs: Configs): ReadonlyMap<string, string> | undefined {
  const found = configs.get(name)
  return typeof found === 'object' ? found.data : undefined
}
