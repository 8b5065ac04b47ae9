import { ClusterError } from '../cluster/port.ts'
import { VERBS } from '../domain/intent.ts'
import { withdrawnWrites } from '../domain/release/withdrawn.ts'
import { type Confirmed, confirmedOf } from '../domain/run/confirmed.ts'
import { EXIT, exitOf, isBad, type Report } from '../domain/run/outcome.ts'
import { planLine } from '../domain/plan/plan-line.ts'
import { type Plan, refused } from '../domain/plan/plan.ts'
import type { GroupStore } from '../watch/current-store.ts'
import { openAudit } from './audit.ts'
import { Locked, type RunContext, tell } from './context.ts'
import { handOver } from './deploy/hand-over.ts'
import { applySupporting } from './deploy/supporting.ts'
import { decide, type Decided, settle } from './decide.ts'
import { executePlan } from './execute-plan.ts'
import { keep } from './keep.ts'
import { openLiveSince } from './live-since.ts'
import { lockGroup } from './lock.ts'
import { conclude, concludeAll, ended, NOTHING, refusal, type Result } from './result.ts'
import { withdraw } from './withdraw.ts'
import { type Bounds, boundsOf, cutting, tellWaiting } from './waiting.ts'

/** Takes the lock, carries out what was confirmed, and gives the lock back. */
export async function carryOut(
  context: RunContext,
  store: GroupStore,
  decided: Decided,
  timeoutMs: number,
): Promise<Result> {
  const { plan } = decided
  const asked = context.clock.now()
  let lock
  {
    using bounds = boundsOf(context, timeoutMs)
    try {
      lock = await lockGroup(context, bounds)
    } catch (error) {
      return unlocked(plan, error)
    }
  }
  const started = context.clock.now()
  const left = timeoutMs === 0 ? 0 : Math.max(1, timeoutMs - (started - asked))
  let result
  try {
    result = await inRounds(context, store, decided, left, lock.lost)
    if (result.exit === EXIT.done) {
      using bounds = boundsOf(context, left, lock.lost)
      await handOver(context, store, bounds)
    }
  } finally {
    await lock.release()
  }
  tell(context, { type: 'ended', reports: result.reports, after: context.clock.now() - started })
  return result
}

/** What a run comes to that could not take the lock. @throws the error itself, where it is none that a run expects */
function unlocked(plan: Plan, error: unknown): Result {
  if (error instanceof Locked) return concludeAll(plan, 'changed', error.message, EXIT.changed)
  if (error instanceof ClusterError && error.reason !== 'Aborted')
    return concludeAll(plan, 'failed', `${NOTHING}: ${error.message}`, EXIT.failed)
  const [end] = ended(error, [{ member: '' }], NOTHING)
  return concludeAll(plan, end!.outcome, end!.detail, exitOf([end!]))
}

/** With `toEnd` gate after gate, else one; after a failure the way back, where it is asked for. */
async function inRounds(
  context: RunContext,
  store: GroupStore,
  { plan: first, group }: Decided,
  timeoutMs: number,
  lost: AbortSignal,
): Promise<Result> {
  using bounds = boundsOf(context, timeoutMs, lost)
  const { cluster, scope } = context
  // Once others are the current ones, the pods of these look as if users had just left them.
  if (VERBS[context.verb].towards !== 'same')
    await keep(cluster, scope.namespace, withdrawnWrites(group), () => undefined, cutting(context, bounds))
  const confirmed = confirmedOf(group, first)
  const audit = openAudit(context)
  const liveSince = openLiveSince(context)
  const before: Report[] = []
  for (let plan = first; ; ) {
    tell(context, { type: 'started', runId: context.runId, waves: plan.waves.length, plan: planLine(plan) })
    const unready = context.deployment === undefined ? [] : await applySupporting(context, plan, bounds)
    if (unready.length > 0) return conclude(plan, unready)
    const reports = await executePlan({ context, plan, confirmed, store, bounds, audit, liveSince })
    const result = conclude(plan, reports, exitOf([...before, ...reports]))
    if (reports.some(isBad)) {
      const back = (context.onFailure ?? 'stop') === 'stop' ? undefined : VERBS[context.verb].undoneBy
      return back === undefined ? result : withdraw(context, back, store, lost, result, confirmed, audit)
    }
    if (context.options.toEnd !== true) return result
    before.push(...reports)
    const next = await nextRound(context, store, bounds, plan, confirmed)
    if ('reports' in next) {
      // Where nothing is left to be done, nothing is refused.
      const isOver = next.plan.waves.length === 0 && !next.reports.some(isBad)
      return isOver ? result : { ...next, exit: exitOf([...before, ...next.reports]) }
    }
    if (next.waves.length === 0) return result
    plan = next
  }
}

/** The plan of the next round, or why there is none: only revisions that were confirmed are taken further. */
async function nextRound(
  context: RunContext,
  store: GroupStore,
  bounds: Bounds,
  last: Plan,
  confirmed: Confirmed,
): Promise<Plan | Result> {
  try {
    const { group, plan } = await settle(context, store, bounds, await decide(context, bounds), tellWaiting(context))
    const changing = group.members.filter((each) => each.next !== undefined)
    const newer = changing.filter((each) => each.next!.hash !== confirmed.get(each.name)?.next)
    if (newer.length === 0) return refused(plan) ? refusal(plan) : plan
    return conclude(
      plan,
      changing.map(
        (each): Report =>
          newer.includes(each)
            ? {
                member: each.name,
                outcome: 'changed',
                detail: `a newer revision of ${each.name} was applied since (${each.next!.version.text})`,
              }
            : {
                member: each.name,
                outcome: 'not-started',
                detail: `it stays at its gate: ${newer[0]!.name} has changed`,
              },
      ),
    )
  } catch (error) {
    return conclude(last, ended(error, last.waves.flat(), 'it stands at its gate'))
  }
}
