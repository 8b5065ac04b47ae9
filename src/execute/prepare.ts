import type { Finding } from '../domain/findings/finding.ts'
import type { Group } from '../domain/group/read-group.ts'
import { type Confirmed, regrouped, undone } from '../domain/run/confirmed.ts'
import type { Member } from '../domain/group/member.ts'
import type { Report } from '../domain/run/outcome.ts'
import type { Draining, Step } from '../domain/actions/step.ts'
import type { PlanOptions } from '../domain/intent.ts'
import { type Plan, refusing, sameSteps, stepsIn } from '../domain/plan/plan.ts'
import { preconditionOf } from '../domain/actions/precondition.ts'
import type { GroupStore } from '../watch/current-store.ts'
import { type RunContext, tell } from './context.ts'
import { drainPods } from './drain.ts'
import { type Mark, mark } from './marks.ts'
import { planFor } from './plan-for.ts'
import { readNow } from './read.ts'
import { type Bounds, onChange, untilSeen } from './waiting.ts'

/** A step whose turn it is. */
export interface Ready {
  readonly step: Step
  /** Undefined: it is not there yet. */
  readonly member: Member | undefined
  /** What it would write is there already: only its effect is to be waited for. */
  readonly underWay: boolean
}

/** What a wave finds when its turn comes: steps to send, and those that need or bear no sending. */
export interface Prepared {
  readonly ready: readonly Ready[]
  readonly reports: readonly Report[]
}

/** A wave of a confirmed plan. */
export interface Wave {
  readonly context: RunContext
  readonly plan: Plan
  readonly confirmed: Confirmed
  /** Counted from 0. */
  readonly index: number
  readonly store: GroupStore
  readonly bounds: Bounds
}

/**
 * What may be sent of a wave now. The group is read and planned again, before every write, a repeated one included:
 * that plan must begin with the very steps that were confirmed, what was done must still hold, the members must be
 * those that were confirmed, and whom the wave would harm must be gone, by what is seen now or was seen then.
 * @param reported members of this wave whose steps are over
 * @throws TimedOut, Interrupted, Locked, ClusterError
 */
export async function prepared(wave: Wave, reported: ReadonlySet<string>): Promise<Prepared> {
  const { context, index, store, bounds } = wave
  const { drain, allow } = context.options
  const turn = turnOf(wave, reported)
  const say = onChange((sentence) =>
    tell(context, { type: 'waiting', wave: index + 1, member: turn.steps[0]!.member, waitingFor: sentence }),
  )
  let drained = drain === 'endpoints' || allow?.has('mixed-window') === true
  for (;;) {
    bounds.check()
    const group = await readNow(context, bounds)
    const look = lookAt(turn, group)
    if (look.state === 'over') return { ready: [], reports: look.reports }
    if (look.state === 'not-yet') {
      mark(context, 'waited-for-a-status')
      say(look.waitingFor)
      await untilSeen(context, store, bounds, (seen) => (mustWait(turn, seen) ? undefined : true))
      continue
    }
    const { reports, underWay, fresh } = look
    const lingering = toDrain([...fresh, ...turn.steps], group)
    if (!drained && fresh.length > 0 && lingering.length > 0) {
      await drainPods(context, store, bounds, index + 1, lingering, group)
      drained = typeof drain === 'number'
      continue
    }
    const ready = (step: Step, sent: boolean): Ready => ({
      step,
      member: group.members.find((each) => each.name === step.member),
      underWay: sent,
    })
    return {
      reports,
      ready: [...underWay.map((step) => ready(step, true)), ...fresh.map((step) => ready(step, false))],
    }
  }
}

/** A wave whose turn it is. */
interface Turn {
  readonly wave: Wave
  readonly reported: ReadonlySet<string>
  /** Its steps that are not over. */
  readonly steps: readonly Step[]
  /** Those that are, of the waves before it as well. */
  readonly over: readonly Step[]
  /** What it is planned again with. */
  readonly options: PlanOptions
}

function turnOf(wave: Wave, reported: ReadonlySet<string>): Turn {
  const { context, plan, index } = wave
  const over = [...plan.waves.slice(0, index).flat(), ...plan.waves[index]!.filter((step) => reported.has(step.member))]
  return {
    wave,
    reported,
    steps: plan.waves[index]!.filter((step) => !reported.has(step.member)),
    over,
    options: over.length === 0 ? context.options : laterOptions(context.options),
  }
}

/** What a wave finds when it looks at the group once. */
type Look =
  /** Nothing is to be sent: all of it is there, or something forbids it. */
  | { readonly state: 'over'; readonly reports: readonly Report[] }
  | { readonly state: 'not-yet'; readonly waitingFor: string }
  | {
      readonly state: 'due'
      readonly reports: readonly Report[]
      readonly underWay: readonly Step[]
      readonly fresh: readonly Step[]
    }

function lookAt(turn: Turn, group: Group): Look {
  const { wave, reported, steps, over, options } = turn
  const { context, confirmed } = wave
  const found = steps.map((step) => ({ step, now: preconditionOf(step, group) }))
  const reports = found.flatMap(({ step, now }): Report[] => {
    if (now.state === 'already-done')
      return [{ member: step.member, outcome: 'already-done', detail: `it is on ${step.to.version.text} already` }]
    return now.state === 'changed' ? [{ member: step.member, outcome: 'changed', detail: now.why }] : []
  })
  if (reports.some((each) => each.outcome === 'changed')) {
    mark(context, 'changed-before-its-turn')
    return { state: 'over', reports }
  }
  const todo = found.filter(({ now }) => now.state !== 'already-done').map(({ step }) => step)
  if (todo.length === 0) return { state: 'over', reports }
  const stop = (taken: Mark, why: string): Look => {
    mark(context, taken)
    const changed = todo.map((step): Report => ({ member: step.member, outcome: 'changed', detail: why }))
    return { state: 'over', reports: [...reports, ...changed] }
  }
  const broken = brokenBy(confirmed, over, group)
  if (broken !== undefined) return stop('ground-lost', broken)
  const again = planFor(context, group, options)
  const waits = found.flatMap(({ step, now }) => (now.state === 'not-yet' ? [`${step.member}: ${now.waitingFor}`] : []))
  const waitingFor = waits.length > 0 ? waits.join('; ') : staleIn(again)?.sentence
  if (waitingFor !== undefined) return { state: 'not-yet', waitingFor }
  const why = drift(wave, reported, again, group)
  if (why !== undefined) return stop('planned-otherwise', why)
  const underWay = found.filter(({ now }) => now.state === 'under-way').map(({ step }) => step)
  if (underWay.length > 0) mark(context, 'under-way-already')
  return {
    state: 'due',
    reports,
    underWay,
    fresh: underWay.length === todo.length ? [] : first(unsent(again.waves, group), todo),
  }
}

/** Whether a wave can but wait for what a status says. */
function mustWait({ wave, steps, over, options }: Turn, seen: Group): boolean {
  return (
    brokenBy(wave.confirmed, over, seen) === undefined &&
    (steps.some((step) => preconditionOf(step, seen).state === 'not-yet') ||
      staleIn(planFor(wave.context, seen, options)) !== undefined)
  )
}

/**
 * Once a step of ours is over, a member on its next revision that waits for the rest was promoted by us: that is no
 * doubt any more.
 */
function laterOptions(options: PlanOptions): PlanOptions {
  return { ...options, begun: true, assume: options.assume ?? 'half-promoted' }
}

function staleIn(plan: Plan): Finding | undefined {
  return plan.findings.find((each) => each.code === 'stale-status')
}

/** What took away the ground that the rest of a plan stands on. */
function brokenBy(confirmed: Confirmed, over: readonly Step[], group: Group): string | undefined {
  return regrouped(confirmed, group) ?? over.map((step) => undone(step, group)).find((each) => each !== undefined)
}

/** Why what would be planned now is not what was confirmed; undefined where it is. */
function drift({ plan, index }: Wave, reported: ReadonlySet<string>, again: Plan, group: Group): string | undefined {
  const [why] = refusing(again)
  if (why !== undefined) return why.sentence
  const outstanding = unsent(
    plan.waves.slice(index).map((wave, later) => wave.filter((step) => later > 0 || !reported.has(step.member))),
    group,
  )
  const now = unsent(again.waves, group)
  return sameSteps(outstanding, now)
    ? undefined
    : `what would be done now is not what was confirmed: ${stepsIn(now) || 'nothing'}; was: ${stepsIn(outstanding)}`
}

/** What is planned first now of the steps whose turn it is: others of them may have to come after it by now. */
function first(now: Plan['waves'], todo: readonly Step[]): readonly Step[] {
  return now[0]!.filter((step) => todo.some((each) => each.member === step.member))
}

/** The steps of waves for which something is still to be written. */
function unsent(waves: Plan['waves'], group: Group): Plan['waves'] {
  return waves
    .map((wave) => wave.filter((step) => !/^(already-done|under-way)$/.test(preconditionOf(step, group).state)))
    .filter((wave) => wave.length > 0)
}

/**
 * The revisions to wait for whose pods are still there: an address that nobody finds any more is still in their memory.
 */
function toDrain(steps: readonly Step[], group: Group): Draining[] {
  const wanted = new Map(steps.flatMap((step) => step.drain).map((each) => [`${each.member}/${each.hash}`, each]))
  return [...wanted].flatMap(([id, each]) => {
    const found = group.members.flatMap(({ revisions }) => revisions).find((revision) => revision.id === id)
    return found === undefined || found.pods === 0 || found.role === 'live'
      ? []
      : [{ ...each, deadline: found.deadline }]
  })
}
