import assert from 'node:assert/strict'
import { finished, lines, living, NOW } from '../support/virtual-run.ts'
import { canaries, pair } from '../support/virtual-scenes.ts'
import { those } from '../support/virtual-request.ts'
import type { VirtualCluster } from '../support/virtual-cluster.ts'

const WHO = { 'rollouts-group/live-by': 'ann@laptop' }
/** The annotations of ours on the ReplicaSets, by name. */
const marked = (world: VirtualCluster, namespace = 'legacy') =>
  Object.fromEntries(
    world.store
      .list('replicasets', { namespace })
      .map(({ metadata }) => [
        metadata.name,
        Object.fromEntries(
          Object.entries(metadata.annotations ?? {}).filter(([key]) => key.startsWith('rollouts-group/live-')),
        ),
      ]),
  )
const current = (world: VirtualCluster, name: string, namespace = 'legacy') =>
  `${name}-${world.store.get('rollouts', namespace, name)!.status.currentPodHash}`

describe('what users were brought to', () => {
  it('is written on its ReplicaSet, with when and by whom; on the one before, until when', async () => {
    const world = living(pair())
    const old = Object.keys(marked(world)).filter((each) => each !== current(world, 'my-frontend'))
    await finished(world)
    const seen = marked(world)
    assert.deepEqual(seen[current(world, 'my-frontend')], {
      ...WHO,
      'rollouts-group/live-since': new Date(NOW).toISOString().replace('.000Z', 'Z'),
    })
    assert.deepEqual(
      old.filter((each) => each !== current(world, 'my-backend')).map((each) => Object.keys(seen[each]!)),
      [['rollouts-group/live-until'], ['rollouts-group/live-until']],
    )
  })

  it('is not written at a gate that is not the last, nor of what is withdrawn', async () => {
    const shop = { scope: { namespace: 'canary', selector: 'app.kubernetes.io/part-of=shop' }, group: 'shop' }
    const world = living(canaries())
    await finished(world, shop)
    await finished(world, { ...shop, verb: 'abort-all', runId: 'run2' })
    assert.deepEqual(
      Object.values(marked(world, 'canary')).filter((each) => Object.keys(each).length > 0),
      [],
    )
  })

  it('is done without where ReplicaSets may not be patched, with one warning', async () => {
    const world = living(pair())
    world.deny(those({ verb: 'patch', resource: 'replicasets' }))
    const { events, exit } = await finished(world)
    assert.equal(exit, 0)
    const warnings = lines(events.filter((each) => each.type === 'warning'))
    assert.equal(warnings.length, 1)
    assert.match(warnings[0]!, /^history will not know since when 2\.0 is live: patch replicaset\/my-frontend-/)
  })
})
