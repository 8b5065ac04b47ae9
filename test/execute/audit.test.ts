import assert from 'node:assert/strict'
import { finished, lines, living, NOW } from '../support/virtual-run.ts'
import { canaries, pair } from '../support/virtual-scenes.ts'
import type { VirtualCluster } from '../support/virtual-cluster.ts'
import { those } from '../support/virtual-request.ts'

const promoteOf = (name: string) => those({ verb: 'patch', resource: 'rollouts', name })
const told = (world: VirtualCluster, namespace = 'legacy') =>
  world.store
    .list('events', { namespace })
    .map((each) => `${each['type']} ${each['reason']} ${each['involvedObject'].name}: ${each['message']}`)

describe('the audit trail', () => {
  it('is an Event on each Rollout: who did what, in which run, from which version to which', async () => {
    const world = living(pair())
    const { uid } = world.store.get('rollouts', 'legacy', 'my-frontend')!.metadata
    await finished(world)
    assert.deepEqual(told(world), [
      'Normal GroupPromoted my-backend: promote-all of group loan by ann@laptop (run run1): 1.0 → 2.0: users on 2.0',
      'Normal GroupPromoted my-frontend: promote-all of group loan by ann@laptop (run run1): 1.0 → 2.0: users on 2.0',
    ])
    const event = world.store.list('events').find((each) => each['involvedObject'].name === 'my-frontend')!
    assert.deepEqual(event['involvedObject'], {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Rollout',
      namespace: 'legacy',
      name: 'my-frontend',
      uid,
    })
    assert.deepEqual(
      [event['firstTimestamp'], event['count'], event['source']],
      [new Date(NOW).toISOString(), 1, { component: 'kubectl-rollouts-group' }],
    )
  })

  it('tells an abort apart from a promotion', async () => {
    const world = living(pair())
    await finished(world, { verb: 'abort-all' })
    assert.deepEqual(told(world), [
      'Normal GroupAborted my-backend: abort-all of group loan by ann@laptop (run run1): 2.0 → 1.0: 2.0 withdrawn, users on 1.0',
      'Normal GroupAborted my-frontend: abort-all of group loan by ann@laptop (run run1): 2.0 → 1.0: 2.0 withdrawn, users on 1.0',
    ])
  })

  it('tells a failure as a warning, with its reason', async () => {
    const world = living(pair())
    world.on('after', promoteOf('my-frontend'), () =>
      world.store.patch('rollouts', 'legacy', 'my-frontend', { type: 'merge', body: { spec: { paused: true } } }),
    )
    await finished(world)
    assert.deepEqual(told(world), [
      'Warning GroupPromotedFailed my-frontend: promote-all of group loan by ann@laptop (run run1): 1.0 → 2.0: my-frontend did not leave its gate: it is paused by hand (spec.paused)',
    ])
  })

  it('tells a promote whose answer was lost as what it is', async () => {
    const world = living(pair())
    world.fail(promoteOf('my-frontend'), { lose: 'answer' })
    await finished(world)
    assert.match(told(world)[1]!, /^Normal GroupPromoted my-frontend: /)
  })

  it('has an Event for each gate of a canary', async () => {
    const world = living(canaries())
    await finished(world, { toEnd: true })
    assert.deepEqual(
      told(world, 'canary')
        .map((each) =>
          each
            .split(': ')
            .filter((_, index) => index !== 1)
            .join(': '),
        )
        .sort(),
      [
        'Normal GroupPromoted backend: 1.0 → 2.0: 2.0 at its next gate',
        'Normal GroupPromoted backend: 1.0 → 2.0: users on 2.0',
        'Normal GroupPromoted frontend: 1.0 → 2.0: 2.0 at its next gate',
        'Normal GroupPromoted frontend: 1.0 → 2.0: users on 2.0',
      ],
    )
  })

  it('is done without where Events are forbidden, with one warning', async () => {
    const world = living(pair())
    world.deny(those({ resource: 'events' }))
    const { events, exit } = await finished(world)
    assert.equal(exit, 0)
    const warnings = lines(events.filter((each) => each.type === 'warning'))
    assert.equal(warnings.length, 1)
    assert.match(
      warnings[0]!,
      /^no Event was written for rollout\/my-frontend: create event\/my-frontend\S* in legacy: .*forbidden/,
    )
  })
})
