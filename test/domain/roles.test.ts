import assert from 'node:assert/strict'
import { legacyPair, type MemberSpec, world } from '../support/objects.ts'
import { groupOf, memberOf } from '../support/scenes.ts'
import { readGroup } from '../../src/domain/group/read-group.ts'
import { at } from '../../src/domain/objects/fields.ts'

const pair: MemberSpec = { name: 'web', live: { version: '1.0' }, next: { version: '2.0' } }

/** `1.0 live, 2.0 next`: newest first. */
function roles(spec: MemberSpec): string {
  return memberOf(groupOf({ members: [spec] }), spec.name)
    .revisions.map((each) => `${each.version.text} ${each.role}`)
    .join(', ')
}

describe('a ReplicaSet', () => {
  const rows: readonly [what: string, spec: MemberSpec, roles: string][] = [
    ['is live where the status calls it stable, next where it calls it current', pair, '2.0 next, 1.0 live'],
    ['is live alone where nothing waits', { name: 'web', live: { version: '1.0' } }, '1.0 live'],
    [
      'lingers where users have left it and its pods run',
      { name: 'web', live: { version: '2.0' }, lingering: { version: '1.0' } },
      '2.0 live, 1.0 lingering',
    ],
    [
      'is history once its pods are gone',
      { name: 'web', live: { version: '2.0' }, lingering: { version: '1.0', desired: 0, available: 0 } },
      '2.0 live, 1.0 old',
    ],
    [
      'is history where it is newer than the stable one: it was superseded at its gate, and never had users',
      { ...pair, lingering: { version: '1.5', own: { 'rollout.argoproj.io/revision': '9' } } },
      '1.5 old, 2.0 next, 1.0 live',
    ],
    [
      'is next even where users are on it already: the trace looks at Services',
      { ...pair, active: 'next' },
      '2.0 next, 1.0 live',
    ],
  ]
  for (const [what, spec, expected] of rows) it(what, () => assert.equal(roles(spec), expected))

  it('is not of a Rollout that was deleted and made anew: only its uid tells', () => {
    const snapshot = world({ members: [pair] })
    const anew = snapshot.rollouts.map((each) => ({
      ...(each as object),
      metadata: { ...(at(each, 'metadata') as object), uid: 'another' },
    }))
    const member = memberOf(readGroup({ ...snapshot, rollouts: anew }, 'loan'), 'web')
    assert.deepEqual([member.revisions.length, member.live, member.next], [0, undefined, undefined])
    assert.equal(member.stale, 'waiting for the ReplicaSet of webnext')
  })
})

describe('a status', () => {
  const rows: readonly [what: string, change: Partial<MemberSpec>, stale: string | undefined][] = [
    ['counts where everything agrees', {}, undefined],
    [
      'does not count before the spec is observed',
      { status: { observedGeneration: '3' } },
      'waiting for rollout spec update to be observed',
    ],
    [
      'does not count before the revision is numbered',
      { annotations: { 'rollout.argoproj.io/revision': '9' } },
      'waiting for the new revision to be numbered',
    ],
    [
      'does not count before the ReplicaSet is there',
      { status: { currentPodHash: 'another' } },
      'waiting for the ReplicaSet of another',
    ],
    [
      'does not count while the active Service is elsewhere',
      { status: { blueGreen: { activeSelector: 'webnext', previewSelector: 'webnext' } } },
      'waiting for Service web-active and the status to agree',
    ],
    [
      'does not count before the workload of a reference is observed',
      {
        spec: { workloadRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' } },
        annotations: { 'rollout.argoproj.io/workload-generation': '3' },
        status: { workloadObservedGeneration: '2' },
      },
      'waiting for rollout spec update to be observed for the reference workload',
    ],
  ]
  for (const [what, change, stale] of rows)
    it(what, () => assert.equal(memberOf(groupOf({ members: [{ ...pair, ...change }] }), 'web').stale, stale))
})

describe('a Service', () => {
  it('belongs to the members whose strategy names it, and to those whose pods it selects', () => {
    const { owners } = groupOf({
      ...legacyPair({ backend: { live: { version: '1.0', labels: { tier: 'x' } } } }),
      services: [
        { name: 'tier', selector: { tier: 'x' } },
        { name: 'all', selector: { app: 'my-backend' } },
        { name: 'nobody', selector: { app: 'zoo' } },
      ],
    })
    assert.deepEqual(
      ['frontend-active', 'backend-preview', 'tier', 'all', 'nobody'].map((each) => owners.get(each)),
      [['my-frontend'], ['my-backend'], ['my-backend'], ['my-backend'], undefined],
    )
  })
})
