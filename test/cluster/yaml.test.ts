import assert from 'node:assert/strict'
import { readYaml } from '../../src/cluster/yaml.ts'

/** Held beside kubectl 1.32: what it reads it reads so. */
const READ: readonly (readonly [what: string, source: string, value: unknown])[] = [
  ['a closing brace as deep as its key', 'a:\n  b: {\n    c: 1\n  }\n', { a: { b: { c: 1 } } }],
  ['a closing bracket as deep as its key', 'a: [\n  {b: 1}\n]\nc: 2\n', { a: [{ b: 1 }], c: 2 }],
  ['items less deep than their key', 'a:\n  b: [\n1,\n2\n]\n', { a: { b: [1, 2] } }],
  [
    'an item of a list in flow style',
    '- name: a\n  user: {\n  token: x\n  }\n- b\n',
    [{ name: 'a', user: { token: 'x' } }, 'b'],
  ],
  ['a quoted text that goes on at the margin', 'a:\n  b: "x\ny"\n', { a: { b: 'x y' } }],
  ['comments between', 'a: {\n# one\n  b: 1, # two\n# three\n}\n', { a: { b: 1 } }],
  ['merged keys', 'x: &x {a: 1, b: 1}\ny:\n  <<: *x\n  b: 2\n', { x: { a: 1, b: 1 }, y: { a: 1, b: 2 } }],
  ['the last of equal keys', 'a: 1\na: 2\n', { a: 2 }],
  ['the first of several documents', 'a: 1\n---\nb: 2\n', { a: 1 }],
  ['JSON', '{"a":\n"b"}', { a: 'b' }],
  ['nothing', '', undefined],
]

describe('YAML', () => {
  for (const [what, source, value] of READ)
    it(`is read with ${what}, as kubectl reads it`, () => assert.deepEqual(readYaml(source), value))

  for (const source of ['a: {\n  b: 1\n', 'a:\n\t- b\n', 'a: b: c\n', 'a: "x\n'])
    it(`is refused where it is none: ${JSON.stringify(source)}`, () => assert.throws(() => readYaml(source)))

  it('keeps the place of what is wrong behind a line that was mended', () =>
    assert.throws(() => readYaml('a: {\n  b: 1\n}\nc: d: e\n'), /\(4:5\)/))

  it('of thousands of shallow lines is read', () => {
    const source = `a: [\n${'{b: 1},\n'.repeat(300)}]\n`
    assert.equal((readYaml(source) as { a: unknown[] }).a.length, 300)
  })
})
