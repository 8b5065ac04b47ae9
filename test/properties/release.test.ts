import assert from 'node:assert/strict'
import fc from 'fast-check'
import { EXIT } from '../../src/domain/run/outcome.ts'
import { courseOf, isRefused, type Course } from './course.ts'
import { anyGroup, hardlyTold, rightGroup } from './group-spec.ts'

/** The same groups each time; others with `make properties`, which takes a new seed. */
const numRuns = Number(process.env['PROPERTY_RUNS'] ?? 1000)
const seed = Number(process.env['PROPERTY_SEED'] ?? 20261125)
/** Mutants of the product need no smallest counterexample. */
const endOnFailure = process.env['PROPERTY_FIRST'] !== undefined

function told({ troubles, exits, patches, errors }: Course): string {
  return [
    `exits ${exits.join(', ')}; patches ${patches.join(', ') || 'none'}`,
    ...errors,
    ...[...troubles].map(([key, story]) => `${key}: ${story}`),
  ].join('\n')
}

function safe(course: Course): void {
  assert.equal(course.troubles.size, 0, `users met what they would not have met without the tool\n${told(course)}`)
}

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

  it(`no request meets two versions or an empty Service, killed after every write, and each re-run goes on to the end (${numRuns} groups)`, async () => {
    let carriedOut = 0
    await fc.assert(
      fc.asyncProperty(anyGroup, async (spec) => {
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
      }),
      { numRuns, seed, endOnFailure },
    )
    assert.ok(
      carriedOut > numRuns / 3,
      `only ${carriedOut} of ${numRuns} groups were not refused: the property says little`,
    )
  })

  it('nor where no run is killed', async () => {
    await fc.assert(
      fc.asyncProperty(anyGroup, async (spec) => {
        const course = await courseOf(spec, 'never')
        safe(course)
        assert.ok(course.exits[0] === EXIT.done || (isRefused(course) && course.patches.length === 0), told(course))
      }),
      { numRuns: numRuns / 5, seed: seed + 1, endOnFailure },
    )
  })

  it('nor where versions are hard to tell, or only settings change', async () => {
    await fc.assert(
      fc.asyncProperty(hardlyTold, async (spec) => safe(await courseOf(spec, 'never'))),
      { numRuns: numRuns / 2, seed: seed + 3, endOnFailure },
    )
  })

  it('a group that is wired rightly is promoted, never refused', async () => {
    await fc.assert(
      fc.asyncProperty(rightGroup, async (spec) => {
        const course = await courseOf(spec, 'after every write')
        safe(course)
        assert.deepEqual([course.exits.at(-1), course.left], [EXIT.done, []], told(course))
      }),
      { numRuns: numRuns / 5, seed: seed + 2, endOnFailure },
    )
  })
})
