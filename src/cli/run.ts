import { EXIT } from '../domain/run/outcome.ts'
import type { CliContext } from './context.ts'
import { failureOf } from './errors.ts'
import { writeLines } from './terminal/output.ts'
import { flag, text } from './line/arguments.ts'
import type { Parsed } from './line/parser.ts'
import { readLine } from './line/reader.ts'

/**
 * Runs one command line, without the program's own name.
 * @returns the exit code of `domain/outcome.ts`; never throws
 */
export async function run(argv: readonly string[], context: CliContext): Promise<number> {
  let verb: string | undefined
  try {
    if (argv[0] === '__complete')
      return await (await import('./completion/complete.ts')).complete(argv.slice(1), context)
    const words = argv[0] === '--version' ? ['version', ...argv.slice(1)] : argv
    const parsed = (await readLine(words)) ?? (await parsedLine(words, context))
    if (parsed.help !== undefined) {
      context.stdout.write(parsed.help)
      return 0
    }
    verb = parsed.name
    let warnings = 0
    const openCluster: CliContext['openCluster'] = (flags) =>
      context.openCluster({
        ...flags,
        warn: (sentence) => {
          warnings += 1
          flags.warn?.(sentence)
        },
      })
    const file = text(parsed.args, 'log')
    const log =
      file === undefined ? {} : (await import('./terminal/log-file.ts')).openLog(file, words, context.clock.now)
    const exit = await parsed.command.run(parsed.args, { ...context, ...log, openCluster, run })
    if (exit !== EXIT.done || warnings === 0 || !flag(parsed.args, 'warnings-as-errors')) return exit
    writeLines(context.stderr, [`error: ${warnings} warning${warnings === 1 ? '' : 's'} received`])
    return EXIT.failed
  } catch (error) {
    const { exit, lines } = failureOf(error, verb)
    writeLines(context.stderr, lines)
    return exit
  }
}

async function parsedLine(words: readonly string[], { stdout }: CliContext): Promise<Parsed> {
  return (await import('./line/parser.ts')).parse(words, stdout.columns ?? 110)
}
