import { saysAddress } from './evidence.ts'
import type { FileValue, Placed } from './file-value.ts'

/** Of nginx, which is referred to behind `//`, too. */
const UPSTREAM = /(?:^|[;{}])[ \t]*upstream[ \t]+["']?([\w.-]+)["']?[ \t]*\{/gm

/** An item of a list of YAML, or a mapping in one line, that begins with its name. */
const NAMED = /(?:^[ \t]*- +|(?:^[ \t]*- +|[[,][ \t]*)\{[ \t]*)name:[ \t]*["']?([\w.-]+)/gm

/** Lists of what a process has itself, each with a port. */
const OF_ITS_OWN = /^(ports|listeners?)$/i

/**
 * Where a file names a part of itself, to which it refers later: upstreams, sections of HAProxy and Varnish, clusters
 * of Envoy.
 */
const OWN = [UPSTREAM, /(?:^|[;{}])[ \t]*(?:backend|frontend|listen)[ \t]+([\w.-]+)[ \t]*(?:\{|$)/gm, NAMED]

/** A value that is nothing but a name, also with that of its provider: `orders@file`. */
const BARE = /^["']?([\w.-]+)(?:@[\w.-]+)?["']?[\s,;}\]]*$/
/** A name before anything else but a port, with which it is a host. */
const FIRST = /^["']?([\w.-]+)(?![\w.-]|:\d)/

/** Keys under which a bare name is asked for as a host, whatever else bears it. */
const HOST_KEY = /(host|hostname|addr|address|url|uri)(s|es)?$/i

/**
 * What a file calls parts of its own, and how its values read with that. Such a part may be a block of keys that holds
 * an address with its own key in it (`orders: {url: http://orders}`); what stands elsewhere as nothing but that key:
 *
 * | under a key that | as in | is |
 * |---|---|---|
 * | says nothing of an address, or refers to parts | `service: orders`, `backend: orders` | the block, and no value |
 * | asks for a host | `host: orders` | a value like any other |
 * | may say either | `server: orders`, `endpoint: orders` | a name, as far as can be told |
 *
 * A name with a port beside it, to which nothing refers, may be a host.
 */
export function ownNamesIn(content: string, all: readonly Placed[]) {
  const named = (by: RegExp) => [...content.matchAll(by)].map((found) => found[1]!)
  const [own, upstreams] = [new Set(OWN.flatMap(named)), new Set(named(UPSTREAM))]
  const blocks = blocksIn(all)
  const hosts = mayBeHosts(content, all)
  const asRead = ({ key, value, offset, path }: Placed): FileValue[] => {
    const refers = refersInside(key)
    const isBlock = isOutside(path, blocks.get(BARE.exec(value)?.[1] ?? ''))
    if (refers && isBlock) return []
    const first = FIRST.exec(value)
    // What comes after it may be addresses: `server-template orders 3 orders.shop.svc:8080`.
    const isHost = key === 'name' && hosts.has(first?.[1] ?? '') && !OF_ITS_OWN.test(path.at(-1) ?? '')
    if (refers && own.has(first?.[1] ?? '') && !isHost) {
      const start = first![0].length
      // Behind a name that is referred to stands when, and no address: `use_backend orders if …`.
      const of = key !== undefined && saysAddress(key) ? undefined : key
      return [{ key: of, value: value.slice(start), offset: offset + start }]
    }
    if (isBlock && !HOST_KEY.test(key ?? '')) return [{ key: 'name', value, offset }]
    const shown = refers
      ? value.replaceAll(/\/\/([\w.-]+)(?![\w.:-])/g, (as, host: string) =>
          upstreams.has(host) ? '//'.padEnd(as.length) : as,
        )
      : value
    return [{ key, value: shown, offset }]
  }
  return { asRead }
}

/** The names of items that have a port and no address, and that stand nowhere else in a file. */
function mayBeHosts(content: string, all: readonly Placed[]): ReadonlySet<string> {
  const found = [...content.matchAll(NAMED)].flatMap(({ 0: start, 1: name, index }) => {
    const keys = keysBeside(content.slice(index + start.length), start)
    return keys.includes('port') && !keys.some(saysAddress) ? [name!] : []
  })
  const times = new Map(found.map((name) => [name, 0]))
  if (found.length > 0)
    for (const { key, value, path } of all)
      for (const each of new Set([key ?? '', ...path, ...value.split(/[^\w.-]+/)]))
        if (times.has(each)) times.set(each, times.get(each)! + 1)
  return new Set(found.filter((name) => times.get(name) === 1))
}

/** The keys that stand beside a name, after it. @param start what the line of the name begins with */
function keysBeside(rest: string, start: string): string[] {
  const column = start.indexOf('name:')
  const [inside, next] = start.includes('{')
    ? [/^[^{}\n]*/, /,[ \t]*["']?([\w-]+)["']?:/g]
    : [new RegExp(`^.*(?:\\n {${column}}.*)*`), new RegExp(`\\n {${column}}["']?([\\w-]+)["']?:`, 'g')]
  return [...inside.exec(rest)![0].matchAll(next)].map((found) => found[1]!)
}

/** Files of settings do not nest deeper. */
export const DEEPEST = 32

/** The blocks that hold an address in which their own key stands, by that, each with the keys above it. */
function blocksIn(all: readonly Placed[]): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>()
  for (const { key, value, path } of all) {
    if (key === undefined || path.length > DEEPEST || !(saysAddress(key) || value.includes('://'))) continue
    const words = value.split(/[^\w-]+/)
    // That of one version may be `orders-preview`, or `orders-2-0`.
    const isNamed = (name: string) => words.some((each) => each === name || each.startsWith(`${name}-`))
    for (const [index, name] of path.entries())
      if (name !== '' && isNamed(name))
        found.set(name, (found.get(name) ?? new Set()).add(path.slice(0, index + 1).join('\n')))
  }
  return found
}

/** Whether one of these blocks is none of those that a value stands in. */
function isOutside(path: readonly string[], blocks: ReadonlySet<string> | undefined): boolean {
  const here = `${path.join('\n')}\n`
  return [...(blocks ?? [])].some((each) => !here.startsWith(`${each}\n`))
}

/** Whether what stands under a key may be the name of a part of the file: no host is asked for by it. */
function refersInside(key: string | undefined): boolean {
  return key === undefined || !saysAddress(key) || /(^|_)(backend|frontend|listen|upstream|pass)$/.test(key)
}
