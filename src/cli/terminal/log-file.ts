import { appendFileSync } from 'node:fs'
import type { Heard } from '../../cluster/flags.ts'
import { printable } from '../../text/printable.ts'
import { fileFailure } from '../../text/file-failure.ts'
import { UsageError } from '../command.ts'

/** What is told to a log. */
interface LogFile {
  note(words: string): void
  hear(heard: Heard): void
}

/** Flags whose values let somebody in. */
const SECRET = /^--(token|password)(=.*)?$/

/**
 * A file to which is added what was asked for, the plan, and each request as it was sent with its answer; nobody but
 * its owner may read it.
 * @throws UsageError where it cannot be written
 */
export function openLog(path: string, argv: readonly string[], now: () => number): LogFile {
  const add = (words: string): void => {
    try {
      appendFileSync(path, `${new Date(now()).toISOString()} ${printable(words)}\n`, { mode: 0o600 })
    } catch (error) {
      throw new UsageError(`--log ${path}: ${fileFailure(error, path)}`)
    }
  }
  add(`kubectl rollouts-group ${masked(argv).join(' ')}`)
  return {
    note: add,
    hear: ({ method, url, body, result, took }) =>
      add(`${method} ${url} ${result} in ${took} ms${body === undefined ? '' : ` ${body}`}`),
  }
}

function masked(argv: readonly string[]): string[] {
  return argv.map((word, index) => {
    const [, name, value] = SECRET.exec(word) ?? []
    if (name !== undefined) return value === undefined ? word : `--${name}=<masked>`
    return SECRET.exec(argv[index - 1] ?? '')?.[2] === undefined && SECRET.test(argv[index - 1] ?? '')
      ? '<masked>'
      : word
  })
}
