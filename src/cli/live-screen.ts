import type { Cluster } from '../cluster/port.ts'
import type { Mode, Snapshot } from '../domain/group.ts'
import { EXIT } from '../domain/outcome.ts'
import type { Breadth } from '../live/discover.ts'
import { openNamespacesStore, type Store } from '../live/group-store.ts'
import { reportScreen } from '../view/run-rows.ts'
import type { Named } from '../view/view-cache.ts'
import type { Arguments } from './command.ts'
import type { CliContext, Terminal } from './context.ts'
import { listenForInterrupts } from './interrupt.ts'
import { openRunner, worldOf } from './live-world.ts'
import { drawingOn, writeLines } from './output.ts'

/** What a live screen is about. */
export interface Subject {
  readonly cluster: Cluster
  readonly breadth: Breadth
  readonly mode: Mode | undefined
  /** The name of the one group that is shown; undefined: all that are found. */
  readonly group: string | undefined
  /** Divides what is seen into groups. */
  groupsIn(seen: readonly Snapshot[]): readonly Named[]
  /** Selects the Rollouts of a group. */
  selectorOf(group: string): string
  /** Called where the first look finds nothing. @throws what a person is told of it */
  none(): Promise<void>
}

/** A terminal on which a live screen can be shown. */
export interface LiveTerminal {
  readonly terminal: Terminal
  /** The process, but what is written to standard error while the screen is shown comes after it. */
  readonly context: CliContext
  /** From now on, until it is disposed of. */
  holdBack(): Disposable
}

/** The terminal where a live screen can be shown: both streams are one that can be drawn on, and no pipeline runs it. */
export function liveTerminal(context: CliContext): LiveTerminal | undefined {
  const { env, stderr } = context
  const pipeline = env.CI !== undefined && !['', '0', 'false'].includes(env.CI)
  const terminal = pipeline || env.TERM === 'dumb' ? undefined : context.terminal?.()
  if (terminal === undefined) return undefined
  let held: string[] | undefined
  return {
    terminal,
    context: {
      ...context,
      stderr: { write: (text) => (held === undefined ? stderr.write(text) : void held.push(text)), get isTTY() { return stderr.isTTY }, get columns() { return stderr.columns }, closed: stderr.closed },
    },
    holdBack() {
      held = []
      return {
        [Symbol.dispose]() {
          for (const text of held?.slice(-MOST_HELD) ?? []) stderr.write(text)
          held = undefined
        },
      }
    },
  }
}

/** More writes than these are not kept: with -v each request is one. */
const MOST_HELD = 1000

/**
 * Shows groups live until a person leaves, and carries out what is confirmed there.
 * @throws ClusterError where what is shown cannot be read
 */
export async function showLive(args: Arguments, { context, terminal, holdBack }: LiveTerminal, shown: Subject): Promise<number> {
  const { cluster, breadth, group } = shown
  using interruption = listenForInterrupts(context)
  const over = new AbortController()
  const ended = AbortSignal.any([interruption.stopping, context.stdout.closed, over.signal])
  const watching = new AbortController()
  const store = openNamespacesStore(cluster, breadth, watching.signal)
  try {
    // What is needed to draw is loaded while the cluster is read.
    const loading = Promise.all([import('../view/tui/app.ts'), import('../view/tui/session.ts'), import('../view/tui/state.ts')])
    await firstSign(store, ended)
    if (store.failure() !== undefined) throw store.failure()
    if (ended.aborted) return EXIT.interrupted
    if (store.getSnapshot() !== undefined && shown.groupsIn(store.getSnapshot()!).length === 0) await shown.none()
    const [{ showOn }, { openSession }, { startAt, keyOf }] = await loading
    const runner = openRunner(context, shown, interruption)
    const world = worldOf(args, context, terminal, shown, store, runner, watching.signal)
    const first = group === undefined ? startAt('groups') : startAt('group', keyOf({ namespace: breadth.namespace ?? '', name: group }))
    store.subscribe(() => { if (store.failure() !== undefined) over.abort() })
    let exit
    {
      using _held = holdBack()
      exit = await showOn(terminal, openSession(first, world, ended))
    }
    const last = runner.last()
    if (ended.aborted && last !== undefined) writeLines(context.stdout, reportScreen(last.plan, last.reports, last.exit, undefined, drawingOn(context.stdout, args, context)))
    if (store.failure() !== undefined) throw store.failure()
    return exit
  } finally {
    watching.abort()
  }
}

/** Resolves at the first thing that is worth a screen: what was read, that it cannot be, or that there is no connection. */
async function firstSign(store: Store<unknown>, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const look = () => { if (store.getSnapshot() !== undefined || store.failure() !== undefined || store.connection().state === 'disconnected') resolve() }
  const leave = () => resolve()
  const unsubscribe = store.subscribe(look)
  signal.addEventListener('abort', leave, { once: true })
  look()
  if (signal.aborted) leave()
  await promise
  unsubscribe()
  signal.removeEventListener('abort', leave)
}
