// undici's own files: its main module also loads fetch, WebSocket and caches, 10 ms at every start.
declare module 'undici/lib/dispatcher/pool.js' {
  export { Pool as default } from 'undici'
}
declare module 'undici/lib/core/connect.js' {
  export { buildConnector as default } from 'undici'
}
declare module 'undici/lib/api/api-request.js' {
  import type { Dispatcher } from 'undici'
  export default function request(
    this: Dispatcher,
    options: Dispatcher.RequestOptions & { servername?: string | undefined },
  ): Promise<Dispatcher.ResponseData>
}
declare module 'undici/lib/core/symbols.js' {
  const symbols: {
    readonly kHTTP2Session: symbol
    readonly kMaxConcurrentStreams: symbol
    readonly kRemoteSettings: symbol
  }
  export default symbols
}
