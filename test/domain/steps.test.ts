import assert from 'node:assert/strict'
import { readGroup } from '../../src/domain/group/read-group.ts'
import { makePlan } from '../../src/domain/plan/make-plan.ts'
import { exitOf, type Outcome } from '../../src/domain/run/outcome.ts'
import { writeFor } from '../../src/domain/actions/actions.ts'
import type { Patch } from '../../src/domain/actions/patch.ts'
import type { Verb } from '../../src/domain/intent.ts'
import { progressOf } from '../../src/domain/actions/goals.ts'
import { preconditionOf } from '../../src/domain/actions/precondition.ts'
import { hashOf, legacyPair, world, type MemberSpec, type WorldSpec } from '../support/objects.ts'

const groupOf = (spec: WorldSpec) => readGroup(world(spec), 'loan')

function stepFor(name: string, spec: WorldSpec = legacyPair(), verb: Verb = 'promote-all') {
  const group = groupOf(spec)
  const step = makePlan(group, verb)
    .waves.flat()
    .find((each) => each.member === name)!
  return { step, member: group.members.find((each) => each.name === name)! }
}

function patchFor(...of: Parameters<typeof writeFor>): Patch | string {
  const write = writeFor(...of)
  if (typeof write !== 'string' && write.kind !== 'patch') throw new Error('it is no patch')
  return write
}

describe('the patch of a step', () => {
  it('promotes only the revision, the gate and the spec that were seen', () => {
    const { step, member } = stepFor('my-backend')
    assert.deepEqual(patchFor(step, member), {
      kind: 'patch',
      resource: 'rollouts',
      name: 'my-backend',
      subresource: 'status',
      operations: [
        { op: 'test', path: '/metadata/uid', value: 'uid-my-backend' },
        { op: 'test', path: '/metadata/generation', value: 4 },
        { op: 'test', path: '/status/observedGeneration', value: '4' },
        { op: 'test', path: '/status/currentPodHash', value: 'backendnext' },
        { op: 'test', path: '/status/stableRS', value: 'backendlive' },
        { op: 'test', path: '/status/abort', value: null },
        { op: 'test', path: '/spec/paused', value: null },
        {
          op: 'test',
          path: '/status/pauseConditions',
          value: [{ reason: 'BlueGreenPause', startTime: '2026-01-01T00:00:00Z' }],
        },
        { op: 'remove', path: '/status/pauseConditions' },
      ],
    })
  })

  it('aborts only where users are still on the stable revision, and nobody has skipped the gate', () => {
    const { step, member } = stepFor('my-backend', legacyPair(), 'abort-all')
    const patch = patchFor(step, member)
    assert.deepEqual(typeof patch === 'object' && patch.operations.slice(5), [
      { op: 'test', path: '/status/promoteFull', value: null },
      { op: 'test', path: '/status/blueGreen/activeSelector', value: 'backendlive' },
      { op: 'test', path: '/status/blueGreen/scaleUpPreviewCheckPoint', value: null },
      { op: 'add', path: '/status/abort', value: true },
    ])
  })

  it('tests nothing below what is not there, which would be refused', () => {
    const canary: WorldSpec = {
      members: [{ name: 'web', canary: { steps: [{ setWeight: 20 }, { pause: {} }], index: 1 }, live: {}, next: {} }],
    }
    const { step, member } = stepFor('web', canary, 'abort-all')
    const patch = patchFor(step, member)
    assert.deepEqual(typeof patch === 'object' && patch.operations.slice(5, 7), [
      { op: 'test', path: '/status/promoteFull', value: null },
      { op: 'test', path: '/status/blueGreen', value: null },
    ])
  })

  it('tests the step index of a canary, so that no step is skipped', () => {
    const canary: WorldSpec = {
      members: [{ name: 'web', canary: { steps: [{ setWeight: 20 }, { pause: {} }], index: 1 }, live: {}, next: {} }],
    }
    const { step, member } = stepFor('web', canary)
    const patch = patchFor(step, member)
    assert.ok(
      typeof patch === 'object' &&
        patch.operations.some(
          (each) => each.op === 'test' && each.path === '/status/currentStepIndex' && each.value === 1,
        ),
    )
  })

  it('tests false where the API holds false: null would match only an absent key', () => {
    const { step, member } = stepFor(
      'my-backend',
      legacyPair({ backend: { spec: { paused: false }, status: { abort: false } } }),
    )
    const patch = patchFor(step, member)
    const tested =
      typeof patch === 'string'
        ? []
        : patch.operations.filter((each) => each.op === 'test' && each.value === false).map((each) => each.path)
    assert.deepEqual(tested, ['/status/abort', '/spec/paused'])
  })

  const restoring = (more: Partial<MemberSpec> = {}): WorldSpec => ({
    members: [
      { name: 'web', live: { version: '2.0', env: { B: 'api-preview' } } },
      { name: 'api', live: { version: '2.0' }, next: { version: '3.0' }, ...more },
    ],
  })
  const putBack = (more: Partial<MemberSpec>) => {
    const { step, member } = stepFor('api', restoring(more), 'abort-all')
    const patch = patchFor(step, member)
    assert.ok(typeof patch === 'object')
    assert.equal(patch.subresource, undefined)
    const last = patch.operations.at(-1)!
    return (last.op === 'replace' ? last.value : undefined) as {
      readonly metadata: unknown
      readonly spec: { readonly affinity?: unknown }
    }
  }
  it('puts the stable template back without what the controller says that it added', () => {
    const live = { version: '2.0', labels: { role: 'active', tier: 'one' }, annotations: { note: 'x', mine: 'y' } }
    const added = {
      'rollout.argoproj.io/ephemeral-metadata': '{"labels":{"role":"active"},"annotations":{"note":"x"}}',
    }
    assert.deepEqual(putBack({ live: { ...live, own: added } }).metadata, {
      labels: { app: 'api', tier: 'one' },
      annotations: { mine: 'y' },
    })
  })
  it('puts a label back that only looks like one of the role: the controller has not added it', () => {
    const same = { activeMetadata: { labels: { role: 'active' } } }
    assert.deepEqual(putBack({ strategy: same, live: { version: '2.0', labels: { role: 'active' } } }).metadata, {
      labels: { app: 'api', role: 'active' },
    })
    assert.deepEqual(
      putBack({ live: { version: '2.0', own: { 'rollout.argoproj.io/ephemeral-metadata': 'no JSON' } } }).metadata,
      { labels: { app: 'api' } },
    )
  })

  const [REQUIRED, PREFERRED] = [
    'requiredDuringSchedulingIgnoredDuringExecution',
    'preferredDuringSchedulingIgnoredDuringExecution',
  ]
  const about = (key: string) => ({
    labelSelector: { matchExpressions: [{ key, operator: 'In', values: ['x'] }] },
    topologyKey: 'kubernetes.io/hostname',
  })
  const [rule, own, node] = [about('rollouts-pod-template-hash'), about('app'), { nodeAffinity: {} }]
  const affinities: Record<string, [strategy: string | undefined, written: unknown, left: unknown]> = {
    'its rule, and what is empty without it': [REQUIRED, { podAntiAffinity: { [REQUIRED]: [rule] } }, undefined],
    "its rule among the user's own": [
      REQUIRED,
      { podAntiAffinity: { [REQUIRED]: [own, rule] }, ...node },
      { podAntiAffinity: { [REQUIRED]: [own] }, ...node },
    ],
    'a preferred rule but for its place, as the controller does': [
      PREFERRED,
      { podAntiAffinity: { [PREFERRED]: [{ weight: 1, podAffinityTerm: rule }] } },
      { podAntiAffinity: {} },
    ],
    'nothing where the strategy asks for no rule': [
      undefined,
      { podAntiAffinity: { [REQUIRED]: [rule] } },
      { podAntiAffinity: { [REQUIRED]: [rule] } },
    ],
    'nothing where no rule was written': [
      REQUIRED,
      { podAntiAffinity: { [REQUIRED]: [own] } },
      { podAntiAffinity: { [REQUIRED]: [own] } },
    ],
  }
  for (const [name, [kind, affinity, left]] of Object.entries(affinities)) {
    it(`takes out of an affinity ${name}`, () => {
      const strategy = kind === undefined ? {} : { antiAffinity: { [kind]: {} } }
      assert.deepEqual(putBack({ strategy, live: { version: '2.0', template: { affinity } } }).spec.affinity, left)
    })
  }

  const referring = (status: Record<string, unknown>) =>
    restoring({
      spec: { workloadRef: { kind: 'Deployment', name: 'api' } },
      status,
      ...('workloadObservedGeneration' in status && {
        annotations: { 'rollout.argoproj.io/workload-generation': '7' },
      }),
    })
  it('puts the template back into the Deployment a workloadRef names: in the Rollout it would scale the live pods to 0', () => {
    const { step, member } = stepFor('api', referring({ workloadObservedGeneration: '7' }), 'abort-all')
    const patch = patchFor(step, member)
    assert.ok(typeof patch === 'object')
    assert.deepEqual(
      [patch.resource, patch.operations[0]],
      ['deployments', { op: 'test', path: '/metadata/generation', value: 7 }],
    )
  })

  it('puts no template into a Deployment of which nobody knows whether the controller has seen it', () => {
    const { step, member } = stepFor('api', referring({}), 'abort-all')
    assert.equal(patchFor(step, member), 'the controller has not said which generation of deployment/api it has seen')
  })
})

describe('a step before it is sent', () => {
  const standing = (change: Partial<MemberSpec>, verb: Verb = 'promote-all') =>
    preconditionOf(stepFor('my-backend', legacyPair(), verb).step, groupOf(legacyPair({ backend: change })))
  it('is as expected where nothing changed', () => assert.deepEqual(standing({}), { state: 'as-expected' }))
  it('waits where a preview pod was lost: the promote would be lost too', () =>
    assert.deepEqual(standing({ next: { version: '2.0', available: 2 } }), {
      state: 'not-yet',
      waitingFor: '2 of 3 pods of 2.0 available',
    }))
  const changed: [string, Partial<MemberSpec>, RegExp][] = [
    [
      'a newer revision was applied',
      { status: { currentPodHash: 'other' } },
      /newer revision of my-backend was applied since/,
    ],
    ['it was aborted', { status: { abort: true } }, /was aborted since/],
    ['it was paused by hand', { spec: { paused: true } }, /paused by hand/],
    ['another revision is stable', { status: { stableRS: 'other' } }, /another stable revision/],
  ]
  for (const [name, change, why] of changed) {
    it(`is refused where ${name}`, () => {
      const found = standing(change)
      assert.equal(found.state, 'changed')
      assert.match(found.state === 'changed' ? found.why : '', why)
    })
  }
  it('is refused where the rollout was made anew or is gone', () => {
    const { step } = stepFor('my-backend')
    assert.equal(
      preconditionOf({ ...step, expect: { ...step.expect, uid: 'other' } }, groupOf(legacyPair())).state,
      'changed',
    )
    assert.equal(preconditionOf({ ...step, member: 'gone' }, groupOf(legacyPair())).state, 'changed')
  })
  it('is done already where the cluster shows its goal', () => {
    const after = {
      live: { version: '1.0' },
      next: { version: '2.0' },
      active: 'next',
      status: { stableRS: hashOf('my-backend', 'next') },
    } as const
    assert.deepEqual(standing(after), { state: 'already-done' })
  })
})

describe('a promote counts as done', () => {
  const progress = (
    change: Partial<MemberSpec>,
    patchSlices: (slices: readonly unknown[]) => readonly unknown[] = (each) => each,
  ) => {
    const { step } = stepFor('my-backend')
    const snapshot = world(legacyPair({ backend: change }))
    const group = readGroup({ ...snapshot, endpointSlices: patchSlices(snapshot.endpointSlices!) }, 'loan')
    return progressOf(step.until, group.members.find((each) => each.name === 'my-backend')!, group, step.expect)
  }
  const over = { active: 'next', status: { stableRS: hashOf('my-backend', 'next'), pauseConditions: [] } } as const
  it('when the active Service serves it with all endpoints and it is stable', () =>
    assert.deepEqual(progress(over), { state: 'done' }))
  it('not while an endpoint is missing', () => {
    const found = progress(over, (slices) =>
      slices.map((raw) => ({ ...(raw as object), endpoints: (raw as { endpoints: unknown[] }).endpoints.slice(1) })),
    )
    assert.deepEqual(found, { state: 'waiting', waitingFor: '2 of 3 endpoints of backend-active ready' })
  })
  it('not while the post-promotion analysis runs', () =>
    assert.deepEqual(
      progress({
        active: 'next',
        status: {
          pauseConditions: [],
          blueGreen: { postPromotionAnalysisRunStatus: { name: 'smoke', status: 'Running' } },
        },
      }),
      { state: 'waiting', waitingFor: 'post-promotion analysis smoke: Running' },
    ))
  it('never when that analysis failed', () =>
    assert.equal(
      progress({
        active: 'next',
        status: {
          pauseConditions: [],
          blueGreen: { postPromotionAnalysisRunStatus: { name: 'smoke', status: 'Failed' } },
        },
      }).state,
      'failed',
    ))
  it('and is lost when the gate comes back', () => assert.equal(progress({}).state, 'lost'))
  it('and is changed when a newer revision comes', () =>
    assert.equal(progress({ status: { currentPodHash: 'other' } }).state, 'changed'))
})

describe('an exit code', () => {
  const table: [Outcome[], number][] = [
    [['done', 'done'], 0],
    [['already-done'], 0],
    [[], 0],
    [['failed', 'not-started'], 1],
    [['done', 'failed'], 4],
    [['done', 'changed'], 4],
    [['changed', 'not-started'], 5],
    [['refused'], 3],
    [['timed-out'], 6],
    [['done', 'timed-out'], 4],
    [['done', 'cancelled', 'not-started'], 130],
  ]
  for (const [outcomes, exit] of table) {
    it(`of ${outcomes.join(', ') || 'nothing to do'} is ${exit}`, () =>
      assert.equal(exitOf(outcomes.map((outcome) => ({ member: 'a', outcome, detail: '' }))), exit))
  }
})
