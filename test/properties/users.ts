import type { Simulation } from '../../src/sim/simulation.ts'
import { type Entry, openJudge, type Trouble } from './judge/judge.ts'
import type { World } from './judge/raw.ts'

/**
 * Judges every moment of a simulated namespace from now on, and tells all that goes wrong in it.
 * @returns looks once more at this one
 */
export function watchUsers(
  simulation: Simulation,
  namespace: string,
  entries: readonly Entry[],
  tell: (troubles: readonly Trouble[]) => void,
): () => void {
  const judge = openJudge(namespace, entries)
  const look = (): void => tell(judge.observe(worldOf(simulation)))
  look()
  simulation.store.subscribe(({ resource }) => {
    if (SEEN.has(resource)) look()
  })
  return look
}

/** What a judgement rests on. */
const SEEN: ReadonlySet<string> = new Set(['rollouts', 'replicasets', 'pods', 'services', 'configmaps'])

function worldOf({ store }: Simulation): World {
  const all = (resource: Parameters<typeof store.all>[0]) => [...store.all(resource)] as never[]
  return {
    rollouts: all('rollouts'),
    replicaSets: all('replicasets'),
    pods: all('pods'),
    services: all('services'),
    configMaps: all('configmaps'),
  }
}
