import assert from 'node:assert/strict'
import { strategicMerge } from '../../../src/sim/api/strategic-merge.ts'

describe('a strategic merge patch', () => {
  const cases: readonly (readonly [what: string, before: unknown, patch: unknown, after: unknown])[] = [
    ['merges objects', { a: { b: 1, c: 2 } }, { a: { b: 3, d: 4 } }, { a: { b: 3, c: 2, d: 4 } }],
    ['removes what is null', { a: 1, b: { c: 2 } }, { a: null, b: { c: null } }, { b: {} }],
    [
      'replaces a list nobody knows',
      { args: ['a', 'b'], tolerations: [{ key: 'a' }] },
      { args: ['c'], tolerations: [{ key: 'b' }] },
      { args: ['c'], tolerations: [{ key: 'b' }] },
    ],
    [
      'merges entries of one name',
      { containers: [{ name: 'a', image: '1', tty: true }, { name: 'b' }] },
      { containers: [{ name: 'a', image: '2' }] },
      { containers: [{ name: 'a', image: '2', tty: true }, { name: 'b' }] },
    ],
    [
      'adds an entry of a new name',
      { env: [{ name: 'A', value: '1' }] },
      { env: [{ name: 'B', value: '2' }] },
      {
        env: [
          { name: 'A', value: '1' },
          { name: 'B', value: '2' },
        ],
      },
    ],
    ['makes a list that was not there', {}, { env: [{ name: 'A' }] }, { env: [{ name: 'A' }] }],
    [
      'removes an entry',
      { env: [{ name: 'A' }, { name: 'B' }] },
      {
        env: [
          { name: 'A', $patch: 'delete' },
          { name: 'C', $patch: 'delete' },
        ],
      },
      { env: [{ name: 'B' }] },
    ],
    [
      'replaces a list where it says so',
      { env: [{ name: 'A' }] },
      { env: [{ name: 'B' }, { $patch: 'replace' }] },
      { env: [{ name: 'B' }] },
    ],
    ['replaces an object where it says so', { a: { b: 1 } }, { a: { $patch: 'replace', c: 2 } }, { a: { c: 2 } }],
    ['removes an object where it says so', { a: { b: 1 }, c: 1 }, { a: { $patch: 'delete' } }, { c: 1 }],
    [
      'keeps the keys that it names',
      { volumes: [{ name: 'v', emptyDir: {}, other: 1 }] },
      { volumes: [{ name: 'v', $retainKeys: ['name', 'configMap'], configMap: { name: 'c' } }] },
      { volumes: [{ name: 'v', configMap: { name: 'c' } }] },
    ],
    [
      'passes over the order that kubectl adds',
      { env: [{ name: 'A' }] },
      { '$setElementOrder/env': [{ name: 'A' }] },
      { env: [{ name: 'A' }] },
    ],
    [
      'tells ports of a Service by their port',
      { ports: [{ port: 80, name: 'a' }] },
      { ports: [{ port: 80, targetPort: 8080 }, { port: 81 }] },
      { ports: [{ port: 80, name: 'a', targetPort: 8080 }, { port: 81 }] },
    ],
    [
      'tells ports of a container by their containerPort',
      { ports: [{ containerPort: 80, name: 'a' }] },
      { ports: [{ containerPort: 81 }] },
      { ports: [{ containerPort: 80, name: 'a' }, { containerPort: 81 }] },
    ],
    [
      'replaces what is of another type',
      { a: 'text', b: [1], env: 'x' },
      { a: { c: 1 }, b: { c: 1 }, env: [{ name: 'A' }] },
      { a: { c: 1 }, b: { c: 1 }, env: [{ name: 'A' }] },
    ],
    [
      'replaces lists of inherited names',
      { constructor: [{ name: 'a' }] },
      { constructor: [{ name: 'b' }] },
      { constructor: [{ name: 'b' }] },
    ],
  ]
  for (const [what, before, patch, after] of cases) {
    it(what, () => {
      const stored = structuredClone(before)
      assert.deepEqual(strategicMerge(stored, patch), after)
      assert.deepEqual(stored, before)
    })
  }

  it('fails at an entry without a name, as the API server does', () => {
    for (const entry of [{ value: '1' }, null, 'x'])
      assert.throws(() => strategicMerge({ env: [{ value: '2' }] }, { env: [entry] }), {
        code: 500,
        message: /does not contain declared merge key: name$/,
      })
  })

  it('takes __proto__ for a key as any other', () => {
    const merged = strategicMerge({}, JSON.parse('{"__proto__": {"admin": true}}'))
    assert.deepEqual([merged.admin, Object.keys(merged), ({} as any).admin], [undefined, ['__proto__'], undefined])
  })
})
