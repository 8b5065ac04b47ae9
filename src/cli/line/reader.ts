import type { Arguments, Command, OptionTable } from '../command.ts'
import { loadVerb } from '../load.ts'
import { COLOUR, GLOBAL } from './options.ts'
import { COMMANDS, furtherOf, positionalOf } from './verbs.ts'

/** A verb, and what it was called with. */
export interface Called {
  readonly help: undefined
  readonly name: string
  readonly command: Command
  readonly args: Arguments
}

/** Verbs that the parser is needed for anyway, or whose words are of another verb. */
const BESIDE: readonly string[] = ['help', 'demo']

/**
 * Reads a well-formed command line as the parser does, without the parser: that takes longer to load than all the rest.
 * @returns undefined where the parser must look: what is not plainly right, wants help, or runs another verb
 */
export async function readLine(argv: readonly string[]): Promise<Called | undefined> {
  const listed = COMMANDS.find((each) => each.name === argv[0])
  if (listed === undefined || BESIDE.includes(listed.name)) return undefined
  const command = await loadVerb(listed.name)
  const options = { ...GLOBAL, ...COLOUR, ...command.options }
  const args = argumentsOf(argv.slice(1), [positionalOf(listed), furtherOf(listed)], options)
  return args === undefined ? undefined : { help: undefined, name: listed.name, command, args }
}

function argumentsOf(
  words: readonly string[],
  [positional, further]: readonly (string | undefined)[],
  options: OptionTable,
): Arguments | undefined {
  const args: Record<string, unknown> = {}
  const rest = [...words]
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (!word.startsWith('-')) {
      if (word === '' || positional === undefined) return undefined
      if (!Object.hasOwn(args, positional)) args[positional] = word
      else if (further === undefined) return undefined
      else args[further] = [args[further] ?? [], word].flat()
      continue
    }
    const found = optionsIn(word, options)
    if (found === undefined) return undefined
    for (const [name, joined] of found) {
      const value = options[name]!.type === 'boolean' ? switched(joined, rest[0]) : valued(name, joined, options, rest)
      if (value === undefined) return undefined
      args[name] = Object.hasOwn(args, name) ? [args[name], value].flat() : value
    }
  }
  return args
}

type Found = readonly [name: string, joined: string | undefined]

/**
 * The options of a word: `--name`, `--name=value`, `-n`, `-nvalue`, `-n=value`, `-wn`; undefined where one is unknown.
 */
function optionsIn(word: string, options: OptionTable): readonly Found[] | undefined {
  const [, long, joined] = /^--([\w-]+)(?:=(.*))?$/s.exec(word) ?? []
  if (long !== undefined) {
    const name = named(long, options)
    return name === undefined ? undefined : [[name, joined]]
  }
  const found: Found[] = []
  for (let at = 1; at < word.length; at += 1) {
    const name = named(word[at]!, options)
    if (name === undefined) return undefined
    const after = word.slice(at + 1)
    const alone = after === '' || (options[name]!.type === 'boolean' && !after.startsWith('='))
    found.push([name, alone ? undefined : after.replace(/^=/, '')])
    if (!alone) break
  }
  return found.length === 0 ? undefined : found
}

function named(typed: string, options: OptionTable): string | undefined {
  if (Object.hasOwn(options, typed)) return typed
  return Object.keys(options).find((each) => options[each]!.alias === typed)
}

/** A switch; true and false in a word of their own may be the parser's affair. */
function switched(joined: string | undefined, next: string | undefined): boolean | undefined {
  if (joined === undefined) return next === 'true' || next === 'false' ? undefined : true
  return joined === 'true' || joined === 'false' ? joined === 'true' : undefined
}

function valued(name: string, joined: string | undefined, options: OptionTable, rest: string[]): string | undefined {
  if (joined !== undefined) return joined === '' ? undefined : joined
  if (options[name]!.requiresArg !== true) return UNSAID[name]
  const next = rest.shift()
  return next === '' || next?.startsWith('-') ? undefined : next
}

/** What an option means that stands without a value. */
export const UNSAID: { readonly [name: string]: string } = { 'dry-run': 'client' }
