import { EXIT } from '../../domain/run/outcome.ts'
import { printable } from '../../text/printable.ts'
import { reportScreen, wholeScreen } from '../../view/words/report-screen.ts'
import { openNamespacesStore } from '../../watch/group-store.ts'
import type { CurrentStore } from '../../watch/current-store.ts'
import type { Arguments } from '../command.ts'
import { listenForInterrupts } from '../interrupt.ts'
import type { LiveTerminal } from '../terminal/live-terminal.ts'
import { drawingOn, writeLines } from '../terminal/output.ts'
import { worldOf } from './live-world.ts'
import { openRunner } from './runner.ts'
import type { Subject } from './subject.ts'

/**
 * Shows groups live until a person leaves, and carries out what is confirmed there.
 * @throws ClusterError where what is shown cannot be read
 */
export async function showLive(
  args: Arguments,
  { context, terminal, requests, holdBack }: LiveTerminal,
  shown: Subject,
): Promise<number> {
  const { cluster, breadth, group } = shown
  using interruption = listenForInterrupts(context)
  const over = new AbortController()
  const ended = AbortSignal.any([interruption.stopping, context.stdout.closed, over.signal])
  const watching = new AbortController()
  const store = openNamespacesStore(cluster, breadth, watching.signal)
  try {
    // What is needed to draw is loaded while the cluster is read.
    const loading = Promise.all([
      import('../../view/tui/app.ts'),
      import('../../view/tui/session.ts'),
      import('../../view/tui/state.ts'),
    ])
    await firstSign(store, ended)
    if (store.failure() !== undefined) throw store.failure()
    if (ended.aborted) return EXIT.interrupted
    if (store.getSnapshot() !== undefined && shown.groupsIn(store.getSnapshot()!).length === 0) await shown.none()
    const [{ showOn }, { openSession }, { startAt, keyOf }] = await loading
    const runner = openRunner(args, context, shown, interruption)
    const world = worldOf(args, context, { ...terminal, requests }, shown, store, runner, watching.signal)
    const first =
      group === undefined
        ? startAt('groups')
        : startAt('group', keyOf({ namespace: breadth.namespace ?? '', name: group }))
    store.subscribe(() => {
      if (store.failure() !== undefined) over.abort()
    })
    let exit
    {
      const session = openSession(first, world, ended)
      using _held = holdBack(session.lend)
      exit = await showOn(terminal, session)
    }
    const drawing = drawingOn(context.stdout, args, context)
    for (const { took, whole, ...end } of runner.ended()) {
      const { plan, reports, exit: how, failure } = end
      writeLines(
        context.stdout,
        whole !== undefined
          ? wholeScreen(end, whole, took, drawing)
          : failure === undefined
            ? reportScreen(plan, reports, how, took, drawing)
            : [printable(failure)],
      )
    }
    if (store.failure() !== undefined) throw store.failure()
    return exit
  } finally {
    watching.abort()
  }
}

/**
 * Resolves at the first thing that is worth a screen: what was read, that it cannot be, or that there is no connection.
 */
async function firstSign(store: CurrentStore<unknown>, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const look = () => {
    if (
      store.getSnapshot() !== undefined ||
      store.failure() !== undefined ||
      store.connection().state === 'disconnected'
    )
      resolve()
  }
  const leave = () => resolve()
  const unsubscribe = store.subscribe(look)
  signal.addEventListener('abort', leave, { once: true })
  look()
  if (signal.aborted) leave()
  await promise
  unsubscribe()
  signal.removeEventListener('abort', leave)
}
