import assert from 'node:assert/strict'
import { readGroup } from '../../src/domain/group/read-group.ts'
import { makePlan } from '../../src/domain/plan/make-plan.ts'
import { planLine } from '../../src/domain/plan/plan-line.ts'
import { refused } from '../../src/domain/plan/plan.ts'
import { world } from '../support/objects.ts'
import { atGates, madeBad, objectsOf, safeOrder, smallWorlds, troubles, worldLine } from './small-worlds.ts'

describe('of all small groups', function () {
  this.timeout('60s')
  const plans = () =>
    [...smallWorlds()].map((each) => {
      const plan = makePlan(readGroup(world(objectsOf(each)), 'loan'), 'promote-all')
      const errors = [...new Set(plan.findings.filter((one) => one.severity === 'error').map((one) => one.code))]
      return { each, plan, errors, line: `${worldLine(each)}: ${errors.join(', ') || planLine(plan)}` }
    })
  let made: ReturnType<typeof plans>
  before(() => {
    made = plans()
  })

  it('each is planned or refused', () => assert.equal(made.length, 1275))

  it('what is planned is safe', () => {
    const planned = made.filter(({ plan }) => !refused(plan))
    assert.ok(planned.length > 10, `${planned.length} planned`)
    for (const { each, plan, line } of planned) {
      const waves = plan.waves.map((wave) => ({
        promoted: wave.map((step) => step.member),
        drained: wave.flatMap((step) => step.drain.map((one) => one.member)),
      }))
      assert.deepEqual([...madeBad(each, waves)], [], line)
    }
  })

  it('no two neighbouring waves can be one, where nothing is bad at the beginning', () => {
    const planned = made.filter(
      ({ each, plan }) => !refused(plan) && plan.waves.length > 1 && troubles(each, atGates(each)).size === 0,
    )
    assert.ok(planned.length > 10, `${planned.length} planned`)
    const found = planned.flatMap(({ each, plan, line }) => {
      const waves = plan.waves.map((wave) => ({
        promoted: wave.map((step) => step.member),
        drained: wave.flatMap((step) => step.drain.map((one) => one.member)),
      }))
      return waves.slice(1).flatMap((next, index) => {
        const first = waves[index]!
        // Nobody is drained whom the same wave promotes.
        const late = next.drained.filter((one) => !first.promoted.includes(one))
        const one = { promoted: [...first.promoted, ...next.promoted], drained: [...first.drained, ...late] }
        return madeBad(each, waves.toSpliced(index, 2, one)).size === 0 ? [`${line}: ${index + 1} and the next`] : []
      })
    })
    assert.deepEqual(found, [])
  })

  /** Each that is refused though there is an order that makes nothing bad. */
  const wrongly = (which: (one: (typeof made)[number]) => boolean) => {
    const found = made.filter((one) => refused(one.plan) && which(one))
    assert.ok(found.length > 10, `${found.length} are such`)
    return found.flatMap(({ each, line }) => {
      const order = safeOrder(each)
      return order === undefined ? [] : [`${line} (safe: ${order.join(', ')})`]
    })
  }

  it('what is refused for what its proof finds has no safe order at all', () =>
    assert.deepEqual(
      wrongly(({ errors }) => errors.some((each) => each === 'mixed-window' || each === 'dead-end')),
      [],
    ))

  it('what is refused, whatever for, has none either, where nothing is bad at its beginning', () =>
    assert.deepEqual(
      wrongly(({ each }) => troubles(each, atGates(each)).size === 0),
      [],
    ))
})
