import type { Verb } from '../../domain/intent.ts'
import type { RunEvent } from '../../domain/run/event.ts'
import { EXIT } from '../../domain/run/outcome.ts'
import type { RunContext } from '../../execute/context.ts'
import { GroupNotFound, MemberNotFound, type Result, runVerb } from '../../execute/run.ts'
import { planDocument, reportDocument, toJson } from '../../view/documents/documents.ts'
import { findingLines } from '../../view/words/finding.ts'
import { planScreen } from '../../view/words/plan-screen.ts'
import { openProgress } from '../../view/words/progress-line.ts'
import { dryRunScreen, reportScreen } from '../../view/words/run-screen.ts'
import { type Arguments, UsageError } from '../command.ts'
import type { CliContext } from '../context.ts'
import { noSuchGroup, noSuchMember } from '../group/not-found.ts'
import { groupLabel, groupSelector, type Target, withGroup } from '../group/target.ts'
import { listenForInterrupts } from '../interrupt.ts'
import { choice, duration, flag, text } from '../line/arguments.ts'
import { askToConfirm } from '../terminal/confirm.ts'
import { documentText, formatOf, TEMPLATES } from '../terminal/format.ts'
import { drawingOn, writeLines } from '../terminal/output.ts'
import { planOptions } from './plan-options.ts'
import { planFlags, savedPlan } from './saved-plan.ts'

/** Formats of every verb that writes. */
export const RUN_FORMATS = ['json', 'yaml', 'ndjson', ...TEMPLATES] as const

/** Milliseconds a run may take where `--timeout` says nothing. */
export const DEFAULT_TIMEOUT = 600_000

/** The verb's own part of a run. */
export type Own = Pick<RunContext, 'onFailure'>

/**
 * Runs a verb that writes: plans, shows, asks, carries out, and reports. The report goes to stdout, all else to stderr.
 * @returns the exit code @throws UsageError, ClusterError, NoGroup
 */
export async function runWriting(given: Arguments, context: CliContext, verb: Verb, own: Own): Promise<number> {
  const format = formatOf(given, RUN_FORMATS)
  const dryRun = choice(given, 'dry-run', ['none', 'client', 'server'])
  const saved = await savedPlan(given, verb)
  const args = saved?.args ?? given
  const options = planOptions(args)
  groupSelector(args, context)
  const mustAsk = !flag(args, 'yes') && (dryRun === undefined || dryRun === 'none')
  if (mustAsk && !context.stdin.isTTY)
    throw new UsageError('nobody can be asked: standard input is no terminal; give --yes, or --dry-run to see the plan')
  return withGroup(args, context, async (target) => {
    const { namespace } = target.scope
    if (saved !== undefined && saved.plan.namespace !== namespace)
      throw new UsageError(`${saved.file} is a plan of namespace ${String(saved.plan.namespace)}, not of ${namespace}`)
    using interruption = listenForInterrupts(context)
    const drawing = drawingOn(context.stderr, args, context)
    const progress = openProgress({
      write: context.stderr.write,
      live: context.stderr.isTTY,
      width: drawing.width,
      paint: drawing.paint,
    })
    const told = Number(text(args, 'v') ?? 0) > 0
    let took: number | undefined
    let asking = false
    const show = (event: RunEvent): void => {
      if (event.type === 'ended') took = event.after
      if (event.type === 'started' && told) context.stderr.write(`plan: ${event.plan}\n`)
      if (format.name === 'ndjson') context.stdout.write(`${toJson(event, 0)}\n`)
      // Who interrupts the question has answered it, and needs no line between.
      if (!asking || event.type !== 'interrupted') progress.show(event)
    }
    const run: RunContext = {
      cluster: target.cluster,
      scope: target.scope,
      group: target.group,
      mode: target.mode,
      verb,
      options,
      ...own,
      timeoutMs: duration(args, 'timeout') ?? DEFAULT_TIMEOUT,
      dryRun: dryRun === 'none' ? undefined : dryRun,
      saved: saved?.plan,
      breakLock: flag(args, 'break-lock'),
      user: context.user,
      runId: context.newRunId(),
      clock: context.clock,
      stopping: interruption.stopping,
      stopped: interruption.stopped,
      emit: show,
      confirm: async (plan) => {
        progress.end()
        progress.align(plan.waves.flat().flatMap((step) => [step.member, ...step.drain.map((each) => each.member)]))
        writeLines(context.stderr, [...planScreen(plan, target.cluster.context, options.drain ?? 'pods', drawing), ''])
        asking = mustAsk
        const confirmed = !mustAsk || (await askToConfirm(context, plan, interruption.stopping))
        asking = false
        return confirmed
      },
    }
    const result = await carriedOut(run, target, groupLabel(args, context)).finally(() => progress.end())
    if (run.dryRun !== undefined && result.settled !== true) return shown(result, run, target, args, context)
    const refusals =
      result.reports.some((each) => each.outcome === 'refused') || result.exit === EXIT.refused
        ? result.plan.findings.filter((each) => each.severity !== 'info')
        : []
    writeLines(
      context.stderr,
      refusals.flatMap((each) => findingLines(each, drawing)),
    )
    if (format.name === 'text')
      writeLines(
        context.stdout,
        reportScreen(result.plan, result.reports, result.exit, took, drawingOn(context.stdout, args, context)),
      )
    else
      context.stdout.write(
        await documentText(
          reportDocument(result.plan, result.reports, result.exit, drawing.typed),
          format.name,
          format.template,
        ),
      )
    return result.exit
  })
}

async function carriedOut(run: RunContext, target: Target, label: string): Promise<Result> {
  try {
    return await runVerb(run)
  } catch (error) {
    if (error instanceof GroupNotFound) throw await noSuchGroup(target, label)
    if (error instanceof MemberNotFound) throw noSuchMember(target.group, error)
    throw error
  }
}

/** What `--dry-run` prints: the plan, whole with -o json or yaml, and what the server says of it. */
async function shown(
  { plan, reports, exit }: Result,
  run: RunContext,
  target: Target,
  args: Arguments,
  context: CliContext,
): Promise<number> {
  const format = formatOf(args, RUN_FORMATS)
  const drawing = drawingOn(context.stdout, args, context)
  if (format.name !== 'text')
    context.stdout.write(
      await documentText(planDocument(plan, planFlags(args), drawing.typed), format.name, format.template),
    )
  else writeLines(context.stdout, planScreen(plan, target.cluster.context, run.options.drain ?? 'pods', drawing))
  if (run.dryRun !== 'server' || exit === EXIT.refused) return exit
  const said = dryRunScreen(plan, reports, exit, drawing)
  writeLines(format.name === 'text' ? context.stdout : context.stderr, said)
  return exit
}
