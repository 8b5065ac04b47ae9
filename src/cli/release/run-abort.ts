import { listed, ours } from '../../domain/checks/say.ts'
import { type Group, readGroup } from '../../domain/group/read-group.ts'
import type { PlanOptions } from '../../domain/intent.ts'
import { bringingBack, haveJustLeft } from '../../domain/release/bring-back.ts'
import { EXIT, type Exit } from '../../domain/run/outcome.ts'
import { printable } from '../../text/printable.ts'
import { nextLines } from '../../view/words/finding.ts'
import { discover } from '../../watch/discover.ts'
import type { Arguments } from '../command.ts'
import type { CliContext } from '../context.ts'
import { on, type Target, withGroup } from '../group/target.ts'
import { listenForInterrupts } from '../interrupt.ts'
import { flag, text } from '../line/arguments.ts'
import { drawingOn, writeLines } from '../terminal/output.ts'
import { planOptions } from '../write/plan-options.ts'
import { runWriting } from '../write/write.ts'
import { deployTemplates, withPast } from './old-templates.ts'
import { carryOut, mustBeThere, type ReleasePhase, type Releasing, runPhases } from './releasing.ts'

/**
 * Withdraws what waits. With --undo-promoted users who were promoted already come back first: at once while their old
 * pods run, and else as a release of their own, through their gates.
 * @returns the exit code @throws UsageError, ClusterError, NoGroup
 */
export async function runAbort(args: Arguments, context: CliContext): Promise<number> {
  if (!flag(args, 'undo-promoted') || text(args, 'plan') !== undefined)
    return runWriting(args, context, 'abort-all', {})
  const outline = () =>
    'phases: deploy the old pod templates of who was promoted to their gates → promote these alone → old pods gone ' +
    '→ withdraw the rest'
  return withGroup(args, context, async (target) => {
    const shared = on(target.cluster, context)
    return (await isLong(args, context, target))
      ? runPhases(args, shared, BACK, { verb: 'abort-all', deed: 'Abort', outline })
      : runWriting(args, shared, 'abort-all', {})
  })
}

export type TimedOptions = PlanOptions & { readonly since: number }

/** Milliseconds that the controller may take to say how long pods stay that users have just left, and between looks. */
const MOMENT = 5000
const LOOK = 250

/** Whether more than one run is needed. */
async function isLong(args: Arguments, context: CliContext, target: Target): Promise<boolean> {
  const options = timed(args, context)
  return bringingBack(await lookedFirst(target, context, options), options).state !== 'none'
}

/** A group as `lookedLeft` gives it, where nothing else listens for interruptions yet. @throws ClusterError */
export async function lookedFirst(target: Target, context: CliContext, options: TimedOptions): Promise<Group> {
  using interruption = listenForInterrupts(context)
  return await lookedLeft(target, context, options, interruption.stopping)
}

/** A group of which the controller has said how long old pods stay, or takes its time to. @throws ClusterError */
async function lookedLeft(
  { cluster, scope, group: name, mode }: Target,
  { clock }: Pick<CliContext, 'clock'>,
  options: TimedOptions,
  stopping: AbortSignal,
): Promise<Group> {
  for (;;) {
    const group = readGroup(await discover(cluster, scope, stopping, { fronts: true }), name, mode)
    if (!haveJustLeft(group, options) || clock.now() - options.since > MOMENT) return group
    // Whoever interrupts it is told so by the next look.
    await clock.after(LOOK, stopping).catch(() => undefined)
  }
}

/** The options with the time by which it is judged whether old pods stay long enough. */
export function timed(args: Arguments, { clock }: CliContext): TimedOptions {
  return { ...planOptions(args), since: clock.now() }
}

/** Users who were promoted come back through their gates, one step after the other. */
async function bringBack(releasing: Releasing): Promise<Exit | undefined> {
  const { args, context } = releasing
  const options = timed(args, context)
  const tried = new Set<string>()
  for (;;) {
    const past = await withPast(releasing)
    const back = bringingBack(past.group, options, past.workloads)
    if (back.state === 'none') return undefined
    const refuse = (why: string, verb: string): Exit => {
      writeLines(context.stderr, [
        printable(`error: ${why}`),
        ...nextLines(ours(past, verb), drawingOn(context.stderr, args, context)),
      ])
      return EXIT.refused
    }
    if (tried.has(back.state)) return refuse('users are not on their way back, though all of it was done', 'check')
    tried.add(back.state)
    let exit: Exit | undefined
    switch (back.state) {
      case 'struck':
        return refuse(
          `${listed(back.members)} call each other through Services in front of next versions: brought back, one ` +
            'would strike the users of another; go on to the end, and then undo all of it:',
          'promote-all',
        )
      case 'unknown':
        return refuse(
          `nothing tells what ${listed(back.members)} had before; go on to the end, and then undo all of it:`,
          'promote-all',
        )
      case 'lost':
        return refuse(
          `what ${listed(back.members)} had before cannot come back as it was: ${listed(back.lacks)}; apply what is ` +
            'missing again, or go on to the end:',
          'promote-all',
        )
      case 'aborted':
        exit = await carryOut(releasing, releasing.run('retry-all'))
        break
      case 'gone':
        exit = await deployTemplates(releasing, past, back, {
          options: { ...options, only: back.members, here: true },
        })
        break
      case 'at-gates':
        exit = await carryOut(
          releasing,
          releasing.run('promote-all', { options: { ...options, only: back.members, toEnd: true } }),
        )
    }
    if (exit !== undefined) return exit
  }
}

/** The rest, which nobody uses any more. */
function abort(releasing: Releasing): Promise<Exit | undefined> {
  return carryOut(releasing, releasing.run('abort-all'))
}

/** Users back, then the rest withdrawn; where their old pods still run, all of it at once. */
const BACK: readonly ReleasePhase[] = [bringBack, abort]

/** Whether old pods stay is known first. */
async function lookLeft({ args, context, target, interruption }: Releasing): Promise<undefined> {
  await lookedLeft(target, context, timed(args, context), interruption.stopping)
}

/** The same of a group at which nobody has looked yet. */
export const BACK_PHASES: readonly ReleasePhase[] = [mustBeThere, lookLeft, ...BACK]
