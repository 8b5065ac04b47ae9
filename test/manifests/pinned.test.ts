import assert from 'node:assert/strict'
import { globSync, readFileSync, writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import { at } from '../../src/domain/objects/fields.ts'
import { parseManifests } from '../../src/manifests/parse.ts'
import type { FindingDocument } from '../../src/view/documents/documents.ts'
import { pinned, type Pinned } from './pinned.ts'
import { read } from './right.ts'

/** `UPDATE_GOLDEN=1`: write what is told now, to be read line by line before it is committed. */
const update = process.env['UPDATE_GOLDEN'] !== undefined

const told = ({ text, stdout, exit }: Pinned['said']) =>
  `${text.replace(stdout, '')}${exit === 0 ? '' : `exit ${exit}\n`}`
/** Whether what is pinned can be deployed: proved, or why not. */
function proof({ said, deployed }: Pinned): string {
  if (said.exit !== 0) return ''
  const { findings } = JSON.parse(deployed.stdout) as { readonly findings: readonly FindingDocument[] }
  const errors = findings.flatMap((each) => (each.severity === 'error' ? [each.code] : []))
  return `──── deploy-all --dry-run: ${deployed.exit === 0 ? 'proved' : `exit ${deployed.exit}, ${errors.join(', ')}`}\n`
}

const objects = (yaml: string) => parseManifests(yaml, '').map((each) => each.held[0]!.manifest.object)

describe('on the manifests that people have, pin', () => {
  const folders = globSync('test/manifests/*/right.yaml')
    .map((each) => basename(each.slice(0, -'/right.yaml'.length)))
    .sort()

  for (const folder of folders) {
    describe(folder, () => {
      let found: Pinned
      before(async () => {
        found = await pinned(read(folder).play)
      })
      it('tells what pinned.txt holds', () => {
        const golden = `test/manifests/${folder}/pinned.txt`
        const text = told(found.said) + proof(found)
        if (update) writeFileSync(golden, text)
        assert.equal(text, readFileSync(golden, 'utf8'))
      })
      it('prints nothing where it refuses; else what it leaves as it is, and unpin takes back', () => {
        const { said, again, back, given } = found
        if (said.exit !== 0) {
          assert.deepEqual([said.exit, said.stdout], [3, ''])
          return
        }
        assert.equal(again.stdout, said.stdout)
        assert.equal(back.exit, 0, back.text)
        assert.doesNotMatch(back.stdout, /rollouts-group\/(release|service|config)/)
        // Literal addresses of preview Services lead to the active ones now; all else is what was given.
        const before = objects(given)
        const after = objects(back.stdout)
        assert.deepEqual(
          after.map((each) => [at(each, 'kind'), at(each, 'metadata')]),
          before.map((each) => [at(each, 'kind'), at(each, 'metadata')]),
        )
      })
    })
  }
})
