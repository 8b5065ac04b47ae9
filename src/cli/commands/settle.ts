import type { Command } from '../command.ts'
import { choice } from '../line/arguments.ts'
import { GROUPING, outputOption } from '../line/options.ts'
import { SETTLING } from '../line/release-options.ts'
import { SETTLE_OUTLINE } from '../../view/words/outlines.ts'
import { RUN_FORMATS } from '../line/formats.ts'

/** `settle GROUP`: live consumers back from preview Services to live ones, in rounds, by revisions of the same version. */
export const settle: Command = {
  options: { ...GROUPING, ...SETTLING, ...outputOption(RUN_FORMATS) },
  examples: [
    ['settle loan', 'after a release on preview Services, before the next one'],
    ['settle loan --dry-run', 'the first round of it'],
  ],
  notes:
    'Consumers first, in rounds: each round is deployed, promoted, and its old pods are gone before the next. The ' +
    'pods differ from those that are live in addresses alone, and in the label of a release of their own (2.0-s1). ' +
    'Run it again after a crash, a timeout or an interruption: it goes on.',
  async run(args, context) {
    choice(args, 'on-failure', ['stop', 'abort'])
    const [{ runPhases }, { SETTLE_PHASES }] = await Promise.all([
      import('../release/releasing.ts'),
      import('../release/settle-phase.ts'),
    ])
    return runPhases(args, context, SETTLE_PHASES, { verb: 'settle', deed: 'Settle', outline: () => SETTLE_OUTLINE })
  },
}
