import { at, flag, list, strings, time } from './fields.ts'

/** A ConfigMap's data, or why there is none. */
export type Config = ConfigMap | 'missing' | 'forbidden' | 'unread'
export type Configs = ReadonlyMap<string, Config>

export interface ConfigMap {
  /** Keys of `binaryData` too, where these are text. */
  readonly data: ReadonlyMap<string, string>
  /** Milliseconds since the epoch. */
  readonly created: number
  /** When the data was last changed after that, milliseconds since the epoch. */
  readonly edited: number | undefined
}

/**
 * Parses a ConfigMap; never throws. The fields' owners say when they last wrote (metadata.managedFields, server-side
 * apply).
 */
export function parseConfigMap(raw: unknown): ConfigMap {
  const created = time(at(raw, 'metadata', 'creationTimestamp')) ?? 0
  const writes = flag(at(raw, 'immutable'))
    ? []
    : list(at(raw, 'metadata', 'managedFields'))
        .filter((each) => ['f:data', 'f:binaryData'].some((key) => at(each, 'fieldsV1', key) !== undefined))
        .flatMap((each) => time(at(each, 'time')) ?? [])
  const last = Math.max(created, ...writes)
  // Both are in whole seconds, and need not be cut off alike.
  const data = new Map([...decoded(strings(at(raw, 'binaryData'))), ...strings(at(raw, 'data'))])
  return { data, created, edited: last > created + 1000 ? last : undefined }
}

/** Keys whose bytes are text in UTF-8: a file of settings may be kept so, too. */
function decoded(binary: ReadonlyMap<string, string>): [key: string, text: string][] {
  return [...binary].flatMap(([key, base64]): [string, string][] => {
    try {
      const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
      return [[key, new TextDecoder('utf-8', { fatal: true }).decode(bytes)]]
    } catch {
      return []
    }
  })
}
