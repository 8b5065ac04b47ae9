import { ClusterError } from '../../cluster/port.ts'
import { EXIT, type Exit } from '../../domain/run/outcome.ts'
import { TimedOut } from '../../execute/context.ts'
import { printable } from '../../text/printable.ts'
import { nextLines } from '../../view/words/finding.ts'
import type { Arguments } from '../command.ts'
import type { CliContext, Output } from '../context.ts'
import { failureOf } from '../errors.ts'
import { placeOf, type Target } from '../group/target.ts'
import { drawingOn, writeLines } from '../terminal/output.ts'
import { again } from '../write/again.ts'

/** Ends that need no words of the failure itself. */
const ENDS: Partial<Record<Exit, string>> = {
  [EXIT.interrupted]: 'interrupted',
  [EXIT['timed-out']]: 'the time was up (--timeout)',
}

/**
 * What ended several runs after one was reported, and before the next had a plan to report on: the same command goes
 * on. @param shown where the outcome goes @throws the error itself, where it is none that a run expects
 */
export function endsBetween(
  error: unknown,
  {
    args,
    context,
    target,
    verb,
  }: { readonly args: Arguments; readonly context: CliContext; readonly target: Target; readonly verb: string },
  shown: Output,
): Exit {
  if (!(error instanceof ClusterError || error instanceof TimedOut)) throw error
  const { exit, lines } = failureOf(error, verb)
  const how = ENDS[exit]
  if (how === undefined) writeLines(context.stderr, lines)
  writeLines(shown, [
    printable(`Group ${target.group}: ${how ?? 'ended early'}; what was done stays, and the same command goes on.`),
    ...nextLines(again(args, verb, placeOf(target)), drawingOn(shown, args, context)),
  ])
  return exit
}
