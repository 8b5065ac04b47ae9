import assert from 'node:assert/strict'
import { phaseOf } from '../../src/domain/objects/phase.ts'
import { parseRollout, type Rollout } from '../../src/domain/objects/rollout.ts'

interface Case {
  readonly strategy: 'blueGreen' | 'canary' | 'routed'
  readonly condition: 'none' | 'InvalidSpec' | 'RolloutAborted' | 'ProgressDeadlineExceeded'
  readonly paused: boolean
  readonly pause: boolean
  readonly restart: 'none' | 'same time, another zone' | 'open'
  readonly updated: number
  readonly available: number
  readonly all: number
  readonly active: string
  readonly stable: string
  readonly analysis: 'none' | 'not begun' | '' | 'Running' | 'Successful' | 'Failed'
}

const choices: { readonly [key in keyof Case]: readonly Case[key][] } = {
  strategy: ['blueGreen', 'canary', 'routed'],
  condition: ['none', 'InvalidSpec', 'RolloutAborted', 'ProgressDeadlineExceeded'],
  paused: [false, true],
  pause: [false, true],
  restart: ['none', 'same time, another zone', 'open'],
  updated: [1, 2],
  available: [1, 2],
  all: [2, 4],
  active: ['', 'old', 'new'],
  stable: ['', 'old', 'new'],
  analysis: ['none', 'not begun', '', 'Running', 'Successful', 'Failed'],
}

/** Every combination of what the phase depends on. */
function* cases(): Generator<Case> {
  let made: Partial<Case>[] = [{}]
  for (const [key, values] of Object.entries(choices))
    made = made.flatMap((each) => (values as readonly unknown[]).map((value) => ({ ...each, [key]: value })))
  yield* made as Case[]
}

function rolloutOf(
  of: Case,
  phase?: string,
  more: { spec?: object; status?: object; metadata?: object } = {},
): Rollout {
  const { strategy, condition, paused, pause, restart, updated, available, all, active, stable, analysis } = of
  const run = analysis === 'none' || analysis === 'not begun' ? undefined : { name: 'run', status: analysis }
  return parseRollout({
    metadata: { name: 'web', namespace: 'n', uid: 'u', generation: 3, ...more.metadata },
    spec: {
      replicas: 2,
      paused,
      ...(restart !== 'none' && { restartAt: '2026-01-01T10:00:00Z' }),
      strategy:
        strategy === 'blueGreen'
          ? { blueGreen: { activeService: 'web', ...(analysis !== 'none' && { postPromotionAnalysis: {} }) } }
          : { canary: { steps: [], ...(strategy === 'routed' && { trafficRouting: {} }) } },
      ...more.spec,
    },
    status: {
      ...(phase !== undefined && { phase, message: 'said by the controller' }),
      observedGeneration: '3',
      conditions: condition === 'none' ? [] : [conditionOf(condition)],
      controllerPause: pause,
      pauseConditions: pause ? [{ reason: 'BlueGreenPause' }] : [],
      ...(restart === 'same time, another zone' && { restartedAt: '2026-01-01T11:00:00+01:00' }),
      replicas: all,
      updatedReplicas: updated,
      availableReplicas: available,
      currentPodHash: 'new',
      stableRS: stable,
      blueGreen: { activeSelector: active, ...(run !== undefined && { postPromotionAnalysisRunStatus: run }) },
      ...more.status,
    },
  }) as Rollout
}

function conditionOf(name: string) {
  return name === 'InvalidSpec'
    ? { type: name, status: 'True', reason: name, message: 'why' }
    : { type: 'Progressing', status: 'False', reason: name, message: 'why' }
}

/** The documented rules (argo-rollouts, rolloututil.go), the first that holds: a row each. */
const RULES: readonly (readonly [holds: (of: Case) => boolean, says: string | ((of: Case) => string)])[] = [
  [({ condition }) => condition !== 'none', ({ condition }) => `Degraded ${condition}: why`],
  [({ paused }) => paused, 'Paused manually paused'],
  [({ pause }) => pause, 'Paused BlueGreenPause'],
  [({ restart }) => restart === 'open', 'Progressing rollout is restarting'],
  [({ updated }) => updated < 2, 'Progressing more replicas need to be updated'],
  [({ available, updated }) => available < updated, 'Progressing updated replicas are still becoming available'],
  [
    ({ strategy, active }) => strategy === 'blueGreen' && active !== 'new',
    'Progressing active service cutover pending',
  ],
  [
    ({ strategy, stable, analysis }) =>
      strategy === 'blueGreen' && stable !== 'new' && ['not begun', '', 'Running'].includes(analysis),
    'Progressing waiting for analysis to complete',
  ],
  [
    ({ strategy, stable }) => strategy === 'blueGreen' && stable !== 'new',
    'Progressing waiting for post-promotion verification to complete',
  ],
  [
    ({ strategy, all, updated }) => strategy === 'canary' && all > updated,
    'Progressing old replicas are pending termination',
  ],
  [({ stable }) => stable !== 'new', 'Progressing waiting for all steps to complete'],
  [() => true, 'Healthy '],
]

const said = (rollout: Rollout): string => `${phaseOf(rollout).name} ${phaseOf(rollout).message}`

describe('the phase of a Rollout', () => {
  it('is what every Argo client shows, in every combination of what it depends on', () => {
    const wrong: string[] = []
    for (const of of cases()) {
      const [, says] = RULES.find(([holds]) => holds(of))!
      const expected = typeof says === 'string' ? says : says(of)
      const found = said(rolloutOf(of))
      if (found !== expected) wrong.push(`${JSON.stringify(of)}: ${found}, not ${expected}`)
    }
    assert.deepEqual(wrong, [])
  })

  const calm: Case = {
    strategy: 'blueGreen',
    condition: 'none',
    paused: false,
    pause: false,
    restart: 'none',
    updated: 2,
    available: 2,
    all: 2,
    active: 'new',
    stable: 'new',
    analysis: 'none',
  }
  const copied = (generation: string) => ({
    metadata: { annotations: { 'rollout.argoproj.io/workload-generation': generation } },
    spec: { workloadRef: { kind: 'Deployment', name: 'web' } },
    status: { workloadObservedGeneration: '4' },
  })
  const rows: readonly [what: string, rollout: Rollout, says: string][] = [
    ['is the controller’s own, where it says one', rolloutOf(calm, 'Degraded'), 'Degraded said by the controller'],
    [
      'waits for a spec that is to be seen, whatever the controller said of the one before',
      rolloutOf(calm, 'Healthy', { status: { observedGeneration: '2' } }),
      'Progressing waiting for rollout spec update to be observed',
    ],
    [
      'waits for a promotion that was asked for',
      rolloutOf(calm, 'Paused', { status: { controllerPause: true, pauseConditions: [] } }),
      'Progressing waiting for rollout to unpause',
    ],
    [
      'waits for the template of its workload to be seen',
      rolloutOf(calm, 'Healthy', copied('5')),
      'Progressing waiting for rollout spec update to be observed for the reference workload',
    ],
    ['waits no more once it was', rolloutOf(calm, 'Healthy', copied('4')), 'Healthy said by the controller'],
  ]
  for (const [what, rollout, says] of rows) it(what, () => assert.equal(said(rollout), says))
})
