import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import type { Metafile } from 'esbuild'
import { loadedByName, METAFILE } from '../../build/bundle.ts'

describe('the bundle', () => {
  it('loads no CommonJS package by import(), where it would have other names than from source', () => {
    assert.deepEqual(loadedByName(JSON.parse(readFileSync(METAFILE, 'utf8')) as Metafile), [])
  })

  it('is refused where it does', () => {
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
