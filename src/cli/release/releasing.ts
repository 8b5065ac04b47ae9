import { type Group, readGroup } from '../../domain/group/read-group.ts'
import type { PlanOptions, Verb } from '../../domain/intent.ts'
import type { Plan } from '../../domain/plan/plan.ts'
import type { PhaseAhead, RunPhase } from '../../domain/release/undo-ahead.ts'
import { EXIT, type Exit } from '../../domain/run/outcome.ts'
import type { RunContext } from '../../execute/context.ts'
import type { Result } from '../../execute/run.ts'
import { printable } from '../../text/printable.ts'
import { type ReportDocument, reportList } from '../../view/documents/documents.ts'
import type { Drawing } from '../../view/draw/drawing.ts'
import { wrap } from '../../view/draw/width.ts'
import { aheadLines } from '../../view/words/phases-ahead.ts'
import { discover } from '../../watch/discover.ts'
import type { Arguments } from '../command.ts'
import type { CliContext, Output } from '../context.ts'
import { noSuchGroup } from '../group/not-found.ts'
import { groupLabel, groupSelector, placeOf, type Target, withGroup } from '../group/target.ts'
import { type Interruption, listenForInterrupts } from '../interrupt.ts'
import { RUN_FORMATS } from '../line/formats.ts'
import { duration, text } from '../line/arguments.ts'
import { askToConfirm } from '../terminal/confirm.ts'
import { documentText, formatOf } from '../terminal/format.ts'
import { drawingOn, writeLines } from '../terminal/output.ts'
import { bakeOf } from '../write/baking.ts'
import { planOptions } from '../write/plan-options.ts'
import { shown } from '../write/dry-run.ts'
import { carriedOut, DEFAULT_TIMEOUT, isAsked, report, runBy, talkTo } from '../write/write.ts'
import { endsBetween } from './ends-between.ts'
import { afterFailure } from './on-failure.ts'

/** Several runs of verbs, one after the other, that a person confirms once. */
export interface Releasing {
  readonly args: Arguments
  readonly context: CliContext
  readonly target: Target
  readonly interruption: Pick<Interruption, 'stopping' | 'stopped'>
  readonly options: PlanOptions
  /** For each run, milliseconds; 0 is none. */
  readonly timeoutMs: number
  /** Told before anything is asked: what is to come, phase after phase, as far as it is known. */
  foresee(ahead: readonly PhaseAhead[]): void
  /** Told of each phase when its turn comes. */
  begins(phase: RunPhase): void
  /** Called when a run has ended, before anything is written of it. */
  ended(): void
  /** Tells what a run came to. */
  report(result: Result): Promise<void>
  /** Told where a plan is all that is printed. */
  planned(): void
  /** Told why all of it ends where no run's report says so. */
  because(why: string): void
  /** What was typed. */
  readonly verb: string
  /** No run has had anything to do so far. */
  isIdle(): boolean
  /** Told by a run that has. */
  noIdler(): void
  /** What every run has in common. */
  run(verb: Verb, more?: Partial<RunContext>): RunContext
}

/** What a phase comes to: the next one follows, or all of it ends with an exit code. */
export type ReleasePhase = (releasing: Releasing) => Promise<Exit | undefined>

/**
 * Carries out phases, each planned from what the cluster shows when its turn comes, so that the same command made again
 * goes on where the last one ended.
 * @param verb what was typed @param deed what a person is asked: `Release` @param outline the phases in a line, by the
 * first plan
 * @returns the exit code @throws UsageError, ClusterError, NoGroup
 */
export async function runPhases(
  args: Arguments,
  context: CliContext,
  phases: readonly ReleasePhase[],
  { verb, deed, outline }: { readonly verb: string; readonly deed: string; readonly outline: (plan: Plan) => string },
): Promise<number> {
  groupSelector(args, context)
  const format = formatOf(args, RUN_FORMATS)
  const mustAsk = isAsked(args, context)
  const timeoutMs = duration(args, 'timeout') ?? DEFAULT_TIMEOUT
  const options = { ...planOptions(args), ...(timeoutMs > 0 && { limit: timeoutMs }) }
  return withGroup(args, context, async (target) => {
    using interruption = listenForInterrupts(context)
    const talk = talkTo(args, context, target, false, interruption.stopping)
    const production = target.cluster.guarded ? target.cluster.context : undefined
    const { group, namespace } = placeOf(target)
    const at = printable(` group ${group} in ${namespace} (context ${target.cluster.context})`)
    let confirmed = !mustAsk
    let ahead: readonly PhaseAhead[] = []
    let isPlan = false
    const documents: ReportDocument[] = []
    let isReported = false
    let why: string | undefined
    const confirm = async (plan: Plan): Promise<boolean> => {
      await talk.ask(plan, options.drain ?? 'pods')
      const drawing = drawingOn(context.stderr, args, context)
      if (!confirmed) writeLines(context.stderr, [...aheadLines(ahead, drawing), ...hung(outline(plan), drawing), ''])
      confirmed ||= await talk.answered(() =>
        askToConfirm(context, plan, interruption.stopping, { production, deed, at }),
      )
      return confirmed
    }
    try {
      const exit = await inPhases(phases, {
        args,
        context,
        target,
        interruption,
        options,
        timeoutMs,
        emit: talk.show,
        confirm,
        foresee: (phases) => {
          ahead = phases
        },
        begins: () => undefined,
        ended: talk.end,
        report: (result) => {
          isReported = true
          return report(result, talk.took(), verb, args, context, (each) => documents.push(each))
        },
        planned: () => {
          isPlan = true
        },
        because: (sentence) => {
          why = sentence
        },
        verb,
      }).catch((error: unknown) => {
        if (!isReported) throw error
        return endsBetween(error, { args, context, target, verb }, outcomeOf({ args, context }))
      })
      if (format.name !== 'text' && format.name !== 'markdown' && !isPlan) {
        const list = reportList({ group: target.group, namespace: target.scope.namespace }, verb, exit, documents, why)
        context.stdout.write(await documentText(list, format.name, format.template))
      }
      return exit
    } finally {
      talk.end()
    }
  })
}

/** Words of a plan, by its edge. */
function hung(words: string, { width = Infinity }: Drawing): string[] {
  return wrap(words, width - 4).map((line, index) => (index === 0 ? '  ' : '    ') + line)
}

/** What phases are carried out with. */
interface Phased extends Omit<Releasing, 'isIdle' | 'noIdler' | 'run'>, Pick<RunContext, 'emit' | 'confirm'> {}

/** Phase after phase, until one of them ends it. @throws UsageError, ClusterError, NoGroup */
export async function inPhases(phases: readonly ReleasePhase[], given: Phased): Promise<Exit> {
  const { args, context, target, interruption, options, timeoutMs, emit, confirm } = given
  let idle = true
  const releasing: Releasing = {
    ...given,
    isIdle: () => idle,
    noIdler: () => {
      idle = false
    },
    run: (verb, more = {}) => ({
      ...runBy(args, context, target, interruption),
      verb,
      options,
      timeoutMs,
      emit,
      confirm,
      ...more,
    }),
  }
  for (const phase of phases) {
    const exit = await phase(releasing)
    if (exit !== undefined) return exit
  }
  return EXIT.done
}

/**
 * One run of a verb, reported; a dry run ends with its plan.
 * @param instead what is done in place of a result that is not the last word
 */
export async function carryOut(
  releasing: Releasing,
  run: RunContext,
  instead: (result: Result) => Promise<{ readonly exit: Exit | undefined } | undefined> = async () => undefined,
): Promise<Exit | undefined> {
  const { args, context, target } = releasing
  const result = await carriedOut(run, target, groupLabel(args, context)).finally(() => releasing.ended())
  const other = run.dryRun === undefined ? await instead(result) : undefined
  if (other !== undefined) return other.exit
  const idle = result.plan.waves.length === 0 && (result.plan.objects ?? []).length === 0 && result.exit === EXIT.done
  if (idle) return undefined
  releasing.noIdler()
  if (run.dryRun !== undefined) {
    releasing.planned()
    return (await shown(result, run, target, args, context)) as Exit
  }
  await releasing.report(result)
  return result.exit === EXIT.done ? undefined : result.exit
}

/** Where a sentence goes that is the outcome: standard output, unless that is a document's. @throws UsageError */
export function outcomeOf({ args, context }: Pick<Releasing, 'args' | 'context'>): Output {
  return formatOf(args, RUN_FORMATS).name === 'text' ? context.stdout : context.stderr
}

/** Settling and undoing are of a group that is there. @throws NoGroup */
export const mustBeThere: ReleasePhase = async (releasing) => {
  const { members, problems } = await readAgain(releasing)
  if (members.length + problems.length === 0)
    throw await noSuchGroup(releasing.target, groupLabel(releasing.args, releasing.context))
  return undefined
}

/** What waits at its gates comes to users, gate after gate. */
export function promoteToEnd(releasing: Releasing): Promise<Exit | undefined> {
  releasing.begins('promote')
  const { args, context, options, timeoutMs: given } = releasing
  const bake = bakeOf(args, context)
  const timeoutMs = text(args, 'timeout') === undefined ? given + (bake?.milliseconds ?? 0) : given
  return carryOut(
    releasing,
    releasing.run('promote-all', {
      options: { ...options, ...(timeoutMs > 0 && { limit: timeoutMs }), toEnd: true },
      timeoutMs,
      bake,
      onFailure: afterFailure(args),
    }),
  )
}

/** The group as it is now. @throws ClusterError */
export async function readAgain({ target, interruption }: Releasing): Promise<Group> {
  const snapshot = await discover(target.cluster, target.scope, interruption.stopping, { fronts: true })
  return readGroup(snapshot, target.group, target.mode)
}
