import { RELEASE } from '../objects/labels.ts'
import { madeOnce } from '../objects/parse-once.ts'
import type { Service } from '../objects/service.ts'
import { hostsLeftIn, isPart, withoutReferences } from './no-hosts.ts'

/**
 * How a host is written. `dialled`: with a scheme, a port, as an `.svc` name, an address or a variable that holds one,
 * as nobody writes what is not to be called. `qualified`: with its namespace alone, `orders.shop`. `whole`: the bare
 * name is all there is. `word`: it is one word among others. `counted`: a number follows that is no port of the
 * Service, as in `orders:3,mail:1`.
 */
export type Form = 'dialled' | 'qualified' | 'whole' | 'word' | 'counted'

/** Where a part of a string begins, and where it has ended. */
export type Span = readonly [start: number, end: number]

/** A Service that a string names. */
export interface Host {
  readonly service: string
  /** What stands for it in the string, where that is not its name. */
  readonly written: string | undefined
  readonly form: Form
  /** Where in the string it stands in that form, and another Service's name could. */
  readonly spans: readonly Span[]
}

/** The Services of a namespace by everything that leads to one. */
export interface Directory {
  readonly namespace: string
  /** By their names and by those of their aliases, lower case. */
  readonly names: ReadonlyMap<string, string>
  /** By cluster IP. */
  readonly addresses: ReadonlyMap<string, string>
  /** By what the names of their variables begin with, such as `PAY_ACTIVE`. */
  readonly variables: ReadonlyMap<string, string>
  /** Those of one release, which are called nothing else. */
  readonly pinned?: ReadonlySet<string>
  /** The ports of each, where they are known. */
  readonly ports?: ReadonlyMap<string, ReadonlySet<number>>
}

/** An alias of an alias of an alias may lead in a circle. */
const LONGEST_CHAIN = 8

/** @param wanted the Services that matter */
export function directoryOf(
  namespace: string,
  services: ReadonlyMap<string, Service>,
  wanted: ReadonlySet<string>,
): Directory {
  const found = [...wanted].flatMap((name) => services.get(name) ?? [])
  const aliases = aliasesIn(services).flatMap(({ name }): [string, string][] => {
    const end = endOf(name, namespace, services)
    return end === name || !wanted.has(end) ? [] : [[name.toLowerCase(), end]]
  })
  return {
    namespace,
    names: new Map([...aliases, ...[...wanted].map((name): [string, string] => [name.toLowerCase(), name])]),
    addresses: new Map(found.flatMap(({ name, clusterIPs }) => clusterIPs.map((each) => [each, name]))),
    variables: new Map(
      found.flatMap(({ name, alias }) =>
        alias === undefined ? [[name.toUpperCase().replaceAll('-', '_'), name] as const] : [],
      ),
    ),
    pinned: new Set(found.filter(({ base }) => base.has(RELEASE)).map(({ name }) => name)),
    ports: new Map(
      found
        .filter((each) => !each.headless)
        .map(({ name, ports }) => [name, new Set(ports.map((each) => Number(each.get('port'))))]),
    ),
  }
}

/** Few of thousands are aliases. */
const aliasesIn = madeOnce((services: ReadonlyMap<string, Service>) =>
  [...services.values()].filter(({ alias }) => alias !== undefined),
)

/** The Service that a name leads to in the end, as DNS follows it; the name itself where it is no alias. */
function endOf(name: string, namespace: string, services: ReadonlyMap<string, Service>): string {
  let here = name
  for (let step = 0; step < LONGEST_CHAIN; step++) {
    const alias = services.get(here)?.alias
    const next = alias === undefined ? undefined : serviceIn(alias, namespace)
    if (next === undefined || !services.has(next)) return here
    here = next
  }
  return here
}

/** `svc`, `svc.ns`, `svc.ns.svc`, `svc.ns.svc.DOMAIN`: the Service, where it is of this namespace. */
export function serviceIn(host: string, namespace: string): string | undefined {
  const [service = '', where = '', kind = ''] = host.toLowerCase().split('.')
  return (where === '' || where === namespace) && (kind === '' || kind === 'svc') ? service : undefined
}

/**
 * A word that may be a host: in a URL of any kind, with ports, quoted, in a list of these, after the service and
 * protocol of an SRV name, or as what is meant by a variable that is not set (`${HOST:-orders}`). Parts of a path are
 * none.
 */
const HOST =
  /(?<srv>(?<![\w.-])_[a-z0-9-]+\._[a-z0-9-]+\.)?(?:(?<=\._[a-z0-9-]+\.|:-)|(?<![\w.-]))(?<!(?<!\/)\/)[a-z0-9][\w.-]*/gi

/**
 * A number after a name, and whether it is a port: no tag (`:2.0`) or partition (`:0`). In a key (`:1:`) it is one if
 * the Service has it: `orders:8080: 1`.
 */
const NUMBER = /^:\d/
const LONGEST_PORT = ':65535:x'.length
const PORT = /^:(?<port>[1-9]\d{0,4})(?!\w|[.-]\w)(?<inKey>:(?!\w))?/

/** Ports below are given to few: an amount that small is none unless the Service has it. Above, nobody can tell. */
const SMALLEST_OF_ANYBODY = 1024

/** IPv6 addresses, in brackets or bare. */
const IPV6 = /(?<![\w.])[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7}(?![\w.])/gi

/**
 * Variables by which the kubelet tells an address of a Service (pkg/kubelet/envvars): of those that are no address in
 * themselves only where they are asked for with a `$`.
 */
const VARIABLE =
  /\$[({]?([A-Z][A-Z0-9_]*?)(?:_SERVICE_HOST|_PORT(?:_\d+_(?:TCP|UDP|SCTP)(?:_ADDR)?)?)(?![A-Z0-9_])[)}]?|(?<![\w$({])([A-Z][A-Z0-9_]*?)(?:_SERVICE_HOST|_PORT_\d+_(?:TCP|UDP|SCTP)(?:_ADDR)?)(?![\w])/g

/** Whether the kubelet tells a process of Services by a variable of that name. */
export type IsTold = (variable: string) => boolean

/** A word that may be a Service's name, and an IPv4 address. */
const LABEL = /[a-z0-9]+(?:-+[a-z0-9]+)*/gi
const IPV4 = /\d+(?:\.\d+){3}/g

/** Whether a text may name a Service at all: most of a file does not, and is not worth a closer look. */
export function mayName(text: string, directory: Directory): boolean {
  const { names, addresses } = directory
  return (
    (text.toLowerCase().match(LABEL) ?? []).some((each) => names.has(each)) ||
    (text.match(IPV4) ?? []).some((each) => addresses.has(each)) ||
    ipv6In(text, directory).length > 0 ||
    (text.includes('_') && variablesIn(text, directory, () => true).length > 0)
  )
}

/** The Services that a string names as hosts, each in its strongest form. */
export function hostsIn(value: string, directory: Directory, isTold: IsTold = () => true): Host[] {
  const text = hostsLeftIn(value)
  const found = [
    ...(directory.names.size > 0 ? namesIn(withoutReferences(text), value, directory) : []),
    ...ipv6In(text, directory),
    ...(text.includes('_') ? variablesIn(text, directory, isTold) : []),
  ]
  return [...Map.groupBy(found, ({ service }) => service).values()].map((same) => {
    const dialled = same.filter(({ form }) => form === 'dialled')
    const strongest = dialled.length > 0 ? dialled : same
    return { ...strongest[0]!, spans: strongest.flatMap(({ spans }) => spans) }
  })
}

/** @param whole the text with all that names no host */
function namesIn(text: string, whole: string, { namespace, names, addresses, ports }: Directory): Host[] {
  let bare: string | undefined
  return [...text.matchAll(HOST)].flatMap((match): Host[] => {
    const srv = match.groups!['srv'] ?? ''
    const word = match[0].slice(srv.length)
    const lower = word.toLowerCase()
    const numbered = addresses.get(lower)
    const start = match.index + srv.length
    if (numbered !== undefined)
      return [{ service: numbered, written: word, form: 'dialled', spans: [[start, start + word.length]] }]
    const name = serviceIn(lower, namespace)
    const service = name === undefined ? undefined : names.get(name)
    if (service === undefined) return []
    const after = text.slice(start + word.length, start + word.length + LONGEST_PORT)
    const parts = lower.replace(/\.$/, '').split('.').length
    const form =
      srv !== '' || parts > 2 || text.slice(0, match.index).endsWith('//')
        ? 'dialled'
        : NUMBER.test(after)
          ? parts > 1
            ? 'dialled'
            : numberedAs(after, ports?.get(service))
          : parts > 1
            ? 'qualified'
            : lower === (bare ??= bareOf(text))
              ? 'whole'
              : 'word'
    const written = name === service.toLowerCase() ? undefined : word.slice(0, name!.length)
    const span: Span = [start, start + name!.length]
    // What is put together from parts no other name can stand in for.
    const spans = isPart(whole, ...span) ? [] : [span]
    return form === undefined ? [] : [{ service, written, form, spans }]
  })
}

/** What the number after a name makes of it; undefined: no host. */
function numberedAs(after: string, ports: ReadonlySet<number> | undefined): Form | undefined {
  const found = PORT.exec(after)?.groups
  if (found === undefined) return undefined
  const port = Number(found['port'])
  const isKnown = ports !== undefined && ports.size > 0
  if (found['inKey'] !== undefined && !(isKnown ? ports.has(port) : port >= SMALLEST_OF_ANYBODY)) return undefined
  if (!isKnown || ports.has(port)) return 'dialled'
  return port >= SMALLEST_OF_ANYBODY ? 'word' : 'counted'
}

/** A text without quotes and punctuation around it. */
function bareOf(text: string): string {
  return text.replaceAll(/^["'\s]+|["'\s.;,]+$/g, '').toLowerCase()
}

const holdsIpv6 = madeOnce((addresses: Directory['addresses']) =>
  [...addresses.keys()].some((each) => each.includes(':')),
)

function ipv6In(text: string, { addresses }: Directory): Host[] {
  if (!text.includes(':') || !holdsIpv6(addresses)) return []
  return [...text.matchAll(IPV6)].flatMap(([address]): Host[] => {
    const service = addresses.get(address.toLowerCase())
    return service === undefined ? [] : [{ service, written: `[${address}]`, form: 'dialled', spans: [] }]
  })
}

function variablesIn(text: string, { variables }: Directory, isTold: IsTold): Host[] {
  return [...text.matchAll(VARIABLE)].flatMap(([written, asked, told]): Host[] => {
    const service = variables.get(asked ?? told ?? '')
    if (service === undefined || !isTold(written.replaceAll(/[^A-Z0-9_]/g, ''))) return []
    return [{ service, written, form: 'dialled', spans: [] }]
  })
}
