import { text } from '../line/arguments.ts'
import { type Command, UsageError } from '../command.ts'
import { VERB_NAMES } from '../line/verbs.ts'
import { didYouMean } from '../line/suggest.ts'

/** `help [VERB]`: what `--help` shows; kubectl's own help does not reach plugins. */
export const help: Command = {
  options: {},
  examples: [['help promote-all', 'explain promote-all']],
  async run(args, context) {
    const verb = text(args, 'verb')
    const names = VERB_NAMES
    if (verb !== undefined && !names.some((each) => each === verb))
      throw new UsageError(`unknown command ${JSON.stringify(verb)}${didYouMean(verb, names)}`)
    return await context.run(verb === undefined ? ['--help'] : [verb, '--help'], context)
  },
}
