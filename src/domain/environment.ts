import type { Container, EnvEntry } from './pod-template.ts'

/** A ConfigMap's data, or why there is none. */
export type Config = ReadonlyMap<string, string> | 'missing' | 'forbidden' | 'unread'
export type Configs = ReadonlyMap<string, Config>

/** One string a process is given, and where it came from in a person's words. */
export interface Setting {
  /** The environment variable; undefined for a word of the command line. */
  readonly name: string | undefined
  readonly value: string
  /** E.g. `BACKEND_HOST=backend-active in ConfigMap my-frontend-settings-7f9c`. */
  readonly where: string
}

/** The strings a container's process starts with, ConfigMaps resolved; what cannot be read is left out. */
export function settings(container: Container, configs: Configs): Setting[] {
  const words = container.words.map((value) => ({ name: undefined, value, where: `argument ${value}` }))
  return [...container.env.flatMap((entry) => resolve(entry, configs)), ...words]
}

function resolve(entry: EnvEntry, configs: Configs): Setting[] {
  switch (entry.from) {
    case 'literal':
      return [{ name: entry.name, value: entry.value, where: `${entry.name}=${entry.value}` }]
    case 'configMap': {
      const value = data(entry.configMap, configs)?.get(entry.key)
      return value === undefined ? [] : [{ name: entry.name, value, where: `${entry.name}=${value} in ConfigMap ${entry.configMap}` }]
    }
    case 'wholeConfigMap':
      return [...(data(entry.configMap, configs) ?? [])].map(([key, value]) => ({
        name: entry.prefix + key, value, where: `${entry.prefix}${key}=${value} in ConfigMap ${entry.configMap}`,
      }))
    case 'secret':
    case 'field':
      return []
  }
}

function data(name: string, configs: Configs): ReadonlyMap<string, string> | undefined {
  const found = configs.get(name)
  return typeof found === 'object' ? found : undefined
}
