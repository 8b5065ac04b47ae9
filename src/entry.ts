import { writeSync } from 'node:fs'

/** What is known when the program is built (build/bundle.ts). */
declare const BUILT_VERSION: string
/** A line for each verb, as it is completed. */
declare const BUILT_VERBS: string

/** Texts that need nothing of the program to be loaded: the version, and the verbs that begin as what is typed. */
function known(path: string, words: readonly string[]): string | undefined {
  const completes = /(^|[\\/])kubectl_complete-[^\\/]*$/.test(path)
  const [first = '', second, ...more] = completes ? ['__complete', ...words] : words
  if (second === undefined && (first === 'version' || first === '--version')) return BUILT_VERSION
  if (first !== '__complete' || second === undefined || more.length > 0 || second.startsWith('-')) return undefined
  return [...BUILT_VERBS.split('\n').filter((each) => each.startsWith(second)), ':4\n'].join('\n')
}

/** Whether it could be written; where not, the program itself knows what to say. */
function written(text: string): boolean {
  try {
    return writeSync(1, text) > 0
  } catch {
    return false
  }
}

const text = known(process.argv[1] ?? '', process.argv.slice(2))
if (text === undefined || !written(text)) await import('./main.ts')
