import assert from 'node:assert/strict'
import { EXIT } from '../../src/domain/run/outcome.ts'
import { cameTo, holds } from './property.ts'
import { byTheTool, told, type Walk, walked } from './walk-course.ts'
import { amongOthers, toolAlone, type WalkSpec } from './walk-spec.ts'
import { type WayOn, wayOn } from './way-on.ts'

/** What only a person can repair, where no command leads out: nobody else knows what a ConfigMap held before. */
const BY_HAND = /Put ConfigMap \S+ back as these pods were given it/

/** A command of a person's own has found something bad: that is a failure that was asked for. */
const FOUND_BAD = /the smoke test has failed|the check of --bake-check has failed/

describe('any walk through the verbs that write', function () {
  this.timeout('15m')

  for (const [title, walks, seed] of [
    ['two commands that the tool names lead out of it', toolAlone, 5],
    [
      'so do they among others who deploy and scale past the tool, or a sentence says what they have broken',
      amongOthers,
      6,
    ],
  ] as const)
    it(`meets no two versions and no empty Service, and ${title}`, async () => {
      const seen = { walks: 0, done: 0, killed: 0, ledOut: 0 }
      await holds({ share: 1 / 40, seed }, walks, async (spec) => {
        const walk = await walked(spec)
        const way = await wayOn(walk)
        await judge(spec, walk, way)
        seen.walks += 1
        seen.done += walk.played.filter((each) => each.said.exit === EXIT.done).length
        seen.killed += walk.played.filter((each) => each.said.exit === undefined).length
        seen.ledOut += way.commands.length > 0 ? 1 : 0
      })
      const { walks: all, done, killed, ledOut } = seen
      cameTo(all, done > all && killed > all / 4 && ledOut > all / 8, seen)
    })
})

/** @throws AssertionError */
async function judge(spec: WalkSpec, walk: Walk, { commands, ill, said }: WayOn): Promise<void> {
  const story = () => `${told(spec, walk)}\nthen ${commands.join(', then ') || 'nothing is named'}\n${said}`
  const struck = await byTheTool(spec, walk)
  assert.deepEqual(
    struck.map((each) => each.key),
    [],
    `users met two versions, or nobody\n${story()}`,
  )
  if (!BY_HAND.test(said)) assert.equal(ill, undefined, `what the tool names leads to no healthy group\n${story()}`)
  for (const { line, said: each } of walk.played)
    if (!FOUND_BAD.test(each.told)) assert.notEqual(each.exit, EXIT.failed, `${line} failed\n${story()}`)
}
