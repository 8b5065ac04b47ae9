import assert from 'node:assert/strict'
import fc, { type Arbitrary } from 'fast-check'
import type { Course } from './course.ts'

/** The same groups each time: here some, in `make properties`, and so in CI, a thousand; others by another seed. */
export const NUM_RUNS = Number(process.env['PROPERTY_RUNS'] ?? 20)
const SEED = Number(process.env['PROPERTY_SEED'] ?? 20261125)
/** Mutants of the product begin with the group that shows them, and need no smaller one. */
const AFTER = process.env['PROPERTY_AFTER']

/** Which random groups a property takes: `share` of those that are played, from a seed of its own. */
export interface Sample {
  readonly share: number
  readonly seed: number
}

/** A property holds for random groups. @throws Error with the smallest group found for which it does not */
export async function holds<Spec>(
  { share, seed }: Sample,
  groups: Arbitrary<Spec>,
  property: (spec: Spec) => Promise<void>,
): Promise<void> {
  await fc.assert(fc.asyncProperty(groups, property), {
    numRuns: Math.ceil(NUM_RUNS * share),
    seed: SEED + seed,
    ...(AFTER !== undefined && { path: AFTER, endOnFailure: true }),
  })
}

/** A property says little where most of what was played came to nothing; of a few that says nothing. */
export function cameTo(played: number, something: boolean, seen: unknown): void {
  if (played >= 10) assert.ok(something, JSON.stringify(seen))
}

/** A course, for a person. */
export function told({ troubles, exits, patches, errors }: Course): string {
  return [
    `exits ${exits.join(', ')}; patches ${patches.join(', ') || 'none'}`,
    ...errors,
    ...[...troubles].map(([key, story]) => `${key}: ${story}`),
  ].join('\n')
}

/** No user met what he would not have met without the tool. @throws AssertionError */
export function safe(course: Course): void {
  assert.equal(course.troubles.size, 0, `users met what they would not have met without the tool\n${told(course)}`)
}
