import { graphOf } from '../group/call-graph.ts'
import { memberNamed } from '../group/member.ts'
import { valueAt } from '../manifests/edit.ts'
import { at } from '../objects/fields.ts'
import { type ManifestGroup, type Surrounding, TEMPLATE } from './reading.ts'
import { isPartOf } from './same.ts'
import { type Scheme } from './targets.ts'
import { wire } from './wire.ts'
import type { Working } from './working.ts'

/** The members whose pods a release changes. */
export interface Changing {
  /** By what their manifests say. */
  readonly own: ReadonlySet<string>
  /** Those, and who calls them. */
  readonly all: ReadonlySet<string>
}

/**
 * Which members change: those whose manifests, wired as they are live, say otherwise than the cluster, and whoever
 * calls them: with pinned Services up to the entries, with preview Services those that call them directly. Without a
 * cluster all that are given do.
 */
export function changingIn(
  working: Working,
  wiring: Exclude<Scheme['wiring'], 'unpinned'>,
  reading: ManifestGroup,
  around: Surrounding,
): Changing {
  const names = [...reading.given.keys()]
  if (around.cluster === undefined) return { own: new Set(names), all: new Set(names) }
  const still = wire(working, { wiring, changing: new Set(), release: '' }, reading, around).working
  const own = new Set(names.filter((each) => !isAsLive(each, still, reading, around)))
  const all = new Set(own)
  const { edges } = graphOf(reading.group)
  const calls = edges.filter((each) => each.source !== 'sync-wave')
  for (const name of wiring === 'pinned' ? all : own)
    for (const { consumer, dependency } of calls) if (dependency === name) all.add(consumer)
  return { own, all }
}

function isAsLive(name: string, working: Working, reading: ManifestGroup, { cluster }: Surrounding): boolean {
  const member = cluster && memberNamed(cluster.group.members, name)
  if (member === undefined || member.next !== undefined || member.live === undefined) return false
  return isAsCurrent(name, working, reading, { cluster })
}

/** Whether a member's template as it would be applied is the one that it has. */
export function isAsCurrent(
  name: string,
  { objects }: Working,
  { given }: ManifestGroup,
  { cluster }: Pick<Surrounding, 'cluster'>,
): boolean {
  const holder = given.get(name)?.holder
  const member = cluster && memberNamed(cluster.group.members, name)
  if (holder === undefined || member === undefined) return false
  const template = valueAt(objects.get(holder), TEMPLATE)
  const there = member.template
  // A workload's template is known by its ReplicaSet alone, to which the API server has added.
  if (member.workloadRef !== undefined || there === undefined) {
    const current = member.revisions.find((each) => each.hash === member.status.currentPodHash)
    return current !== undefined && isPartOf(template, current.rawTemplate)
  }
  return isPartOf(template, there) && isPartOf(withoutStamp(there), template)
}

/** `creationTimestamp: null` is nobody's wish. */
function withoutStamp(template: unknown): unknown {
  return at(template, 'metadata', 'creationTimestamp') === null
    ? { ...(template as object), metadata: { ...(at(template, 'metadata') as object), creationTimestamp: undefined } }
    : template
}
