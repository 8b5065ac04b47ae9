import type { Command } from '../command.ts'
import { RUN_FORMATS } from '../line/formats.ts'
import { GROUPING, outputOption, RUNNING } from '../line/options.ts'

/** `pause-all GROUP`: pauses the members of a group by hand, consumers first. */
export const pauseAll: Command = {
  options: { ...GROUPING, ...RUNNING, ...outputOption(RUN_FORMATS) },
  examples: [
    ['pause-all loan -n legacy', 'show the plan, ask, and pause'],
    ['pause-all loan --only my-backend --yes', 'one member'],
  ],
  notes:
    'While a member is paused by hand it cannot be promoted, and a canary not be withdrawn as a whole; ' +
    'resume-all takes it back.',
  run: async (args, context) => (await import('../write/write.ts')).runWriting(args, context, 'pause-all', {}),
}
