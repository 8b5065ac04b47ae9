import assert from 'node:assert/strict'
import { ApiFailure } from '../../src/sim/objects.ts'
import { jsonPatch, mergePatch, type Operation, same } from '../../src/sim/patch.ts'

const DOCUMENT = {
  metadata: { labels: { app: 'a', 'x/y': '1', 'p~q': '2' } },
  status: { phase: 'Paused', none: null, list: ['a', 'b', 'c'] },
}
const isRefused = ({ code, reason, message }: ApiFailure): boolean =>
  code === 422 && reason === 'Invalid' && message === 'the server rejected our request due to an error in our request'

describe('a JSON patch', () => {
  const patched = (...operations: unknown[]): any => jsonPatch<unknown>(DOCUMENT, operations as Operation[])

  for (const [what, path, value] of [
    ['the value itself', '/status/phase', 'Paused'],
    ['a whole object', '/metadata/labels', { 'p~q': '2', 'x/y': '1', app: 'a' }],
    ['null where the key is absent', '/status/abort', null],
    ['null where null is stored', '/status/none', null],
    ['an entry of a list', '/status/list/1', 'b'],
    ['a key with a slash', '/metadata/labels/x~1y', '1'],
    ['a key with a tilde', '/metadata/labels/p~0q', '2'],
  ] as const) {
    it(`finds in a test ${what}`, () => assert.deepEqual(patched({ op: 'test', path, value }), DOCUMENT))
  }

  for (const [what, path, value] of [
    ['another value', '/status/phase', 'Healthy'],
    ['false for an absent key', '/status/abort', false],
    ['false for null', '/status/none', false],
    ['null for a value', '/status/phase', null],
    ['null below an absent parent', '/status/canary/weights', null],
    ['null below null', '/status/none/deep', null],
    ['null below a text', '/status/phase/deep', null],
    ['null beyond the end of a list', '/status/list/3', null],
    ['the length of a list', '/status/list/length', 3],
    ['what every object inherits', '/status/constructor/name', 'Object'],
    ['the whole object', '', DOCUMENT],
    ['a path that is no path', 'status', DOCUMENT.status],
  ] as const) {
    it(`refuses a test for ${what}`, () => assert.throws(() => patched({ op: 'test', path, value }), isRefused))
  }

  for (const [what, operation, status] of [
    [
      'adds a key',
      { op: 'add', path: '/status/abort', value: true },
      { phase: 'Paused', none: null, list: ['a', 'b', 'c'], abort: true },
    ],
    [
      'adds over a key',
      { op: 'add', path: '/status/phase', value: 'x' },
      { phase: 'x', none: null, list: ['a', 'b', 'c'] },
    ],
    [
      'adds into a list',
      { op: 'add', path: '/status/list/1', value: 'x' },
      { phase: 'Paused', none: null, list: ['a', 'x', 'b', 'c'] },
    ],
    [
      'adds to the end of a list',
      { op: 'add', path: '/status/list/-', value: 'x' },
      { phase: 'Paused', none: null, list: ['a', 'b', 'c', 'x'] },
    ],
    [
      'adds behind the last entry of a list',
      { op: 'add', path: '/status/list/3', value: 'x' },
      { phase: 'Paused', none: null, list: ['a', 'b', 'c', 'x'] },
    ],
    ['removes a key', { op: 'remove', path: '/status/phase' }, { none: null, list: ['a', 'b', 'c'] }],
    ['removes a null', { op: 'remove', path: '/status/none' }, { phase: 'Paused', list: ['a', 'b', 'c'] }],
    [
      'removes an entry of a list',
      { op: 'remove', path: '/status/list/0' },
      { phase: 'Paused', none: null, list: ['b', 'c'] },
    ],
    [
      'removes an entry counted from the end',
      { op: 'remove', path: '/status/list/-1' },
      { phase: 'Paused', none: null, list: ['a', 'b'] },
    ],
    [
      'replaces a value',
      { op: 'replace', path: '/status/phase', value: 'x' },
      { phase: 'x', none: null, list: ['a', 'b', 'c'] },
    ],
    [
      'replaces an entry of a list',
      { op: 'replace', path: '/status/list/2', value: 'x' },
      { phase: 'Paused', none: null, list: ['a', 'b', 'x'] },
    ],
    [
      'replaces what is absent by adding it',
      { op: 'replace', path: '/status/abort', value: true },
      { phase: 'Paused', none: null, list: ['a', 'b', 'c'], abort: true },
    ],
    [
      'moves a value',
      { op: 'move', from: '/status/list/0', path: '/status/first' },
      { phase: 'Paused', none: null, list: ['b', 'c'], first: 'a' },
    ],
    [
      'copies a value',
      { op: 'copy', from: '/status/list', path: '/status/twin' },
      { phase: 'Paused', none: null, list: ['a', 'b', 'c'], twin: ['a', 'b', 'c'] },
    ],
  ] as const) {
    it(what, () => assert.deepEqual(patched(operation).status, status))
  }

  for (const [what, operation] of [
    ['the removal of what is absent', { op: 'remove', path: '/status/pauseConditions' }],
    ['an addition below an absent parent', { op: 'add', path: '/status/canary/weight', value: 1 }],
    ['a replacement below an absent parent', { op: 'replace', path: '/status/canary/weight', value: 1 }],
    ['the removal of the length of a list', { op: 'remove', path: '/status/list/length' }],
    ['an index that is no number', { op: 'add', path: '/status/list/x', value: 1 }],
    ['an addition beyond the end of a list', { op: 'add', path: '/status/list/5', value: 1 }],
    ['the removal of the whole object', { op: 'remove', path: '' }],
    ['a move into itself', { op: 'move', from: '/status', path: '/status/status' }],
    ['an unknown operation', { op: 'merge', path: '/status', value: {} }],
    ['an operation without a path', { op: 'remove' }],
    ['null for an operation', null],
  ] as const) {
    it(`refuses ${what}`, () => assert.throws(() => patched(operation), isRefused))
  }

  it('is applied in order, and not at all where one operation is refused', () => {
    const operations = [
      { op: 'add', path: '/status/phase', value: 'x' },
      { op: 'test', path: '/status/phase', value: 'Paused' },
    ]
    assert.throws(() => patched(...operations), isRefused)
    assert.equal(DOCUMENT.status.phase, 'Paused')
    assert.equal(patched(operations[1], operations[0]).status.phase, 'x')
  })

  it('does not write into its own values', () => {
    const value = {}
    patched({ op: 'add', path: '/status/canary', value }, { op: 'add', path: '/status/canary/weight', value: 1 })
    assert.deepEqual(value, {})
  })

  it('takes a key that is undefined for absent', () => {
    assert.deepEqual(jsonPatch<unknown>({ status: undefined }, [{ op: 'test', path: '/status', value: null }]), {
      status: undefined,
    })
    assert.throws(() => jsonPatch({ status: undefined }, [{ op: 'remove', path: '/status' }]), isRefused)
  })

  it('takes __proto__ for a key as any other', () => {
    const { metadata } = patched({ op: 'add', path: '/metadata/__proto__', value: { admin: true } })
    assert.deepEqual(Object.keys(metadata), ['labels', '__proto__'])
    assert.equal(metadata.admin, undefined)
    assert.equal(JSON.stringify(metadata).endsWith('"__proto__":{"admin":true}}'), true)
    assert.throws(() => patched({ op: 'add', path: '/metadata/__proto__/admin', value: true }), isRefused)
    assert.throws(() => patched({ op: 'add', path: '/constructor/prototype/admin', value: true }), isRefused)
    assert.equal(({} as { admin?: unknown }).admin, undefined)
  })
})

describe('a merge patch', () => {
  for (const [before, patch, after] of [
    [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
    [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
    [{ a: 'b' }, { a: null }, {}],
    [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
    [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
    [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
    [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
    [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
    [{ a: 'text' }, { a: { b: 1 } }, { a: { b: 1 } }],
    [[1, 2], { a: 'b', c: null }, { a: 'b' }],
  ] as const) {
    it(`makes ${JSON.stringify(after)} of ${JSON.stringify(before)} and ${JSON.stringify(patch)}`, () =>
      assert.deepEqual(mergePatch(before, patch), after))
  }

  it('leaves what it is applied to as it was', () => {
    const before = { a: { b: 1 } }
    mergePatch(before, { a: { b: 2, c: 3 } })
    assert.deepEqual(before, { a: { b: 1 } })
  })

  it('takes __proto__ for a key as any other', () => {
    const merged = mergePatch(
      { a: 1 },
      JSON.parse('{"__proto__": {"admin": true}, "constructor": {"prototype": {"admin": true}}}'),
    )
    assert.deepEqual([merged.admin, Object.keys(merged)], [undefined, ['a', '__proto__', 'constructor']])
    assert.equal(({} as { admin?: unknown }).admin, undefined)
  })
})

describe('equality', () => {
  for (const [one, other, equal] of [
    [{ a: 1, b: [{ c: null }] }, { b: [{ c: null }], a: 1 }, true],
    [{ a: undefined }, {}, true],
    [[1, 2], [2, 1], false],
    [{ 0: 1 }, [1], false],
    [{}, [], false],
    [{ a: 1 }, { b: 1 }, false],
    [null, {}, false],
    [null, null, true],
    [{ a: 1 }, { a: 1, b: 2 }, false],
    [0, '0', false],
    [{ a: 1 }, JSON.parse('{"__proto__": {"a": 1}}'), false],
  ] as const) {
    it(`of ${JSON.stringify(one)} and ${JSON.stringify(other)} is ${equal}`, () => {
      assert.equal(same(one, other), equal)
      assert.equal(same(other, one), equal)
    })
  }
})
