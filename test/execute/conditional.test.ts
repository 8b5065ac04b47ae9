import assert from 'node:assert/strict'
import { HASH_LABEL } from '../../src/domain/objects/labels.ts'
import { finished, lines, living, NOW, outcomes, patches, start } from '../support/virtual-run.ts'
import { apply, backend, canaries, frontend, pair } from '../support/virtual-scenes.ts'
import type { Failure, VirtualCluster } from '../support/virtual-cluster.ts'
import { those } from '../support/virtual-request.ts'

const promoteOf = (name: string) => those({ verb: 'patch', resource: 'rollouts', name })
const carriedOut = (world: VirtualCluster) =>
  patches(world)
    .filter((each) => each.status === 200)
    .map((each) => each.name)

/** The version that users of a member are on. */
function usersOn({ store }: VirtualCluster, service: string): string {
  const hash = store.get('services', 'legacy', service)!.spec.selector[HASH_LABEL]
  const set = store.list('replicasets', { labelSelector: `${HASH_LABEL}=${hash}` })[0]!
  return /"name":"APP_VERSION","value":"([^"]*)"|my-frontend-settings-(\d-\d)/
    .exec(JSON.stringify(set.spec.template))!
    .slice(1)
    .find((each) => each !== undefined)!
    .replace('-', '.')
}

describe("somebody else's newer revision", () => {
  it('between the last look and the patch is not promoted', async () => {
    const world = living(pair())
    world.on('before', promoteOf('my-frontend'), () => apply(world.store, 'legacy', frontend('3.0', 'preview')))
    const { reports, exit } = await finished(world)
    assert.deepEqual(
      patches(world).map((each) => [each.name, each.status]),
      [['my-frontend', 422]],
    )
    assert.deepEqual([outcomes(reports), exit], [{ 'my-frontend': 'changed', 'my-backend': 'not-started' }, 5])
    await world.time.pass(60_000)
    assert.equal(usersOn(world, 'frontend-active'), '1.0')
  })

  it('between two waves is not promoted', async () => {
    const world = living(pair())
    world.on('before', those({ verb: 'watch', resource: 'pods' }), () => apply(world.store, 'legacy', backend('3.0')))
    const { reports, exit } = await finished(world)
    assert.deepEqual(carriedOut(world), ['my-frontend'])
    assert.deepEqual([outcomes(reports), exit], [{ 'my-frontend': 'done', 'my-backend': 'changed' }, 4])
    assert.equal(reports[1]!.detail, 'a newer revision of my-backend was applied since (3.0, not 2.0)')
  })

  it('while the promote is verified is told, and the run ends', async () => {
    const world = living(pair())
    world.on('after', promoteOf('my-frontend'), () => apply(world.store, 'legacy', frontend('3.0', 'preview')))
    const { reports, exit } = await finished(world)
    assert.deepEqual([outcomes(reports), exit], [{ 'my-frontend': 'changed', 'my-backend': 'not-started' }, 5])
    assert.match(reports[0]!.detail, /^a newer revision of my-frontend was applied meanwhile/)
  })

  it('while it is withdrawn is told, and the run ends', async () => {
    const world = living(pair())
    world.on('after', promoteOf('my-frontend'), () => apply(world.store, 'legacy', frontend('3.0', 'preview')))
    const { reports, exit } = await finished(world, { verb: 'abort-all', options: { oneByOne: true } })
    assert.deepEqual([outcomes(reports), exit], [{ 'my-frontend': 'changed', 'my-backend': 'not-started' }, 5])
  })

  it('while the stable template is put back is told, and the run ends', async () => {
    const world = living(pair())
    world.on('after', promoteOf('my-frontend'), () => apply(world.store, 'legacy', frontend('3.0', 'preview')))
    const { reports, exit } = await finished(world, { verb: 'abort-all', options: { toStable: true, oneByOne: true } })
    assert.deepEqual([outcomes(reports), exit], [{ 'my-frontend': 'changed', 'my-backend': 'not-started' }, 5])
  })
})

describe('what moves beside the decision', () => {
  it("does not stop it: an autoscaler's replicas, then the promote is sent for what is there now", async () => {
    const world = living(pair())
    world.on('before', promoteOf('my-frontend'), () =>
      world.store.patch('rollouts', 'legacy', 'my-frontend', { type: 'merge', body: { spec: { replicas: 4 } } }),
    )
    const { exit } = await finished(world)
    assert.equal(exit, 0)
    assert.equal(patches(world)[0]!.status, 422)
    assert.deepEqual([usersOn(world, 'frontend-active'), usersOn(world, 'backend-active')], ['2.0', '2.0'])
  })

  it('is waited for and retried a few times, not for ever', async () => {
    const world = living(pair())
    for (let nth = 1; nth <= 20; nth++) {
      world.on(
        'before',
        promoteOf('my-frontend'),
        () =>
          world.store.patch('rollouts', 'legacy', 'my-frontend', {
            type: 'merge',
            body: { spec: { minReadySeconds: nth } },
          }),
        nth,
      )
    }
    const { reports, exit } = await finished(world)
    assert.deepEqual([outcomes(reports), exit], [{ 'my-frontend': 'changed', 'my-backend': 'not-started' }, 5])
    assert.ok(patches(world).length <= 10)
  })
})

describe('trouble around a patch', () => {
  const troubles: Record<string, [Failure, number]> = {
    'a conflict': [{ status: 409 }, 1],
    'an overloaded server': [{ status: 429, retryAfter: 3 }, 2],
    'a failing server': [{ status: 500 }, 2],
    'a lost request': [{ lose: 'request' }, 2],
    'a lost answer': [{ lose: 'answer' }, 1],
  }
  for (const [name, [failure, times]] of Object.entries(troubles)) {
    it(`is passed over where it ends: ${name}`, async () => {
      const world = living(pair())
      for (const member of ['my-frontend', 'my-backend']) world.fail(promoteOf(member), failure, times)
      const { reports, exit } = await finished(world)
      assert.equal(exit, 0, JSON.stringify(reports))
      assert.deepEqual(carriedOut(world), ['my-frontend', 'my-backend'])
      assert.deepEqual([usersOn(world, 'frontend-active'), usersOn(world, 'backend-active')], ['2.0', '2.0'])
    })
  }

  it('waits as long as the server asks', async () => {
    const world = living(pair())
    world.fail(promoteOf('my-frontend'), { status: 429, retryAfter: 3 })
    await finished(world)
    assert.deepEqual(
      patches(world)
        .slice(0, 2)
        .map((each) => [each.status, each.at - NOW]),
      [
        [429, 0],
        [200, 3000],
      ],
    )
  })

  it('knows its own promote of a canary again whose answer was lost', async () => {
    const world = living(canaries())
    world.fail(those({ verb: 'patch', name: 'backend' }), { lose: 'answer' })
    const { reports, exit } = await finished(world)
    assert.deepEqual([outcomes(reports), exit], [{ backend: 'done', frontend: 'done' }, 0])
    assert.deepEqual(
      patches(world).map((each) => [each.name, each.status]),
      [
        ['backend', 200],
        ['frontend', 200],
      ],
    )
  })

  it('is a failure where it does not end, and nothing after it is tried', async () => {
    const world = living(pair())
    world.fail(promoteOf('my-frontend'), { status: 500 }, 100)
    const { reports, exit } = await finished(world)
    assert.deepEqual([outcomes(reports), exit], [{ 'my-frontend': 'failed', 'my-backend': 'not-started' }, 1])
    assert.match(reports[0]!.detail, /^patch status of rollout\/my-frontend in legacy: Internal error occurred/)
  })

  it('says what is not known where no answer came for good', async () => {
    const world = living(pair())
    world.fail(promoteOf('my-frontend'), { lose: 'request' }, 100)
    const { reports, exit } = await finished(world)
    assert.deepEqual([outcomes(reports), exit], [{ 'my-frontend': 'failed', 'my-backend': 'not-started' }, 1])
    assert.match(reports[0]!.detail, /no answer from https:\/\/sim/)
  })
})

describe('a member that is deleted', () => {
  /** Deletes a Rollout with what it owns. */
  const gone =
    ({ store }: VirtualCluster, name: string) =>
    () => {
      for (const resource of ['pods', 'replicasets', 'rollouts'] as const) {
        for (const each of store.list(resource).filter(({ metadata }) => metadata.name.startsWith(name)))
          store.remove(resource, 'legacy', each.metadata.name)
      }
    }

  it('before its wave is reported as changed', async () => {
    const world = living(pair())
    world.on('before', those({ verb: 'watch', resource: 'pods' }), gone(world, 'my-backend'))
    const { reports, exit } = await finished(world)
    assert.deepEqual([outcomes(reports), exit], [{ 'my-frontend': 'done', 'my-backend': 'changed' }, 4])
    assert.equal(reports[1]!.detail, 'rollout/my-backend is not in the group any more')
  })

  it('just before its patch is reported as changed', async () => {
    const world = living(pair())
    world.on('before', promoteOf('my-frontend'), gone(world, 'my-frontend'))
    const { reports, exit } = await finished(world)
    assert.deepEqual(
      patches(world).map((each) => each.status),
      [404],
    )
    assert.deepEqual([outcomes(reports), exit], [{ 'my-frontend': 'changed', 'my-backend': 'not-started' }, 5])
  })

  it('while it is verified is reported as changed', async () => {
    const world = living(pair())
    world.on('after', promoteOf('my-frontend'), gone(world, 'my-frontend'))
    const { reports, exit } = await finished(world)
    assert.deepEqual([outcomes(reports), exit], [{ 'my-frontend': 'changed', 'my-backend': 'not-started' }, 5])
    assert.equal(reports[0]!.detail, 'rollout/my-frontend was deleted or left the group')
  })

  it('and made anew is another one', async () => {
    const world = living(pair())
    world.on('before', those({ verb: 'watch', resource: 'pods' }), () => {
      gone(world, 'my-backend')()
      apply(world.store, 'legacy', backend('2.0'))
    })
    const { reports, exit } = await finished(world)
    assert.deepEqual([outcomes(reports), exit], [{ 'my-frontend': 'done', 'my-backend': 'changed' }, 4])
    assert.equal(reports[1]!.detail, 'rollout/my-backend was deleted and made anew')
  })
})

describe('a watch in mid-run', () => {
  it('that breaks is told, and gone on with', async () => {
    const world = living(pair())
    world.on('after', promoteOf('my-frontend'), () => {
      world.fail(those({ verb: 'watch' }), { lose: 'request' }, 8)
      for (const watch of world.watches) watch.cut()
    })
    const { events, exit } = await finished(world)
    assert.equal(exit, 0)
    const connection = lines(events).filter((each) => /connected/.test(each))
    assert.deepEqual(
      connection.map((each) => each.split(':')[0]),
      ['disconnected', 'connected'],
    )
  })

  it('whose version is too old is begun anew', async () => {
    const world = living(pair())
    world.on('after', promoteOf('my-frontend'), () => {
      for (const watch of world.watches) watch.expire()
      world.store.compact()
    })
    const { reports, exit } = await finished(world)
    assert.deepEqual([outcomes(reports), exit], [{ 'my-frontend': 'done', 'my-backend': 'done' }, 0])
  })

  it('that lags behind the patch decides nothing on what was before it', async () => {
    const world = living(pair())
    const run = start(world)
    world.on('before', promoteOf('my-frontend'), () => {
      for (const watch of world.watches) watch.hold()
    })
    await world.time.pass(3000)
    assert.deepEqual(lines(run.events), ['started 2', '1 promote my-frontend'])
    for (const watch of world.watches) watch.release()
    assert.equal((await world.time.until(run.result)).exit, 0)
  })

  it('that is behind what was read does not make the run read in a circle', async () => {
    const world = living(pair())
    const run = start(world, {
      options: { drain: 'endpoints' },
      on: (event) => {
        if (event.type !== 'finished' || event.wave !== 1) return
        for (const watch of world.watches) watch.hold()
        world.time.controllersRun = false
        const { currentPodHash } = world.store.get('rollouts', 'legacy', 'my-backend')!.status
        const set = world.store.get('replicasets', 'legacy', `my-backend-${currentPodHash}`)!
        world.store.put('replicasets', { ...set, status: { ...set.status, availableReplicas: 2 } })
      },
    })
    await world.time.pass(10_000)
    assert.equal(lines(run.events).at(-1), 'my-backend: my-backend: 2 of 3 pods of 2.0 available')
    const reads = world.requests.filter(those({ verb: 'list', resource: 'pods' })).map((each) => each.at - NOW)
    assert.deepEqual(reads.slice(-3), [7000, 8000, 9000])
    world.time.controllersRun = true
    for (const watch of world.watches) watch.release()
    assert.equal((await world.time.until(run.result)).exit, 0)
  })

  it('that is forbidden from now on ends the run, with a report of every member', async () => {
    const world = living(pair())
    world.on('after', promoteOf('my-frontend'), () => {
      world.deny(those({ verb: 'watch', resource: 'replicasets' }))
      for (const watch of world.watches) watch.end()
    })
    world.time.controllersRun = false
    const { reports, exit } = await finished(world)
    assert.deepEqual([outcomes(reports), exit], [{ 'my-frontend': 'failed', 'my-backend': 'not-started' }, 1])
    assert.match(reports[0]!.detail, /watch replicasets in namespace legacy: .*forbidden/)
  })
})

describe('a controller that stands still for a while', () => {
  it('is waited for, and it is said for what', async () => {
    const world = living(pair())
    world.on('before', promoteOf('my-frontend'), () => {
      world.time.controllersRun = false
    })
    const run = start(world)
    await world.time.pass(60_000)
    assert.equal(lines(run.events).at(-1), 'my-frontend: Progressing, waiting for rollout to unpause')
    world.time.controllersRun = true
    assert.equal((await world.time.until(run.result)).exit, 0)
    assert.deepEqual(carriedOut(world), ['my-frontend', 'my-backend'])
  })
})
