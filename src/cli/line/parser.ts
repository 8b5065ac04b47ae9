import yargs, { type Argv, type Options as YargsOption } from 'yargs'
import { type Arguments, type Command, type OptionTable, UsageError } from '../command.ts'
import { loadVerb } from '../load.ts'
import { COLOUR, GLOBAL } from './options.ts'
import { type Called, UNSAID } from './reader.ts'
import { didYouMean } from './suggest.ts'
import { unknownVerb } from './unknown-verb.ts'
import { COMMANDS, furtherOf, type Listed, positionalOf } from './verbs.ts'

/** What a command line comes to: help to show, or a verb to run. */
export type Parsed = { readonly help: string } | Called

const PREAMBLE =
  'Releases Argo Rollouts that belong together, together: no live request ever meets two versions or an empty service.'
const NOTES =
  "Flags come after the plugin's name: kubectl refuses them " +
  'before it (kubectl -n legacy rollouts-group … cannot work).\n' +
  'Exit codes: 0 done, 1 failed, 2 usage, 3 refused by findings, 4 ' +
  'partly done, 5 changed or locked, 6 timed out, 7 unapproved, 130 interrupted.\n\n' +
  ('Use "kubectl rollouts-group VERB --help" for a verb, "kubectl ' +
    'rollouts-group options" for the flags that every verb takes.')
/** Below the help of each verb, in the words of kubectl. */
const GLOBALS_ELSEWHERE =
  'Use "kubectl rollouts-group options" for the flags that every verb takes (-n, --context, --as, -v, …).'

/**
 * Parses a command line; only the module of the verb it names is loaded.
 * @param columns of the terminal that help is wrapped for
 * @throws UsageError
 */
export async function parse(argv: readonly string[], columns: number): Promise<Parsed> {
  // Loaded before, so that yargs need not wait for a builder: when it waits it renders the whole help each time.
  const loaded = new Map(
    await Promise.all(
      COMMANDS.filter((each) => argv.includes(each.name)).map(
        async (each) => [each.name, await loadVerb(each.name)] as const,
      ),
    ),
  )
  let called: { name: string; command: Command } | undefined
  let known: OptionTable = { ...GLOBAL, ...COLOUR }
  const parser = yargs()
    .scriptName('kubectl rollouts-group')
    .locale('en')
    .wrap(Math.min(columns, 110))
    .exitProcess(false)
    .fail(false)
    .strict()
    .version(false)
    .help('help')
    .alias('help', 'h')
    .parserConfiguration({
      'camel-case-expansion': false,
      'dot-notation': false,
      'parse-numbers': false,
      'parse-positional-numbers': false,
      'boolean-negation': false,
      'populate--': true,
    })
    .usage(`${PREAMBLE}\n\nUsage: kubectl rollouts-group VERB [GROUP] [flags]`)
    .options({ ...(argv.find(isVerb) === 'options' ? GLOBAL : HIDDEN), ...COLOUR })
    .epilogue(NOTES)
  for (const listed of COMMANDS) {
    parser.command({
      command: `${listed.name}${positional(listed)}`,
      describe: listed.summary,
      builder: (verb: Argv) => {
        const command = loaded.get(listed.name)!
        called = { name: listed.name, command }
        known = { ...known, ...command.options }
        const line = [listed.name, listed.arguments, '[flags]'].filter((each) => each !== '').join(' ')
        const usage = `Usage: kubectl rollouts-group ${line}`
        const below = [command.notes ?? '', listed.name === 'options' ? '' : GLOBALS_ELSEWHERE]
        return verb
          .usage([sentence(listed.summary), usage, examplesOf(command)].join('\n\n'))
          .options(command.options)
          .epilogue(below.filter((each) => each !== '').join('\n\n'))
      },
      handler: (args) => {
        throw new Understood(args as Arguments)
      },
    })
  }
  let output = ''
  const options = [known, ...[...loaded.values()].map((each) => each.options)].flatMap(Object.entries<YargsOption>)
  const words = apart(argv, options).flatMap((each, index, all) =>
    all.slice(0, index).includes('--')
      ? [each]
      : each === '--dry-run'
        ? [`--dry-run=${UNSAID['dry-run']}`]
        : parted(each, options),
  )
  try {
    await parser.parseAsync(words, {}, (_error: unknown, _args: unknown, text: string) => {
      output = text
    })
    return output === '' ? await withoutVerb(argv, parser) : { help: `${asListed(output)}\n` }
  } catch (error) {
    if (error instanceof Understood && called !== undefined) {
      checkFlags(words, known, called.name)
      return { help: undefined, ...called, args: error.args }
    }
    if (error instanceof UsageError || !isUsage(error)) throw error
    throw explained(error, words, known, called?.name)
  }
}

/** Ends the parsing where a verb is understood: yargs would go on to render the whole help, which nobody asked for. */
class Understood extends Error {
  readonly args: Arguments

  constructor(args: Arguments) {
    super()
    this.args = args
  }
}

/** Taken everywhere, explained in one place. */
const HIDDEN: OptionTable = Object.fromEntries(
  Object.entries(GLOBAL).map(([name, option]) => [name, { ...option, hidden: true }]),
)

function isVerb(word: string): boolean {
  return COMMANDS.some((each) => each.name === word)
}

type Options = readonly (readonly [name: string, option: YargsOption])[]

function typeOf(name: string, options: Options): YargsOption['type'] | undefined {
  return options.find(([long, { alias }]) => [long, alias].includes(name))?.[1].type
}

/**
 * The verb that demo runs, and its words, are not demo's own, nor are flags before demo; elsewhere `--` only says that
 * a name follows.
 */
function apart(argv: readonly string[], options: Options): readonly string[] {
  const at = argv.findIndex(isVerb)
  const [, flag] = /^--?([\w-]+)$/.exec(argv[at - 1] ?? '') ?? []
  const isValue = flag !== undefined && typeOf(flag, options) === 'string'
  if (argv[at] !== 'demo' || isValue) return argv.filter((each) => each !== '--')
  const words = [...argv.slice(at), ...argv.slice(0, at)]
  const inner = words.findIndex((word, index) => index > 0 && isVerb(word))
  return inner < 0 ? words : [...words.slice(0, inner), '--', ...words.slice(inner)]
}

/** `-nlegacy`, which kubectl takes for `-n legacy` and yargs for seven flags. */
function parted(word: string, options: Options): string[] {
  const letters = /^-([A-Za-z]+)/.exec(word)?.[1] ?? ''
  const taking = [...letters].findIndex((each) => typeOf(each, options) !== 'boolean') + 1
  const value = word.slice(taking + 1)
  if (taking === 0 || typeOf(word[taking]!, options) !== 'string' || value === '' || value.startsWith('='))
    return [word]
  return [...(taking > 1 ? [word.slice(0, taking)] : []), `-${word[taking]}=${value}`]
}

/** In yargs' words: optional, so that we say ourselves what is missing. */
function positional(listed: Listed): string {
  const name = positionalOf(listed)
  const further = furtherOf(listed)
  return `${name === undefined ? '' : ` [${name}]`}${further === undefined ? '' : ` [${further}..]`}`
}

/** yargs' words for arguments give way to ours, in as many columns; what is indented is so with blanks again. */
function asListed(help: string): string {
  return COMMANDS.reduce(
    (text, listed) => {
      const [theirs, ours] = [
        `rollouts-group ${listed.name}${positional(listed)}`,
        `rollouts-group ${listed.name} ${listed.arguments.split(' ')[0]!}`.trimEnd(),
      ]
      return text.replace(`${theirs} `, `${ours.padEnd(theirs.length)} `)
    },
    help.replaceAll(INDENT, '  '),
  )
}

async function withoutVerb(argv: readonly string[], parser: Argv): Promise<Parsed> {
  const word = argv.find((each) => !each.startsWith('-'))
  if (word === undefined) return { help: `${asListed(await parser.getHelp())}\n` }
  throw unknownVerb(word)
}

/** A switch takes no word but true and false; anything else was meant otherwise. */
function checkFlags(words: readonly string[], known: OptionTable, verb: string): void {
  for (const word of words.slice(0, words.includes('--') ? words.indexOf('--') : undefined)) {
    const [, name, value] = /^--([\w-]+)=(.*)$/s.exec(word) ?? []
    if (name !== undefined && known[name]?.type === 'boolean' && value !== 'true' && value !== 'false') {
      throw new UsageError(`invalid argument ${JSON.stringify(value)} for --${name}: it is true or false`, verb)
    }
  }
}

function isUsage(error: unknown): error is Error {
  return error instanceof Error && /^(Unknown argument|Not enough arguments|Unknown command)/.test(error.message)
}

/** yargs' complaints in kubectl's words. */
function explained(
  { message }: Error,
  words: readonly string[],
  known: OptionTable,
  verb: string | undefined,
): UsageError {
  const name = /: ([^,]+)/.exec(message)?.[1] ?? ''
  const option =
    words.find((each) => each.replace(/=.*$/s, '') === `--${name}`) ??
    (name.length === 1 && words.some((each) => /^-\w/.test(each) && each.includes(name)) ? `-${name}` : undefined)
  if (message.startsWith('Not enough'))
    return new UsageError(`flag needs an argument: ${name.length === 1 ? `-${name}` : `--${name}`}`, verb)
  if (option !== undefined)
    return new UsageError(
      `unknown flag: ${name.length === 1 ? `-${name}` : `--${name}`}${
        name.length === 1
          ? ''
          : didYouMean(
              `--${name}`,
              Object.keys(known).map((each) => `--${each}`),
            )
      }`,
      verb,
    )
  // A word after it is not its value: without one it stands for client.
  const meant =
    words.includes('--dry-run=client') && /^(client|server|none)$/.test(name) ? `; write --dry-run=${name}` : ''
  return verb === undefined || verb === 'demo'
    ? unknownVerb(name)
    : new UsageError(`unexpected argument ${JSON.stringify(name)}: ${verb} takes no more words${meant}`, verb)
}

/** As kubectl shows them: a command line is never broken, so that it can be copied. */
function examplesOf({ examples }: Command): string {
  const lines = examples.map(([line, does]) => `${INDENT}# ${does}\n${INDENT}kubectl rollouts-group ${line}`)
  return `Examples:\n${lines.join('\n\n')}`
}

/** Blank, but not for yargs, which takes blanks from the beginning of a line. */
const INDENT = '\u2800\u2800'

function sentence(words: string): string {
  return `${words.slice(0, 1).toUpperCase()}${words.slice(1)}.`
}
