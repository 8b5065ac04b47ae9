import { EXIT } from '../../domain/run/outcome.ts'
import { SIGNS } from '../../view/draw/theme.ts'
import type { CurrentStore } from '../../watch/current-store.ts'
import type { CliContext } from '../context.ts'
import { listenForInterrupts } from '../interrupt.ts'
import { writeLines } from '../terminal/output.ts'

/**
 * Writes a screen, and then each line that changes, until it is interrupted or its reader is gone.
 * @param render the lines of the screen as it is now
 * @param changesOnly without the screen as it is at the beginning
 * @throws what ended the watch, e.g. ClusterError
 */
export async function follow<Seen>(
  context: CliContext,
  open: (signal: AbortSignal) => CurrentStore<Seen>,
  render: (seen: Seen) => Promise<readonly string[]>,
  changesOnly = false,
): Promise<number> {
  using interruption = listenForInterrupts(context)
  const over = new AbortController()
  const ended = AbortSignal.any([interruption.stopping, context.stdout.closed, over.signal])
  const store = open(ended)
  let before: ReadonlySet<string> | undefined
  let lost = false
  try {
    while (!ended.aborted) {
      const changed = nextChange(store, ended)
      if (store.failure() !== undefined) throw store.failure()
      const connection = store.connection()
      if (lost !== (connection.state === 'disconnected')) {
        lost = connection.state === 'disconnected'
        writeLines(context.stderr, [
          connection.state === 'disconnected'
            ? `${SIGNS.warn} connection lost: ${connection.reason}`
            : `${SIGNS.good} connected again`,
        ])
      }
      const seen = store.getSnapshot()
      if (seen !== undefined) {
        const lines = await render(seen)
        writeLines(
          context.stdout,
          before === undefined ? (changesOnly ? [] : lines) : lines.filter((line) => line !== '' && !before!.has(line)),
        )
        before = new Set(lines)
      }
      await changed
    }
  } finally {
    over.abort()
  }
  return interruption.stopping.aborted ? EXIT.interrupted : EXIT.done
}

function nextChange(store: CurrentStore<unknown>, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const wake = () => resolve()
  const unsubscribe = store.subscribe(wake)
  signal.addEventListener('abort', wake, { once: true })
  if (signal.aborted) wake()
  return promise.finally(() => {
    unsubscribe()
    signal.removeEventListener('abort', wake)
  })
}
