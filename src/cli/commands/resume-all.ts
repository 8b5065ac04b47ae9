import type { Command } from '../command.ts'
import { RUN_FORMATS } from '../line/formats.ts'
import { GROUPING, outputOption, RUNNING } from '../line/options.ts'

/** `resume-all GROUP`: takes a pause by hand back, dependencies first. */
export const resumeAll: Command = {
  options: { ...GROUPING, ...RUNNING, ...outputOption(RUN_FORMATS) },
  examples: [
    ['resume-all loan -n legacy', 'show the plan, ask, and go on'],
    ['resume-all loan --only my-backend --yes', 'one member'],
  ],
  notes: 'Whoever stands at a gate stays there: promote-all passes it.',
  run: async (args, context) => (await import('../write/write.ts')).runWriting(args, context, 'resume-all', {}),
}
