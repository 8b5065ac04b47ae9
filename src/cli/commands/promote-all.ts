import { choice } from '../line/arguments.ts'
import type { Command } from '../command.ts'
import { RUN_FORMATS } from '../line/formats.ts'
import { GROUPING, outputOption, PROMOTING, RUNNING } from '../line/options.ts'

/** `promote-all GROUP`: one gate forward for the whole group; blue-green members are switched over. */
export const promoteAll: Command = {
  options: { ...GROUPING, ...RUNNING, ...PROMOTING, ...outputOption(RUN_FORMATS) },
  examples: [
    ['promote-all loan -n legacy', 'show the plan, ask, and switch users over'],
    ['promote-all loan --yes -o ndjson', 'in a pipeline: nobody is asked, each event is a line'],
    ['promote-all loan --dry-run -o json > plan.json', 'what would happen, to be approved'],
    ['promote-all loan --plan plan.json --yes', 'exactly that, or nothing'],
  ],
  notes: 'Run it again after a crash, a timeout or an interruption: it continues with what the cluster shows.',
  run: async (args, context) =>
    (await import('../write/write.ts')).runWriting(args, context, 'promote-all', {
      onFailure: choice(args, 'on-failure', ['stop', 'abort']) ?? 'stop',
    }),
}
