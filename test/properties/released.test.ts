import assert from 'node:assert/strict'
import { EXIT } from '../../src/domain/run/outcome.ts'
import { nameOf } from './group-manifests.ts'
import { cameTo, holds } from './property.ts'
import { type ReleasesCourse, releasesOf } from './release-course.ts'
import { anyReleases, RELEASES, type ReleasesSpec } from './release-spec.ts'

describe('three releases in a row, whatever the group, its wiring and theirs', function () {
  this.timeout('15m')

  for (const [kills, share] of [
    ['twice', 1 / 20],
    ['after every write', 1 / 100],
  ] as const)
    it(`come to users whole, or are refused before the first write: killed ${kills}`, async () => {
      const seen = { promoted: 0, kills: 0, all: 0 }
      await holds({ share, seed: 4 }, anyReleases, async (spec) => {
        const course = await releasesOf(spec, kills)
        judge(spec, course)
        seen.all += RELEASES
        seen.kills += course.releases.reduce((sum, each) => sum + each.kills, 0)
        seen.promoted += course.releases.filter((each) => each.exit === EXIT.done).length
      })
      cameTo(seen.all, seen.promoted > seen.all / 3 && seen.kills > seen.promoted / 2, seen)
    })
})

/** @throws AssertionError */
function judge(spec: ReleasesSpec, { releases, troubles }: ReleasesCourse): void {
  const story = [
    ...releases.map(
      ({ words, exit, told, writes }) => `${words.join(' ')}: ${exit}\n${told}\n  ${writes.join('\n  ')}`,
    ),
    ...[...troubles].map(([key, each]) => `${key}: ${each}`),
  ].join('\n')
  assert.equal(troubles.size, 0, `users met two versions, or nobody\n${story}`)
  for (const { exit, told, writes, behind, again } of releases) {
    if (exit === EXIT.refused) {
      assert.deepEqual(writes, [], `refused after something was written\n${story}`)
      assert.ok(
        spec.members.some((_, index) => new RegExp(`^✖ .*\\b${nameOf(index)}\\b`, 'm').test(told)),
        `refused without a place\n${story}`,
      )
      continue
    }
    assert.equal(exit, EXIT.done, `it did not come to its end\n${story}`)
    assert.deepEqual(behind, [], `it ended, and users do not have it\n${story}`)
    assert.equal(again, '', `the same command made again writes\n${story}`)
  }
}
