// The part of ws that is used here: the package brings no types.
declare module 'ws' {
  import type { IncomingMessage } from 'node:http'
  import type { Duplex } from 'node:stream'
  export class WebSocket {
    static readonly OPEN: number
    constructor(url: string, protocols: string, options: object)
    readonly readyState: number
    on(event: 'open', listener: () => void): this
    on(event: 'message', listener: (data: Buffer, isBinary: boolean) => void): this
    on(event: 'close', listener: (code: number, reason: Buffer) => void): this
    on(event: 'error', listener: (error: Error) => void): this
    on(event: 'unexpected-response', listener: (request: unknown, response: IncomingMessage) => void): this
    send(data: Buffer, done?: (error?: Error) => void): void
    close(code?: number): void
    terminate(): void
    pause(): void
    resume(): void
  }
  export class WebSocketServer {
    constructor(options: object)
    handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer, done: (opened: WebSocket) => void): void
  }
}
