import { BlockList, isIP, isIPv6 } from 'node:net'

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
