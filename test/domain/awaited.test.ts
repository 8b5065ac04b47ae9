import assert from 'node:assert/strict'
import { type Awaited, nearnessOf } from '../../src/domain/run/wait-goals.ts'
import { readGroup } from '../../src/domain/group/read-group.ts'
import { SERVICE_NAME } from '../../src/domain/objects/labels.ts'
import { legacyPair, world, type MemberSpec, type WorldSpec } from '../support/objects.ts'
import { WORLDS } from '../view/worlds.ts'

const near = (spec: WorldSpec, awaited: Awaited): string => {
  const nearness = nearnessOf(readGroup(world(spec), 'loan'), awaited)
  return nearness.state === 'there' ? 'there' : `${nearness.state}: ${nearness.why}`
}

describe('what a group is waited for', () => {
  const aborted = 'never: my-backend 2.0 was aborted; my-frontend 2.0 was aborted'
  const waits = 'not-yet: my-backend: 2.0 stands at its gate; my-frontend: 2.0 stands at its gate'
  const starting = 'my-frontend: 1 of 3 pods of 2.0 available'
  const cases: Record<string, [WorldSpec, Record<Awaited, string>]> = {
    'where a release waits': [
      WORLDS.ready,
      {
        gate: 'there',
        promoted: waits,
        healthy: waits,
        aborted: 'not-yet: my-backend: 2.0 is not withdrawn; my-frontend: 2.0 is not withdrawn',
        matched: 'there',
      },
    ],
    'where one gets ready': [
      WORLDS.starting,
      {
        gate: `not-yet: ${starting}`,
        promoted: `not-yet: my-backend: 2.0 stands at its gate; ${starting}`,
        healthy: `not-yet: my-backend: 2.0 stands at its gate; ${starting}`,
        aborted: 'not-yet: my-backend: 2.0 is not withdrawn; my-frontend: 2.0 is not withdrawn',
        matched: 'there',
      },
    ],
    'where nothing waits': [
      WORLDS.settled,
      {
        gate: 'not-yet: nothing waits: no member has a new version',
        promoted: 'there',
        healthy: 'there',
        aborted: 'there',
        matched: 'there',
      },
    ],
    'where one was aborted': [
      WORLDS.aborted,
      { gate: aborted, promoted: aborted, healthy: aborted, aborted: 'there', matched: 'there' },
    ],
    'where half is promoted': [
      WORLDS.half,
      {
        gate: 'there',
        promoted: 'not-yet: my-backend: 2.0 stands at its gate',
        healthy: 'not-yet: my-backend: 2.0 stands at its gate',
        aborted: 'not-yet: my-backend: 2.0 is not withdrawn',
        matched: 'there',
      },
    ],
    'where users reach nobody': [
      WORLDS.empty,
      {
        gate: 'there',
        promoted: waits,
        healthy: waits,
        aborted: 'not-yet: my-backend: 2.0 is not withdrawn; my-frontend: 2.0 is not withdrawn',
        matched:
          'not-yet: users reach Service backend-active with no ready endpoint (my-frontend 1.0); my-backend: no endpoint of 1.0 is ready behind Service backend-active',
      },
    ],
  }
  for (const [where, [spec, expected]] of Object.entries(cases)) {
    for (const [awaited, told] of Object.entries(expected))
      it(`is told ${where}: ${awaited}`, () => assert.equal(near(spec, awaited as Awaited), told))
  }

  const stale = legacyPair({ frontend: { status: { observedGeneration: '3', abort: true } } })
  for (const awaited of ['gate', 'promoted', 'healthy', 'aborted', 'matched'] as const) {
    it(`is neither there nor lost where a status is not current: ${awaited}`, () =>
      assert.match(near(stale, awaited), /^not-yet: my-frontend: /))
    it(`is not judged where a Rollout cannot be read: ${awaited}`, () =>
      assert.match(
        near(legacyPair({ frontend: { spec: { strategy: {} } } }), awaited),
        /^never: rollout\/my-frontend cannot be read: /,
      ))
  }

  const wrote = { abort: true }
  const withdrawn = {
    ...wrote,
    abortedAt: '2026-01-01T00:00:00Z',
    pauseConditions: [],
    controllerPause: false,
    phase: 'Degraded',
    message: 'RolloutAborted',
  }
  const rest = { next: undefined! }
  const web = (index: number, more: Partial<MemberSpec>): WorldSpec => ({
    members: [
      {
        name: 'web',
        replicas: 5,
        canary: { steps: [{ setWeight: 20 }, { pause: { duration: '30s' } }, { setWeight: 60 }, { pause: {} }], index },
        live: { version: '1.0' },
        next: { version: '2.0', desired: 2, available: 2 },
        ...more,
      },
    ],
  })
  const refused = {
    phase: 'Degraded',
    message: 'InvalidSpec: no such Service',
    conditions: [{ type: 'InvalidSpec', status: 'True', reason: 'InvalidSpec', message: 'no such Service' }],
  }
  const subtle: [string, Awaited, WorldSpec, string][] = [
    [
      'where no pods are wanted: nothing is ready behind its Service',
      'gate',
      { members: [{ name: 'web', replicas: 0, live: { version: '1.0' }, next: { version: '2.0' } }] },
      'not-yet: web: it is to have no pods (replicas: 0), so none is ready behind its Service',
    ],
    [
      'where an abort is written, and the controller has not seen it',
      'aborted',
      legacyPair({ frontend: { status: wrote }, backend: rest }),
      'not-yet: my-frontend: waiting for the controller to abort it',
    ],
    [
      'where pods of an aborted canary serve',
      'aborted',
      web(1, { status: withdrawn }),
      'not-yet: web: waiting for 2 canary pods to go',
    ],
    [
      'where an abort after the cutover left users on pods that are gone',
      'aborted',
      legacyPair({ frontend: { active: 'next', status: withdrawn }, backend: rest }),
      'not-yet: my-frontend: waiting for Service frontend-active to select 1.0',
    ],
    [
      'where a new spec is refused, and all else is as before',
      'promoted',
      legacyPair({ frontend: { ...rest, status: refused }, backend: rest }),
      'not-yet: my-frontend: the controller refuses its spec: no such Service',
    ],
    [
      'where a first deployment has no pod',
      'promoted',
      legacyPair({ frontend: rest, backend: { ...rest, live: { version: '1.0', available: 0 } } }),
      'not-yet: my-backend: 0 of 3 pods of 1.0 available',
    ],
    [
      'where old pods of a canary are left',
      'promoted',
      web(4, { ...rest, live: { version: '2.0' }, lingering: { version: '1.0', desired: 2, available: 2 } }),
      'not-yet: web: waiting for 2 old pods to go',
    ],
    [
      'at a pause of a canary that ends by itself',
      'gate',
      web(1, {}),
      'not-yet: web: it stands at a pause that ends by itself',
    ],
    ['at a pause of a canary that does not', 'gate', web(3, {}), 'there'],
    [
      'at a preview that promotes itself',
      'gate',
      legacyPair({ backend: { strategy: { autoPromotionSeconds: 30, autoPromotionEnabled: true } } }),
      'not-yet: my-backend: it stands at a pause that ends by itself',
    ],
    [
      'where it is promoted in full',
      'gate',
      legacyPair({ backend: { status: { promoteFull: true } } }),
      'not-yet: my-backend: it is promoted in full, and stops at no gate',
    ],
    [
      'where its ReplicaSet is behind',
      'gate',
      legacyPair({ backend: { replicas: 5, next: { version: '2.0', desired: 3, available: 3 } } }),
      'not-yet: my-backend: 3 of 5 pods of 2.0 available',
    ],
    [
      'where it is degraded at its gate',
      'gate',
      legacyPair({ backend: { status: { phase: 'Degraded', message: 'x' } } }),
      'not-yet: my-backend: Degraded, x',
    ],
    [
      'where nobody knows what a request meets',
      'matched',
      WORLDS.unknown,
      'not-yet: my-frontend depends on my-backend (declared), but no address in its pod template leads there, so what its requests meet is unknown',
    ],
    [
      'where an annotation of ours means nothing',
      'healthy',
      legacyPair({ frontend: { ...rest, annotations: { 'rollouts-group/protected': 'yes' } }, backend: rest }),
      'there',
    ],
  ]
  for (const [where, awaited, spec, told] of subtle)
    it(`is told ${where}: ${awaited}`, () => assert.equal(near(spec, awaited), told))

  for (const [awaited, service, told] of [
    ['gate', 'backend-preview', 'my-backend: 0 of 3 endpoints of backend-preview ready'],
    ['promoted', 'backend-active', 'my-backend: 0 of 3 endpoints of backend-active ready'],
    ['matched', 'backend-active', 'my-backend: no endpoint of 1.0 is ready behind Service backend-active'],
  ] as const) {
    it(`is not there while its pods are not behind ${service}: ${awaited}`, () => {
      const snapshot = world(awaited === 'gate' ? WORLDS.ready : WORLDS.settled)
      const endpointSlices = snapshot.endpointSlices!.map((raw) =>
        (raw as { metadata: { labels: Record<string, string> } }).metadata.labels[SERVICE_NAME] === service
          ? { ...(raw as object), endpoints: [] }
          : raw,
      )
      assert.deepEqual(nearnessOf(readGroup({ ...snapshot, endpointSlices }, 'loan'), awaited), {
        state: 'not-yet',
        why: told,
      })
    })
  }

  it('comes no more where what waited is promoted without it', () => {
    const settled = readGroup(world(WORLDS.settled), 'loan')
    assert.equal(nearnessOf(settled, 'gate').state, 'not-yet')
    assert.deepEqual(nearnessOf(settled, 'gate', true), {
      state: 'never',
      why: 'what waited is promoted: by somebody else, or without a gate',
    })
    assert.equal(nearnessOf(settled, 'promoted', true).state, 'there')
  })

  it('is no gate where somebody has paused the Rollout', () =>
    assert.equal(
      near(legacyPair({ backend: { spec: { paused: true } } }), 'gate'),
      'not-yet: my-backend: it is paused by hand (spec.paused)',
    ))
  it('is not healthy while a member without a release is not', () => {
    const settled = legacyPair({
      frontend: { next: undefined! },
      backend: { next: undefined!, status: { phase: 'Degraded', message: 'ProgressDeadlineExceeded' } },
    })
    assert.deepEqual(
      [near(settled, 'promoted'), near(settled, 'healthy')],
      ['there', 'not-yet: my-backend: Degraded, ProgressDeadlineExceeded'],
    )
  })
})
