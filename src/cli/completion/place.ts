import type { Command, OptionTable } from '../command.ts'
import { loadVerb } from '../load.ts'
import { COMMANDS, type Listed } from '../line/verbs.ts'
import { COLOUR, GLOBAL } from '../line/options.ts'

/** Where in a command line the word stands that is being typed, and what was typed before it. */
export interface TypedPlace {
  /** The verb, once it is typed. */
  readonly verb: { readonly listed: Listed; readonly command: Command } | undefined
  /** What the verb takes; before a verb, what all take. */
  readonly options: OptionTable
  /** Options that stand before it, by long name, each value in turn. */
  readonly given: Readonly<Record<string, readonly string[]>>
  /** Words after the verb that are no options. */
  readonly positionals: readonly string[]
  /** The option whose value is being typed. */
  readonly valueOf: string | undefined
  /** What is typed of it so far. */
  readonly typed: string
  /** The scenario of `demo`, where the verb is one that demo runs. */
  readonly scenario?: string
}

/**
 * Finds the place of the last word; nothing is judged, as a line that is being typed need not be right yet.
 * @param words after `kubectl rollouts-group`; the last one is being typed and may be empty
 */
export async function placeOf(words: readonly string[]): Promise<TypedPlace> {
  const typed = words.at(-1) ?? ''
  const given: Record<string, string[]> = {}
  const positionals: string[] = []
  let verb: TypedPlace['verb']
  let options: OptionTable = { ...COLOUR, ...GLOBAL }
  let valueOf: string | undefined
  const note = (name: string, value: string): void => {
    ;(given[name] ??= []).push(value)
  }

  for (const [index, word] of words.slice(0, -1).entries()) {
    const option = optionOf(word, options)
    if (valueOf !== undefined) {
      note(valueOf, word)
      valueOf = undefined
    } else if (option !== undefined) {
      const { name, value } = option
      if (value === undefined && takesValue(options, name)) valueOf = name
      else note(name, value ?? 'true')
    } else if (verb === undefined) {
      const listed = COMMANDS.find((each) => each.name === word)
      if (listed === undefined) return { verb, options: {}, given, positionals: [word], valueOf, typed }
      verb = { listed, command: await loadVerb(listed.name) }
      options = { ...verb.command.options, ...options }
    } else if (verb.listed.name === 'demo' && COMMANDS.some((each) => each.name === word)) {
      return { ...(await placeOf(words.slice(index))), scenario: positionals[0] ?? 'legacy' }
    } else {
      positionals.push(word)
    }
  }
  const { name, value } = optionOf(typed, options) ?? {}
  const place = { verb, options, given, positionals }
  if (valueOf === undefined && name !== undefined && value !== undefined)
    return { ...place, valueOf: name, typed: value }
  return { ...place, valueOf, typed }
}

/**
 * `--name`, `--name=value`, `-n`, `-nvalue`, by the option's name in its table; undefined where the word is no option,
 * or an unknown letter.
 */
function optionOf(
  word: string,
  options: OptionTable,
): { readonly name: string; readonly value: string | undefined } | undefined {
  const named = (typed: string) => Object.keys(options).find((each) => each === typed || options[each]?.alias === typed)
  const [, long, value] = /^--([\w-]+)(?:=(.*))?$/s.exec(word) ?? []
  if (long !== undefined) return { name: named(long) ?? long, value }
  const [, letter, rest] = /^-(\w)=?(.*)$/s.exec(word) ?? []
  const name = letter === undefined ? undefined : named(letter)
  return name === undefined ? undefined : { name, value: rest === '' ? undefined : rest }
}

function takesValue(options: OptionTable, name: string): boolean {
  return options[name]?.requiresArg === true
}
