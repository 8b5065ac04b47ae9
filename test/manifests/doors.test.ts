import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { live } from './play.ts'

/** The documents of a folder's file, by their kinds. */
function documentsOf(folder: string, file: string, ...kinds: readonly string[]): string[] {
  const documents = readFileSync(`test/manifests/${folder}/${file}`, 'utf8').split('---\n')
  return documents.filter((each) => kinds.some((kind) => each.includes(`\nkind: ${kind}\n`)))
}

/** What is said of a release of these files, when a folder's deeds are done. */
async function foretold(folder: string, deeds: readonly string[], files: readonly string[]): Promise<string> {
  let said = ''
  await live({ folder, group: folder, options: [], deeds }, async (deed, _, pipe) => {
    if (deed !== deeds.at(-1)) return
    const words = ['release', folder, '-n', folder, '-f', '-', '--dry-run']
    said = (await pipe(files.join('---\n'), ...words)).text
  })
  return said
}

const then = (said: string) => /then promote-all: (.*)/.exec(said)?.[1]

describe('a release looks at where users come in', () => {
  const rollouts = documentsOf('doors-on-two-tiers', 'next.yaml', 'Rollout')
  const door = documentsOf('doors-on-two-tiers', 'live.yaml', 'Ingress')
  const THREE =
    '1 promote web 2.0; wait until the old web 1.0 pods are gone (about 30s); ' +
    '2 promote api 2.0; wait until the old api 1.0 pods are gone (about 30s); 3 promote db 2.0'
  const TWO =
    '1 promote web 2.0; wait until the old web 1.0 pods are gone (about 30s); 2 promote api 2.0, promote db 2.0'

  it('by an Ingress that is there', async () =>
    assert.equal(then(await foretold('doors-on-two-tiers', ['live.yaml'], rollouts)), THREE))
  it('and where none is, waits for entries alone', async () =>
    assert.equal(then(await foretold('doors-on-two-tiers', ['live.yaml', 'delete Ingress all'], rollouts)), TWO))
  it('by an Ingress that comes with its own files', async () => {
    const said = await foretold('doors-on-two-tiers', ['live.yaml', 'delete Ingress all'], [...rollouts, ...door])
    assert.equal(then(said), THREE)
  })
  it('by an Ingress as its own files change it', async () => {
    const narrower = door.map((each) => each.replace(/name: api-active/, 'name: web-active'))
    assert.equal(then(await foretold('doors-on-two-tiers', ['live.yaml'], [...rollouts, ...narrower])), TWO)
  })
  it('and takes files that are pinned by hand as they are, also on a circle', async () => {
    const files = documentsOf('circle-behind-an-ingress', 'next.yaml', 'Rollout', 'Service')
    const said = await foretold('circle-behind-an-ingress', ['live.yaml'], files)
    assert.match(said, /at once, wired as the files are\n/)
    assert.match(said, /proved from addresses pods use/)
  })
})
