import { text } from '../line/arguments.ts'
import type { Command } from '../command.ts'
import { VERB_NAMES } from '../line/verbs.ts'
import { unknownVerb } from '../line/unknown-verb.ts'

/** `help [VERB]`: what `--help` shows; kubectl's own help does not reach plugins. */
export const help: Command = {
  options: {},
  examples: [['help promote-all', 'explain promote-all']],
  async run(args, context) {
    const verb = text(args, 'verb')
    if (verb !== undefined && !VERB_NAMES.some((each) => each === verb)) throw unknownVerb(verb)
    return await context.run(verb === undefined ? ['--help'] : [verb, '--help'], context)
  },
}
