import { BlockList, isIP, isIPv6 } from 'node:net'
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

/**
 * The proxy for a server, or undefined: HTTPS_PROXY, HTTP_PROXY and NO_PROXY as Go programs read them
 * (golang.org/x/net/http/httpproxy): upper case first, nothing for localhost, names, suffixes, addresses and CIDR
 * ranges in NO_PROXY.
 */
export function proxyFor(server: URL, env: Readonly<Record<string, string | undefined>>): string | undefined {
  const either = (name: string): string => env[name] || env[name.toLowerCase()] || ''
  const proxy = either(server.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY')
  if (proxy === '' || bypassed(server, either('NO_PROXY'))) return undefined
  return proxy.includes('://') ? proxy : `http://${proxy}`
}

function bypassed(server: URL, noProxy: string): boolean {
  const host = server.hostname
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '')
    .toLowerCase()
  const port = server.port || (server.protocol === 'https:' ? '443' : '80')
  if (host === 'localhost' || (isIP(host) !== 0 && within(host, '127.0.0.0/8', '::1/128'))) return true
  return noProxy
    .toLowerCase()
    .split(',')
    .map((entry) => entry.trim())
    .some((entry) => matches(entry, host, port))
}

function matches(entry: string, host: string, port: string): boolean {
  if (entry === '') return false
  if (entry === '*') return true
  if (entry.includes('/')) return isIP(host) !== 0 && within(host, entry)
  const [, name = '', entryPort] = isIP(entry) !== 0 ? ['', entry] : (entry.match(/^(.*?)(?::(\d+))?$/) ?? [])
  if (entryPort !== undefined && entryPort !== port) return false
  const bare = name.replace(/^\[|\]$/g, '').replace(/^\*(?=\.)/, '')
  return host === bare || (isIP(host) === 0 && host.endsWith(bare.startsWith('.') ? bare : `.${bare}`))
}

function within(address: string, ...ranges: readonly string[]): boolean {
  const family = (text: string): 'ipv6' | 'ipv4' => (isIPv6(text) ? 'ipv6' : 'ipv4')
  const list = new BlockList()
  for (const range of ranges) {
    const [net = '', bits] = range.split('/')
    if (isIP(net) !== 0 && bits && Number(bits) <= (isIPv6(net) ? 128 : 32))
      list.addSubnet(net, Number(bits), family(net))
  }
  return list.check(address, family(address))
}
