import assert from 'node:assert/strict'
import { globSync, readFileSync, writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import { find, type Found } from './find.ts'
import { read, type Right } from './right.ts'

/** `UPDATE_GOLDEN=1`: write what is printed now, to be read line by line before it is committed. */
const update = process.env['UPDATE_GOLDEN'] !== undefined

const ROOT = 'test/manifests'

const PARTS: readonly (readonly [sentence: string, of: (of: Right) => unknown])[] = [
  ['finds who calls whom', (of) => of.calls],
  ['names the versions', (of) => of.versions],
  ['says in check what stands in the way, at rest and in the release', (of) => of.check],
  ['refuses the release, or promotes consumers first', (of) => of.promoteAll],
  ['prints nothing that is false, or harms whoever does it', (of) => of.false],
  ['prints what a person must know', (of) => of.missing],
]

describe('on the manifests that people have, the program', () => {
  const folders = globSync(`${ROOT}/*/right.yaml`)
    .map((each) => basename(each.slice(0, -'/right.yaml'.length)))
    .sort()

  it('is tried on shapes enough', () => assert.ok(folders.length > 70))

  for (const folder of folders) {
    describe(folder, () => {
      let played: Found
      const { play, right, words } = read(folder)
      before(async () => {
        played = await find(play, words)
      })
      for (const [sentence, of] of PARTS) it(sentence, () => assert.deepEqual(of(played.found), of(right)))
      it('prints what golden.txt holds', () => {
        const golden = `${ROOT}/${folder}/golden.txt`
        if (update) writeFileSync(golden, played.text)
        assert.equal(played.text, readFileSync(golden, 'utf8'))
      })
    })
  }
})
