import type { CliContext } from './context.ts'

/** What Ctrl-C means while something runs: once, start nothing new; twice, stop now. */
export interface Interruption extends Disposable {
  readonly stopping: AbortSignal
  readonly stopped: AbortSignal
}

/** Listens for interruptions until it is disposed of. */
export function listenForInterrupts(context: CliContext): Interruption {
  const stopping = new AbortController()
  const stopped = new AbortController()
  const forget = context.onInterrupt(() => (stopping.signal.aborted ? stopped : stopping).abort())
  return { stopping: stopping.signal, stopped: stopped.signal, [Symbol.dispose]: forget }
}
