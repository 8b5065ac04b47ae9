import { EventEmitter, once } from 'node:events'
import type { Cluster } from '../../../src/cluster/port.ts'
import type { KubeObject } from '../../controlplane/api.ts'
import { FOLLOWED, Moment, type Change, type Followed } from './moment.ts'
import type { Story } from './story.ts'

/** All that happens in a cluster, as watches through the adapter tell it. */
export class Chronicle {
  readonly #cluster: Cluster
  readonly #changes = new Map<string, Change[]>()
  readonly #latest = new Map<string, Moment>()
  /** Emits the names of namespaces in which something has changed. */
  readonly #told = new EventEmitter().setMaxListeners(0)
  #failure: unknown

  private constructor(cluster: Cluster) {
    this.#cluster = cluster
  }

  /** Resolves when all is followed, until the signal. @throws ClusterError */
  static async open(cluster: Cluster, signal: AbortSignal): Promise<Chronicle> {
    const chronicle = new Chronicle(cluster)
    await Promise.all(FOLLOWED.map((resource) => chronicle.#follow(resource, signal)))
    return chronicle
  }

  /** Resolves at the next change in a namespace. @throws what ended a watch; AbortError */
  async next(namespace: string, signal: AbortSignal): Promise<void> {
    if (this.#failure === undefined) await once(this.#told, namespace, { signal })
    if (this.#failure !== undefined) throw this.#failure
  }

  /** The namespace as far as it is told. */
  now(namespace: string): Moment {
    return this.#latest.get(namespace) ?? Moment.empty
  }

  /** Whether this version of an object, or a later one, has been told. */
  knows(namespace: string, resource: Followed, { metadata: { name, resourceVersion } }: KubeObject): boolean {
    return this.#of(namespace).some(
      (change) =>
        change.resource === resource &&
        change.object.metadata.name === name &&
        change.version >= Number(resourceVersion),
    )
  }

  /** The moment at a version: unlike what is told, it has everything of before and nothing of after. */
  async at(namespace: string, version: number, signal: AbortSignal): Promise<Moment> {
    const changes = await this.#ordered(namespace, signal)
    return Moment.empty.after(...changes.filter((change) => change.version <= version))
  }

  /** The moment at a version, and every one after it until now. */
  async story(namespace: string, version: number, signal: AbortSignal): Promise<Story> {
    const story: Moment[] = []
    let moment = Moment.empty
    for (const change of await this.#ordered(namespace, signal)) {
      moment = moment.after(change)
      if (change.version <= version) story.length = 0
      story.push(moment)
    }
    return story
  }

  /** All changes up to now, in the order in which they were made; each watch tells its own, sooner or later. */
  async #ordered(namespace: string, signal: AbortSignal): Promise<Change[]> {
    await Promise.all(FOLLOWED.map((resource) => this.#caughtUp(namespace, resource, signal)))
    return this.#of(namespace).toSorted((one, other) => one.version - other.version)
  }

  async #caughtUp(namespace: string, resource: Followed, signal: AbortSignal): Promise<void> {
    const list = await this.#cluster.list(resource, { namespace }, signal)
    const items = list.items as readonly KubeObject[]
    const names = new Set(items.map(({ metadata }) => metadata.name))
    // What was made after the list is not in it, and may be told before the rest is.
    const isInPlace = ({ metadata }: KubeObject): boolean =>
      names.has(metadata.name) || Number(metadata.resourceVersion) > Number(list.resourceVersion)
    const isToldAll = (): boolean =>
      this.now(namespace).all(resource).every(isInPlace) && items.every((item) => this.knows(namespace, resource, item))
    while (!isToldAll()) await this.next(namespace, signal)
  }

  async #follow(resource: Followed, signal: AbortSignal): Promise<void> {
    const listed = Promise.withResolvers<void>()
    this.#tell(resource, signal, listed.resolve).catch((error: unknown) => {
      this.#failure = error
      for (const waited of this.#told.eventNames()) this.#told.emit(waited)
      listed.reject(error)
    })
    await listed.promise
  }

  async #tell(resource: Followed, signal: AbortSignal, listed: () => void): Promise<void> {
    let everListed = false
    for await (const event of this.#cluster.watch(resource, {}, signal)) {
      switch (event.type) {
        case 'listed':
          if (everListed) throw new Error(`the watch of ${resource} has a gap`)
          for (const object of event.items) this.#add('added', resource, object as KubeObject)
          everListed = true
          listed()
          break
        case 'added':
        case 'modified':
        case 'deleted':
          this.#add(event.type, resource, event.object as KubeObject)
      }
    }
  }

  #add(type: Change['type'], resource: Followed, object: KubeObject): void {
    const { namespace = '', resourceVersion } = object.metadata
    const change: Change = { version: Number(resourceVersion), type, resource, object }
    this.#of(namespace).push(change)
    this.#latest.set(namespace, this.now(namespace).after(change))
    this.#told.emit(namespace)
  }

  #of(namespace: string): Change[] {
    return this.#changes.getOrInsert(namespace, [])
  }
}
