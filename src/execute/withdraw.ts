import type { Step } from '../domain/actions/step.ts'
import { hasJustLeft } from '../domain/actions/undo.ts'
import { type Confirmed, regrouped, undone } from '../domain/run/confirmed.ts'
import { contextOf, isAborted } from '../domain/checks/context.ts'
import type { Group } from '../domain/group/read-group.ts'
import type { Finding } from '../domain/findings/finding.ts'
import type { Verb } from '../domain/intent.ts'
import { exitOf, isBad, type Report } from '../domain/run/outcome.ts'
import { type Plan, refusing } from '../domain/plan/plan.ts'
import { isStruckBack, promotedIn } from '../domain/plan/promoted.ts'
import type { GroupStore } from '../watch/current-store.ts'
import type { Audit } from './audit.ts'
import { type RunContext, tell, TimedOut } from './context.ts'
import { decide, type Decided, settle } from './decide.ts'
import { executePlan } from './execute-plan.ts'
import { conclude, ended, type Result } from './result.ts'
import { boundsOf, tellWaiting, untilSeen } from './waiting.ts'

/**
 * The way back after a run that failed, where there still is one and nobody has interrupted; it has the run's time
 * once more.
 * @param verb the way back
 * @param confirmed the members and revisions a person has seen: no other one is withdrawn
 * @returns the failed result, in which each member's report says what became of it
 */
export async function withdraw(
  forward: RunContext,
  verb: Verb,
  store: GroupStore,
  lost: AbortSignal,
  failed: Result,
  confirmed: Confirmed,
  audit: Audit,
): Promise<Result> {
  if (forward.stopping.aborted || lost.aborted) return failed
  const undoPromoted = forward.onFailure === 'rollback'
  const { only, ...others } = forward.options
  const options = {
    ...others,
    ...(undoPromoted ? { undoPromoted } : only !== undefined && { only }),
    since: forward.clock.now(),
  }
  const context: RunContext = { ...forward, verb, options, deployment: undefined, bake: undefined }
  using bounds = boundsOf(context, context.timeoutMs, lost)
  let back: Decided
  try {
    if (undoPromoted) await untilLeft(context, store, lost)
    back = await settle(context, store, bounds, await decide(context, bounds), tellWaiting(context))
  } catch (error) {
    return without(forward, failed, ended(error, [{ member: '' }], 'nothing was withdrawn')[0]!.detail)
  }
  const why = hindrance(failed, back, confirmed)
  if (why !== undefined) return without(forward, failed, why, back.group)
  tell(context, {
    type: 'warning',
    sentence: `a step failed; the release is withdrawn (--on-failure=${forward.onFailure})`,
  })
  const reports = await executePlan({ context, plan: back.plan, confirmed, store, bounds, audit })
  const all = failed.reports.map((each) => amended(each, conclude(back.plan, reports).reports))
  return { ...failed, reports: all, ...(undoPromoted && { exit: exitOf(all) }) }
}

/** Milliseconds that the controller may take to say how long pods stay that users have left. */
const MOMENT = 5000

async function untilLeft(context: RunContext, store: GroupStore, lost: AbortSignal): Promise<void> {
  using moment = boundsOf(context, MOMENT, lost)
  try {
    await untilSeen(context, store, moment, ({ members }) => (members.some(hasJustLeft) ? undefined : true))
  } catch (error) {
    if (!(error instanceof TimedOut)) throw error
  }
}

/** Why there is no way back; undefined where there is one. */
function hindrance(
  { plan, reports }: Result,
  { plan: back, group }: Decided,
  confirmed: Confirmed,
): string | Finding | undefined {
  const others = regrouped(confirmed, group)
  if (others !== undefined) return others
  const deployed = (name: string) =>
    plan.waves.flat().some((step) => step.member === name && undone(step, group) === undefined)
  const seen = ({ member, from }: Step) => {
    const known = confirmed.get(member)
    return from.hash === known?.next || from.hash === known?.live
  }
  const newer = back.waves.flat().find((step) => !seen(step) && !deployed(step.member))
  if (newer !== undefined)
    return `a newer revision of ${newer.member} was applied (${newer.from.version.text}), which nobody has confirmed`
  const [why = fromUnder(back, group)] = refusing(back)
  if (why !== undefined) return why
  const done = new Set(reports.filter((each) => each.outcome === 'done').map((each) => each.member))
  const passed =
    plan.noWayBackAfter !== undefined &&
    plan.waves
      .slice(0, plan.noWayBackAfter)
      .flat()
      .every((step) => done.has(step.member))
  return passed ? 'there is no way back any more' : undefined
}

/** What tells that pods are about to go of whom users are on, who were promoted and are not brought back. */
function fromUnder({ mode, verb, waves, findings }: Plan, group: Group): Finding | undefined {
  const moved = new Set(waves.flat().map((step) => step.member))
  const staying = promotedIn(contextOf(group, verb, {})).filter(({ name }) => !moved.has(name))
  return mode === 'modern'
    ? undefined
    : findings.find(
        ({ code, members }) => code === 'scale-down-window' && staying.some(({ name }) => members.includes(name)),
      )
}

function without(context: RunContext, failed: Result, why: string | Finding, group?: Group): Result {
  const said = `not aborted: ${typeof why === 'string' ? why : why.sentence}`
  const code = typeof why === 'string' ? undefined : why.code
  const isHalf = code === 'partial-release'
  const isGoing = code === 'scale-down-window'
  const reports =
    (isHalf || isGoing) && context.onFailure === 'rollback'
      ? failed.reports.map((each): Report => (isBad(each) ? { ...each, leadsBack: true } : each))
      : failed.reports
  const isBack = reports.some((each) => each.leadsBack)
  tell(context, {
    type: 'warning',
    sentence: isBack || isGoing ? said : `${said}; ${finishes(context, isHalf, group)}`,
  })
  return { ...failed, reports }
}

/** What leads on where nobody has found anything bad, or asked for users to come back. */
function finishes({ verb, group, scope, deployment }: RunContext, isHalf: boolean, seen?: Group): string {
  const typed = (words: string, more = '') => `kubectl rollouts-group ${words} ${group}${more} -n ${scope.namespace}`
  const on =
    deployment !== undefined
      ? 'the same command made again finishes it'
      : seen?.members.some(isAborted) === true
        ? `go on with ${typed('retry-all')}`
        : `finish with ${typed(verb)}`
  const goesBack = isHalf && !(seen !== undefined && isStruckBack(contextOf(seen, verb, {})))
  return goesBack ? `${on}, or bring users back with ${typed('abort-all', ' --undo-promoted')}` : on
}

function amended(report: Report, back: readonly Report[]): Report {
  const found = back.find((each) => each.member === report.member)
  if (found === undefined || (report.outcome === 'done' && found.outcome !== 'done')) return report
  const { leadsBack, ...failed } = report
  if (report.outcome === 'done')
    return { ...failed, outcome: 'failed', detail: `${report.detail}; then ${found.detail}` }
  if (!isBad(found)) return { ...failed, detail: `${report.detail}; ${found.detail}` }
  return { ...report, detail: `${report.detail}; not withdrawn: ${found.outcome}: ${found.detail}` }
}
