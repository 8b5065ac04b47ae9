import { type CheckContext, contextOf, isAborted, isWaiting } from '../checks/context.ts'
import { onCircle } from '../checks/settle-circle.ts'
import { roundsOf, unsettledCalls } from '../checks/settle-rounds.ts'
import { listed, ours } from '../checks/say.ts'
import type { InFile } from '../deploy/fit.ts'
import { bySeverity, type Code, finding, type Finding, forbids } from '../findings/finding.ts'
import { graphOf } from '../group/call-graph.ts'
import { called, labelOf, type Member, memberNamed, type Revision } from '../group/member.ts'
import { SETTLES, settles } from '../group/together.ts'
import type { Group } from '../group/read-group.ts'
import { nameOneImage } from '../group/same-images.ts'
import type { PlanOptions } from '../intent.ts'
import type { Manifest } from '../manifests/manifest.ts'
import { RELEASE } from '../objects/labels.ts'
import { isStruckBack, promotedIn } from '../plan/promoted.ts'
import { astray } from '../rewire/refusals.ts'
import { readManifestGroup, type KnownCluster, type Surrounding, TEMPLATE } from '../rewire/reading.ts'
import { wire } from '../rewire/wire.ts'
import { begin, objectsIn, put } from '../rewire/working.ts'
import { manifestsOf, withTemplate } from './applied.ts'

/** What is to be done so that no live consumer is left on a Service in front of a next version. */
export type Settling =
  | { readonly state: 'settled' }
  /** The next round of consumers, and their manifests, which differ from those that are live in addresses alone. */
  | {
      readonly state: 'round'
      readonly members: readonly string[]
      /** Rounds that follow it. */
      readonly later: readonly (readonly string[])[]
      readonly files: readonly InFile[]
    }
  | { readonly state: 'refused'; readonly findings: readonly Finding[] }

/** Whether what waits of a member does nothing but point it back. */
export function isSettling({ next }: Member): boolean {
  return next !== undefined && settles(next)
}

/** Whether anything is to be settled. */
export function isUnsettled(group: Group, options: PlanOptions = {}): boolean {
  return unsettledCalls(contextOf(group, 'deploy-all', options)).length > 0
}

/**
 * Whether a part of a release was pointed back to live Services already, and another part was not: what was given for
 * it would differ from that part alone, and take the rest back with it.
 */
export function isHalfSettled(group: Group, options: PlanOptions = {}): boolean {
  const left = new Set(unsettledCalls(contextOf(group, 'deploy-all', options)).map(({ from }) => baseOf(from)))
  return group.members.some(({ live }) => live !== undefined && settles(live) && left.has(baseOf(live)))
}

/** Whether what forbids a release is gone once consumers are pointed back to live Services. */
export function isCuredBySettling({ code }: Finding): boolean {
  return CURED.includes(code)
}

/** What is so only as long as users are on a Service in front of a next version. */
const CURED: readonly Code[] = ['live-wired-to-next', 'half-or-leak', 'mixed-window', 'dead-end']

/**
 * The next round in which consumers are pointed back to live Services: those whom nobody reaches through a Service in
 * front of their own next version, since a deploy empties that. Pure and total; asked again in the middle of a round it
 * answers the same round.
 */
export function settleRound(
  workloads: readonly unknown[],
  around: Surrounding & { readonly cluster: KnownCluster },
  options: PlanOptions = {},
): Settling {
  const { group } = around.cluster
  const context = contextOf(group, 'deploy-all', options)
  const calls = unsettledCalls(context)
  if (calls.length === 0) return { state: 'settled' }
  const { rounds, circle } = roundsOf(calls)
  const [members, ...later] = apart(rounds, group)
  if (circle.length > 0 || members === undefined) return refusedFor([onCircle(group, circle, calls)])
  const others = group.members.filter((each) => isWaiting(each) && !(members.includes(each.name) && isSettling(each)))
  if (others.length > 0) return refusedFor([inProgress(context, others)])
  const manifests = members.flatMap((name) => liveOf(memberNamed(group.members, name)!, group, workloads))
  const working = begin(manifests)
  const reading = readManifestGroup(working, around)
  const scheme = { wiring: 'preview', changing: new Set<string>(), release: '' } as const
  const { working: wired } = wire(working, scheme, reading, around)
  const findings = bySeverity(astray(readManifestGroup(wired, around), scheme, around))
  if (findings.some(forbids)) return refusedFor(findings)
  const stamped = [...reading.given.values()].reduce(
    (here, { holder, member }) => {
      const settling = memberNamed(group.members, member.name)!
      return holder === undefined || isSettling(settling)
        ? here
        : put(here, holder, [...TEMPLATE, 'metadata', 'labels', RELEASE], freshId(settling))
    },
    isStarted(group, members) ? working : wired,
  )
  const files = objectsIn(stamped).map((object) => ({ object, where: 'settle' }))
  return { state: 'round', members, later, files }
}

/**
 * A tag that moves names no image: whether both revisions of a member are one version nobody can tell then. Where
 * somebody calls such members, they are pointed back one after the other: of one alone a request meets one version at
 * any time.
 */
function apart(rounds: readonly (readonly string[])[], group: Group): readonly (readonly string[])[] {
  const consumed = new Set(graphOf(group).edges.map((each) => each.dependency))
  return rounds.flatMap((round) => {
    const isAlone = (name: string) => consumed.has(name) && !isOneImage(memberNamed(group.members, name)!)
    const isBegun = (name: string) => isSettling(memberNamed(group.members, name)!)
    const together = round.filter((name) => !isAlone(name) || isBegun(name))
    const alone = round.filter((name) => !together.includes(name))
    return [...(together.length > 0 ? [together] : []), ...alone.map((each) => [each])]
  })
}

function isOneImage({ live }: Member): boolean {
  const main = live?.template.containers[0]
  return main !== undefined && nameOneImage(main, main)
}

/** What a member has applied; where that was aborted, with the pod template that users are on. */
function liveOf(member: Member, group: Group, workloads: readonly unknown[]): Manifest[] {
  const applied = manifestsOf(member, group, workloads)
  return isAborted(member) && !isSettling(member)
    ? applied.flatMap((each) => withTemplate(each, member, member.live))
    : applied
}

/** A round that has begun is as it was applied. */
function isStarted({ members }: Group, round: readonly string[]): boolean {
  return round.every((name) => isSettling(memberNamed(members, name)!))
}

function refusedFor(findings: readonly Finding[]): Settling {
  return { state: 'refused', findings }
}

function inProgress(context: CheckContext, waiting: readonly Member[]): Finding {
  const { group } = context
  const names = listed(waiting.map((each) => called(each.next!)))
  const isHalf = promotedIn(context).length > 0
  return finding(
    group.mode,
    'release-in-progress',
    {
      members: waiting.map((each) => each.name),
      sentence: `${names} ${waiting.length === 1 ? 'waits' : 'wait'} at a gate`,
      remedy: [
        'promote it first: ',
        ours({ group }, 'promote-all'),
        ...(isStruckBack(context)
          ? []
          : ['; or withdraw it: ', ours({ group }, 'abort-all', ...(isHalf ? ['--undo-promoted'] : []))]),
      ],
    },
    'error',
  )
}

/** The release that a revision is of, settled or not, as a label may say it. */
function baseOf(revision: Revision): string {
  return (labelOf(revision) ?? revision.version.text)
    .replace(SETTLES, '')
    .replaceAll(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[^A-Za-z0-9]+/, '')
    .slice(0, 50)
}

/** `2.0-s1`, or the first such name that none of the member's revisions has. */
function freshId({ live, revisions }: Member): string {
  const plain = live === undefined ? 'live' : baseOf(live)
  const taken = new Set(revisions.map(labelOf))
  for (let number = 1; ; number++) if (!taken.has(`${plain}-s${number}`)) return `${plain}-s${number}`
}
