import type { Command } from '../command.ts'
import { RUN_FORMATS } from '../line/formats.ts'
import { GROUPING, outputOption, RUNNING } from '../line/options.ts'

/** `retry-all GROUP`: brings what was aborted to its gates again, dependencies first. */
export const retryAll: Command = {
  options: { ...GROUPING, ...RUNNING, ...outputOption(RUN_FORMATS) },
  examples: [
    ['retry-all loan -n legacy', 'show the plan, ask, and try again what was aborted'],
    ['retry-all loan --only my-backend --yes', 'one member of it'],
  ],
  notes: 'Refused where the controller would bring a member to users without stopping at its gate.',
  run: async (args, context) => (await import('../write/write.ts')).runWriting(args, context, 'retry-all', {}),
}
