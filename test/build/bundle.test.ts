import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { type Metafile, transform } from 'esbuild'
import { loadedByName, METAFILE } from '../../build/bundle.ts'

describe('the bundle', () => {
  it('loads no CommonJS package by import(), where it would have other names than from source', () => {
    assert.deepEqual(loadedByName(JSON.parse(readFileSync(METAFILE, 'utf8')) as Metafile), [])
  })

  it('has no module that waits before it is there, whose import() may end before that under Bun', async () => {
    const modules = globSync('dist/**/*.mjs')
    assert.ok(modules.length > 100)
    // CommonJS has no way to wait.
    for (const each of modules) await transform(readFileSync(each, 'utf8'), { format: 'cjs', logLevel: 'silent' })
  })

  it('imports nothing of Node that loads what it has of the web with it', () => {
    const modules = globSync('dist/**/*.{mjs,cjs,js}')
    const theirs = modules.filter((each) => /\bfrom ?"(node:)?https?"/.test(readFileSync(each, 'utf8')))
    assert.deepEqual(theirs, [])
  })

  it('is refused where it loads one by import()', () => {
    const named = (kind: string, format: string) => ({
      inputs: {
        'src/a.ts': { bytes: 1, imports: [{ path: 'node_modules/x/index.js', kind }] },
        'node_modules/x/index.js': { bytes: 1, imports: [], format },
      },
      outputs: {},
    })
    const found = (kind: string, format: string) => loadedByName(named(kind, format) as unknown as Metafile)
    assert.deepEqual(found('dynamic-import', 'cjs'), ['src/a.ts: node_modules/x/index.js'])
    assert.deepEqual([found('dynamic-import', 'esm'), found('import-statement', 'cjs')], [[], []])
  })
})
