import type { ServerResponse } from 'node:http'
import { type KubeObject, type ResourceName, RESOURCES } from '../objects.ts'
import { type Change, seenBy, type Selection } from '../selection.ts'
import type { Store } from '../store.ts'
import { integerIn, versionIn } from './list.ts'
import { statusOf } from './status.ts'
import { asTable, bookmarkTable } from './table.ts'

/** What one watch asks for. */
export interface WatchRequest {
  readonly resource: ResourceName
  readonly selection: Selection
  readonly query: URLSearchParams
  /** Rows for people instead of objects. */
  readonly table: boolean
}

interface Watch {
  bookmark(): void
  expire(): void
  end(): void
}

/** Milliseconds between two bookmarks, as an API server sends them. */
const BOOKMARK_EVERY = 60_000
/** Seconds a watch lives where it does not say for how long. */
const LIFETIME = 1800
/** The longest a timer of Node can wait, in seconds. */
const LONGEST = 2_147_483

/**
 * All open watches of a server: each tells the changes as its selection sees them, in order, from a resourceVersion on.
 */
export class Watches {
  readonly #store: Store
  readonly #now: () => number
  readonly #open = new Set<Watch>()
  /** Whether those who ask for bookmarks are sent any. */
  bookmarks = true

  /** @param now milliseconds since the epoch, for ages in tables */
  constructor(store: Store, now: () => number) {
    this.#store = store
    this.#now = now
  }

  /** Ends all watches as a server does that is shut down: the streams just end. */
  cut(): void {
    for (const watch of [...this.#open]) watch.end()
  }

  /** Ends all watches with 410 Gone: their versions are too old. */
  expire(): void {
    for (const watch of [...this.#open]) watch.expire()
  }

  /** Sends a bookmark to all who asked for bookmarks. */
  bookmark(): void {
    for (const watch of [...this.#open]) watch.bookmark()
  }

  /** Answers a watch request; the answer ends with `timeoutSeconds`, with the client, or with the server. */
  open(response: ServerResponse, { resource, selection, query, table }: WatchRequest): void {
    const store = this.#store
    const send = (type: string, object: unknown): void => {
      response.write(`${JSON.stringify({ type, object })}\n`)
    }
    let first = true
    const tell = (type: string, object: KubeObject): void => {
      const { resourceVersion } = object.metadata
      send(
        type,
        table
          ? asTable(resource, [object], {
              metadata: { resourceVersion },
              now: this.#now(),
              includeObject: query.get('includeObject') ?? undefined,
              columns: first,
            })
          : object,
      )
      first = false
    }
    const asked = versionIn(query)
    const missed = asked === undefined ? [] : store.since(asked)
    response.writeHead(200, { 'content-type': 'application/json' })
    response.flushHeaders()

    const close = (): void => {
      unsubscribe()
      clearTimeout(lifetime)
      clearInterval(regular)
      this.#open.delete(watch)
    }
    const watch: Watch = {
      bookmark: () => {
        if (this.bookmarks && query.get('allowWatchBookmarks') === 'true')
          send('BOOKMARK', bookmark(resource, String(store.version), table))
      },
      expire: () => {
        const message = `too old resource version: ${asked ?? 0} (${store.version})`
        send('ERROR', statusOf({ code: 410, reason: 'Expired', message }).body)
        watch.end()
      },
      end: () => {
        close()
        response.end()
      },
    }
    const lifetime = setTimeout(
      () => {
        watch.bookmark()
        watch.end()
      },
      1000 * Math.min(integerIn(query, 'timeoutSeconds') || LIFETIME, LONGEST),
    )
    const regular = setInterval(() => watch.bookmark(), BOOKMARK_EVERY)
    const deliver = (change: Change): void => {
      const seen = seenBy(change, resource, selection)
      if (seen !== undefined) tell(seen.type, seen.object)
    }
    const unsubscribe = store.subscribe(deliver)
    this.#open.add(watch)
    response.on('close', close)

    if (missed === undefined) return watch.expire()
    if (asked === undefined) for (const object of store.list(resource, selection)) tell('ADDED', object)
    for (const change of missed) deliver(change)
  }
}

function bookmark(resource: ResourceName, resourceVersion: string, table: boolean): unknown {
  if (table) return bookmarkTable(resource, resourceVersion)
  const { group, version, kind } = RESOURCES[resource]
  return {
    kind,
    apiVersion: group === '' ? version : `${group}/${version}`,
    metadata: { resourceVersion, creationTimestamp: null },
  }
}
