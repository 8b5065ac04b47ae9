import assert from 'node:assert/strict'
import { readGroup } from '../../src/domain/group/read-group.ts'
import { HASH_LABEL } from '../../src/domain/objects/labels.ts'
import type { ResourceName } from '../../src/sim/objects.ts'
import { finished, lines, living, NOW, outcomes, patches } from '../support/virtual-run.ts'
import { apply, backend, canaries, frontend, pair, type Change } from '../support/virtual-scenes.ts'
import type { VirtualCluster } from '../support/virtual-cluster.ts'
import { those } from '../support/virtual-request.ts'

const statusOf = ({ store }: VirtualCluster, name: string, namespace = 'legacy') =>
  store.get('rollouts', namespace, name)!.status
const selected = ({ store }: VirtualCluster, service: string) =>
  store.get('services', 'legacy', service)!.spec.selector[HASH_LABEL]
const deeds = (world: VirtualCluster) =>
  patches(world).map(
    ({ name, subresource, body }) => `${name} ${subresource ?? 'spec'} ${(body as { path: string }[]).at(-1)!.path}`,
  )

/** `3 live`: each revision of a member with its role, as the group is read. */
function rolesOf({ store }: VirtualCluster, member: string): string[] {
  const all = (resource: ResourceName) => [...store.all(resource)]
  const group = readGroup(
    {
      namespace: 'legacy',
      rollouts: all('rollouts'),
      replicaSets: all('replicasets'),
      services: all('services'),
      endpointSlices: all('endpointslices'),
      configs: new Map(),
      unreadable: [],
    },
    'loan',
  )
  const { revisions } = group.members.find((each) => each.name === member)!
  return revisions.map((each) => `${each.revision} ${each.role}`)
}

describe('abort-all', () => {
  it('withdraws consumers first, with oneByOne each when the one before is seen to be withdrawn', async () => {
    const world = living(pair())
    let before: unknown
    world.on('before', those({ verb: 'patch', name: 'my-backend' }), () => {
      before = statusOf(world, 'my-frontend').abortedAt
    })
    const { reports, exit } = await finished(world, { verb: 'abort-all', options: { oneByOne: true } })
    assert.deepEqual(deeds(world), ['my-frontend status /status/abort', 'my-backend status /status/abort'])
    assert.equal(typeof before, 'string')
    assert.deepEqual([outcomes(reports), exit], [{ 'my-frontend': 'done', 'my-backend': 'done' }, 0])
  })

  it('sends what has no users at once, consumers first, the next when the one before is in', async () => {
    const world = living(pair())
    const asked: unknown[] = []
    world.on('before', those({ verb: 'patch', name: 'my-backend' }), () => {
      asked.push(statusOf(world, 'my-frontend').abort)
    })
    const { events } = await finished(world, { verb: 'abort-all' })
    const waves = events.flatMap((event) => (event.type === 'patched' ? [`${event.wave} ${event.member}`] : []))
    assert.deepEqual([waves, asked], [['1 my-frontend', '1 my-backend'], [true]])
  })

  it('with toStable puts the stable templates back, and waits until both Services are on them', async () => {
    const world = living(pair())
    const { exit } = await finished(world, { verb: 'abort-all', options: { toStable: true } })
    assert.equal(exit, 0)
    assert.deepEqual(deeds(world), ['my-frontend spec /spec/template', 'my-backend spec /spec/template'])
    for (const [member, service] of [
      ['my-frontend', 'frontend'],
      ['my-backend', 'backend'],
    ] as const) {
      const { stableRS, currentPodHash, phase } = statusOf(world, member)
      assert.deepEqual(
        [selected(world, `${service}-active`), selected(world, `${service}-preview`), currentPodHash, phase],
        [stableRS, stableRS, stableRS, 'Healthy'],
      )
    }
    await world.time.pass(60_000)
    assert.equal(selected(world, 'backend-active'), statusOf(world, 'my-backend').stableRS)
  })

  for (const scaleDownDelaySeconds of [30, 0]) {
    it(`does not wait for the pods of a revision that users never were on, to be scaled down after ${scaleDownDelaySeconds} s or never`, async () => {
      const world = living(pair({ frontend: () => ({ strategy: { scaleDownDelaySeconds } }) }))
      const { exit, events } = await finished(world, { verb: 'abort-all', options: { toStable: true } })
      assert.deepEqual([exit, events.filter((each) => each.type === 'draining')], [0, []])
      assert.equal(
        patches(world).every((each) => each.at === NOW),
        true,
      )
    })
  }

  it('waits for the pods of a revision that users were on and that was undone since', async () => {
    const change: Change = () => ({ strategy: { scaleDownDelaySeconds: 30 } })
    const world = living(pair({ frontend: change }))
    assert.equal((await finished(world, { options: { drain: 'endpoints' } })).exit, 0)
    apply(world.store, 'legacy', frontend('1.0', 'active', change))
    await world.time.pass(5000)
    assert.deepEqual(rolesOf(world, 'my-frontend'), ['3 live', '2 lingering'])
  })

  it('remembers that users never were on what was aborted, once its stable template is put back', async () => {
    const world = living(pair())
    // It was deployed in the second in which the Service was pointed: neither tells which came first.
    const { creationTimestamp: time } = world.store.list('replicasets', {
      labelSelector: `${HASH_LABEL}=${statusOf(world, 'my-frontend').currentPodHash}`,
    })[0]!.metadata
    const managedFields = [{ manager: 'rollouts-controller', time, fieldsV1: { 'f:spec': { 'f:selector': {} } } }]
    const body = { metadata: { managedFields } }
    world.store.patch('services', 'legacy', 'frontend-active', { type: 'merge', body })
    await finished(world, { verb: 'abort-all' })
    await finished(world, { verb: 'abort-all', options: { toStable: true }, runId: 'run2' })
    assert.deepEqual(rolesOf(world, 'my-frontend'), ['3 live', '2 old'])
  })

  it('puts the stable template back under a live frontend that was left on the preview Service', async () => {
    const world = living(pair())
    await finished(world)
    apply(world.store, 'legacy', backend('3.0'))
    await world.time.pass(60_000)
    const { exit, reports } = await finished(world, { verb: 'abort-all', runId: 'run2' })
    assert.deepEqual([outcomes(reports), exit], [{ 'my-backend': 'done', 'my-frontend': 'already-done' }, 0])
    assert.equal(deeds(world).at(-1), 'my-backend spec /spec/template')
    assert.equal(selected(world, 'backend-preview'), statusOf(world, 'my-backend').stableRS)
  })

  for (const rule of [
    { requiredDuringSchedulingIgnoredDuringExecution: {} },
    { preferredDuringSchedulingIgnoredDuringExecution: { weight: 100 } },
  ]) {
    it(`finds the stable ReplicaSet again under a live frontend, though it has the rule of antiAffinity (${Object.keys(rule)[0]!.slice(0, 9)})`, async () => {
      const affine = () => ({ strategy: { antiAffinity: rule } })
      const world = living(pair({ backend: affine }))
      await finished(world)
      apply(world.store, 'legacy', backend('3.0', affine))
      await world.time.pass(60_000)
      const stable = () =>
        world.store.list('replicasets', {
          labelSelector: `${HASH_LABEL}=${statusOf(world, 'my-backend').stableRS}`,
        })[0]!
      assert.match(JSON.stringify(stable()['spec'].template.spec.affinity), /rollouts-pod-template-hash/)
      const { exit } = await finished(world, { verb: 'abort-all', runId: 'run2' })
      assert.deepEqual([exit, deeds(world).at(-1)], [0, 'my-backend spec /spec/template'])
      assert.equal(statusOf(world, 'my-backend').currentPodHash, statusOf(world, 'my-backend').stableRS)
      assert.equal(world.store.list('replicasets', { labelSelector: 'app=my-backend' }).length, 3)
    })
  }

  it('withdraws canaries until none of their pods is left', async () => {
    const world = living(canaries())
    const left: number[] = []
    const { exit } = await finished(world, {
      verb: 'abort-all',
      on: (event) => {
        if (event.type === 'finished')
          left.push(
            world.store.list('pods', {
              labelSelector: `${HASH_LABEL}=${statusOf(world, event.member, 'canary').currentPodHash}`,
            }).length,
          )
      },
    })
    assert.deepEqual([left, exit], [[0, 0], 0])
  })

  it('changes nothing the second time', async () => {
    const world = living(pair())
    await finished(world, { verb: 'abort-all' })
    const before = patches(world).length
    const { exit, reports } = await finished(world, { verb: 'abort-all', runId: 'run2' })
    assert.deepEqual([patches(world).length, exit], [before, 0])
    assert.ok(reports.every((each) => each.outcome === 'already-done'))
  })

  it('is refused where users are on the new frontend already', async () => {
    const world = living('partial')
    const { exit, plan, reports } = await finished(world, { verb: 'abort-all' })
    assert.equal(exit, 3)
    assert.match(
      reports[0]!.detail,
      /^2\.0 is not withdrawn: users are on my-frontend 2\.0 already, .*\(partial-release\)$/,
    )
    assert.ok(plan.findings.some((each) => each.code === 'partial-release'))
    assert.deepEqual(patches(world), [])
  })

  it('with undoPromoted brings the promoted frontend back, drains its new pods, and then withdraws the backend', async () => {
    const world = living(pair({ frontend: () => ({ strategy: { scaleDownDelaySeconds: 30 } }) }))
    const [before] = [statusOf(world, 'my-frontend').stableRS]
    assert.equal((await finished(world, { options: { only: ['my-frontend'] } })).exit, 0)
    await world.time.pass(1000)
    const since = patches(world).length
    let left: unknown
    world.on('before', those({ verb: 'patch', name: 'my-backend' }), () => {
      const { stableRS } = statusOf(world, 'my-frontend')
      left = [
        stableRS === before,
        world.store
          .list('pods', { labelSelector: 'app=my-frontend' })
          .filter((each) => each.metadata.labels![HASH_LABEL] !== stableRS).length,
      ]
    })
    const { exit, reports } = await finished(world, {
      verb: 'abort-all',
      options: { undoPromoted: true },
      runId: 'run2',
    })
    assert.deepEqual([exit, outcomes(reports)], [0, { 'my-frontend': 'done', 'my-backend': 'done' }])
    assert.deepEqual(deeds(world).slice(since), ['my-frontend spec /spec/template', 'my-backend status /status/abort'])
    assert.deepEqual(left, [true, 0])
    assert.equal(selected(world, 'frontend-active'), before)
  })

  it('waits for a controller that has not seen the newest template', async () => {
    const world = living(pair())
    world.time.controllersRun = false
    apply(world.store, 'legacy', frontend('3.0', 'preview'))
    const { events, exit } = await finished(world, {
      verb: 'abort-all',
      on: (event) => {
        if (event.type === 'waiting') world.time.controllersRun = true
      },
    })
    assert.equal(
      lines(events)[0],
      ': the status of rollout/my-frontend is not current: waiting for rollout spec update to be observed',
    )
    assert.equal(exit, 0)
    assert.deepEqual(deeds(world), ['my-frontend status /status/abort', 'my-backend status /status/abort'])
  })
})
