import type { Drain, Verb } from '../../domain/intent.ts'
import type { Plan } from '../../domain/plan/plan.ts'
import type { RunEvent } from '../../domain/run/event.ts'
import { EXIT } from '../../domain/run/outcome.ts'
import type { Deployment, RunContext } from '../../execute/context.ts'
import { GroupNotFound, MemberNotFound } from '../../execute/not-found.ts'
import { type Result, runVerb } from '../../execute/run.ts'
import { type ReportDocument, reportDocument, toJson } from '../../view/documents/documents.ts'
import { findingLines, nextLines } from '../../view/words/finding.ts'
import { callTo, type LeadsOn } from '../../view/words/outcomes.ts'
import { planScreen } from '../../view/words/plan-screen.ts'
import { openProgress } from '../../view/words/progress-line.ts'
import { reportScreen } from '../../view/words/report-screen.ts'
import { type Arguments, UsageError } from '../command.ts'
import type { CliContext } from '../context.ts'
import { noSuchGroup, noSuchMember } from '../group/not-found.ts'
import { groupLabel, groupSelector, type Target, withGroup } from '../group/target.ts'
import { whyPods } from '../group/why-pods.ts'
import { type Interruption, listenForInterrupts } from '../interrupt.ts'
import { duration, flag, text } from '../line/arguments.ts'
import { askToConfirm } from '../terminal/confirm.ts'
import { RUN_FORMATS } from '../line/formats.ts'
import { documentText, formatOf } from '../terminal/format.ts'
import { drawingOn, writeLines } from '../terminal/output.ts'
import { again } from './again.ts'
import { dryRunOf, shown } from './dry-run.ts'
import { planOptions } from './plan-options.ts'
import { savedPlan } from './saved-plan.ts'

/** Milliseconds a run may take where `--timeout` says nothing. */
export const DEFAULT_TIMEOUT = 600_000

/** The verb's own part of a run. */
export interface Own extends Pick<RunContext, 'onFailure' | 'bake'> {
  /** What a deploy is of. */
  readonly deployment?: (target: Target, signal: AbortSignal) => Promise<Deployment>
}

/**
 * Runs a verb that writes: plans, shows, asks, carries out, and reports. The report goes to stdout, all else to stderr.
 * @returns the exit code @throws UsageError, ClusterError, NoGroup
 */
export async function runWriting(given: Arguments, context: CliContext, verb: Verb, own: Own): Promise<number> {
  const { name } = formatOf(given, RUN_FORMATS)
  if (dryRunOf(given) === undefined && name === 'markdown')
    throw new UsageError('-o markdown is the plan, not what a run comes to: give --dry-run with it')
  const saved = await savedPlan(given, verb)
  const args = saved?.args ?? given
  const timeoutMs = duration(args, 'timeout') ?? DEFAULT_TIMEOUT + (own.bake?.milliseconds ?? 0)
  const options = { ...planOptions(args), ...(timeoutMs > 0 && { limit: timeoutMs }) }
  groupSelector(args, context)
  const mustAsk = isAsked(args, context)
  return withGroup(args, context, async (target) => {
    const { namespace } = target.scope
    if (saved !== undefined && saved.plan.namespace !== namespace)
      throw new UsageError(`${saved.file} is a plan of namespace ${String(saved.plan.namespace)}, not of ${namespace}`)
    using interruption = listenForInterrupts(context)
    const talk = talkTo(args, context, target, mustAsk, interruption.stopping)
    const { deployment, ...more } = own
    const run: RunContext = {
      ...runBy(args, context, target, interruption),
      verb,
      options,
      ...more,
      deployment: await deployment?.(target, interruption.stopping),
      timeoutMs,
      saved: saved?.plan,
      emit: talk.show,
      confirm: (plan) => talk.ask(plan, options.drain ?? 'pods'),
    }
    const result = await carriedOut(run, target, groupLabel(args, context)).finally(() => talk.end())
    if (run.dryRun !== undefined && result.settled !== true) return shown(result, run, target, args, context)
    await report(result, talk.took(), verb, args, context)
    if (result.reports.some(({ outcome }) => outcome === 'timed-out' || outcome === 'failed'))
      writeLines(
        context.stderr,
        await whyPods(target, drawingOn(context.stderr, args, context), context.clock, options.only),
      )
    return result.exit
  })
}

/** Whether a person is asked before anything is written. @throws UsageError where there is nobody */
export function isAsked(args: Arguments, context: CliContext): boolean {
  const mustAsk = !flag(args, 'yes') && dryRunOf(args) === undefined
  if (mustAsk && !context.stdin.isTTY)
    throw new UsageError('nobody can be asked: standard input is no terminal; give --yes, or --dry-run to see the plan')
  return mustAsk
}

/** What ends a run. */
type Signals = Pick<Interruption, 'stopping' | 'stopped'>

/** What every run has of where it runs, and by whom: an ID of its own, too. */
export function runBy(args: Arguments, context: CliContext, target: Target, interruption: Signals) {
  return {
    cluster: target.cluster,
    scope: target.scope,
    group: target.group,
    mode: target.mode,
    dryRun: dryRunOf(args),
    breakLock: flag(args, 'break-lock'),
    user: context.user,
    runId: context.newRunId(),
    clock: context.clock,
    stopping: interruption.stopping,
    stopped: interruption.stopped,
  } satisfies Partial<RunContext>
}

/** What a person sees of a run while it goes on. */
export interface Talk {
  show(event: RunEvent): void
  /** Shows the plan, and asks where that is wanted. */
  ask(plan: Plan, drain: Drain): Promise<boolean>
  /** Says nothing of an interruption while somebody is asked: who interrupts has answered, and needs no line between. */
  answered(question: () => Promise<boolean>): Promise<boolean>
  /** Removes what was only passing. */
  end(): void
  /** Milliseconds the run took, where it has ended. */
  took(): number | undefined
}

/** A run's conversation with a person: events as they happen, the plan, the question. */
export function talkTo(
  args: Arguments,
  context: CliContext,
  target: Target,
  mustAsk: boolean,
  interrupted: AbortSignal,
): Talk {
  const { stderr, stdout } = context
  const format = formatOf(args, RUN_FORMATS)
  const drawing = drawingOn(stderr, args, context)
  const progress = openProgress({
    write: stderr.write,
    live: stderr.isTTY,
    width: drawing.width,
    paint: drawing.paint,
  })
  const told = Number(text(args, 'v') ?? 0) > 0
  let took: number | undefined
  let asking = false
  const answered = async (question: () => Promise<boolean>): Promise<boolean> => {
    asking = true
    return question().finally(() => {
      asking = false
    })
  }
  return {
    answered,
    show(event) {
      if (event.type === 'ended') took = event.after
      if (event.type === 'started') context.note?.(`plan: ${event.plan}`)
      if (event.type === 'started' && told) stderr.write(`plan: ${event.plan}\n`)
      if (format.name === 'ndjson') stdout.write(`${toJson(event, 0)}\n`)
      if (!asking || event.type !== 'interrupted') progress.show(event)
    },
    async ask(plan, drain) {
      progress.end()
      progress.align(plan.waves.flat().flatMap((step) => [step.member, ...step.drain.map((each) => each.member)]))
      writeLines(stderr, [...planScreen(plan, target.cluster.context, drain, drawing), ''])
      const production = target.cluster.guarded ? target.cluster.context : undefined
      return !mustAsk || (await answered(() => askToConfirm(context, plan, interrupted, { production })))
    },
    end: () => progress.end(),
    took: () => took,
  }
}

/**
 * What a run came to: why it was refused to stderr, the report to stdout.
 * @param verb what was typed, of which the run may be a part
 * @param keep takes a report that is a document, instead of stdout
 */
export async function report(
  { plan, reports, exit }: Result,
  took: number | undefined,
  verb: string,
  args: Arguments,
  context: CliContext,
  keep?: (document: ReportDocument) => void,
): Promise<void> {
  const format = formatOf(args, RUN_FORMATS)
  const drawing = drawingOn(context.stderr, args, context)
  const isRefused = reports.some((each) => each.outcome === 'refused') || exit === EXIT.refused
  const refusals = isRefused ? plan.findings.filter((each) => each.severity !== 'info') : []
  writeLines(
    context.stderr,
    refusals.flatMap((each) => findingLines(each, drawing)),
  )
  if (format.name === 'text' || format.name === 'markdown') {
    const shown = drawingOn(context.stdout, args, context)
    // What was refused is refused again until its remedy was followed.
    const word = exit === EXIT.refused ? 'Then:' : 'Next:'
    const leads = (next: LeadsOn) =>
      next === 'again' ? nextLines(again(args, verb, plan), shown, word) : nextLines(callTo(plan, next), shown)
    writeLines(context.stdout, reportScreen(plan, reports, exit, took, shown, leads))
    return
  }
  const document = reportDocument(plan, reports, exit, drawing.typed)
  keep?.(document)
  if (keep === undefined || format.name === 'ndjson')
    context.stdout.write(await documentText(document, format.name, format.template))
}

/** One run to its end. @throws NoGroup, UsageError, ClusterError */
export async function carriedOut(run: RunContext, target: Target, label: string): Promise<Result> {
  try {
    return await runVerb(run)
  } catch (error) {
    if (error instanceof GroupNotFound) throw await noSuchGroup(target, label)
    if (error instanceof MemberNotFound) throw noSuchMember(target.group, error)
    throw error
  }
}
