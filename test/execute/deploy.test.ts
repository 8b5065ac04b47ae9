import assert from 'node:assert/strict'
import { at } from '../../src/domain/objects/fields.ts'
import { HASH_LABEL } from '../../src/domain/objects/labels.ts'
import { configMap, envFrom, service } from '../../src/sim/scenarios/manifests.ts'
import { refusing } from '../../src/domain/plan/plan.ts'
import { planLine } from '../../src/domain/plan/plan-line.ts'
import { live } from '../../src/sim/scenarios/scenario.ts'
import { deploying, deploymentOf } from '../support/virtual-deploy.ts'
import { isWrite, those } from '../support/virtual-request.ts'
import { finished, lines, living, outcomes, start, writes } from '../support/virtual-run.ts'
import { apply, backend, canaries, canaryHistory, frontend, pair } from '../support/virtual-scenes.ts'

const settled = () => living(pair({}, { next: [] }))
const NEXT = [...backend('2.0'), ...frontend('2.0', 'preview')]
const DONE = { 'my-frontend': 'done', 'my-backend': 'done' }
const patchOf = (name: string) => those({ verb: 'patch', resource: 'rollouts', name })
const told = (written: readonly string[]) => written.filter((each) => !/(leases|events) /.test(each))

async function deployed(
  world: ReturnType<typeof settled>,
  files = NEXT,
  options: Parameters<typeof deploying>[2] = {},
) {
  const run = await deploying(world, files, options)
  return { ...(await world.time.until(run.result)), events: run.events }
}

describe('deploy-all', () => {
  it('applies what the pods need, then the Rollouts, and waits until each is at its gate', async () => {
    const world = settled()
    const { reports, exit, events } = await deployed(world)
    assert.deepEqual([outcomes(reports), exit], [DONE, 0])
    assert.deepEqual(told(writes(world.requests)), [
      'create configmaps my-frontend-settings-2-0',
      'patch rollouts my-backend',
      'patch rollouts my-frontend',
    ])
    assert.deepEqual(
      lines(events).filter((each) => /^(started|applied|1 deploy)/.test(each)),
      ['started 1', 'applied', '1 deploy my-backend', '1 deploy my-frontend'],
    )
    assert.deepEqual(
      world.store.list('rollouts', { namespace: 'legacy' }).map(({ status }) => [status.phase, status.message]),
      [
        ['Paused', 'BlueGreenPause'],
        ['Paused', 'BlueGreenPause'],
      ],
    )
  })

  it('leaves the hash that a controller has put into a Service where it is', async () => {
    const world = settled()
    const hashes = () =>
      world.store.list('services', { namespace: 'legacy' }).map((each) => at(each, 'spec', 'selector', HASH_LABEL))
    assert.ok(hashes().every((each) => each !== undefined))
    await deployed(world)
    assert.ok(hashes().every((each) => each !== undefined))
  })

  it('has nothing to do where all of it is in, and says so', async () => {
    const world = settled()
    await deployed(world)
    const before = world.requests.length
    const { reports, exit } = await deployed(world)
    assert.deepEqual([outcomes(reports), exit], [{ 'my-frontend': 'already-done', 'my-backend': 'already-done' }, 0])
    assert.deepEqual(writes(world.requests.slice(before)), [])
  })

  it('is followed by the promotion that it has proved', async () => {
    const world = settled()
    await deployed(world)
    const { reports, exit } = await finished(world)
    assert.deepEqual([outcomes(reports), exit], [DONE, 0])
  })

  it('killed after any of its writes, is finished by the same command', async () => {
    for (let nth = 1; ; nth++) {
      const world = settled()
      const run = await deploying(world, NEXT)
      let killed = false
      world.on(
        'after',
        isWrite,
        () => {
          killed = true
          run.client.kill()
        },
        nth,
      )
      await world.time.until(Promise.race([run.result, run.client.killed]))
      if (!killed) return assert.ok(nth > 4)
      const { exit } = await deployed(world, NEXT, { runId: 'run2' })
      const waiting = world.store.list('rollouts', { namespace: 'legacy' }).map(({ status }) => status.message)
      assert.deepEqual([nth, exit, waiting], [nth, 0, ['BlueGreenPause', 'BlueGreenPause']])
    }
  })

  it('brings up again what was aborted: the same files make no other revision', async () => {
    const world = settled()
    await deployed(world)
    assert.equal((await finished(world, { verb: 'abort-all' })).exit, 0)
    const { exit, plan } = await deployed(world)
    assert.deepEqual([exit, planLine(plan)], [0, '1 retry my-backend 2.0, retry my-frontend 2.0'])
    assert.equal((await finished(world)).exit, 0)
  })

  const withoutFrontend = () =>
    living({
      ...pair({}, { next: [] }),
      build: (simulation) => {
        simulation.store.create('namespaces', undefined, { metadata: { name: 'legacy' }, status: { phase: 'Active' } })
        apply(simulation.store, 'legacy', backend('1.0'))
        simulation.advanceTo(simulation.now + 60_000)
      },
    })

  it('does not take a member for deleted that its watch has not seen yet', async () => {
    const world = withoutFrontend()
    const run = await deploying(world, frontend('1.0', 'active'))
    world.on(
      'before',
      (sent) => isWrite(sent) && sent.resource === 'rollouts',
      () => {
        for (const watch of world.watches) watch.hold()
      },
    )
    await world.time.pass(3000)
    assert.ok(lines(run.events).includes('1 deploy my-frontend'))
    for (const watch of world.watches) watch.release()
    const { reports, exit } = await world.time.until(run.result)
    assert.deepEqual([outcomes(reports)['my-frontend'], exit], ['done', 0])
  })

  it('deploys a member that was not there, which is live as it becomes ready', async () => {
    const world = withoutFrontend()
    const { reports, exit, plan } = await deployed(world, [...frontend('1.0', 'active')])
    assert.deepEqual([outcomes(reports)['my-frontend'], exit], ['done', 0])
    assert.equal(plan.waves.flat()[0]!.from.version.text, 'nothing')
    assert.deepEqual(
      world.store
        .list('replicasets', { labelSelector: 'app=my-frontend' })
        .map(({ status }) => status.availableReplicas),
      [3],
    )
  })
})

describe('a deploy that wires by itself', () => {
  const plain = (version: string) => [...backend(version), ...frontend(version, 'active')]
  const wired = ({ store }: ReturnType<typeof settled>) =>
    store
      .list('services', { namespace: 'legacy' })
      .flatMap(({ metadata, spec }) =>
        spec.selector['rollouts-group/release'] === undefined
          ? []
          : [[metadata.name, metadata.ownerReferences?.map((each) => `${each.kind} ${each.name}`)]],
      )

  it('leaves the wiring of the files where that is proved, and says so', async () => {
    const { plan } = await deployed(settled())
    assert.equal(plan.wiring, 'wired as the files are')
  })

  it('gives each release Services of its own where it is not, owned by the Rollout', async () => {
    const world = settled()
    const { plan, exit } = await deployed(world, plain('2.0'))
    assert.deepEqual(
      [exit, plan.wiring],
      [
        0,
        'wired pinned, release 2.0, since with the addresses in the files my-frontend 2.0 still talks to ' +
          'my-backend 1.0 through backend-active: BACKEND_HOST=backend-active in ConfigMap my-frontend-settings-2-0',
      ],
    )
    assert.deepEqual(wired(world), [['my-backend-2-0', ['Rollout my-backend']]])
  })

  it('is wired for what users would meet, never for what any wiring leaves as it is, such as who owns it', async () => {
    const owned = async (files: ReturnType<typeof plain>) => {
      const world = settled()
      const annotations = { 'meta.helm.sh/release-name': 'loan', 'meta.helm.sh/release-namespace': 'legacy' }
      const labels = { 'app.kubernetes.io/managed-by': 'Helm' }
      for (const name of ['my-backend', 'my-frontend'])
        world.store.patch('rollouts', 'legacy', name, { type: 'merge', body: { metadata: { annotations, labels } } })
      const { plan, exit } = await deployed(world, files)
      return [exit, refusing(plan).map(({ code }) => code), plan.wiring]
    }
    assert.deepEqual(await owned(NEXT), [3, ['owned-elsewhere'], 'wired as the files are'])
    const [exit, codes, wiring] = await owned(plain('2.0'))
    assert.deepEqual([exit, codes], [3, ['owned-elsewhere']])
    assert.match(
      String(wiring),
      /^wired pinned, release 2.0, since with the addresses in the files my-frontend 2.0 still/,
    )
  })

  it('killed after any write, wires nothing otherwise than before', async () => {
    for (let nth = 1; ; nth++) {
      const world = settled()
      const run = await deploying(world, plain('2.0'))
      let killed = false
      const kill = () => {
        killed = true
        run.client.kill()
      }
      world.on('after', isWrite, kill, nth)
      await world.time.until(Promise.race([run.result, run.client.killed]))
      if (!killed) return assert.ok(nth > 5)
      const { exit } = await deployed(world, plain('2.0'), { runId: 'run2' })
      const waiting = world.store.list('rollouts', { namespace: 'legacy' }).map(({ status }) => status.message)
      assert.deepEqual(
        [nth, exit, waiting, wired(world).map(([name]) => name)],
        [nth, 0, ['BlueGreenPause', 'BlueGreenPause'], ['my-backend-2-0']],
      )
    }
  })

  it('promotes a release that has replaced another at its gates, whose pods run on', async () => {
    const world = settled()
    for (const version of ['2.0', '3.0']) assert.equal((await deployed(world, plain(version))).exit, 0)
    const { exit, reports } = await finished(world)
    assert.deepEqual([exit, outcomes(reports)], [0, DONE])
    // Otherwise those look like pods that users have just left.
    const marked = world.store.list('replicasets').flatMap(({ metadata: { annotations }, spec }) => {
      const release = spec.template.metadata.labels['rollouts-group/release']
      return annotations?.['rollouts-group/withdrawn'] === undefined ? [] : [release]
    })
    assert.deepEqual(marked, ['2.0', '2.0'])
  })

  it('hands the Services of a release that is over to the ReplicaSet with which they go', async () => {
    const world = settled()
    for (const version of ['2.0', '3.0', '4.0']) {
      assert.equal((await deployed(world, plain(version))).exit, 0)
      // With the rights that the README recommends.
      assert.equal((await finished(world, { as: 'promoter' })).exit, 0)
    }
    assert.deepEqual(
      world.requests.filter((each) => each.status === 403),
      [],
    )
    const [old, , live] = wired(world) as [string, string[]][]
    assert.match(String(old), /^my-backend-2-0,ReplicaSet my-backend-/)
    assert.deepEqual(live, ['my-backend-4-0', ['Rollout my-backend']])
  })
})

describe('a deploy of canaries', () => {
  it('brings up whom a canary calls before the canary, to which users come at once', async () => {
    const history = canaryHistory()
    const world = living({ ...canaries(), build: (simulation) => live(simulation, { ...history, next: [] }) })
    const { exit, plan } = await deployed(world, history.next.flat())
    assert.deepEqual([exit, planLine(plan)], [0, '1 deploy backend 2.0; 2 deploy frontend 2.0'])
  })
})

describe('a deploy that goes wrong', () => {
  it('is refused before the first write where somebody may not apply it, and says what he may not', async () => {
    const world = settled()
    const { exit, plan } = await deployed(world, NEXT, { as: 'viewer' })
    assert.equal(exit, 3)
    assert.ok(plan.findings.some((each) => each.code === 'rbac' && /cannot patch resource/.test(each.sentence)))
    assert.deepEqual(writes(world.requests), [])
  })

  it('says which objects are in and which are not, where one is refused', async () => {
    const world = settled()
    const run = await deploying(world, [...NEXT, service('more', 'my-backend'), service('other', 'my-backend')])
    world.fail((request) => request.resource === 'services' && request.name === 'more' && isWrite(request), {
      status: 422,
      message: 'Service "more" is invalid',
    })
    const { reports, exit } = await world.time.until(run.result)
    assert.equal(exit, 1)
    assert.deepEqual(
      reports.map(({ member, outcome, detail }) => `${member} ${outcome}: ${detail}`),
      [
        'service/more failed: create service/more in legacy: Service "more" is invalid; nothing of it was applied; in: configmap/my-frontend-settings-2-0; not in: service/other',
        'my-backend not-started: it stays on 1.0',
        'my-frontend not-started: it stays on 1.0',
      ],
    )
  })

  it('leaves the other member deployed where the API server refuses one, and says why', async () => {
    const world = settled()
    const run = await deploying(world, NEXT)
    world.fail((request) => patchOf('my-frontend')(request) && isWrite(request), {
      status: 422,
      message: 'admission webhook denied it',
    })
    const { reports, exit } = await world.time.until(run.result)
    assert.deepEqual([outcomes(reports), exit], [{ 'my-backend': 'done', 'my-frontend': 'failed' }, 4])
    assert.match(reports.find((each) => each.member === 'my-frontend')!.detail, /admission webhook denied it/)
  })

  it('withdraws what it has deployed with --on-failure=abort', async () => {
    const world = settled()
    const run = await deploying(world, NEXT, { onFailure: 'abort' })
    world.fail((request) => patchOf('my-frontend')(request) && isWrite(request), { status: 422, message: 'denied' })
    await world.time.until(run.result)
    assert.equal(world.store.get('rollouts', 'legacy', 'my-backend')!.status.abort, true)
  })

  it('sees that a webhook made another pod template of what was applied', async () => {
    const world = settled()
    const run = await deploying(world, NEXT)
    world.on(
      'after',
      (request) => patchOf('my-backend')(request) && isWrite(request),
      () => {
        world.store.patch('rollouts', 'legacy', 'my-backend', {
          type: 'merge',
          body: { spec: { template: { metadata: { annotations: { injected: 'yes' } } } } },
        })
      },
    )
    const { reports } = await world.time.until(run.result)
    const { outcome, detail } = reports.find((each) => each.member === 'my-backend')!
    assert.deepEqual(
      [outcome, detail],
      [
        'changed',
        'the pod template of my-backend is not the one that was proved: somebody else, or a webhook of the cluster, has changed it',
      ],
    )
  })

  it('knows the settings that it named while older pods had them, once these are gone', async () => {
    const config = (version: string) => `my-backend-settings-${version.replace('.', '-')}`
    const own = (version: string) => backend(version, () => ({ settings: envFrom(config(version)) }))
    const release = (version: string) => [
      configMap(config(version), { APP_VERSION: version }),
      ...own(version),
      ...frontend(version, 'active'),
    ]
    const world = living({
      ...pair(),
      build: (simulation) => live(simulation, { namespace: 'legacy', live: [release('1.0')], next: [] }),
    })
    assert.equal((await deployed(world, release('2.0'))).exit, 0)
    assert.equal((await finished(world)).exit, 0)
    const back = await deploymentOf(world, [...own('1.0'), ...frontend('1.0', 'active')])
    await world.time.pass(60_000)
    const run = await start(world, { verb: 'deploy-all', deployment: back, runId: 'back' })
    const { exit, reports } = await world.time.until(run.result)
    const there = '1.0 is there, with all its pods'
    assert.deepEqual([exit, reports.map(({ detail }) => detail)], [0, [there, there]])
  })

  it('applies nothing where somebody else deploys at the same time', async () => {
    const world = settled()
    const run = await deploying(world, NEXT, {
      confirm: async () => {
        apply(world.store, 'legacy', backend('3.0'))
        return true
      },
    })
    const { reports, exit } = await world.time.until(run.result)
    assert.equal(exit, 5)
    assert.ok(reports.some((each) => each.outcome === 'changed'))
    assert.deepEqual(
      writes(world.requests).filter((each) => / rollouts /.test(each)),
      [],
    )
  })
})
