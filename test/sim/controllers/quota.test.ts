import assert from 'node:assert/strict'
import { blueGreen } from '../../conformance/lifecycle/manifests.ts'
import { cluster, pass } from './cluster.ts'

describe('a quota of pods', () => {
  it('refuses the pods above it, with its numbers, until it is raised', () => {
    const quota = {
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: { name: 'small' },
      spec: { hard: { pods: '1' } },
    }
    const simulation = cluster(quota, ...blueGreen())
    const status = () => simulation.store.get('rollouts', 'n', 'app')!.status
    const failure = () => status().conditions.find(({ type }: { type: string }) => type === 'ReplicaFailure')
    assert.match(
      failure().message,
      /^pods "app-[^"]+" is forbidden: exceeded quota: small, requested: pods=1, used: pods=1, limited: pods=1$/,
    )
    assert.deepEqual([failure().reason, status().replicas, status().phase], ['FailedCreate', 1, 'Progressing'])
    simulation.store.patch('resourcequotas', 'n', 'small', { type: 'merge', body: { spec: { hard: { pods: '9' } } } })
    pass(simulation)
    assert.deepEqual([failure(), status().phase], [undefined, 'Healthy'])
  })
})
