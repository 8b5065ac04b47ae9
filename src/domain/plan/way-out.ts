import { type CheckContext, contextOf, isWaiting } from '../checks/context.ts'
import { once } from '../checks/once.ts'
import { pastRelease } from '../checks/past-release.ts'
import { listed, ours } from '../checks/say.ts'
import { findingsOf } from '../checks/table.ts'
import { coming, outlasting, STRUCK } from '../checks/traffic.ts'
import { type Finding, forbids, rowOf } from '../findings/finding.ts'
import type { Remedy } from '../findings/remedy.ts'
import type { Revision } from '../group/member.ts'
import { pastReleases } from '../group/past-releases.ts'
import type { Group } from '../group/read-group.ts'
import { type VerbKind, type KeyedVerb, type PlanOptions, VERBS } from '../intent.ts'
import type { Moment } from '../trace/moments.ts'
import type { Scene } from '../trace/requests.ts'
import { type Violation, violationKey, violations } from '../trace/violations.ts'
import { strikingNow } from '../trace/words.ts'
import { proveDoubted } from './doubts.ts'
import { DRAFTS } from './drafts.ts'
import { hadBefore } from './had-before.ts'
import { isStruckBack, promotedIn } from './promoted.ts'

/** What a verb would come to as things stand. */
interface WayOut {
  readonly verb: Way
  /** It has something to do, and nothing forbids it. */
  readonly open: boolean
  /** Of what users meet now, all or a part of which they will not once it is over. */
  readonly ends: ReadonlyMap<Violation['kind'], 'it' | 'a part of it'>
  /** What users meet once it is over, by the keys of violations. */
  readonly left: ReadonlyMap<string, Violation['kind']>
}

/** What leads out of what users meet now. */
export type Cure = Way | 'abort-all --undo-promoted'

/**
 * The verb that is proved to end something of what users meet now: withdrawing comes first. Where none is, and a part
 * of a release has come to users that leads nowhere, they can be brought back. Undefined where nothing leads out.
 */
export function cureOf(group: Group, options: PlanOptions): Cure | undefined {
  const proved = WAYS.find((verb) => wayOut({ group, options }, verb).ends.size > 0)
  if (proved !== undefined) return proved
  const context = contextOf(group, 'abort-all', options)
  return strikingNow(context.now).length > 0 ? backOf(context) : undefined
}

/** What brings users back who were promoted to what waits for others; undefined where nobody was. */
export function backOf(context: CheckContext): Cure | undefined {
  const isHalf = context.changing.length > 0 && promotedIn(context).length > 0
  return isHalf && !isStruckBack(context) && hadBefore(context) !== undefined ? 'abort-all --undo-promoted' : undefined
}

/** The verb that is proved to keep from users what they are about to meet, or undefined; withdrawing comes first. */
export function keeperOf(
  { group, options }: Pick<CheckContext, 'group' | 'options'>,
  ahead: readonly Violation[],
): Way | undefined {
  const keeps = ({ open, left }: WayOut) => open && ahead.every((each) => !left.has(violationKey(each)))
  return ahead.length === 0 ? undefined : WAYS.find((verb) => keeps(wayOut({ group, options }, verb)))
}

/** Whether the release can be withdrawn as things stand. */
export function isWayBackOpen(context: CheckContext): boolean {
  return isOpen(context, 'withdraws')
}

function isOpen(context: CheckContext, deed: VerbKind): boolean {
  return WAYS.some((verb) => VERBS[verb].deed === deed && wayOut(context, verb).open)
}

/** The findings of a check, with a verb as the remedy of those that it leads out of. */
export function withWayOut(context: CheckContext, findings: readonly Finding[]): readonly Finding[] {
  return findings.map((each) => ({ ...each, remedy: outOf(each, context) }))
}

function outOf({ code, remedy, severity, members }: Finding, context: CheckContext): Remedy {
  switch (rowOf(code).endedBy) {
    case 'withdrawing':
      // Users may be on what was promoted beside it: then that keeps its pods.
      return isWayBackOpen(context) && keeperOf(context, coming(context.now)) !== 'retry-all'
        ? ['withdraw what is left of it, then deploy a new version of the group: ', ours(context, 'abort-all')]
        : (appliedPast(context) ??
            (isOpen(context, 'retries') && isWhole(context)
              ? ['deploy a new version, or try this one again: ', ours(context, 'retry-all')]
              : remedy))
    case 'mending': {
      const kind = STRUCK[code as keyof typeof STRUCK]
      const way = (['it', 'a part of it'] as const).flatMap((share) =>
        waysOut(context).filter((each) => each.ends.get(kind) === share),
      )[0]
      if (way === undefined) return backOf(context) !== undefined ? back(context) : broken(context, remedy)
      const proof = `is proved to end ${way.ends.get(kind)}`
      return context.verb === way.verb && context.towards === 'stable'
        ? `this plan ${proof}`
        : [`${ENDS_BY[way.verb]} ${proof}: `, ours(context, way.verb)]
    }
    case 'keeping': {
      const ahead = coming(context.now).filter(({ root }) => members.includes(root.member))
      const way = keeperOf(context, ahead)
      if (way === undefined || context.group !== context.present) return remedy
      const lasting = way === 'promote-all' ? outlasting(context.group, ahead) : []
      if (lasting.length > 0) {
        const until = `the old ${listed(lasting)} pods, which outlast those, may find nobody until they are gone`
        return context.verb === way
          ? `this plan shortens it: ${until}`
          : [`before that, ${ENDS_BY[way]} shortens it (${until}): `, ours(context, way)]
      }
      return context.verb === way
        ? 'this plan is proved to prevent it'
        : [`before that, ${ENDS_BY[way]} is proved to prevent it: `, ours(context, way)]
    }
    case 'knowing':
      return withoutKnowing(context, remedy, severity === 'error')
    default:
      return remedy
  }
}

function back(context: CheckContext): Remedy {
  return context.options.undoPromoted === true
    ? 'this brings users back to the release before'
    : ['bring users back to the release before: ', ours(context, 'abort-all', '--undo-promoted')]
}

/** Whether what was aborted is all of its release that is not live: tried again without the rest it would lead nowhere. */
function isWhole({ group, changing }: CheckContext): boolean {
  const aborted = new Set(changing.flatMap(({ next, status }) => (status.abort && next !== undefined ? [next.id] : [])))
  return pastReleases(group)
    .filter(({ revisions }) => revisions.some((each) => aborted.has(each.id)))
    .every(({ revisions }) => revisions.every(({ role }) => role === 'next' || role === 'live'))
}

/** Tried again, what was applied past a release would have no addresses of its own once more. */
function appliedPast(context: CheckContext): Remedy | undefined {
  return context.changing.map(({ next }) => next && pastRelease(context, next)).find((each) => each !== undefined)
}

/** Where nothing waits, and somebody has taken a part of a release away from users, all of it can come back. */
function broken(context: CheckContext, remedy: Remedy): Remedy {
  if (context.group.members.some(isWaiting)) return remedy
  const whole = pastReleases(context.group).find((each) => each.state === 'in-part' && each.lacks.length === 0)
  return whole === undefined
    ? remedy
    : [
        ...[remedy].flat(),
        '; or bring back all of what users are on in part: ',
        ours(context, 'undo-all', `--to=${whole.name}`),
      ]
}

/** What leads out where pods were given what nobody can read any more, and nothing else does. */
function withoutKnowing(context: CheckContext, remedy: Remedy, refuses: boolean): Remedy {
  const { towards, changing } = context
  const isAsked = refuses && towards === 'stable'
  if (changing.length === 0 || (!isAsked && WAYS.some((verb) => wayOut(context, verb).open))) return remedy
  if (leadsBack(context, { toStable: true }))
    return isAsked
      ? remedy
      : ['put the stable pod templates back, which harms nobody: ', ours(context, 'abort-all', '--to-stable')]
  return leadsBack(context, { toStable: true, trustDependsOn: true })
    ? [
        'nothing proves a way out: put it back as it was when these pods started, then withdraw ' +
          'what waits without a proof: ',
        ours(context, 'abort-all', '--to-stable', '--trust-depends-on'),
      ]
    : remedy
}

/** Whether what waits could be withdrawn so. */
function leadsBack({ group, options: { assume } }: CheckContext, more: PlanOptions): boolean {
  return wayOf('abort-all', contextOf(group, 'abort-all', { ...more, ...(assume !== undefined && { assume }) })).open
}

function waysOut(context: Pick<CheckContext, 'group' | 'options'>): WayOut[] {
  return WAYS.map((verb) => wayOut(context, verb))
}

function wayOut({ group, options: { assume } }: Pick<CheckContext, 'group' | 'options'>, verb: Way): WayOut {
  return LEADS[verb](group, assume === undefined ? {} : { assume })
}

/** The verbs that may end what users meet, the first that does is named: withdrawing leaves users where they are. */
const WAYS = ['abort-all', 'retry-all', 'promote-all'] as const satisfies readonly KeyedVerb[]
type Way = (typeof WAYS)[number]

const ENDS_BY: Record<Way, string> = {
  'abort-all': 'withdrawing the release',
  'retry-all': 'trying again what was aborted',
  'promote-all': 'going on',
}

const LEADS = Object.fromEntries(
  WAYS.map((verb) => [verb, once((group, options) => wayOf(verb, contextOf(group, verb, options)))]),
) as Record<Way, (group: Group, options: PlanOptions) => WayOut>

/** To the end of the release, since a gate on the way may be no better. */
function wayOf(verb: Way, context: CheckContext): WayOut {
  const { draft, from } = DRAFTS[verb]
  const { waves, later, findings } = draft(context)
  const { proof, findings: doubts } = proveDoubted(context, from(context), [...waves, ...later], new Set())
  const open =
    waves.flat().length > 0 &&
    proof.broken.length === 0 &&
    ![...findings, ...doubts, ...findingsOf(context)].some(forbids)
  const left = open ? leftOf(context.scene, proof.after) : new Map<string, never>()
  return { verb, open, left, ends: open ? ended(context.scene, left) : new Map() }
}

function isUnready({ pods, desired, available }: Revision): boolean {
  return (pods > 0 || desired > 0) && available === 0
}

/** The moments when all pods that are to be scaled down are gone. */
function last(moments: readonly Moment[]): readonly Moment[] {
  const isOver = (one: Moment) => (each: Moment) => each.selects === one.selects && each.present.size < one.present.size
  return moments.filter((each) => !moments.some(isOver(each)))
}

/**
 * Whoever is on pods that are about to go meets what he met until they are gone. Pods that are there, and not ready, no
 * plan makes so: one that waits for them does not end what users meet.
 */
function leftOf(scene: Scene, after: Scene['state']): WayOut['left'] {
  const unready = new Set(
    scene.group.members.flatMap(({ revisions }) => revisions.filter(isUnready)).map(({ id }) => id),
  )
  const rest = new Map(
    [...after].map(([name, moments]) => [
      name,
      last(moments).map((each) => ({ ...each, ready: each.ready.difference(unready) })),
    ]),
  )
  return new Map(violations({ ...scene, state: rest }).map((each) => [violationKey(each), each.kind]))
}

function ended(scene: Scene, left: WayOut['left']): WayOut['ends'] {
  const striking = strikingNow(scene)
  const known = new Set(striking.map(violationKey))
  // What leaves users without pods is no cure of anything, though it would come without it, too.
  if ([...left].some(([key, kind]) => kind === 'dead' && !known.has(key))) return new Map()
  return new Map(
    [...Map.groupBy(striking, (each) => each.kind)].flatMap(([kind, now]) => {
      const still = now.filter((each) => left.has(violationKey(each))).length
      return still === now.length ? [] : [[kind, still === 0 ? 'it' : 'a part of it'] as const]
    }),
  )
}
