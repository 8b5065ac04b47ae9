import type { Simulation } from '../../src/sim/simulation.ts'

interface Kept {
  readonly at: number
  readonly data: unknown
}

/**
 * Keeps what every ConfigMap of a namespace has held. @returns puts each back as the oldest pod of a live revision was
 * given it
 */
export function configHistory(simulation: Simulation, namespace: string): () => void {
  const { store } = simulation
  const kept = new Map<string, Kept[]>()
  const keep = (): void => {
    for (const { metadata, data } of store.list('configmaps', { namespace })) {
      const before = kept.get(metadata.name) ?? []
      if (JSON.stringify(before.at(-1)?.data) !== JSON.stringify(data))
        kept.set(metadata.name, [...before, { at: simulation.now, data }])
    }
  }
  keep()
  store.subscribe(({ resource }) => {
    if (resource === 'configmaps') keep()
  })
  return () => {
    for (const { metadata, status } of store.list('rollouts', { namespace })) {
      const labelSelector = `app=${metadata.name},rollouts-pod-template-hash=${status.stableRS}`
      const pods = store.list('pods', { namespace, labelSelector })
      const started = Math.min(...pods.map((each) => Date.parse(each.metadata.creationTimestamp!)))
      const given = JSON.stringify(pods[0]?.['spec'] ?? {})
      for (const [name, all] of kept)
        if (given.includes(`"${name}"`)) {
          const { data } = all.findLast((each) => each.at <= started) ?? all[0]!
          store.patch('configmaps', namespace, name, { type: 'merge', body: { data } })
        }
    }
  }
}
