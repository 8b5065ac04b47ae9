import assert from 'node:assert/strict'
import { run } from '../controlplane/run.ts'

/** Prints the address of each module that is loaded. */
const TELL = `data:text/javascript,${encodeURIComponent('import { registerHooks } from "node:module"; registerHooks({ load(url, context, next) { process.stderr.write(url + "\\n"); return next(url, context) } })')}`

async function loadedBy(...words: readonly string[]): Promise<string[]> {
  const { stderr } = await run(process.execPath, ['--import', TELL, 'src/main.ts', ...words], {
    env: { KUBECONFIG: '/nowhere' },
  })
  return stderr.split('\n').filter((each) => each.startsWith('file:'))
}

describe('what Ink needs', () => {
  for (const words of [
    ['get-group', 'loan'],
    ['get-group', 'loan', '-w'],
    ['promote-all', '--help'],
    ['demo', '--help'],
    ['version'],
  ]) {
    it(`is not loaded by ${words.join(' ')} in a pipeline`, async () => {
      const loaded = await loadedBy(...words)
      assert.ok(loaded.some((each) => each.endsWith('/src/cli/run.ts')))
      assert.deepEqual(
        loaded.filter((each) =>
          /\/node_modules\/(ink|react|yoga-layout)\/|\/view\/tui\/|\/cli\/live-world\.ts/.test(each),
        ),
        [],
      )
    })
  }
})

describe('what carries out', () => {
  it('is not loaded by get-group, which only reads', async () => {
    const loaded = await loadedBy('get-group', 'loan')
    assert.ok(loaded.some((each) => each.endsWith('/src/cli/group/show-asked.ts')))
    assert.deepEqual(
      loaded.filter((each) => /\/src\/(execute\/(run|carry-out|lock)|domain\/deploy\/plan-deploy)\.ts/.test(each)),
      [],
    )
  })
})
