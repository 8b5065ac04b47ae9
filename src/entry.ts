import { asked } from './text/asked.ts'

/** What is known when the program is built (build/bundle.ts). */
declare const BUILT_VERSION: string
/** A line for each verb, as it is completed. */
declare const BUILT_VERBS: string
/** The help of each verb, and of all under no name, by the columns it is wrapped for. */
declare const BUILT_HELP: Readonly<Record<number, Readonly<Record<string, string>>>>

/** Where it is printed. Each runtime has a way of its own, so that nothing else need be loaded. */
export interface Printer {
  /** Of the terminal; undefined where it is none. */
  columns(): number | undefined
  /** @param otherwise is called where the text cannot be written: the program itself knows what to say */
  print(text: string, otherwise: () => unknown): void
}

/**
 * Prints what needs nothing of the program: the version, the verbs that begin as what is typed, help. Else loads it.
 * @param words after the program's own name
 */
export function start(called: string, words: readonly string[], printer: Printer, load: () => unknown): void {
  const text = known(asked(called, words), printer)
  if (text === undefined) load()
  else printer.print(text, load)
}

function known([first = '--help', second, ...more]: readonly string[], printer: Printer): string | undefined {
  if (more.length > 0) return undefined
  if (second === undefined && (first === 'version' || first === '--version')) return BUILT_VERSION
  if (first !== '__complete') return help(first, second, printer)
  if (second === undefined || second.startsWith('-')) return undefined
  return [...BUILT_VERBS.split('\n').filter((each) => each.startsWith(second)), ':4\n'].join('\n')
}

/** `--help`, `help`, `help VERB`, `VERB --help`, in as many columns as it was made for. */
function help(first: string, second: string | undefined, printer: Printer): string | undefined {
  const asks = (word: string | undefined) => word === '--help' || word === '-h'
  const verb = second === undefined && (first === 'help' || asks(first)) ? '' : first === 'help' ? second : first
  if (verb === undefined || (verb === first && !asks(second))) return undefined
  const screens = BUILT_HELP[Math.min(printer.columns() ?? WIDEST, WIDEST)] ?? {}
  return Object.hasOwn(screens, verb) ? screens[verb] : undefined
}

/** Columns beyond which help is not wrapped. */
const WIDEST = 110
