import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'

/** A process that has ended; `code` is null where a signal ended it. */
export interface Finished {
  readonly stdout: string
  readonly stderr: string
  readonly code: number | null
}

export interface RunOptions {
  readonly input?: string | undefined
  readonly env?: Readonly<Record<string, string>>
  /** The environment is `env` alone. */
  readonly only?: boolean
}

/** Runs a program to its end. @throws Error where it cannot be started */
export async function run(program: string, args: readonly string[], options: RunOptions = {}): Promise<Finished> {
  const child = spawn(program, args, { env: { ...(!options.only && process.env), ...options.env } })
  // A program that ends without reading its input is no failure of ours.
  child.stdin.on('error', () => {}).end(options.input ?? '')
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  return { stdout, stderr, code }
}
