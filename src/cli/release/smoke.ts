import { spawn } from 'node:child_process'
import { printable } from '../../text/printable.ts'

/** How a smoke test has ended. */
export type Smoked =
  | { readonly ended: 'passed' }
  | { readonly ended: 'failed' | 'hung' | 'unstarted'; readonly why: string; readonly lastLines: readonly string[] }

interface Circumstances {
  readonly env: Readonly<Record<string, string | undefined>>
  /** Milliseconds until it counts as hanging; 0: never. */
  readonly limit: number
  readonly after: (milliseconds: number, signal: AbortSignal) => Promise<void>
  /** Ends it. */
  readonly stopping: AbortSignal
  /** Told of each line that it writes. */
  readonly say: (line: string) => void
}

/** Lines that are shown again where it fails. */
const LAST = 20

/**
 * Runs a command by the shell to its end, with nothing to read; one that hangs is ended, and so it is with the signal.
 * What it has started itself keeps nobody waiting.
 * @throws the signal's reason
 */
export async function runSmoke(command: string, circumstances: Circumstances): Promise<Smoked> {
  const { env, limit, after, stopping, say } = circumstances
  stopping.throwIfAborted()
  const { promise, resolve, reject } = Promise.withResolvers<Smoked>()
  const lines: string[] = []
  const over = new AbortController()
  const child = spawn(command, { shell: true, env: { ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
  for (const stream of [child.stdout, child.stderr]) {
    let rest = ''
    const heard = (line: string): void => {
      lines.push(printable(line))
      if (lines.length > LAST) lines.shift()
      say(printable(line))
    }
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      const parts = `${rest}${chunk}`.split('\n')
      rest = parts.pop()!.slice(-4096)
      for (const each of parts) heard(each)
    })
    stream.on('end', () => {
      if (rest !== '') heard(rest)
    })
  }
  const failed = (ended: 'failed' | 'hung' | 'unstarted', why: string): void =>
    resolve({ ended, why, lastLines: lines })
  const stop = (): void => reject(stopping.reason)
  stopping.addEventListener('abort', stop, { once: true })
  if (limit > 0)
    after(limit, over.signal).then(
      () => failed('hung', `it has not ended within ${limit / 1000} s, and was ended`),
      () => undefined,
    )
  child.on('error', (error) => failed('unstarted', `it could not be started: ${error.message}`))
  child.on('close', (code, signal) => {
    if (code === 0) resolve({ ended: 'passed' })
    else failed('failed', code === null ? `it was ended by ${signal}` : `it ended with exit code ${code}`)
  })
  return promise.finally(() => {
    over.abort()
    stopping.removeEventListener('abort', stop)
    child.kill()
    child.stdout.destroy()
    child.stderr.destroy()
    child.unref()
  })
}
