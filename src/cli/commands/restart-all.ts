import type { Command } from '../command.ts'
import { RUN_FORMATS } from '../line/formats.ts'
import { GROUPING, outputOption, RUNNING } from '../line/options.ts'

/** `restart-all GROUP`: replaces the pods of a group, dependencies first. */
export const restartAll: Command = {
  options: { ...GROUPING, ...RUNNING, ...outputOption(RUN_FORMATS) },
  examples: [
    ['restart-all loan -n legacy', 'show the plan, ask, and replace all pods'],
    ['restart-all loan --only my-backend --yes', 'those of one member'],
  ],
  notes:
    'A run that is started again replaces all pods again. Of a member with a single pod users would find none for a ' +
    'moment: that is refused.',
  run: async (args, context) => (await import('../write/write.ts')).runWriting(args, context, 'restart-all', {}),
}
