import assert from 'node:assert/strict'
import { EXIT } from '../../src/domain/run/outcome.ts'
import { courseOf, isRefused, type Course } from './course.ts'
import { anyGroup } from './group-spec.ts'
import { holds, NUM_RUNS, safe, told } from './property.ts'

/**
 * A run that is started anew knows nothing of the one that was killed: where ConfigMaps were pruned or edited under
 * running pods meanwhile, it may not be able to tell any more what these are, and says so rather than go on.
 */
function isUntellable({ pruned, inPlace }: { pruned: boolean; inPlace: boolean }, { errors }: Course): boolean {
  return (
    (pruned || inPlace) && errors.length > 0 && errors.every((each) => /^(missing-config|config-changed): /.test(each))
  )
}

describe('whatever the group, its wiring and its state', function () {
  this.timeout('15m')

  it(`no request meets two versions or an empty Service, killed after every write, and each re-run goes on to the end (${NUM_RUNS} groups)`, async () => {
    let carriedOut = 0
    await holds({ share: 1, seed: 0 }, anyGroup, async (spec) => {
      const course = await courseOf(spec, 'after every write')
      safe(course)
      if (isRefused(course))
        return assert.ok(
          course.patches.length === 0 || isUntellable(spec, course),
          `refused after something was written\n${told(course)}`,
        )
      carriedOut += 1
      assert.equal(course.exits.at(-1), EXIT.done, `the last run did not come to its end\n${told(course)}`)
      if (spec.verb === 'promote-all') assert.deepEqual(course.left, [], `not promoted\n${told(course)}`)
    })
    assert.ok(
      carriedOut > NUM_RUNS / 3,
      `only ${carriedOut} of ${NUM_RUNS} groups were not refused: the property says little`,
    )
  })
})
