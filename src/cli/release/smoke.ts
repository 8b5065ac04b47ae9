import { type ChildProcess, spawn } from 'node:child_process'
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
  /** How all that it has started is ended with it; absent: it alone is. */
  readonly signalGroup?: ((first: number, signal: NodeJS.Signals) => void) | undefined
  /** Ends it. */
  readonly stopping: AbortSignal
  /** Told of each line that it writes. */
  readonly say: (line: string) => void
}

/** What runs a command to its end. */
export type RunCommand = typeof runSmoke

/** Lines that are shown again where it fails. */
const LAST = 20

/** Milliseconds in which what is ended may clean up. */
const GRACE = 2000

/**
 * Runs a command by the shell to its end, with nothing to read; one that hangs is ended with all that it has started,
 * and so it is with the signal. What it has left running when it ends is ended, too, and keeps nobody waiting.
 * @throws the signal's reason
 */
export async function runSmoke(command: string, circumstances: Circumstances): Promise<Smoked> {
  const { env, limit, after, stopping, say, signalGroup } = circumstances
  stopping.throwIfAborted()
  const { promise, resolve, reject } = Promise.withResolvers<Smoked>()
  const lines: string[] = []
  const over = new AbortController()
  // In a group of its own, so that a signal reaches whatever it has started.
  const child = spawn(command, {
    shell: true,
    env: { ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: signalGroup !== undefined,
  })
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
  const send = (signal: NodeJS.Signals): void => signalAll(child, signal, signalGroup)
  /** Ends it, and says then why; who has not ended after a moment is not asked again. */
  const end = (say: () => void): void => {
    send('SIGTERM')
    const ended = new Promise<void>((settle) => child.once('close', () => settle()))
    void Promise.race([ended, after(GRACE, over.signal).catch(() => undefined)]).then(say)
  }
  const stop = (): void => end(() => reject(stopping.reason))
  stopping.addEventListener('abort', stop, { once: true })
  let hangs = false
  if (limit > 0)
    after(limit, over.signal).then(
      () => {
        hangs = true
        end(() => failed('hung', `it has not ended within ${limit / 1000} s, and was ended`))
      },
      () => undefined,
    )
  child.on('error', (error) => failed('unstarted', `it could not be started: ${error.message}`))
  child.on('exit', () => send('SIGKILL'))
  child.on('close', (code, signal) => {
    if (hangs || stopping.aborted) return
    if (code === 0) resolve({ ended: 'passed' })
    else failed('failed', whyEnded(code, signal))
  })
  return promise.finally(() => {
    over.abort()
    stopping.removeEventListener('abort', stop)
    if (child.exitCode === null && child.signalCode === null) send('SIGKILL')
    child.stdout.destroy()
    child.stderr.destroy()
    child.unref()
  })
}

/** To the command and all that it has started, as far as it is there. */
function signalAll(child: ChildProcess, signal: NodeJS.Signals, signalGroup: Circumstances['signalGroup']): void {
  if (child.pid === undefined) return
  try {
    if (signalGroup === undefined) child.kill(signal)
    else signalGroup(child.pid, signal)
  } catch (error) {
    // Nobody is left of it, or nobody that is ours.
    if (!['ESRCH', 'EPERM'].includes(String((error as NodeJS.ErrnoException).code))) throw error
  }
}

/** What a shell means by the exit codes of its own (POSIX, Shell Command Language, 2.8.2). */
const OF_SHELL: { readonly [code: number]: string } = {
  126: 'its command cannot be run',
  127: 'its command was not found',
}

function whyEnded(code: number | null, signal: NodeJS.Signals | null): string {
  if (code === null) return `it was ended by ${signal}`
  return OF_SHELL[code] === undefined ? `it ended with exit code ${code}` : `${OF_SHELL[code]} (exit code ${code})`
}
