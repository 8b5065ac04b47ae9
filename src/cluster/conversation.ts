/** One request as it is sent. */
export interface HttpRequest {
  readonly method: string
  /** As it stands in the request: a path, or a whole URL. */
  readonly path: string
  readonly headers: Readonly<Record<string, string | readonly string[]>>
  readonly body: string | undefined
  /** Its answer comes to no end, as that of a watch. */
  readonly lasts: boolean
  /** Ends it, with its reason, until the whole answer is there. */
  readonly signal: AbortSignal
}

/** The head of an answer, and the way to the rest of it. */
export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  /** Throws where it ends before its end. */
  readonly body: AsyncIterable<Buffer>
  /** Nobody reads the rest. */
  discard(): void
}

/** Requests over one version of HTTP. */
export interface Conversation {
  /** It takes more requests. */
  readonly open: boolean
  /** @throws what the connection fails with, HttpError, the reason of the signal */
  send(request: HttpRequest): Promise<Answer>
}

/** What went wrong where the system has no code for it. */
export type HttpFailure = 'NEVER_CONNECTED' | 'NOT_TAKEN' | 'CONNECTION_LOST' | 'SILENT'

export class HttpError extends Error {
  override readonly name = 'HttpError'
  readonly code: HttpFailure

  constructor(message: string, code: HttpFailure, cause?: Error) {
    super(message, { cause })
    this.code = code
  }
}
