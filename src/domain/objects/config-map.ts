import { at, flag, list, strings, time } from './fields.ts'

/** A ConfigMap's data, or why there is none. */
export type Config = ConfigMap | 'missing' | 'forbidden' | 'unread'
export type Configs = ReadonlyMap<string, Config>

export interface ConfigMap {
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
        .filter((each) => at(each, 'fieldsV1', 'f:data') !== undefined)
        .flatMap((each) => time(at(each, 'time')) ?? [])
  const last = Math.max(created, ...writes)
  // Both are in whole seconds, and need not be cut off alike.
  return { data: strings(at(raw, 'data')), created, edited: last > created + 1000 ? last : undefined }
}
