import assert from 'node:assert/strict'
import { progressOf } from '../../src/domain/actions/goals.ts'
import { gateOf } from '../../src/domain/group/gate.ts'
import { readGroup } from '../../src/domain/group/read-group.ts'
import { hashOf, legacyPair, type MemberSpec, world } from '../support/objects.ts'

/**
 * Every phase of an analysis (argo-rollouts, analysis_types.go), the empty one of a run that has not begun, a later
 * one's.
 */
const PHASES: Record<string, 'done' | 'waiting' | 'failed'> = {
  '': 'waiting',
  Pending: 'waiting',
  Running: 'waiting',
  Paused: 'waiting',
  Successful: 'done',
  Failed: 'failed',
  Error: 'failed',
  Inconclusive: 'failed',
}

const groupOf = (member: MemberSpec) => readGroup(world({ members: [member] }), 'loan')

describe('a promote whose post-promotion analysis', () => {
  for (const [phase, state] of Object.entries(PHASES)) {
    it(`is "${phase}" ${{ done: 'is done once stable', waiting: 'is waited for', failed: 'has failed' }[state]}`, () => {
      const stable = state === 'done' ? { stableRS: hashOf('my-backend', 'next') } : {}
      const group = readGroup(
        world(
          legacyPair({
            backend: {
              active: 'next',
              status: {
                ...stable,
                pauseConditions: [],
                blueGreen: { postPromotionAnalysisRunStatus: { name: 'smoke', status: phase } },
              },
            },
          }),
        ),
        'loan',
      )
      const backend = group.members.find((each) => each.name === 'my-backend')!
      const goal = { kind: 'live', service: 'backend-active', hash: hashOf('my-backend', 'next'), replicas: 3 } as const
      assert.equal(progressOf(goal, backend, group).state, state)
    })
  }

  it('has just begun says so, and not that it failed', () => {
    const analysis = { name: 'smoke', status: '' }
    const spec: MemberSpec = {
      name: 'web',
      live: { version: '1.0' },
      next: { version: '2.0' },
      active: 'next',
      status: { pauseConditions: [], blueGreen: { postPromotionAnalysisRunStatus: analysis } },
    }
    const group = groupOf(spec)
    const goal = { kind: 'live', service: 'web-active', hash: hashOf('web', 'next'), replicas: 3 } as const
    assert.deepEqual(progressOf(goal, group.members[0]!, group), {
      state: 'waiting',
      waitingFor: 'post-promotion analysis smoke has not begun',
    })
  })
})

describe('a gate behind an analysis', () => {
  const waits = (spec: Partial<MemberSpec>) =>
    gateOf(groupOf({ name: 'web', live: { version: '1.0' }, next: { version: '2.0' }, ...spec }).members[0]!).waitingFor
  const canary = { steps: [{ setWeight: 20 }, { analysis: {} }, { pause: {} }], index: 1 }
  const on = (field: string, status: string) => ({ [field]: { name: 'smoke', status } })
  const table: Record<string, [spec: Partial<MemberSpec>, waitingFor: string]> = {
    'that has not begun waits for it (blue/green)': [
      { status: { pauseConditions: [], blueGreen: on('prePromotionAnalysisRunStatus', '') } },
      'analysis smoke has not begun',
    ],
    'that has not begun waits for it (canary)': [
      { canary, status: { pauseConditions: [], canary: on('currentStepAnalysisRunStatus', '') } },
      'analysis smoke has not begun',
    ],
    'that runs waits for it': [
      { canary, status: { pauseConditions: [], canary: on('currentStepAnalysisRunStatus', 'Running') } },
      'analysis smoke: Running',
    ],
    'that runs beside the steps is there all the same': [
      { canary: { ...canary, index: 2 }, status: { canary: on('currentBackgroundAnalysisRunStatus', '') } },
      '',
    ],
  }
  for (const [sentence, [spec, waitingFor]] of Object.entries(table))
    it(sentence, () => assert.equal(waits(spec), waitingFor))
})

describe('a stable template that was put back', () => {
  /** The backend of a group whose stable revision goes back to its template. */
  const progress = (change: Partial<MemberSpec>) => {
    const group = readGroup(world(legacyPair({ backend: { next: undefined!, ...change } })), 'loan')
    const goal = {
      kind: 'stable',
      services: ['backend-active', 'backend-preview'],
      hash: 'backendlive',
      replicas: 3,
    } as const
    return progressOf(goal, group.members.find((each) => each.name === 'my-backend')!, group)
  }
  it('is in place once both Services select its pods', () => assert.deepEqual(progress({}), { state: 'done' }))
  it('is not over before the stable revision is stable again', () =>
    assert.deepEqual(progress({ status: { stableRS: '' } }), {
      state: 'waiting',
      waitingFor: 'waiting for the stable revision to be stable again',
    }))
  it('is not over before every Service selects its pods', () =>
    assert.deepEqual(progress({ preview: 'next' }), {
      state: 'waiting',
      waitingFor: 'waiting for Service backend-preview to select the stable pods',
    }))
  it('is not over before the template is the current one', () =>
    assert.deepEqual(progress({ next: { version: '2.0' } }), {
      state: 'waiting',
      waitingFor: 'waiting for my-backend to go back to its stable pod template',
    }))
})
