import { once } from 'node:events'
import { Agent, request, type ClientRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http'
import { createInterface } from 'node:readline'
import { tokenOf, type UserName } from '../../src/sim/api/access.ts'
import { Watches } from '../../src/sim/api/watches.ts'
import { Faults } from '../../src/sim/faults.ts'
import { type Server, startServer } from '../../src/sim/server.ts'
import { Store } from '../../src/sim/store.ts'

export const NOW = Date.UTC(2026, 0, 1, 12)
export const ROLLOUTS = '/apis/argoproj.io/v1alpha1/namespaces/legacy/rollouts'
export const CONFIGMAPS = '/api/v1/namespaces/legacy/configmaps'

export interface Sent {
  readonly body?: unknown
  readonly as?: UserName
  readonly headers?: Readonly<Record<string, string | readonly string[]>>
}

export interface Received {
  readonly code: number
  readonly headers: IncomingHttpHeaders
  readonly raw: Buffer
  readonly body: any
}

/**
 * A served store with the namespace `legacy` in it, without controllers, and a plain HTTP client on one kept
 * connection.
 */
export class Serving {
  readonly store: Store
  readonly watches: Watches
  readonly faults: Faults
  readonly server: Server
  /** What the controllers were told. */
  readonly controllers: string[]
  readonly #agent = new Agent({ keepAlive: true })

  static async start(now: () => number = () => NOW): Promise<Serving> {
    const store = new Store(() => NOW)
    store.create('namespaces', undefined, { metadata: { name: 'legacy' } })
    const watches = new Watches(store, () => NOW)
    const controllers: string[] = []
    const faults = new Faults(
      watches,
      { pause: () => controllers.push('pause'), resume: () => controllers.push('resume') },
      () => store.compact(),
    )
    return new Serving(store, watches, faults, await startServer({ store, watches, faults, now }), controllers)
  }

  private constructor(store: Store, watches: Watches, faults: Faults, server: Server, controllers: string[]) {
    this.store = store
    this.watches = watches
    this.faults = faults
    this.server = server
    this.controllers = controllers
  }

  /** Sends a request; a body that is no text goes as JSON. */
  send(method: string, path: string, { body, as, headers = {} }: Sent = {}): ClientRequest {
    const { hostname, port } = new URL(this.server.url)
    const type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json'
    const sent = request({
      method,
      path,
      hostname,
      port,
      agent: this.#agent,
      headers: {
        ...(body !== undefined && { 'content-type': type }),
        ...(as !== undefined && { authorization: `Bearer ${tokenOf(as)}` }),
        ...headers,
      },
    })
    sent.end(
      body === undefined ? undefined : typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body),
    )
    return sent
  }

  /** The answer, read whole. @throws where the connection breaks */
  async ask(method: string, path: string, sent: Sent = {}): Promise<Received> {
    const [answer] = (await once(this.send(method, path, sent), 'response')) as [IncomingMessage]
    const raw = Buffer.concat(await answer.toArray())
    const isJson =
      answer.headers['content-type'] === 'application/json' &&
      answer.headers['content-encoding'] === undefined &&
      raw.length > 0
    return {
      code: answer.statusCode!,
      headers: answer.headers,
      raw,
      body: isJson ? JSON.parse(raw.toString()) : raw.toString(),
    }
  }

  async watch(path: string, sent: Sent = {}): Promise<WatchStream> {
    const asked = this.send('GET', path, sent)
    const [answer] = (await once(asked, 'response')) as [IncomingMessage]
    return new WatchStream(asked, answer)
  }

  create(name: string, labels?: Readonly<Record<string, string>>): void {
    this.store.create('configmaps', 'legacy', { metadata: { name, ...(labels && { labels }) } })
  }

  async close(): Promise<void> {
    this.#agent.destroy()
    await this.server.close()
  }
}

/** An open watch, event by event. */
export class WatchStream {
  readonly #request: ClientRequest
  readonly #lines: AsyncIterator<string>

  constructor(request: ClientRequest, answer: IncomingMessage) {
    this.#request = request
    this.#lines = createInterface({ input: answer })[Symbol.asyncIterator]()
  }

  /** The next event; undefined where the server has ended the watch. */
  async next(): Promise<any> {
    const { value, done } = await this.#lines.next()
    return done ? undefined : JSON.parse(value)
  }

  /** The next events in short: `ADDED a`; `end` for the end. */
  async told(count: number): Promise<string[]> {
    const told: string[] = []
    while (told.length < count) {
      const event = await this.next()
      if (event === undefined) return [...told, 'end']
      const { metadata, code } = event.object
      told.push([event.type, metadata.name ?? code].filter((each) => each !== undefined).join(' '))
    }
    return told
  }

  leave(): void {
    this.#request.destroy()
  }
}
