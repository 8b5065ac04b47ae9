import type { Snapshot } from '../../domain/group/snapshot.ts'
import { wantsColour } from '../../view/draw/theme.ts'
import type { WatchedSurroundings, WatchedExtra, WatchedGroups, World } from '../../view/tui/world.ts'
import { viewCache } from '../../view/words/view-cache.ts'
import type { CurrentStore } from '../../watch/current-store.ts'
import { replicaSetSelector } from '../../watch/selectors.ts'
import { openObjectStore } from '../../watch/object-store.ts'
import type { Arguments } from '../command.ts'
import type { CliContext, Terminal } from '../context.ts'
import { failureOf } from '../errors.ts'
import { typedAs } from '../group/target.ts'
import { choice, flag } from '../line/arguments.ts'
import { clipboardWrite } from '../terminal/clipboard.ts'
import { openLastWords } from './last-words.ts'
import { forwardGroup } from './live-forward.ts'
import { watchPast } from './live-past.ts'
import type { Runner } from './runner.ts'
import { type Subject, snapshotOf } from './subject.ts'

/** Everything a live screen may see and do: the cluster behind it, the process around it. */
export function worldOf(
  args: Arguments,
  context: CliContext,
  terminal: Pick<Terminal, 'stdout' | 'suspend'> & Pick<World, 'requests'>,
  shown: Subject,
  store: CurrentStore<readonly Snapshot[]>,
  runner: Runner,
  signal: AbortSignal,
): World {
  return {
    groups: watchGroups(shown, store, context.clock.now),
    colour: wantsColour(choice(args, 'color', ['auto', 'always', 'never']) ?? 'auto', true, context.env),
    context: shown.cluster.context,
    typed: context.typed ?? typedAs(args),
    readOnly: flag(args, 'read-only'),
    guarded: shown.cluster.guarded === true,
    now: context.clock.now,
    after: context.clock.after,
    suspend: terminal.suspend,
    requests: terminal.requests,
    copy: (text) => terminal.stdout.write(clipboardWrite(text, context.env)),
    run: runner.run,
    inPhases: runner.inPhases,
    stop: runner.stop,
    forward: (what) => forwardGroup(shown, store, what),
    watchPast: (place) => watchPast(shown, store, place),
    watchMember: (namespace, name) => watchMember(shown, namespace, name, signal),
    watchGroup: (namespace, name) =>
      watchPods(shown, namespace, snapshotOf(shown, store, { namespace, name })?.rollouts ?? [], signal),
  }
}

function watchGroups(
  { mode, groupsIn }: Subject,
  store: CurrentStore<readonly Snapshot[]>,
  now: () => number,
): WatchedGroups {
  const words = viewCache(mode)
  return {
    views: () => {
      const seen = store.getSnapshot()
      return seen && words(groupsIn(seen), now())
    },
    lost: () => {
      const connection = store.connection()
      return connection.state === 'connected' ? undefined : { reason: connection.reason }
    },
    subscribe: store.subscribe,
  }
}

/** What happened to one member, and what its analyses measured; what may not be read is said in its place. */
function watchMember({ cluster }: Subject, namespace: string, name: string, signal: AbortSignal): WatchedExtra {
  const fieldSelector = `involvedObject.kind=Rollout,involvedObject.name=${name}`
  const {
    stores,
    ended: _,
    ...watched
  } = watchAll(
    (ended) => ({
      events: openObjectStore(cluster, 'events', { namespace, fieldSelector }, ended),
      analysisRuns: openObjectStore(cluster, 'analysisruns', { namespace }, ended),
    }),
    signal,
  )
  return { ...watched, extra: () => ({ events: readOf(stores.events), analysisRuns: readOf(stores.analysisRuns) }) }
}

/** The pods of a group's ReplicaSets, what warns in its namespace, and what containers wrote that ended. */
function watchPods(
  { cluster }: Subject,
  namespace: string,
  rollouts: readonly unknown[],
  signal: AbortSignal,
): WatchedSurroundings {
  const labelSelector = replicaSetSelector(rollouts)
  const { stores, ended, ...watched } = watchAll(
    (ended) => ({
      pods: openObjectStore(cluster, 'pods', { namespace, labelSelector }, ended),
      warnings: openObjectStore(cluster, 'events', { namespace, fieldSelector: 'type=Warning' }, ended),
    }),
    signal,
  )
  const listeners = new Set<() => void>()
  const words = openLastWords(cluster, namespace, () => listeners.forEach((each) => each()), ended)
  const look = () => words.look(stores.pods.getSnapshot() ?? [])
  stores.pods.subscribe(look)
  look()
  return {
    ...watched,
    subscribe(listener) {
      listeners.add(listener)
      const forget = watched.subscribe(listener)
      return () => {
        forget()
        listeners.delete(listener)
      }
    },
    around: () => ({ pods: readOf(stores.pods), warnings: readOf(stores.warnings), logs: words.known() }),
  }
}

type ObjectStore = CurrentStore<readonly unknown[]>

/** Several stores as one, until it is closed. */
function watchAll<Name extends string>(open: (ended: AbortSignal) => Record<Name, ObjectStore>, signal: AbortSignal) {
  const closed = new AbortController()
  const ended = AbortSignal.any([signal, closed.signal])
  const stores = open(ended)
  return {
    stores,
    ended,
    subscribe(listener: () => void) {
      const forget = Object.values<ObjectStore>(stores).map((each) => each.subscribe(listener))
      return () => {
        for (const each of forget) each()
      }
    },
    close: () => closed.abort(),
  }
}

function readOf(store: ObjectStore): readonly unknown[] | string | undefined {
  return store.failure() === undefined ? store.getSnapshot() : failureOf(store.failure(), undefined).lines[0]!
}
