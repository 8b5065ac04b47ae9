import { ClusterError } from '../cluster/port.ts'
import type { Group } from '../domain/group.ts'
import { makePlan } from '../domain/make-plan.ts'
import { EXIT, exitOf, type Exit, type Report } from '../domain/outcome.ts'
import { patchFor } from '../domain/patches.ts'
import { refused, type Plan } from '../domain/plan.ts'
import { openGroupStore, type GroupStore } from '../live/group-store.ts'
import { Interrupted, tell, TimedOut, type RunContext } from './context.ts'
import { executePlan } from './execute-plan.ts'
import { Locked, lockGroup } from './lock.ts'
import { missingPermissions } from './permissions.ts'
import { readNow } from './read.ts'
import { boundsOf, onChange, until, type Bounds } from './waiting.ts'

/** What a verb came to. */
export interface Result {
  /** The plan that was carried out last; it holds the findings of a refusal. */
  readonly plan: Plan
  readonly reports: readonly Report[]
  readonly exit: Exit
}

/** There is no such group: no Rollout of the namespace carries its label. */
export class GroupNotFound extends Error {
  override readonly name = 'GroupNotFound'
}

/** Findings that time may mend; a run waits for them, up to its timeout. */
const TRANSIENT: ReadonlySet<string> = new Set(['stale-status', 'not-at-gate', 'preview-not-ready'])

/**
 * Discovers a group, plans and proves a verb, asks, and carries it out; state lives in the cluster only, so the same call
 * made again continues where the last one stopped.
 * @throws ClusterError where the group cannot be read, GroupNotFound
 */
export async function runVerb(context: RunContext): Promise<Result> {
  const watching = new AbortController()
  try {
    const group = await readNow(context)
    if (group.members.length === 0 && group.problems.length === 0) throw new GroupNotFound(context.group)
    const first = { group, plan: makePlan(group, context.verb, context.options) }
    if (context.dryRun === 'client') return { plan: first.plan, reports: [], exit: refused(first.plan) ? EXIT.refused : EXIT.done }
    if (hopeless(first.plan)) return refusal(first.plan)
    const store = openGroupStore(context.cluster, context.scope, AbortSignal.any([watching.signal, context.stopped]))
    const unsubscribe = tellConnection(context, store)
    try {
      return await planned(context, store, first)
    } finally {
      unsubscribe()
    }
  } finally {
    watching.abort()
  }
}

/** A group, and what a verb would do to it. */
interface Decided {
  readonly group: Group
  readonly plan: Plan
}

async function planned(context: RunContext, store: GroupStore, first: Decided): Promise<Result> {
  let decided = first
  {
    using bounds = boundsOf(context)
    try {
      decided = await settled(context, store, bounds, first)
    } catch (error) {
      return endedEarly(error, first.plan)
    }
  }
  const { plan, group } = decided
  if (refused(plan)) return refusal(plan)
  if (plan.waves.length === 0) return { plan, reports: atRest(plan), exit: EXIT.done }
  const denied = await missingPermissions(context.cluster, plan, group, context.stopped)
  if (denied.length > 0) return refusal({ ...plan, findings: [...denied, ...plan.findings] })
  if (context.saved !== undefined && steps(context.saved) !== steps(plan)) {
    const why = `the group is not as it was when the plan was saved: now it would be ${steps(plan)}; the plan says ${steps(context.saved)}`
    return { plan, reports: plan.waves.flat().map((step) => ({ member: step.member, outcome: 'changed', detail: why })), exit: EXIT.changed }
  }
  if (context.dryRun === 'server') return tried(context, plan, group)
  if (!(await context.confirm(plan))) {
    return { plan, reports: plan.waves.flat().map((step) => ({ member: step.member, outcome: 'not-started', detail: 'not confirmed' })), exit: EXIT.failed }
  }
  return locked(context, store, plan)
}

/** Takes the lock and carries the plan out; with `toEnd` gate after gate, with `onFailure: abort` the way back after a failure. */
async function locked(context: RunContext, store: GroupStore, first: Plan): Promise<Result> {
  let lock
  try {
    lock = await lockGroup(context)
  } catch (error) {
    if (error instanceof Locked) {
      return { plan: first, reports: first.waves.flat().map((step) => ({ member: step.member, outcome: 'changed', detail: error.message })), exit: EXIT.changed }
    }
    return endedEarly(context.stopping.aborted ? new Interrupted('interrupted') : error, first)
  }
  using bounds = boundsOf(context, lock.lost)
  const started = context.clock.now()
  let plan = first
  let reports: Report[] = []
  try {
    for (;;) {
      tell(context, { type: 'started', runId: context.runId, waves: plan.waves.length })
      reports = await executePlan(context, plan, store, bounds)
      const good = reports.every((each) => each.outcome === 'done' || each.outcome === 'already-done')
      if (!good && context.onFailure === 'abort' && context.verb === 'promote-all') reports.push(...await backOut(context, store, bounds, plan, reports))
      if (!good || context.toEnd !== true || context.options.full === true) break
      const now = await readNow(context)
      const { plan: next } = await settled(context, store, bounds, { group: now, plan: makePlan(now, context.verb, context.options) })
      if (refused(next)) return { ...refusal(next), exit: EXIT.partly }
      if (next.waves.length === 0) break
      plan = next
    }
  } catch (error) {
    if (!(error instanceof TimedOut) && !(error instanceof Interrupted)) throw error
    reports = [...reports, ...endedEarly(error, plan).reports]
  } finally {
    await lock.release()
  }
  const all = [...reports, ...atRest(plan)]
  tell(context, { type: 'ended', reports: all, after: context.clock.now() - started })
  return { plan, reports: all, exit: exitOf(reports) }
}

/** The way back after a failed promote-all, where there still is one. */
async function backOut(context: RunContext, store: GroupStore, bounds: Bounds, plan: Plan, reports: readonly Report[]): Promise<Report[]> {
  const done = new Set(reports.filter((each) => each.outcome === 'done').map((each) => each.member))
  const passed = plan.noWayBackAfter !== undefined && plan.waves.slice(0, plan.noWayBackAfter).flat().every((step) => done.has(step.member))
  const back = makePlan(await readNow(context), 'abort-all', context.options)
  if (passed || refused(back)) {
    const why = passed ? 'there is no way back any more' : back.findings.find((each) => each.severity === 'error')!.sentence
    tell(context, { type: 'warning', sentence: `not aborted: ${why}; finish with kubectl rollouts-group promote-all ${context.group} -n ${context.scope.namespace}` })
    return []
  }
  tell(context, { type: 'warning', sentence: 'a step failed; the release is withdrawn (--on-failure=abort)' })
  const withdrawn = await executePlan({ ...context, verb: 'abort-all' }, back, store, bounds)
  return withdrawn.map((each) => ({ ...each, detail: `withdrawn: ${each.detail}` }))
}

/** Waits while only time stands in the way, then answers the plan for what is there. */
async function settled(context: RunContext, store: GroupStore, bounds: Bounds, first: Decided): Promise<Decided> {
  if (!transient(first.plan) || hopeless(first.plan)) return first
  const say = onChange((waitingFor) => tell(context, { type: 'waiting', wave: undefined, member: '', waitingFor }))
  await until(context, store, bounds, (group: Group) => {
    const plan = makePlan(group, context.verb, context.options)
    if (hopeless(plan) || !transient(plan)) return true
    say(plan.findings.filter((each) => TRANSIENT.has(each.code)).map((each) => each.sentence).join('; '))
    return undefined
  })
  const group = await readNow(context)
  return settled(context, store, bounds, { group, plan: makePlan(group, context.verb, context.options) })
}

function transient(plan: Plan): boolean {
  return plan.findings.some((each) => TRANSIENT.has(each.code))
}

/** Errors that do not rest on a status. */
const FINAL: ReadonlySet<string> = new Set(['malformed', 'unreadable', 'unowned', 'unknown-dependency', 'no-entry'])

/** Whether a finding forbids the plan that no waiting will mend; what rests on a status that is not current may. */
function hopeless(plan: Plan): boolean {
  const stale = plan.findings.some((each) => each.code === 'stale-status')
  return plan.findings.some((each) => each.severity === 'error' && (stale ? FINAL.has(each.code) : !TRANSIENT.has(each.code)))
}

function refusal(plan: Plan): Result {
  const why = plan.findings.find((each) => each.severity === 'error')!
  const reports = plan.waves.flat().map((step): Report => ({ member: step.member, outcome: 'refused', detail: `it stays on ${step.from.version.text}: ${why.code}` }))
  return { plan, reports: [...reports, ...atRest(plan)], exit: EXIT.refused }
}

/** The members a plan leaves alone, and why. */
function atRest(plan: Plan): Report[] {
  return plan.skipped.map((each) => ({ member: each.member, outcome: 'already-done', detail: each.why }))
}

function endedEarly(error: unknown, plan: Plan): Result {
  const all = (outcome: 'timed-out' | 'cancelled', detail: string, exit: Exit): Result =>
    ({ plan, reports: plan.waves.flat().map((step) => ({ member: step.member, outcome, detail })), exit })
  if (error instanceof TimedOut) return all('timed-out', 'nothing was sent: the group was not ready when the time was up', EXIT['timed-out'])
  if (error instanceof Interrupted) return all('cancelled', 'nothing was sent', EXIT.interrupted)
  throw error
}

/** `--dry-run=server`: every patch is validated by the server, none is stored. */
async function tried(context: RunContext, plan: Plan, group: Group): Promise<Result> {
  const reports = await Promise.all(plan.waves.flat().map(async (step): Promise<Report> => {
    const member = group.members.find((each) => each.name === step.member)
    const patch = member === undefined ? `rollout/${step.member} is gone` : patchFor(step, member)
    if (typeof patch === 'string') return { member: step.member, outcome: 'failed', detail: patch }
    try {
      const ref = { namespace: plan.namespace, name: patch.name }
      await context.cluster.patch(patch.resource, ref, patch.operations, { ...(patch.subresource !== undefined && { subresource: patch.subresource }), dryRun: true, signal: context.stopped })
      return { member: step.member, outcome: 'done', detail: `${step.action} accepted (server dry run)` }
    } catch (error) {
      if (!(error instanceof ClusterError)) throw error
      return { member: step.member, outcome: error.reason === 'Invalid' ? 'changed' : 'failed', detail: error.message }
    }
  }))
  return { plan, reports: [...reports, ...atRest(plan)], exit: exitOf(reports.filter((each) => each.outcome !== 'done')) }
}

function steps(plan: Plan): string {
  return plan.waves.map((wave) => wave.map((each) => `${each.action} ${each.member} to ${each.to.version.text} (${each.to.hash})`).join(', ')).join('; then ')
}

function tellConnection(context: RunContext, store: GroupStore): () => void {
  let connected = true
  return store.subscribe(() => {
    const connection = store.connection()
    const now = connection.state === 'connected'
    if (now === connected) return
    connected = now
    tell(context, connection.state === 'connected' ? { type: 'connected' } : { type: 'disconnected', reason: connection.reason })
  })
}
