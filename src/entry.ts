import { writeSync } from 'node:fs'

/** What is known when the program is built (build/bundle.ts). */
declare const BUILT_VERSION: string
/** A line for each verb, as it is completed. */
declare const BUILT_VERBS: string

/** Texts that need nothing of the program to be loaded: the version, the verbs that begin as what is typed, help. */
async function known(path: string, words: readonly string[]): Promise<string | undefined> {
  const completes = /(^|[\\/])kubectl_complete-[^\\/]*$/.test(path)
  const [first = '--help', second, ...more] = completes ? ['__complete', ...words] : words
  if (more.length > 0) return undefined
  if (second === undefined && (first === 'version' || first === '--version')) return BUILT_VERSION
  if (first !== '__complete') return help(first, second)
  if (second === undefined || second.startsWith('-')) return undefined
  return [...BUILT_VERBS.split('\n').filter((each) => each.startsWith(second)), ':4\n'].join('\n')
}

/** `--help`, `help`, `help VERB`, `VERB --help`, in as many columns as it was made for. */
async function help(first: string, second: string | undefined): Promise<string | undefined> {
  const asks = (word: string | undefined) => word === '--help' || word === '-h'
  const verb = second === undefined && (first === 'help' || asks(first)) ? '' : first === 'help' ? second : first
  if (verb === undefined || (verb === first && !asks(second))) return undefined
  const columns = process.getBuiltinModule('node:tty').isatty(1) ? process.stdout.columns : WIDEST
  const { HELP } = await import('./built-help.ts')
  const screens = HELP[String(Math.min(columns, WIDEST))] ?? {}
  return Object.hasOwn(screens, verb) ? screens[verb] : undefined
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

const text = await known(process.argv[1] ?? '', process.argv.slice(2))
if (text === undefined || !written(text)) await import('./main.ts')
