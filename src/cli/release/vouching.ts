import { callOn } from '../../domain/findings/remedy.ts'
import type { Group } from '../../domain/group/read-group.ts'
import { type Vouching, vouchingWrites } from '../../domain/release/vouched.ts'
import { EXIT, type Exit } from '../../domain/run/outcome.ts'
import { keep } from '../../execute/keep.ts'
import { printable } from '../../text/printable.ts'
import { nextLines } from '../../view/words/finding.ts'
import { placeOf } from '../group/target.ts'
import { drawingOn, writeLines } from '../terminal/output.ts'
import { again } from '../write/again.ts'
import { onFailure } from './on-failure.ts'
import { carryOut, outcomeOf, type Releasing } from './releasing.ts'

/** Keeps on the revisions that wait what was found out about them: a run that goes on does not find it out again. */
export async function vouchFor(
  { context, target, interruption }: Releasing,
  group: Group,
  vouching: Vouching,
  who = '',
): Promise<void> {
  const words = `${who} ${new Date(context.clock.now()).toISOString()}`.trim()
  const warn = (why: string) =>
    writeLines(context.stderr, [printable(`warning: it is not kept, and would be asked for again: ${why}`)])
  await keep(target.cluster, group.namespace, vouchingWrites(group, vouching, words), warn, interruption.stopped)
}

/** Withdraws what waits, unless it is to stay: users have not left where they were. */
export async function goBack(releasing: Releasing, why: string): Promise<Exit> {
  const { args, context, target } = releasing
  releasing.because(why)
  if (onFailure(args) === 'stop') {
    const next = callOn(placeOf(target), 'abort-all')
    writeLines(context.stderr, [
      `error: ${why}; what waits stays at its gates (--on-failure=stop)`,
      ...nextLines(next, drawingOn(context.stderr, args, context)),
    ])
    return EXIT.failed
  }
  writeLines(context.stderr, [`error: ${why}; what waits is withdrawn`])
  await carryOut(releasing, releasing.run('abort-all', { confirm: async () => true }))
  const same = again(args, releasing.verb, placeOf(target))
  const shown = outcomeOf(releasing)
  writeLines(shown, nextLines(same, drawingOn(shown, args, context)))
  return EXIT.failed
}
