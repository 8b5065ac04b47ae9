import type { Command } from '../command.ts'
import { RUN_FORMATS } from '../line/formats.ts'
import { ABORTING, GROUPING, outputOption, RUNNING } from '../line/options.ts'

/** `abort-all GROUP`: withdraws what waits, in the way that takes nothing from users. */
export const abortAll: Command = {
  options: { ...GROUPING, ...RUNNING, ...ABORTING, ...outputOption(RUN_FORMATS) },
  examples: [
    ['abort-all loan -n legacy', 'show the plan, ask, and withdraw'],
    ['abort-all loan --to-stable --yes', 'put the stable pod templates back instead of aborting'],
  ],
  notes:
    'A member whose preview carries users is put back to its stable ' +
    'pod template: an abort would take the pods from under them.',
  run: async (args, context) => (await import('../write/write.ts')).runWriting(args, context, 'abort-all', {}),
}
