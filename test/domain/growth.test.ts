import assert from 'node:assert/strict'
import { readGroup } from '../../src/domain/group/read-group.ts'
import type { Verb } from '../../src/domain/intent.ts'
import { makePlan } from '../../src/domain/plan/make-plan.ts'
import { SHAPES, type Shape, sized } from '../support/sized.ts'

/** How often the addresses of revisions are looked at until a group of a size is planned for, and in how many waves. */
function looked(shape: Shape, size: number, verb: Verb): { readonly looks: number; readonly waves: number } {
  const group = readGroup(sized(shape, size), 'loan')
  let looks = 0
  for (const revision of group.members.flatMap((each) => each.revisions)) {
    const { wires } = revision
    Object.defineProperty(revision, 'wires', {
      enumerable: true,
      get: () => {
        looks++
        return wires
      },
    })
  }
  const { waves } = makePlan(group, verb)
  return { looks, waves: waves.length }
}

describe('what a plan costs', () => {
  for (const shape of SHAPES)
    for (const verb of ['promote-all', 'abort-all'] as const)
      it(`grows no faster than the group: ${verb} of ${shape}`, () => {
        const [one, two] = [looked(shape, 128, verb), looked(shape, 256, verb)]
        assert.ok(two.looks <= 2.3 * one.looks, `${one.looks} looks for 128 members, ${two.looks} for 256`)
        assert.ok(two.looks <= 150 * 256, `${two.looks} looks for 256 members`)
        assert.deepEqual([one.waves, two.waves], verb === 'abort-all' ? [1, 1] : [2, 2])
      })
})
