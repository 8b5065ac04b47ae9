import assert from 'node:assert/strict'
import { EXIT } from '../../src/domain/run/outcome.ts'
import { courseOf, isRefused } from './course.ts'
import { anyGroup, hardlyTold, rightGroup } from './group-spec.ts'
import { holds, safe, told } from './property.ts'

describe('no request meets two versions or an empty Service', function () {
  this.timeout('15m')

  it('where no run is killed', () =>
    holds({ share: 1 / 5, seed: 1 }, anyGroup, async (spec) => {
      const course = await courseOf(spec, 'never')
      safe(course)
      assert.ok(course.exits.at(-1) === EXIT.done || (isRefused(course) && course.patches.length === 0), told(course))
    }))

  it('where versions are hard to tell, or only settings change', () =>
    holds({ share: 1 / 2, seed: 3 }, hardlyTold, async (spec) => safe(await courseOf(spec, 'never'))))

  it('of a group that is wired rightly, which is promoted, never refused', () =>
    holds({ share: 1 / 5, seed: 2 }, rightGroup, async (spec) => {
      const course = await courseOf(spec, 'after every write')
      safe(course)
      assert.deepEqual([course.exits.at(-1), course.left], [EXIT.done, []], told(course))
    }))
})
