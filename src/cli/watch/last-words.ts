import type { Cluster } from '../../cluster/port.ts'
import { spokenIn } from '../../domain/group/why-not-ready.ts'
import { podState } from '../../domain/objects/pod-state.ts'
import { lastWords } from '../../execute/why.ts'
import { logKey } from '../../view/tui/state.ts'

/** Logs of more containers than these are not read. */
const MOST = 5

/** What containers wrote last before they ended, by `logKey`: read once for each time that one ended. */
export interface LastWords {
  /** Looks at pods as they are now, and reads what is new. */
  look(pods: readonly unknown[]): void
  known(): ReadonlyMap<string, readonly string[]>
}

/** @param heard told when something was read @param signal ends the reading */
export function openLastWords(
  cluster: Pick<Cluster, 'log'>,
  namespace: string,
  heard: () => void,
  signal: AbortSignal,
): LastWords {
  const read = new Map<string, number>()
  let known: ReadonlyMap<string, readonly string[]> = new Map()
  return {
    known: () => known,
    look(pods) {
      const speaking = pods.map(podState).flatMap((pod) => {
        const log = spokenIn(pod)
        return log === undefined ? [] : [{ log, restarts: pod.restarts }]
      })
      for (const { log, restarts } of speaking.slice(0, MOST)) {
        const key = logKey(log)
        if (read.get(key) === restarts) continue
        read.set(key, restarts)
        void lastWords(cluster, namespace, log, signal).then((lines) => {
          if (signal.aborted || read.get(key) !== restarts) return
          known = new Map([...known, [key, lines]])
          heard()
        })
      }
    },
  }
}
