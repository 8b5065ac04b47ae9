import { Agent, fetch, type Response } from 'undici'

/** Any Kubernetes object, as far as the tests look into it. */
export interface KubeObject {
  readonly apiVersion?: string
  readonly kind?: string
  readonly metadata: {
    readonly name: string
    readonly namespace?: string
    readonly uid?: string
    readonly generation?: number
    readonly resourceVersion?: string
    readonly deletionTimestamp?: string
    readonly labels?: Readonly<Record<string, string>>
    readonly annotations?: Readonly<Record<string, string>>
    readonly ownerReferences?: readonly { readonly kind: string; readonly name: string; readonly uid: string }[]
  }
  // Shapes differ by kind; a test that reads a field is the check that it is there.
  readonly [field: string]: any
}

/** One event of a raw watch. */
export interface WatchEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR'
  readonly object: KubeObject
}

/** An answer that was not a success, with the server's own words. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

/** A bare client of one API server for tests: independent of the client that is tested. */
export class Api {
  readonly #server: string
  readonly #headers: Record<string, string>
  readonly #agent: Agent

  constructor(server: string, ca: string, token: string, userAgent = 'control-plane') {
    this.#server = server
    this.#headers = { authorization: `Bearer ${token}`, 'user-agent': userAgent }
    this.#agent = new Agent({ connect: { ca }, bodyTimeout: 0 })
  }

  /** Sends JSON (or text as it is) and gives back the parsed answer. @throws ApiError */
  async request(method: string, path: string, body?: unknown, contentType = 'application/json'): Promise<any> {
    const response = await this.#send(method, path, body, contentType)
    const text = await response.text()
    return response.headers.get('content-type')?.startsWith('application/json') ? JSON.parse(text) : text
  }

  get(path: string): Promise<any> {
    return this.request('GET', path)
  }

  /** Follows a collection from a resourceVersion until the server or the signal ends it. @throws ApiError */
  async *watch(path: string, resourceVersion: string, signal: AbortSignal): AsyncGenerator<WatchEvent> {
    const query = `watch=1&allowWatchBookmarks=true&resourceVersion=${resourceVersion}`
    const response = await this.#send(
      'GET',
      `${path}${path.includes('?') ? '&' : '?'}${query}`,
      undefined,
      'application/json',
      signal,
    )
    const decoder = new TextDecoder()
    let rest = ''
    for await (const chunk of response.body ?? []) {
      const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) yield JSON.parse(line) as WatchEvent
    }
  }

  close(): Promise<void> {
    return this.#agent.destroy()
  }

  async #send(
    method: string,
    path: string,
    body: unknown,
    contentType: string,
    signal?: AbortSignal,
  ): Promise<Response> {
    const response = await fetch(this.#server + path, {
      method,
      dispatcher: this.#agent,
      headers: { ...this.#headers, ...(body === undefined ? {} : { 'content-type': contentType }) },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      ...(signal ? { signal } : {}),
    })
    if (!response.ok)
      throw new ApiError(response.status, `${method} ${path}: ${response.status} ${await response.text()}`)
    return response
  }
}
