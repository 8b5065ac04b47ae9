import { spawn } from 'node:child_process'
import { printable } from '../text/printable.ts'
import type { ConnectionFlags } from './flags.ts'

/** How a plugin has ended. */
export type Ran =
  | { readonly ended: 'well'; readonly stdout: string }
  | { readonly ended: 'badly'; readonly how: string; readonly stderr: string }
  | { readonly ended: 'unfound' }
  | { readonly ended: 'unstarted'; readonly why: string }
  | { readonly ended: 'too-long'; readonly most: number }

/** More than any credential: a certificate and its key are some kilobytes. */
const MOST = 4 * 1024 * 1024

export interface Circumstances {
  /** It gets standard input, to ask. */
  readonly interactive: boolean
  readonly flags: Pick<ConnectionFlags, 'sharesStderr' | 'trace'>
  readonly ended: AbortSignal
}

/**
 * Runs a plugin to its end, or until the signal ends it; one that ended, or is to end, keeps nobody waiting through
 * what it has started itself. @throws the signal's reason
 */
export function runPlugin(
  command: string,
  words: readonly string[],
  env: NodeJS.ProcessEnv,
  { interactive, flags, ended }: Circumstances,
): Promise<Ran> {
  const { promise, resolve, reject } = Promise.withResolvers<Ran>()
  if (ended.aborted) return Promise.reject(ended.reason)
  const shared = flags.sharesStderr?.() === true
  const child = spawn(command, words, {
    env,
    stdio: [interactive ? 'inherit' : 'ignore', 'pipe', shared ? 'inherit' : 'pipe'],
  })
  const stdout: Buffer[] = []
  let size = 0
  let stderr = ''
  const leave = (): void => {
    ended.removeEventListener('abort', stop)
    child.kill()
    child.stdout?.destroy()
    child.stderr?.destroy()
    child.unref()
  }
  const settle = (ran: Ran): void => {
    leave()
    resolve(ran)
  }
  const stop = (): void => {
    leave()
    reject(ended.reason)
  }
  ended.addEventListener('abort', stop, { once: true })
  child.stdout?.on('data', (chunk: Buffer) => {
    size += chunk.length
    stdout.push(chunk)
    if (size > MOST) settle({ ended: 'too-long', most: MOST })
  })
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    stderr = `${stderr}${chunk}`.slice(-4096)
    if (interactive) flags.trace?.(chunk.trimEnd().split('\n').map(printable).join('\n'))
  })
  child.on('error', (error: NodeJS.ErrnoException) =>
    settle(error.code === 'ENOENT' ? { ended: 'unfound' } : { ended: 'unstarted', why: error.message }),
  )
  // Not its exit: what it wrote last may still be on the way.
  child.on('close', (code, signal) =>
    settle(
      code === 0
        ? { ended: 'well', stdout: Buffer.concat(stdout).toString('utf8') }
        : { ended: 'badly', how: code === null ? `signal ${signal}` : `exit code ${code}`, stderr },
    ),
  )
  return promise
}
