import { graphOf } from '../group/call-graph.ts'
import { called, type Member, type Revision } from '../group/member.ts'
import type { Group } from '../group/read-group.ts'
import { serviceOfNext } from '../group/service-of-next.ts'
import type { Snapshot } from '../group/snapshot.ts'
import { at, list, text, whole } from '../objects/fields.ts'
import { SERVICE_NAME } from '../objects/labels.ts'
import { isPodOf, type Service } from '../objects/service.ts'
import { liveService, nextService } from '../objects/strategy.ts'

/** What users of a member have, or what waits, as far as it can be reached by itself. */
export interface Reached {
  readonly member: string
  readonly side: Side
  /** Ready pods behind a Service, and the port of these; none: no Service leads there now. */
  readonly pods: readonly string[]
  readonly port: number | undefined
  /** The pod template hash of pods that no Service leads to, and that are to be looked for by it. */
  readonly hash?: string
  /** Which version by which Service; where there is no pod, why. */
  readonly words: string
}

/** A port of this machine, and to whom it leads now. */
export interface ForwardedPort {
  readonly member: string
  readonly side: Side
  /** `http://127.0.0.1:9000` */
  readonly address: string
  /** Which version by which Service and pod, or why nobody. */
  readonly leadsTo: string
  /** Somebody is there. */
  readonly reached: boolean
}

export type Side = 'live' | 'next'

/**
 * Both sides of members, as their Services and the pods behind them are now.
 * @param only these members; undefined: those where users come in
 * @param wanted a port of their Services, by name or number; undefined: the first
 */
export function reachedOf(
  group: Group,
  snapshot: Snapshot,
  only: readonly string[] | undefined,
  wanted?: string,
): readonly Reached[] {
  const asked = only ?? graphOf(group).entries
  return group.members
    .filter((each) => asked.includes(each.name))
    .flatMap((member) => [side(group, snapshot, member, 'live', wanted), side(group, snapshot, member, 'next', wanted)])
}

function side(group: Group, snapshot: Snapshot, member: Member, which: Side, wanted: string | undefined): Reached {
  const none = (words: string): Reached => ({ member: member.name, side: which, pods: [], port: undefined, words })
  if (which === 'next' && member.next === undefined) return none('nothing waits')
  const own = [...group.owners].filter(([, of]) => of.includes(member.name)).map(([name]) => name)
  const named = which === 'live' ? liveService(member.strategy) : serviceOfNext(group, member)
  const service = group.services.get(named ?? liveService(member.strategy) ?? own[0] ?? '')
  if (service === undefined) return none(`no Service leads to ${member.name}`)
  if (service.endpoints === undefined) return none(`who is behind ${service.name} may not be read`)
  // Behind a Service of its own all pods are what users have; behind one for both sides, those of that side.
  const of = which === 'live' && named !== undefined ? undefined : member[which]
  const pods = service.endpoints
    .filter((each) => each.ready && !each.terminating && (of === undefined || isPodOf(each.pod, of.name)))
    .map((each) => each.pod)
  const [first] = pods
  // The Service of a release may be so new that nobody is behind it yet.
  const alone = which === 'next' && nextService(member.strategy) === undefined ? member.next : undefined
  if (first === undefined && alone !== undefined && alone.available > 0) {
    const how = named === undefined ? 'without a Service' : `not yet behind ${named}`
    return { ...none(`${alone.version.text}, ${how}`), hash: alone.hash, port: containerPort(alone) }
  }
  if (first === undefined) return none(`no ready pod behind ${service.name}${of ? ` is of ${called(of)}` : ''}`)
  const port = portBehind(service, snapshot, wanted)
  if (port === undefined) return none(`${service.name} has no port${wanted === undefined ? '' : ` ${wanted}`}`)
  return { member: member.name, side: which, pods, port, words: `${versionOf(member, first)} behind ${service.name}` }
}

/** The first that its containers say they listen on. */
function containerPort({ rawTemplate }: Revision): number | undefined {
  return list(at(rawTemplate, 'spec', 'containers'))
    .flatMap((each) => list(at(each, 'ports')))
    .map((each) => whole(at(each, 'containerPort')))
    .find((each) => each !== undefined)
}

function versionOf(member: Member, pod: string): string {
  const revision: Revision | undefined = member.revisions.find((each) => isPodOf(pod, each.name))
  return revision === undefined ? 'an unknown version' : revision.version.text
}

/** A named `targetPort` is resolved in the slices, by the name of the Service's port (discovery.k8s.io/v1). */
function portBehind(service: Service, snapshot: Snapshot, wanted: string | undefined): number | undefined {
  const chosen = service.ports.find(
    (each) => wanted === undefined || each.get('name') === wanted || String(each.get('port')) === wanted,
  )
  if (chosen === undefined) return undefined
  return (snapshot.endpointSlices ?? [])
    .filter((each) => at(each, 'metadata', 'labels', SERVICE_NAME) === service.name)
    .flatMap((each) => list(at(each, 'ports')))
    .filter((each) => (text(at(each, 'name')) ?? '') === (chosen.get('name') ?? ''))
    .map((each) => whole(at(each, 'port')))
    .find((each) => each !== undefined)
}
