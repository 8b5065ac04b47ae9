import type { Form } from './hosts.ts'

/**
 * How sure it is that a string which names a Service is called. `sure`: it is. `doubtful`: only who wrote it knows.
 * `named`: no code can dial what stands under such a key.
 */
export type Strength = (typeof STRENGTHS)[number]
export const STRENGTHS = ['sure', 'doubtful', 'named'] as const

/** What the key of a variable, a flag or a line in a file says of its value. */
type Kind = 'address' | 'choice' | 'title' | 'claim' | 'name' | 'either' | 'nothing'

/** The form of the value first, then its key. */
const STRENGTH: Record<Kind, Record<Form, Strength>> = {
  address: { dialled: 'sure', qualified: 'sure', whole: 'sure', word: 'sure', counted: 'sure' },
  choice: { dialled: 'sure', qualified: 'sure', whole: 'doubtful', word: 'doubtful', counted: 'sure' },
  nothing: { dialled: 'sure', qualified: 'sure', whole: 'doubtful', word: 'doubtful', counted: 'named' },
  title: { dialled: 'sure', qualified: 'named', whole: 'named', word: 'named', counted: 'named' },
  claim: { dialled: 'doubtful', qualified: 'named', whole: 'named', word: 'named', counted: 'named' },
  either: { dialled: 'doubtful', qualified: 'doubtful', whole: 'doubtful', word: 'named', counted: 'named' },
  name: { dialled: 'named', qualified: 'named', whole: 'named', word: 'named', counted: 'named' },
}

/** A key's last word, in the singular. */
const LAST: ReadonlyMap<string, Kind> = new Map<string, Kind>([
  ...words('url uri host hostname addr address server endpoint upstream proxy dsn peer'),
  ...words('authority fqdn baseurl hostport h'),
  // Of these some are chosen by the name of a driver, or of anything: `CACHE_BACKEND=redis`.
  ...words('backend broker target node remote dns to', 'choice'),
  ...words('audience aud realm scope selector', 'name'),
  ...words('role group', 'claim'),
  ...words('topic queue user username tag label title image password passwd pass pwd uid cn dc ou', 'title'),
  ...words('issuer iss origin name db dbname database schema domain link', 'either'),
])

/** Where nginx sends requests on. */
const PASSED = /(^|_)(proxy|fastcgi|grpc|memcached|scgi|uwsgi)_pass$/

/** Keys of lists of those who may call or are spared a proxy. */
const NAMES = [
  /(^|_)(cors|no_?proxy|non_proxy_hosts)(_|$)|(^|(allow|trust|valid|permit|accept)\w*_?|(^|_)web_)origins$/,
  /(allow|white|safe)_?list$/,
  /(allow|allowed|trusted)_?(hosts?|origins?|domains?)$|(allow|allowed|trusted|valid)_(\w+_)?ur[il]s$/,
]

/** A header that nginx gives to its answers. */
const ANSWERED = /(^|_)add_header$/

/** What nginx and Envoy call themselves and their clusters, as they write it. */
const OWN_SYNTAX = /^(?:(?:server|cluster)(?:[_-]n|N)ame|stat(?:[_-]p|P)refix)$/

/** Of other settings these are names as well, but for an address: `GRPC_SERVER_NAME=orders:8080`. */
const CLAIMS = /(^|_)(server_name|stat_prefix|cluster_name|origins)$/

/** What a process calls itself where it reports traces, metrics and logs. */
const REPORTED =
  /(^d?|_)(otel_service_name|otel_resource_attributes|dd_service|dd_tags|elastic_apm_service_name|new_relic_app_name)$/

/** Lists of hosts that are called past a proxy. */
const PAST_PROXY = /(^|_)(no_?proxy|non_proxy_hosts)$/

/** Where people are sent: a link in a page, and no call. */
const LINKED =
  /(^|_)(redirect|callback|return|login|logout|public|external|frontend|website|site|link|issuer|origin)_(url|uri|host|hostname|addr|address)$/

/** What has to do with origins of others, and is an address of its own: `CORS_PROXY_URL`. */
const OF_CORS = /(^|_)cors_(?!\w*(allow|origin|trust|valid|permit|accept))\w+$/

/** Of these, what tokens and requests are compared with, letter by letter. */
const IDENTITY = /(^|_)(issuer|origin|redirect|callback)_\w+$/

/** What a request is compared with, where there are several: who may call, and where people may be sent. */
const COMPARED = /(^|_)(origin|redirect_ur[il])$/

/** What a value says of a Service beside its form and its key. */
export interface Context {
  /** It is one of several that commas separate. */
  readonly list: boolean
  /** One of several that it stands among is an address. */
  readonly amongAddresses: boolean
  /** Its bare name may mean something else as well. */
  readonly plain: boolean
}

/** How strong the evidence of a call is that a value gives under its key. */
export function strengthOf(key: string | undefined, form: Form, { list, amongAddresses, plain }: Context): Strength {
  const kind = kindOf(key, list)
  if (kind === 'nothing' && form === 'whole' && !plain) return 'sure'
  return kind === 'choice' && (amongAddresses || !plain) ? 'sure' : STRENGTH[kind][form]
}

/** What Services are called, and hardly anything else. */
const OF_A_SERVICE = /-(active|preview|stable|canary|live|next|primary|blue|green|svc|service|headless|v?\d[\w-]*)$/

/** Whether a name says by itself that a Service bears it. */
export function namesService(name: string): boolean {
  return OF_A_SERVICE.test(name)
}

/**
 * Which key speaks for a part of a value: its own where it is a flag or says something, unless the one of the whole
 * says it is a name.
 */
export function keyOf(own: string, whole: string | undefined, list: boolean): string | undefined {
  const silent = !isFlag(own) && kindOf(own, false) === 'nothing'
  return kindOf(whole, list) === 'name' || silent ? whole : own
}

/** Whether a key is a flag, or a property of Java: `-Dhost=orders`. */
export function isFlag(key: string): boolean {
  return key.startsWith('-')
}

/** Whether what stands under a key is what hosts of others are compared with. */
export function comparesHosts(key: string | undefined): boolean {
  if (key === undefined) return false
  const plain = spaced(key)
  return (isName(plain) && !isOfCors(plain)) || CLAIMS.test(plain) || COMPARED.test(plain)
}

/** Whether what stands under a key are hosts that are called past a proxy. */
export function isPastProxy(key: string | undefined): boolean {
  return key !== undefined && PAST_PROXY.test(spaced(key))
}

/** Whether an address under a key is where people are sent, or is called: nobody compares anything with it. */
export function mayBeCalled(key: string | undefined): boolean {
  if (key === undefined) return false
  const plain = spaced(key)
  const one = singular(plain)
  return (LINKED.test(one) && !IDENTITY.test(one)) || lastOf(one) === 'link' || isOfCors(plain)
}

/** Whether a key says that its value is a service. */
export function saysService(key: string | undefined): boolean {
  return key !== undefined && /(^|_)(svc|service)s?$/.test(spaced(key))
}

/** Whether a key says that its value is an address. */
export function saysAddress(key: string): boolean {
  const kind = kindOf(key, false)
  return kind === 'address' || kind === 'choice'
}

/** Whether a key says that its value is several addresses. */
export function saysAddresses(key: string): boolean {
  return saysAddress(key) && !LAST.has(lastOf(spaced(key)))
}

function isOfCors(plain: string): boolean {
  return singular(plain) === plain && OF_CORS.test(plain) && LAST.get(lastOf(plain)) === 'address'
}

function isName(plain: string): boolean {
  return NAMES.some((each) => each.test(plain))
}

/** A header of curl. */
const HEADER = '-H'

function kindOf(key: string | undefined, list: boolean): Kind {
  if (key === undefined || key === HEADER) return 'nothing'
  const plain = spaced(key)
  const one = singular(plain)
  if (PASSED.test(plain)) return 'address'
  if (!list && isOfCors(plain)) return 'either'
  if (OWN_SYNTAX.test(key) || isName(plain) || ((list || one !== plain) && COMPARED.test(one))) return 'name'
  if (REPORTED.test(plain)) return 'name'
  if (CLAIMS.test(plain)) return 'claim'
  if (LINKED.test(one)) return 'either'
  if (ANSWERED.test(plain)) return 'title'
  const last = lastOf(plain)
  const known = [last, last.replace(/s$/, ''), last.replace(/es$/, '')].find((each) => LAST.has(each))
  return known === undefined ? 'nothing' : LAST.get(known)!
}

/** A list of addresses as one of them. */
function singular(plain: string): string {
  return plain.replace(/_list$/, '').replace(/(?<=_ur[il]|_host|_hostname|_addr)s$|(?<=_address)es$/, '')
}

function lastOf(plain: string): string {
  return plain.slice(plain.lastIndexOf('_') + 1)
}

/** `backendHost`, `backend.host`, `--backend-host` and `BACKEND_HOST` alike. */
function spaced(key: string): string {
  return key
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replaceAll(/[^A-Za-z0-9]+/g, '_')
    .replaceAll(/^_+|_*\d*_*$/g, '')
    .toLowerCase()
}

function words(list: string, kind: Kind = 'address'): [string, Kind][] {
  return list.split(' ').map((each) => [each, kind])
}
