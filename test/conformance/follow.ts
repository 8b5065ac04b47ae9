import { EventEmitter, once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { ApiError, type Api, type KubeObject } from '../controlplane/api.ts'

/** A collection as the API server last told it. */
export interface Followed {
  /** By name. */
  readonly objects: ReadonlyMap<string, KubeObject>
  /** False in a gap, while what is known may be old. */
  readonly connected: boolean
  /** Resolves when all that had happened at the call has been told. */
  caughtUp(): Promise<void>
}

const versionOf = ({ metadata }: Pick<KubeObject, 'metadata'>): number => Number(metadata.resourceVersion)

/** Told of each object as it has come to be; `version` is that of the change, undefined the object that is gone. */
export type Told = (name: string, version: number, object: KubeObject | undefined) => void

/**
 * Lists a collection and keeps it current, over gaps, until the signal; `changed` is called for every single change, in
 * the server's order. @throws ApiError where the first list fails
 */
export async function follow(
  api: Api,
  path: string,
  signal: AbortSignal,
  changed: () => void,
  told: Told = () => undefined,
): Promise<Followed> {
  const objects = new Map<string, KubeObject>()
  const changes = new EventEmitter<{ change: [] }>().on('change', changed)
  let latest = 0
  const followed = {
    objects,
    connected: false,
    async caughtUp() {
      const list = await api.get(path)
      const items = new Map((list.items as KubeObject[]).map((item) => [item.metadata.name, item]))
      const newest = Math.max(0, ...[...items.values()].map(versionOf))
      const gone = (object: KubeObject): boolean =>
        !items.has(object.metadata.name) && versionOf(object) <= versionOf(list)
      while (latest < newest || [...objects.values()].some(gone)) await once(changes, 'change', { signal })
    },
  }

  const list = async (): Promise<string> => {
    const { items, metadata } = await api.get(path)
    const before = [...objects.keys()]
    objects.clear()
    for (const item of items as KubeObject[]) {
      objects.set(item.metadata.name, item)
      told(item.metadata.name, versionOf(item), item)
    }
    for (const name of before) if (!objects.has(name)) told(name, Number(metadata.resourceVersion), undefined)
    followed.connected = true
    latest = Number(metadata.resourceVersion)
    changes.emit('change')
    return metadata.resourceVersion
  }
  const watch = async (from: string): Promise<void> => {
    for await (const { type, object } of api.watch(path, from, signal)) {
      if (type === 'ERROR') return
      if (type === 'BOOKMARK') continue
      if (type === 'DELETED') objects.delete(object.metadata.name)
      else objects.set(object.metadata.name, object)
      latest = versionOf(object)
      told(object.metadata.name, latest, type === 'DELETED' ? undefined : object)
      changes.emit('change')
    }
  }
  const keep = async (first: string): Promise<void> => {
    for (let from: string | undefined = first; !signal.aborted; from = undefined) {
      try {
        await watch(from ?? (await list()))
      } catch (error) {
        if (signal.aborted) return
        if (error instanceof ApiError && [401, 403, 404].includes(error.status)) throw error
        await delay(20)
      }
      followed.connected = false
      changes.emit('change')
    }
  }
  void keep(await list())
  return followed
}
