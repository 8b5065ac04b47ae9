import { text } from '../arguments.ts'
import { UsageError, type Command } from '../command.ts'
import { COMMANDS } from '../commands.ts'
import { parse } from '../parser.ts'
import { didYouMean } from '../suggest.ts'

/** `help [VERB]`: what `--help` shows; kubectl's own help does not reach plugins. */
export const help: Command = {
  options: {},
  examples: [['help promote-all', 'explain promote-all']],
  async run(args, { stdout }) {
    const verb = text(args, 'verb')
    const names = COMMANDS.map((each) => each.name)
    if (verb !== undefined && !names.includes(verb)) throw new UsageError(`unknown command ${JSON.stringify(verb)}${didYouMean(verb, names)}`)
    const { help: screen } = await parse(verb === undefined ? [] : [verb, '--help'], stdout.columns ?? 110)
    stdout.write(screen!)
    return 0
  },
}
