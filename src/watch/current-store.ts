import type { Snapshot } from '../domain/group/snapshot.ts'

export type Connection = { readonly state: 'connected' } | { readonly state: 'disconnected'; readonly reason: string }

/** Something that stays current through watches. */
export interface CurrentStore<Seen> {
  /**
   * What the watches have told, ConfigMaps included; undefined until all of it is known once. The same object until
   * something changes; a change that names a ConfigMap nobody has read yet is shown when it is read.
   */
  getSnapshot(): Seen | undefined
  /** Calls back after changes of the snapshot or the connection; several changes of one moment come as one. */
  subscribe(listener: () => void): () => void
  connection(): Connection
  /** Why nothing more will come, e.g. a watch that is forbidden. */
  failure(): unknown
}

/** A group that stays current. */
export type GroupStore = CurrentStore<Snapshot>
