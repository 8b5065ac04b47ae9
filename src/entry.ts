import { fstatSync, writeSync } from 'node:fs'
import { asked } from './text/asked.ts'

/** What is known when the program is built (build/bundle.ts). */
declare const BUILT_VERSION: string
/** A line for each verb, as it is completed. */
declare const BUILT_VERBS: string
/** The help of each verb, and of all under no name, by the columns it is wrapped for. */
declare const BUILT_HELP: Readonly<Record<number, Readonly<Record<string, string>>>>

/**
 * Prints what needs nothing of the program: the version, the verbs that begin as what is typed, help. Else loads it.
 * @param words after the program's own name
 */
export function start(called: string, words: readonly string[], load: () => unknown): void {
  const text = known(called, words)
  if (text === undefined || !written(text)) load()
}

function known(called: string, words: readonly string[]): string | undefined {
  const [first = '--help', second, ...more] = asked(called, words)
  if (more.length > 0) return undefined
  if (second === undefined && (first === 'version' || first === '--version')) return BUILT_VERSION
  if (first !== '__complete') return help(first, second)
  if (second === undefined || second.startsWith('-')) return undefined
  return [...BUILT_VERBS.split('\n').filter((each) => each.startsWith(second)), ':4\n'].join('\n')
}

/** `--help`, `help`, `help VERB`, `VERB --help`, in as many columns as it was made for. */
function help(first: string, second: string | undefined): string | undefined {
  const asks = (word: string | undefined) => word === '--help' || word === '-h'
  const verb = second === undefined && (first === 'help' || asks(first)) ? '' : first === 'help' ? second : first
  if (verb === undefined || (verb === first && !asks(second))) return undefined
  const columns = mayBeTerminal() ? (process.stdout.columns ?? WIDEST) : WIDEST
  const screens = BUILT_HELP[Math.min(columns, WIDEST)] ?? {}
  return Object.hasOwn(screens, verb) ? screens[verb] : undefined
}

/** To ask a pipe or a file for its columns would take longer than all the rest. */
function mayBeTerminal(): boolean {
  try {
    return fstatSync(1).isCharacterDevice()
  } catch {
    // It is closed: that is told where it is written to.
    return false
  }
}

/** Columns beyond which help is not wrapped. */
const WIDEST = 110

/** Whether it could be written; where not, the program itself knows what to say. */
function written(text: string): boolean {
  const bytes = Buffer.from(text)
  for (let from = 0; from < bytes.length; ) {
    try {
      from += writeSync(1, bytes, from)
    } catch (error) {
      if (from === 0 || (error as NodeJS.ErrnoException).code !== 'EAGAIN') return false
      // Whoever reads has not kept up: half of it is there already.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5)
    }
  }
  return true
}
