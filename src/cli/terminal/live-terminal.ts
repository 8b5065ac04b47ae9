import type { Requested } from '../../view/tui/state.ts'
import type { CliContext, Terminal } from '../context.ts'

/** A terminal on which a live screen can be shown. */
export interface LiveTerminal {
  readonly terminal: Terminal
  /** The process, but what is written to standard error while the screen is shown comes after it. */
  readonly context: CliContext
  /** The last requests that were sent, and what came back, with the time. */
  requests(): readonly Requested[]
  /**
   * From now on, until it is disposed of.
   * @param lend steps aside while a credential plugin asks
   */
  holdBack(lend: Lend): Disposable
}

type Lend = <T>(use: () => Promise<T>) => Promise<T>

/**
 * The terminal where a live screen can be shown: both streams are one that can be drawn on, and no pipeline runs it.
 */
export function liveTerminal(context: CliContext): LiveTerminal | undefined {
  const { env, stderr } = context
  const pipeline = env.CI !== undefined && !['', '0', 'false'].includes(env.CI)
  const terminal = pipeline || env.TERM === 'dumb' ? undefined : context.terminal?.()
  if (terminal === undefined) return undefined
  let held: string[] | undefined
  let lend: Lend | undefined
  let lent = false
  const requests: Requested[] = []
  return {
    terminal,
    requests: () => requests,
    context: {
      ...context,
      hear(heard) {
        requests.push({ at: context.clock.now(), ...heard })
        if (requests.length > MOST_HELD) requests.shift()
        context.hear?.(heard)
      },
      plugins: {
        sharesStderr: () => (held === undefined || lent) && context.plugins?.sharesStderr?.() === true,
        async lendTerminal(use) {
          if (lend === undefined) return use()
          return lend(() => {
            lent = true
            return use().finally(() => {
              lent = false
            })
          })
        },
      },
      stderr: {
        write(text) {
          if (held === undefined) return stderr.write(text)
          held.push(text)
          if (held.length > MOST_HELD) held.shift()
        },
        get isTTY() {
          return stderr.isTTY
        },
        get columns() {
          return stderr.columns
        },
        closed: stderr.closed,
      },
    },
    holdBack(given) {
      held = []
      lend = given
      return {
        [Symbol.dispose]() {
          lend = undefined
          for (const text of held ?? []) stderr.write(text)
          held = undefined
        },
      }
    },
  }
}

/** More writes than these are not kept: with -v each request is one. */
const MOST_HELD = 1000
