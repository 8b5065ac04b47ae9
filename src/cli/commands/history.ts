import { readGroup } from '../../domain/group/read-group.ts'
import { waysTo } from '../../domain/release/ways-to.ts'
import { historyDocument } from '../../view/documents/history-document.ts'
import { historyTable } from '../../view/words/history-screen.ts'
import { discover, withEarlier } from '../../watch/discover.ts'
import type { Command } from '../command.ts'
import { noSuchGroup } from '../group/not-found.ts'
import { groupLabel, withGroup } from '../group/target.ts'
import { listenForInterrupts } from '../interrupt.ts'
import { TEMPLATES } from '../line/formats.ts'
import { GROUPING, outputOption } from '../line/options.ts'
import { documentText, formatOf } from '../terminal/format.ts'
import { drawingOn, writeLines } from '../terminal/output.ts'

const FORMATS = ['wide', 'json', 'yaml', ...TEMPLATES] as const

/** `history GROUP`: the releases of a group whose ReplicaSets are still there. */
export const history: Command = {
  options: { ...GROUPING, ...outputOption(FORMATS) },
  examples: [
    ['history loan -n legacy', 'which releases users had, since when, and what can come back'],
    ['history loan -o wide', 'and the revisions of each'],
    ['history loan -o json', 'the same for a script'],
  ],
  notes:
    'Who brought users to a release, and when, is known of what promote-all has promoted: it writes so on the ' +
    'ReplicaSets. Revisions without that may have been withdrawn: they are past, maybe.',
  async run(args, context) {
    const format = formatOf(args, FORMATS)
    return withGroup(args, context, async (target) => {
      using interruption = listenForInterrupts(context)
      const signal = interruption.stopping
      const found = await discover(target.cluster, target.scope, signal)
      if (found.rollouts.length === 0) throw await noSuchGroup(target, groupLabel(args, context))
      const snapshot = await withEarlier(target.cluster, target.scope, found, signal)
      const group = readGroup(snapshot, target.group, target.mode)
      const releases = waysTo(group)
      const now = context.clock.now()
      if (format.name === 'text' || format.name === 'wide')
        writeLines(
          context.stdout,
          historyTable(releases, now, drawingOn(context.stdout, args, context), format.name === 'wide'),
        )
      else
        context.stdout.write(
          await documentText(
            historyDocument(
              group,
              releases.map((each) => each.release),
            ),
            format.name,
            format.template,
          ),
        )
      return 0
    })
  },
}
