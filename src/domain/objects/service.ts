import { at, flag, list, strings, text, time } from './fields.ts'
import { HASH_LABEL, MANAGED_BY, SERVICE_NAME } from './labels.ts'
import { remembering } from './parse-once.ts'

/** A Service of the namespace with the endpoints behind it. */
export interface Service {
  readonly name: string
  /** The selector without the pod template hash; empty where the Service selects no pods. */
  readonly base: ReadonlyMap<string, string>
  /** The pod template hash a controller put into the selector. */
  readonly hash: string | undefined
  /** Its ports, each with the fields that a manifest gives. */
  readonly ports: readonly ReadonlyMap<string, string | number>[]
  /** The Rollout that a controller points it for. */
  readonly managedBy: string | undefined
  /** The name that DNS answers with instead of an address (type ExternalName); lower case, without the last dot. */
  readonly alias: string | undefined
  /** Its addresses, one for each family; none where it is headless. */
  readonly clusterIPs: readonly string[]
  /** Its name leads to the pods themselves, at any port. */
  readonly headless: boolean
  /** Whether callers come in by it from outside the cluster (type LoadBalancer or NodePort). */
  readonly exposed: boolean
  /** Why endpoints that look ready may not answer everybody, by the fields that say so. */
  readonly oddities: readonly Oddity[]
  /**
   * When its selector was last changed, or later, milliseconds since the epoch; undefined where the API server has not
   * kept it.
   */
  readonly pointedAt: number | undefined
  /** Undefined where the EndpointSlices could not be read. */
  readonly endpoints: readonly Endpoint[] | undefined
}

/** Fields of a Service by which not every caller reaches every ready pod, or some reach one that is not. */
export type Oddity = 'internalTrafficPolicy: Local' | 'publishNotReadyAddresses' | 'sessionAffinity: ClientIP'

export interface Endpoint {
  readonly pod: string
  readonly ready: boolean
  readonly terminating: boolean
}

/** Parses the Services of a namespace and joins their EndpointSlices (undefined: not readable). */
export function parseServices(services: readonly unknown[], slices: readonly unknown[] | undefined): Service[] {
  const behind =
    slices &&
    Map.groupBy(
      slices.map((raw) => parseSlice(raw)),
      (each) => each.service,
    )
  return services.flatMap(
    (raw) => serviceOf(raw, behind && (behind.get(text(at(raw, 'metadata', 'name'))) ?? NONE)) ?? [],
  )
}

const NONE: readonly Slice[] = []

/** What is read of an EndpointSlice. */
interface Slice {
  readonly service: string | undefined
  readonly endpoints: readonly (Endpoint & { readonly uid: string | undefined })[]
}

/** Parses an EndpointSlice. */
export const parseSlice = remembering(
  (raw): Slice => ({
    service: text(at(raw, 'metadata', 'labels', SERVICE_NAME)),
    // An absent `ready` counts as ready (discovery.k8s.io/v1).
    endpoints: list(at(raw, 'endpoints')).map((each) => ({
      pod: text(at(each, 'targetRef', 'name')) ?? '',
      uid: text(at(each, 'targetRef', 'uid')),
      ready: at(each, 'conditions', 'ready') !== false,
      terminating: flag(at(each, 'conditions', 'terminating')),
    })),
  }),
)

const serviceOf = remembering((raw, slices: readonly Slice[] | undefined): Service | undefined => {
  const name = text(at(raw, 'metadata', 'name'))
  return name === undefined ? undefined : new ParsedService(name, raw, slices)
})

type Rest = Pick<Service, 'ports' | 'clusterIPs' | 'oddities' | 'pointedAt' | 'endpoints'>

/** Of most of a namespace's thousands nobody asks for more than whom they select: what else there is, is parsed then. */
class ParsedService implements Service {
  readonly name: string
  readonly base: ReadonlyMap<string, string>
  readonly hash: string | undefined
  readonly managedBy: string | undefined
  private readonly raw: unknown
  private readonly slices: readonly Slice[] | undefined
  private rest: Rest | undefined

  constructor(name: string, raw: unknown, slices: readonly Slice[] | undefined) {
    const base = strings(at(raw, 'spec', 'selector'))
    this.hash = base.get(HASH_LABEL)
    base.delete(HASH_LABEL)
    this.name = name
    this.base = base
    this.managedBy = text(at(raw, 'metadata', 'annotations', MANAGED_BY))
    this.raw = raw
    this.slices = slices
  }

  get alias(): string | undefined {
    return aliasOf(this.raw)
  }
  get headless(): boolean {
    return at(this.raw, 'spec', 'clusterIP') === 'None'
  }
  get exposed(): boolean {
    return ['LoadBalancer', 'NodePort'].includes(text(at(this.raw, 'spec', 'type')) ?? '')
  }
  get ports(): Service['ports'] {
    return this.parsed().ports
  }
  get clusterIPs(): Service['clusterIPs'] {
    return this.parsed().clusterIPs
  }
  get oddities(): Service['oddities'] {
    return this.parsed().oddities
  }
  get pointedAt(): Service['pointedAt'] {
    return this.parsed().pointedAt
  }
  get endpoints(): Service['endpoints'] {
    return this.parsed().endpoints
  }

  private parsed(): Rest {
    return (this.rest ??= restOf(this.raw, this.slices))
  }
}

function restOf(raw: unknown, slices: readonly Slice[] | undefined): Rest {
  return {
    clusterIPs: [...new Set([at(raw, 'spec', 'clusterIP'), ...list(at(raw, 'spec', 'clusterIPs'))])].flatMap((each) => {
      const address = text(each)
      return address === undefined || address === '' || address === 'None' ? [] : [address.toLowerCase()]
    }),
    oddities: ODDITIES.flatMap(([oddity, field, value]) => (at(raw, 'spec', field) === value ? [oddity] : [])),
    pointedAt: pointedAt(raw),
    ports: list(at(raw, 'spec', 'ports')).map(parsePort),
    endpoints: slices && podsBehind(slices.flatMap((each) => each.endpoints)),
  }
}

/** A Service as it would be with another pod template hash in its selector. */
export function pointedTo(service: Service, hash: string): Service {
  return Object.create(service, { hash: { value: hash } }) as Service
}

const ODDITIES: readonly (readonly [Oddity, field: string, value: unknown])[] = [
  ['internalTrafficPolicy: Local', 'internalTrafficPolicy', 'Local'],
  ['publishNotReadyAddresses', 'publishNotReadyAddresses', true],
  ['sessionAffinity: ClientIP', 'sessionAffinity', 'ClientIP'],
]

function aliasOf(raw: unknown): string | undefined {
  if (at(raw, 'spec', 'type') !== 'ExternalName') return undefined
  return text(at(raw, 'spec', 'externalName'))
    ?.toLowerCase()
    .replace(/\.$/, '')
}

/**
 * A pod stands once in the slices of each address family, and for a moment in two slices while endpoints are moved
 * between them; these are written one after the other. It is ready where all of them say so.
 */
function podsBehind(endpoints: Slice['endpoints']): Endpoint[] {
  const pods = Map.groupBy(endpoints, (each) => each.uid ?? (each.pod === '' ? each : each.pod))
  return [...pods.values()].map((found) => ({
    pod: found[0]!.pod,
    ready: found.every((each) => each.ready),
    terminating: found.some((each) => each.terminating),
  }))
}

/** What somebody chose about a port; `nodePort` is the cluster's choice, and TCP what stands for nothing. */
function parsePort(raw: unknown): ReadonlyMap<string, string | number> {
  const found = new Map<string, string | number>()
  for (const key of ['name', 'protocol', 'port', 'targetPort', 'appProtocol']) {
    const value = at(raw, key)
    if (typeof value === 'number' || (typeof value === 'string' && value !== '' && value !== 'TCP'))
      found.set(key, value)
  }
  return found
}

/**
 * By the managed fields: whoever changes the selector, which is one field, is entered with the time, whole seconds
 * (Kubernetes, Server-Side Apply, "Field management").
 */
function pointedAt(raw: unknown): number | undefined {
  const writers = list(at(raw, 'metadata', 'managedFields')).filter(
    (each) => at(each, 'fieldsV1', 'f:spec', 'f:selector') !== undefined,
  )
  const times = writers.map((each) => time(at(each, 'time')))
  return times.length === 0 || times.includes(undefined) ? undefined : Math.max(...times.map((each) => each!))
}

/** Whether labels carry everything a selector asks for; an empty selector selects nothing. */
export function selects(selector: ReadonlyMap<string, string>, labels: ReadonlyMap<string, string>): boolean {
  for (const [key, value] of selector) if (labels.get(key) !== value) return false
  return selector.size > 0
}

/** A label as a key to look objects up by. */
export function pair([key, value]: readonly [string, string]): string {
  return `${key}=${value}`
}

/** How many ready endpoints belong to pods of one ReplicaSet, and how many to others. */
export function readyBehind(service: Service, replicaSet: string): { own: number; others: number } {
  const ready = (service.endpoints ?? []).filter((each) => each.ready && !each.terminating)
  const own = ready.filter((each) => isPodOf(each.pod, replicaSet)).length
  return { own, others: ready.length - own }
}

/**
 * Letters of a ReplicaSet's name, with its dash, in the names of its pods; five random ones follow (apiserver,
 * names.go: maxGeneratedNameLength).
 */
const LONGEST_BASE = 58

/** Whether a pod bears the name of a ReplicaSet: a long one is cut off. */
export function isPodOf(pod: string, replicaSet: string): boolean {
  return pod.slice(0, -5) === `${replicaSet}-`.slice(0, LONGEST_BASE)
}
