import assert from 'node:assert/strict'
import { ClusterError } from '../../src/cluster/port.ts'
import { virtualCli } from '../support/virtual-cli.ts'
import { living } from '../support/virtual-run.ts'
import { frontend, pair } from '../support/virtual-scenes.ts'

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration'

describe('who applies server-side', () => {
  /** The reference application, as `kubectl apply --server-side` has made it. */
  function applied() {
    const world = living(pair({ frontend: () => ({ strategy: { scaleDownDelaySeconds: 60 } }) }))
    for (const each of world.store.list('rollouts')) {
      const { [LAST_APPLIED]: _, ...annotations } = each.metadata.annotations ?? {}
      const managedFields = (each.metadata as any).managedFields
        .filter(({ manager }: any) => manager === 'kubectl-client-side-apply')
        .map((owned: any) => ({ ...owned, manager: 'kubectl', operation: 'Apply' }))
      assert.equal(managedFields.length, 1)
      world.store.put('rollouts', { ...each, metadata: { ...each.metadata, annotations, managedFields } as any })
    }
    const run = async (verb: string, ...words: readonly string[]) => {
      const { exit, told } = await virtualCli(world, [verb, 'loan', '-n', 'legacy', '--yes', ...words])
      assert.equal(exit, 0, told)
    }
    /** The next release of the frontend, by the same manager and not by force. */
    const next = () => {
      const rollout = frontend('3.0', 'active').find(({ kind }) => kind === 'Rollout')!
      const object = { ...rollout, metadata: { ...rollout['metadata'], namespace: 'legacy' } }
      return world.time.until(world.connect().cluster.apply(object))
    }
    return { world, run, next }
  }

  it('meets no conflict after undo-all', async () => {
    const { run, next } = applied()
    await run('promote-all')
    await run('undo-all')
    await next()
  })

  it('meets one where a pod template was put back at once', async () => {
    const { world, run, next } = applied()
    await run('promote-all', '--only=my-frontend')
    await world.time.pass(1000)
    await run('abort-all', '--undo-promoted')
    await assert.rejects(next(), (error) => {
      assert.ok(error instanceof ClusterError)
      assert.match(error.message, /Apply failed with 1 conflict: .*\.spec\.template\.spec\.containers/)
      return true
    })
  })
})
