import { configuration } from './kubeconfig.ts'

/** A proxy, as its URL says. */
export interface Proxy {
  /** Without credentials. */
  readonly shown: string
  readonly hostname: string
  readonly port: string
  readonly tls: boolean
  readonly socks: boolean
  readonly username: string
  readonly password: string
  /** What it is told of who asks. */
  readonly headers: Readonly<Record<string, string>>
}

/** What a proxy did, or did not, before the server was reached. */
export class ProxyError extends Error {
  override readonly name = 'ProxyError'
  readonly proxy: string
  /** What it answered, e.g. `407 Proxy Authentication Required`; undefined: nothing. */
  readonly answer: string | undefined

  constructor(proxy: string, answer?: string, cause?: Error) {
    super(answer ?? cause?.message ?? '', { cause })
    this.proxy = proxy
    this.answer = answer
  }
}

const PORTS: { readonly [protocol: string]: string } = { 'http:': '80', 'https:': '443', 'socks5:': '1080' }

/** The port that a protocol has where none is said. */
export function portOf(protocol: string): string {
  return PORTS[protocol] ?? ''
}

/** Go resolves names at the proxy for `socks5` and `socks5h` alike. @throws ClusterError, reason Configuration */
export function parseProxy(given: string): Proxy {
  const url = URL.parse(given.replace(/^socks5h:/, 'socks5:'))
  if (url === null || PORTS[url.protocol] === undefined)
    throw configuration(
      `proxy ${JSON.stringify(given.replace(/\/\/[^/]*@/, '//'))} is not an http, https or socks5 URL`,
    )
  const [username, password] = [decoded(url.username), decoded(url.password)]
  return {
    shown: `${url.protocol}//${url.host}`,
    hostname: url.hostname,
    port: url.port || portOf(url.protocol),
    tls: url.protocol === 'https:',
    socks: url.protocol === 'socks5:',
    username,
    password,
    headers:
      username === ''
        ? {}
        : { 'proxy-authorization': `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` },
  }
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
