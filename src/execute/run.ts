import { EXIT } from '../domain/run/outcome.ts'
import { type Plan, refused } from '../domain/plan/plan.ts'
import { compared } from '../domain/run/approved-plan.ts'
import { openGroupStore } from '../watch/group-store.ts'
import type { GroupStore } from '../watch/current-store.ts'
import { tellBake } from './bake.ts'
import { carryOut } from './carry-out.ts'
import { Interrupted, type RunContext, tell } from './context.ts'
import { decide, type Decided, isHopeless, settle } from './decide.ts'
import { tryOnServer } from './dry-run.ts'
import { GroupNotFound, mustKnow } from './not-found.ts'
import { missingPermissions } from './permissions.ts'
import { conclude, concludeAll, ended, NOTHING, refusal, type Result } from './result.ts'
import { type Bounds, boundsOf, cutting, soonAfter, tellWaiting } from './waiting.ts'

export type { Result }

/**
 * Discovers a group, plans and proves a verb, asks, and carries it out; state lives in the cluster only, so the same
 * call made again continues where the last one stopped.
 * @throws ClusterError where the group cannot be read, GroupNotFound, MemberNotFound
 */
export async function runVerb(given: RunContext): Promise<Result> {
  const started = given.clock.now()
  const interrupted = () => tell(given, { type: 'interrupted' })
  given.stopping.addEventListener('abort', interrupted, { once: true })
  const watching = new AbortController()
  using bounds = boundsOf(given, given.timeoutMs)
  using haste = soonAfter(given, MOMENT)
  // As long as nothing is sent, nothing is lost by ending: an answer that does not come soon is not waited for.
  const context = {
    ...given,
    options: { ...given.options, since: started },
    stopped: AbortSignal.any([given.stopped, haste.signal]),
  }
  try {
    const first = await decide(context, bounds)
    const nobody = first.group.members.length === 0 && first.group.problems.length === 0
    if (nobody && context.deployment === undefined) throw new GroupNotFound(context.group)
    const apart = compare(context, first)
    if (apart !== undefined) return apart
    mustKnow(context.options.only ?? [], first)
    if (context.dryRun === 'client')
      return { plan: first.plan, reports: [], exit: refused(first.plan) ? EXIT.refused : EXIT.done }
    if (isHopeless(first.plan)) return refusal(await withPermissions(context, first, bounds))
    const store = openGroupStore(context.cluster, context.scope, AbortSignal.any([watching.signal, given.stopped]))
    const unsubscribe = tellConnection(context, store)
    try {
      const ready = await planned(context, store, first, bounds)
      if ('reports' in ready) return ready
      const left = given.timeoutMs === 0 ? 0 : Math.max(1, given.timeoutMs - (ready.settled - started))
      return await carryOut({ ...given, options: context.options }, store, ready, left)
    } finally {
      unsubscribe()
    }
  } finally {
    watching.abort()
    given.stopping.removeEventListener('abort', interrupted)
  }
}

/** Milliseconds an answer may still take after the first interruption. */
const MOMENT = 50

/**
 * Waits until the group is ready for the verb, looks whether it may be done, and asks, which takes no time of the run.
 */
async function planned(
  context: RunContext,
  store: GroupStore,
  first: Decided,
  bounds: Bounds,
): Promise<Result | (Decided & { readonly settled: number })> {
  const say = tellWaiting(context)
  let so = NOTHING
  let decided
  try {
    decided = await settle(context, store, bounds, first, (sentence) => {
      so = `${NOTHING} (it waited for this: ${sentence})`
      say(sentence)
    })
  } catch (error) {
    const { plan, group } = first
    return conclude(
      plan,
      ended(
        error,
        plan.waves.length > 0 ? plan.waves.flat() : group.members.map((each) => ({ member: each.name })),
        so,
      ),
    )
  }
  const settled = context.clock.now()
  const { plan, group } = decided
  const apart = compare(context, decided)
  if (apart !== undefined) return apart
  if (refused(plan)) return refusal(plan)
  if (plan.waves.length === 0 && (plan.objects ?? []).length === 0) return conclude(plan, [])
  let denied
  try {
    const leadsOn = context.leadsOn === true || context.onFailure === 'abort'
    denied = await missingPermissions(context.cluster, plan, group, cutting(context, bounds), leadsOn)
  } catch (error) {
    if (!bounds.overdue.aborted) throw error
    return conclude(plan, ended(bounds.overdue.reason, plan.waves.flat(), NOTHING))
  }
  if (denied.length > 0) return refusal({ ...plan, findings: [...denied, ...plan.findings] })
  if (context.dryRun === 'server') return tryOnServer(context, plan, group, cutting(context, bounds))
  tellBake(context, plan, group)
  const confirmed = !context.stopping.aborted && (await context.confirm(plan))
  if (context.stopping.aborted) return conclude(plan, ended(new Interrupted(), plan.waves.flat(), NOTHING))
  if (!confirmed) return concludeAll(plan, 'not-started', 'not confirmed')
  return { ...decided, settled }
}

/**
 * What a plan that was saved comes to where it is over, or not what would be done now; undefined where it is, or nobody
 * can tell yet.
 */
function compare({ saved, options }: RunContext, { plan, group }: Decided): Result | undefined {
  if (saved === undefined || plan.findings.some((each) => each.code === 'stale-status' || each.code === 'unreadable'))
    return undefined
  const found = compared(saved, plan, group, options.toEnd)
  switch (found.state) {
    case 'same':
      return undefined
    case 'over':
      return { ...conclude(saved, found.reports), settled: true }
    case 'outdated':
      return { plan, reports: found.reports, exit: EXIT.changed, settled: true }
  }
}

/** Where something may not be read, more may be missing: all of it is told at once. */
async function withPermissions(context: RunContext, { plan, group }: Decided, bounds: Bounds): Promise<Plan> {
  if (!plan.findings.some((each) => each.code === 'unreadable')) return plan
  try {
    return {
      ...plan,
      findings: [
        ...plan.findings,
        ...(await missingPermissions(context.cluster, plan, group, cutting(context, bounds))),
      ],
    }
  } catch (error) {
    if (bounds.overdue.aborted) return plan
    throw error
  }
}

function tellConnection(context: RunContext, store: GroupStore): () => void {
  let connected = true
  return store.subscribe(() => {
    const connection = store.connection()
    const now = connection.state === 'connected'
    if (now === connected) return
    connected = now
    tell(
      context,
      connection.state === 'connected' ? { type: 'connected' } : { type: 'disconnected', reason: connection.reason },
    )
  })
}
