import { loadAll } from 'js-yaml'
import type { Fence } from './fences.ts'

/** A command line of a document, as it is run by a test. */
export interface CommandLine {
  readonly line: string
  readonly exit: number
  /** Lines of its standard output that the document shows. */
  readonly shows: readonly string[]
}

/** The command lines of a block that call the plugin, and those of kubectl around them. */
export function commandsOf({ language, text }: Fence): CommandLine[] {
  switch (language) {
    case 'sh':
      return text
        .split('\n')
        .filter(isCommand)
        .map((line) => command(line))
    case 'console':
      return text
        .split(/^\$ /m)
        .slice(1)
        .map((part) => {
          const [line = '', ...shown] = part.trimEnd().split('\n')
          return command(
            line,
            shown.filter((each) => each !== ''),
          )
        })
    case 'yaml':
      return loadAll(text)
        .flatMap(strings)
        .flatMap((each) => each.split('\n'))
        .filter((each) => /^kubectl rollouts-group /.test(each.trim()))
        .map((line) => command(line.trim()))
    default:
      return []
  }
}

function isCommand(line: string): boolean {
  return /^(kubectl|bin\/kubectl-rollouts_group) /.test(line)
}

function command(line: string, shows: readonly string[] = []): CommandLine {
  const [, words = line, exit] = /^(.*?)(?: +#(?: exits with (\d+))?.*)?$/.exec(line)!
  return {
    line: unattended(words.replace(/^bin\/kubectl-rollouts_group/, 'kubectl rollouts-group')),
    exit: exit === undefined ? (words.includes('miswired check') ? 3 : 0) : Number(exit),
    shows,
  }
}

/** Nobody is there to be asked, or to look at a screen. */
function unattended(line: string): string {
  // What plays for long or for ever is played by the tests of demo, files of one's own by those of their verbs.
  if (/ release .*-f examples\//.test(line)) return `${line} --yes`
  const file = / (deploy-all|pin|unpin|release|settle|undo-all) /.exec(line)
  if (file !== null) return `${line.slice(0, file.index)} ${file[1]} --help`
  if (/ --serve\b| forward\b| demo( --script)?$/.test(line)) return `${line} --help`
  if (/ (?<! help )\w+-all( |$)/.test(line) && !/ (--yes|--dry-run)\b/.test(line)) return `${line} --yes`
  return line.replace(/ -w\b/, '')
}

function strings(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(strings) : []
}
