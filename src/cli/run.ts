import type { CliContext } from './context.ts'
import { failureOf } from './errors.ts'
import { writeLines } from './terminal/output.ts'
import { parse } from './line/parser.ts'

/**
 * Runs one command line, without the program's own name.
 * @returns the exit code of `domain/outcome.ts`; never throws
 */
export async function run(argv: readonly string[], context: CliContext): Promise<number> {
  let verb: string | undefined
  try {
    if (argv[0] === '__complete')
      return await (await import('./completion/complete.ts')).complete(argv.slice(1), context)
    const parsed = await parse(argv, context.stdout.columns ?? 110)
    if (parsed.help !== undefined) {
      context.stdout.write(parsed.help)
      return 0
    }
    verb = parsed.name
    return await parsed.command.run(parsed.args, { ...context, run })
  } catch (error) {
    const { exit, lines } = failureOf(error, verb)
    writeLines(context.stderr, lines)
    return exit
  }
}
