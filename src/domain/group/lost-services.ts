import { madeOnce } from '../objects/parse-once.ts'
import { parseSlice } from '../objects/service.ts'
import { type Directory, directoryOf, mayName } from '../evidence/hosts.ts'
import { memberNamed, type Revision } from './member.ts'
import type { Group } from './read-group.ts'
import { addressesOf } from './wires.ts'

/**
 * The Services that these call, whose callers would find nobody if they came back, each with what is so. What users'
 * pods call today is as it is: to bring these back makes nothing worse.
 *
 * | the Service | is lost |
 * |---|---|
 * | is not there | yes, where the address is one that DNS answers from the namespace alone |
 * | selects pods, is of no Rollout that is known, and has no endpoint | yes: who was behind it was removed |
 * | is of a member, of a Rollout outside the group, or has endpoints | no |
 * | selects nothing: an ExternalName, or with endpoints by hand | no |
 * | is of another namespace | no |
 */
export function lostServices(group: Group, revisions: readonly Revision[]): ReadonlyMap<string, string> {
  // Where they may not be read, nothing is known of any.
  if (group.snapshot.services.length === 0) return new Map()
  const lost = new Map(revisions.flatMap((each) => lostOf(group, each)))
  if (lost.size === 0) return lost
  for (const { live } of group.members)
    if (live !== undefined) for (const [name] of lostOf(group, live)) lost.delete(name)
  return lost
}

function lostOf(group: Group, revision: Revision): (readonly [name: string, what: string])[] {
  const { configs } = group
  const idle = idleIn(group)
  const missing = missingIn(group, revision)
  if (missing.size === 0 && !mayCall(group, revision, idle)) return []
  const directory: Directory = {
    ...idle,
    names: new Map([...idle.names, ...[...missing].map((name) => [name, name] as const)]),
    // A number of a Service that nobody knows is a port only where the key says that it is an address.
    ports: new Map([...idle.ports!, ...[...missing].map((name) => [name, NO_PORT] as const)]),
    pinned: new Set(),
  }
  const { strategy } = memberNamed(group.members, revision.member)!
  const around = { directory, owners: new Map(), names: new Set(directory.names.values()) }
  return addressesOf(revision.template, strategy, configs, around)
    .filter(({ strength }) => strength === 'sure')
    .map(({ service }) => [
      service,
      missing.has(service) ? `Service ${service} is gone` : `nobody is behind Service ${service}`,
    ])
}

/** The Services that select pods, and whose slices were read: of these none is of a Rollout, and no pod is behind any. */
const idleIn = madeOnce(({ namespace, services, owners, outside, snapshot }: Group): Directory => {
  // Each Service that selects pods has a slice, be it an empty one (Kubernetes, endpointslice reconciler).
  const slices = (snapshot.endpointSlices ?? []).map((raw) => parseSlice(raw))
  const behind = Map.groupBy(slices, (each) => each.service)
  const isIdle = (name: string) =>
    behind.get(name)?.every(({ endpoints }) => endpoints.every((each) => each.terminating)) === true
  const idle = [...services.values()].filter(
    ({ name, base }) => base.size > 0 && !owners.has(name) && !outside.has(name) && isIdle(name),
  )
  return directoryOf(namespace, services, new Set(idle.map(({ name }) => name)))
})

function mayCall({ configs }: Group, { rawTemplate }: Revision, idle: Directory): boolean {
  if (idle.names.size === 0) return false
  const texts = [...configs.values()].flatMap((each) => (typeof each === 'object' ? [...each.data.values()] : []))
  return [JSON.stringify(rawTemplate), ...texts].some((each) => mayName(each, idle))
}

/** Names by which nothing but a Service of the namespace is called, and that no Service has. */
function missingIn({ namespace, services, configs }: Group, revision: Revision): ReadonlySet<string> {
  const { rawTemplate, template, member } = revision
  const own = new Set([member, 'localhost', ...template.hostAliases.flatMap(({ names }) => names)])
  const files = [...configs.values()].filter((each) => typeof each === 'object')
  const written = [Object(rawTemplate) as object, ...files].flatMap((each) => writtenIn(each))
  return new Set(
    written
      .filter(({ within = namespace }) => within === namespace)
      .map(({ name }) => name)
      .filter((name) => !services.has(name) && !own.has(name)),
  )
}

/** `db`, `db.shop`, `db.shop.svc.cluster.local` */
const HOST = '(?<name>[a-z](?:[a-z0-9-]*[a-z0-9])?)(?:\\.(?<within>[a-z0-9-]+)(?:\\.svc(?:\\.[\\w.-]*\\w)?)?)?'

/** Addresses, whatever stands beside them: by a URL that is dialled, with a port, or as a Service's whole name. */
const WRITTEN = [
  new RegExp(`(?<![\\w+.-])(?:https?|wss?|grpcs?)://(?:[^\\s/@"']+@)?${HOST}(?![\\w.-])`, 'g'),
  new RegExp(`(?<![\\w.-])${HOST}:\\d{4,5}(?!\\w)`, 'g'),
  /(?<![\w.-])(?<name>[a-z](?:[a-z0-9-]*[a-z0-9])?)\.(?<within>[a-z0-9-]+)\.svc(?![\w-])/g,
]

/** Hosts that an object writes as such. */
const writtenIn = madeOnce((of: object) => {
  const text = JSON.stringify(of, (_, each: unknown) => (each instanceof Map ? [...each] : each)).replaceAll(
    /\\./g,
    '  ',
  )
  return WRITTEN.flatMap((each) =>
    [...text.matchAll(each)].map(({ groups }) => ({ name: groups!['name']!, within: groups!['within'] })),
  )
})

const NO_PORT: ReadonlySet<number> = new Set([0])
