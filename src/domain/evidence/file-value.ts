/** One value of a file of settings, with the key or directive it stands under. */
export interface FileValue {
  readonly key: string | undefined
  readonly value: string
  /** Where the value begins in the whole. */
  readonly offset: number
}

/** A value with the keys that it stands under, from the outermost on. */
export interface Placed extends FileValue {
  readonly path: readonly string[]
}
