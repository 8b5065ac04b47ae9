import assert from 'node:assert/strict'
import { podsByWeight } from '../../src/domain/group/canary-pods.ts'
import type { Finding } from '../../src/domain/findings/finding.ts'
import { readGroup } from '../../src/domain/group/read-group.ts'
import { foreseen } from '../../src/domain/plan/foreseen.ts'
import { makePlan } from '../../src/domain/plan/make-plan.ts'
import { type MemberSpec, world } from '../support/objects.ts'

describe('the pods that a weight makes without a router', () => {
  const table: [replicas: number, weight: number, surge: string | number, canary: number, stable: number][] = [
    [10, 30, '25%', 3, 7],
    [4, 30, '25%', 1, 3],
    [4, 40, '25%', 2, 3],
    [4, 40, 0, 2, 2],
    [3, 60, '25%', 2, 1],
    [3, 50, '25%', 2, 2],
    [2, 75, '25%', 2, 1],
    [2, 75, '0%', 1, 1],
    [1, 90, '25%', 1, 1],
    [1, 90, 0, 1, 0],
    [1, 40, 0, 0, 1],
    [4, 100, '25%', 4, 0],
    [4, 0, '25%', 0, 4],
  ]
  for (const [replicas, weight, maxSurge, canary, stable] of table)
    it(`at ${weight} % of ${replicas}, surging by ${maxSurge}, are ${canary} and ${stable}`, () =>
      assert.deepEqual(podsByWeight({ maxSurge }, replicas, weight), { canary, stable }))
})

describe('pods of a canary that are too few for its consumers', () => {
  const stepsOf = (weights: readonly number[]) => ({
    steps: weights.flatMap((weight) => [{ setWeight: weight }, { pause: {} }]),
  })
  /** `page`, blue/green, and others over `api`, of ten pods. */
  const members = (weights: readonly number[], more: readonly string[] = [], canary: Partial<MemberSpec> = {}) =>
    ['page', ...more]
      .map((name): MemberSpec => ({ name, live: { version: '1.0', env: { API: 'api-stable' } } }))
      .concat({
        name: 'api',
        live: { version: '1.0' },
        replicas: 10,
        canary: stepsOf(weights),
        ...canary,
      })
  const told = (found: readonly Finding[]) =>
    found
      .filter((each) => each.code === 'canary-capacity')
      .map(({ severity, sentence }) => `${severity} ${sentence.replace(/ for the share of users that/, ':')}`)
  const atRest = (all: MemberSpec[]) => told(foreseen(readGroup(world({ members: all }), 'loan')))

  const table: [what: string, all: MemberSpec[], says: string[]][] = [
    [
      'are told once, at the worst of many gates',
      members([10, 20, 30, 40, 50, 60, 70, 80, 90]),
      ['error while api stands at 90 %, its stable pods are 90 % too few: page sends them (100 %)'],
    ],
    [
      'are told at the gate that the deploy comes to',
      members([75]),
      ['error while api stands at 75 %, its stable pods are 70 % too few: page sends them (100 %)'],
    ],
    [
      'are told where all users come to a small canary',
      members([10]),
      ['error for a moment the canary (10 %) pods of api are 90 % too few: page sends them (100 %)'],
    ],
    [
      'are half on either side at the best weight',
      members([20, 50]),
      ['warning for a moment the canary (50 %) pods of api are 50 % too few: page sends them (100 %)'],
    ],
    [
      'are told once for all who call it',
      members([80], ['shop']),
      ['error while api stands at 80 %, its stable pods are 80 % too few: page and shop send them (100 %)'],
    ],
    ['are never fewer than one where one may be added', members([75], [], { replicas: 1 }), []],
    [
      'are all there beside a router that keeps them',
      members([75], [], { strategy: { trafficRouting: { nginx: { stableIngress: 'api' } } } }),
      ['warning for a moment the canary (75 %) pods of api are 20 % too few: page sends them (100 %)'],
    ],
  ]
  for (const [what, all, says] of table) it(what, () => assert.deepEqual(atRest(all), says))

  /** The release at a gate of `api`. */
  const begun = (weights: readonly number[], index: number) =>
    readGroup(
      world({
        members: [
          {
            name: 'page',
            live: { version: '1.0', env: { API: 'api-stable' } },
            next: { version: '2.0', env: { API: 'api-canary' } },
          },
          {
            name: 'api',
            live: { version: '1.0' },
            next: { version: '2.0' },
            replicas: 10,
            canary: { ...stepsOf(weights), index },
          },
        ],
      }),
      'loan',
    )
  const promoting = (weights: readonly number[], index: number) =>
    makePlan(begun(weights, index), 'promote-all').findings.filter((each) => each.code === 'canary-capacity')

  it('refuse the first gate of a way whose end they refuse', () => {
    const [found, ...more] = promoting([10, 90], 1)
    assert.deepEqual([found!.severity, more], ['error', []])
    assert.match(found!.sentence, /^while api stands at 90 %/)
  })
  it('refuse nothing where they are too few already, and going on ends it', () =>
    assert.deepEqual(told(promoting([90], 1)), [
      'warning for a moment the canary (90 %) pods of api are 10 % too few: page sends them (100 %)',
    ]))
  it('refuse nobody who asks for all users at once', () =>
    assert.deepEqual(told(makePlan(begun([10, 20], 1), 'promote-all', { full: true }).findings), [
      'warning for a moment the canary (10 %) pods of api are 90 % too few: page sends them (100 %)',
    ]))
  it('are told as they are where nothing worse comes', () =>
    assert.deepEqual(told(promoting([95], 1)), [
      'warning while api stands at 95 %, its stable pods are 90 % too few: page sends them (100 %)',
    ]))
  it('are a matter of the next release where this one is under way', () => {
    assert.match(String(promoting([10, 90], 1)[0]!.remedy), /^for the next release: put setWeight: 50/)
    assert.match(String(promoting([50], 1)[0]!.remedy), /^for the next release: no other weight/)
  })
})
