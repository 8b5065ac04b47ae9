import type { Configs } from '../objects/config-map.ts'
import type { Container, EnvEntry, PodTemplate } from '../objects/pod-template.ts'

/** One string a process is given, and where it came from in a person's words. */
export interface Setting {
  /** The environment variable; undefined for a word of the command line. */
  readonly name: string | undefined
  readonly value: string
  /** Of a word of the command line: the one before it. */
  readonly before?: string | undefined
  /** The ConfigMap it comes from. */
  readonly configMap: string | undefined
  /** E.g. `BACKEND_HOST=backend-active in ConfigMap my-frontend-settings-7f9c`. */
  readonly where: string
}

/**
 * The strings a container's process starts with, ConfigMaps resolved and `$(VARIABLE)` replaced as the kubelet does, in
 * arguments also `$VARIABLE` as a shell would; what cannot be read is left out. Of a variable that is set more than
 * once the last value counts.
 */
export function settings(container: Container, configs: Configs): Setting[] {
  const variables = new Map<string, Setting | undefined>()
  const filled = (value: string) =>
    value.replaceAll(/\$(?:\$|\(([^()]+)\))/g, (as, name?: string) =>
      name === undefined ? '$' : (variables.get(name)?.value ?? as),
    )
  for (const entry of container.env) {
    for (const [name, value, configMap] of resolve(entry, configs, filled)) {
      variables.set(
        name,
        value === undefined
          ? undefined
          : {
              name,
              value,
              configMap,
              where: `${name}=${value}${configMap === undefined ? '' : ` in ConfigMap ${configMap}`}`,
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
      before: all[index - 1],
      configMap: undefined,
      where: `argument ${value}`,
    }))
  return [...[...variables.values()].filter((each) => each !== undefined), ...words]
}

/** Name, value (undefined: set, but nobody can say to what) and ConfigMap of what an entry sets. */
function resolve(
  entry: EnvEntry,
  configs: Configs,
  filled: (value: string) => string,
): [name: string, value: string | undefined, configMap: string | undefined][] {
  switch (entry.from) {
    case 'literal':
      return [[entry.name, filled(entry.value), undefined]]
    case 'configMap': {
      const value = dataOf(entry.configMap, configs)?.get(entry.key)
      return value === undefined && entry.optional ? [] : [[entry.name, value, entry.configMap]]
    }
    case 'wholeConfigMap':
      return [...(dataOf(entry.configMap, configs) ?? [])].map(([key, value]) => [
        entry.prefix + key,
        value,
        entry.configMap,
      ])
    case 'secret':
    case 'field':
      return [[entry.name, undefined, undefined]]
    case 'wholeSecret':
      return []
  }
}

/** The files of mounted ConfigMaps. */
export function filesOf(
  template: PodTemplate,
  configs: Configs,
): { readonly content: string; readonly configMap: string; readonly where: string }[] {
  return template.files.flatMap(({ configMap, keys }) =>
    [...(dataOf(configMap, configs) ?? [])]
      .filter(([key]) => keys === undefined || keys.includes(key))
      .map(([key, content]) => ({ content, configMap, where: `file ${key} of ConfigMap ${configMap}` })),
  )
}

function dataOf(name: string, configs: Configs): ReadonlyMap<string, string> | undefined {
  const found = configs.get(name)
  return typeof found === 'object' ? found.data : undefined
}
