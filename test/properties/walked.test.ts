import assert from 'node:assert/strict'
import { EXIT } from '../../src/domain/run/outcome.ts'
import { cameTo, holds } from './property.ts'
import { told, type Walk, walked } from './walk-course.ts'
import { toolAlone, type WalkSpec } from './walk-spec.ts'
import { type WayOn, wayOn } from './way-on.ts'

describe('any walk through the verbs that write', function () {
  this.timeout('15m')

  it('meets no two versions and no empty Service, and two commands that the tool names lead out of it', async () => {
    const seen = { walks: 0, done: 0, killed: 0, ledOut: 0 }
    await holds({ share: 1 / 20, seed: 5 }, toolAlone, async (spec) => {
      const walk = await walked(spec)
      const way = await wayOn(walk)
      judge(spec, walk, way)
      seen.walks += 1
      seen.done += walk.played.filter((each) => each.said.exit === EXIT.done).length
      seen.killed += walk.played.filter((each) => each.said.exit === undefined).length
      seen.ledOut += way.commands.length > 0 ? 1 : 0
    })
    const { walks, done, killed, ledOut } = seen
    cameTo(walks, done > walks && killed > walks / 3 && ledOut > walks / 8, seen)
  })
})

/** @throws AssertionError */
function judge(spec: WalkSpec, walk: Walk, { commands, ill, said }: WayOn): void {
  const story = () => `${told(spec, walk)}\nthen ${commands.join(', then ') || 'nothing is named'}\n${said}`
  assert.deepEqual(
    walk.met.map((each) => each.key),
    [],
    `users met two versions, or nobody\n${story()}`,
  )
  assert.equal(ill, undefined, `what the tool names leads to no healthy group\n${story()}`)
  for (const { line, said: each } of walk.played) assert.notEqual(each.exit, EXIT.failed, `${line} failed\n${story()}`)
}
