import { ACTIONS } from '../actions/actions.ts'
import type { Order } from '../actions/order.ts'
import { earlierOf } from '../actions/undo.ts'
import { type Draining, expectation, type Goal, type Move, type PlannedRevision, type Step } from '../actions/step.ts'
import { type CheckContext, contextOf } from '../checks/context.ts'
import { findingsOf } from '../checks/table.ts'
import { bySeverity, type Finding, forbids, rowOf } from '../findings/finding.ts'
import { called, type Member, memberNamed, type Revision } from '../group/member.ts'
import { callsFrom, callsTo } from '../group/call-graph.ts'
import type { Group } from '../group/read-group.ts'
import type { PlanOptions, Verb } from '../intent.ts'
import { PROTECTED } from '../objects/labels.ts'
import { type Canary, weightAt } from '../objects/strategy.ts'
import { withoutMeshed } from '../trace/meshed.ts'
import type { Scene } from '../trace/requests.ts'
import { meet } from '../trace/words.ts'
import type { Draft } from './draft.ts'
import { DRAFTS } from './drafts.ts'
import { drainingOf, laterGates, pointOfNoReturn } from './forward.ts'
import { notable } from './before-writing.ts'
import { distinct, halfway, heldBack, resting, unsafeStep } from './notes.ts'
import type { Plan } from './plan.ts'
import { proveDoubted } from './doubts.ts'
import { type Broken, type Proof, prove } from './prove.ts'
import { withWayOut } from './way-out.ts'

/**
 * What a verb would do to a group, proved or refused. Pure and total: the same group and options give the same plan.
 * The plan is refused where one of its findings is an error.
 * @param present the group as it is, where it is planned for as the files of a deploy will make it
 */
export function makePlan(group: Group, verb: Verb, options: PlanOptions = {}, present: Group = group): Plan {
  const whole = contextOf(group, verb, options, present)
  const found = findingsOf(whole)
  const held = heldBack(whole, found)
  const free = (members: readonly Member[]) => members.filter((each) => !held.has(each.name))
  const context = { ...whole, acting: free(whole.acting), changing: free(whole.changing) }
  const { draft: drafted, from } = DRAFTS[verb]
  const draft = drafted(context)
  const waves = [...draft.waves, ...draft.later]
  const checks = withWayOut(context, found)
  const scene = from(context)
  const { proof, findings: doubts } = proveDoubted(context, scene, waves, unsureIn(checks))
  const explaining = [...checks, ...draft.findings].filter(forbids).flatMap((each) => rowOf(each.code).explains ?? [])
  const explained = {
    mixed: draft.findings.length > 0 || explaining.some((each) => each !== 'dead'),
    dead: explaining.some((each) => each !== 'mixed'),
  }
  const unsafe = surely(scene, waves, proof, checks)
    .filter(({ violation }) => !explained[violation.kind] && (violation.kind === 'dead' || group.mode === 'legacy'))
    .map(({ wave, violation }) => unsafeStep(context, waves[wave]!, violation))
  const passed = draft.rounds.slice(0, options.toEnd === true ? undefined : 1)
  const acting = new Set(context.acting.map((each) => each.name))
  const moving = new Set(draft.waves.flat().map((each) => each.member))
  const points = passed.map((round) => pointOfNoReturn(context, round))
  const later = laterGates(passed, points, context.group, proof.drains.slice(draft.waves.length))
  return {
    apiVersion: 'rollouts-group/v1',
    kind: 'Plan',
    group: group.name,
    namespace: group.namespace,
    verb,
    mode: group.mode,
    waves: draft.waves.map((wave, index) => {
      const before = new Set(draft.waves.slice(0, index).flatMap((each) => each.map(({ member }) => member)))
      const drain = drainingOf(group, proof.drains[index]!, proof.mixing)
      return wave.map((move) => toStep(context, move, drain, { before, acting }))
    }),
    ...(draft.waves.length > 1 && { apart: apartIn(draft) }),
    skipped: [
      ...held.values(),
      ...draft.skipped,
      ...resting(context).filter(({ member }) => !held.has(member) && !moving.has(member)),
    ],
    findings: bySeverity(
      distinct([
        ...checks,
        ...draft.findings,
        ...unsafe,
        ...doubts,
        ...halfway(context, draft.waves),
        ...notable(context, passed, points, proof.drains),
      ]),
    ),
    noWayBackAfter: points[0],
    ...(later.length > 0 && { later }),
    protected: group.members.some((each) => each.annotations.get(PROTECTED) === 'true'),
  }
}

/**
 * What goes wrong for certain, each request once, in the first wave that breaks it: a call that a mesh splits may meet
 * either version, and is told as unknown. It still counts for the order, and for whom a wave waits.
 */
function surely(scene: Scene, waves: Parameters<typeof prove>[1], proof: Proof, told: readonly Finding[]): Broken[] {
  const unknown = new Set(told.flatMap(({ code, members }) => (code === 'wire-unknown' ? members : [])))
  const certain = withoutMeshed(scene, unknown)
  const { broken } = certain === scene ? proof : prove(certain, waves)
  const requests = Map.groupBy(broken, ({ violation }) => `${violation.root.id} ${meet(violation)}`)
  return [...requests.values()].map(([first]) => first!)
}

function apartIn({ waves, apart }: Draft): NonNullable<Plan['apart']> {
  return waves
    .slice(1)
    .map(([move], index) => ({ wave: index + 2, why: apart?.[index] ?? ACTIONS[move!.action].order.reason }))
}

/** The members of whom it is an error already that it is unknown whom they call. */
function unsureIn(findings: readonly Finding[]): Set<string> {
  return new Set(
    findings.flatMap(({ code, severity, members }) =>
      severity === 'error' && (code === 'missing-config' || code === 'config-changed') ? members : [],
    ),
  )
}

/** Who takes part, and who has done so before a wave. */
interface Others {
  readonly acting: ReadonlySet<string>
  readonly before: ReadonlySet<string>
}

function toStep(context: CheckContext, move: Move, drain: readonly Draining[], others: Others): Step {
  const member = memberNamed(context.group.members, move.member)!
  const { towards, goal, order } = ACTIONS[move.action]
  const begins = member.next === undefined && towards === 'next'
  const live = begins ? NOTHING_YET : planned(member.live ?? member.next!)
  const next = planned(member.next ?? member.live!)
  const until = goal(member, context.options.since ?? 0)
  return {
    member: member.name,
    action: move.action,
    from: towards === 'stable' ? next : live,
    to: towards === 'next' ? next : towards === 'earlier' ? planned(earlierOf(member)!) : live,
    expect: expectation(memberNamed(context.present.members, member.name)),
    until,
    drain,
    ...(towards === 'next' &&
      member.strategy.kind === 'Canary' &&
      member.next !== undefined && { weight: moved(member, member.strategy, until) }),
    why: why(context, member, order, others),
  }
}

function why(context: CheckContext, member: Member, { direction, reason }: Order, { acting, before }: Others): string {
  const near = (
    direction === 'consumers-first'
      ? callsTo(context.graph, member.name).map((edge) => edge.consumer)
      : callsFrom(context.graph, member.name).map((edge) => edge.dependency)
  ).filter((name) => acting.has(name))
  if (context.group.mode === 'modern' && !near.some((each) => before.has(each))) return 'modern mode: in any order'
  if (near.length === 0) return `${direction}: ${called(member.next ?? member.live!)} comes first`
  const [after, beside] = [true, false].map((is) => [...new Set(near)].filter((each) => before.has(each) === is))
  return (
    `${direction}: ` +
    [
      ...(after!.length === 0 ? [] : [`after ${after!.join(', ')}; ${reason}`]),
      ...(beside!.length === 0 ? [] : [`together with ${beside!.join(', ')}: no request is proved to notice`]),
    ].join('; ')
  )
}

function moved({ status }: Member, strategy: Canary, until: Goal): { from: number; to: number } {
  if (until.kind === 'at-gate') return { from: 0, to: until.weight }
  if (until.kind === 'deployed') return { from: 0, to: until.gate?.weight ?? 100 }
  return { from: weightAt(strategy, status.stepIndex ?? 0), to: until.kind === 'gate' ? until.gate.weight : 100 }
}

/** What a member without a revision comes from. */
const NOTHING_YET: PlannedRevision = {
  hash: '',
  revision: 0,
  version: { text: 'nothing', value: 'nothing', source: 'revision' },
}

function planned(revision: Revision): PlannedRevision {
  return { hash: revision.hash, revision: revision.revision, version: revision.version }
}
