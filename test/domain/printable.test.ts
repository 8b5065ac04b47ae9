import assert from 'node:assert/strict'
import { printable } from '../../src/text/printable.ts'

const table: readonly (readonly [what: string, given: string, shown: string])[] = [
  ['plain text', 'rollout/my-backend is paused', 'rollout/my-backend is paused'],
  ['accents, CJK and emoji with joiners', 'Größe 版本 👩‍🚀', 'Größe 版本 👩‍🚀'],
  ['a colour sequence', '\u001b[31mred\u001b[0m', '^[[31mred^[[0m'],
  ['a carriage return that would overwrite the line', 'failed\rdone', 'failed\\rdone'],
  ['a line feed that would forge a line', 'x\nrollout/a promoted', 'x\\nrollout/a promoted'],
  ['tab, bell and delete', 'a\tb\u0007c\u007f', 'a\\tb^Gc^?'],
  ['the one-byte CSI of the C1 set', '\u009b31m', '\\u009b31m'],
  ['direction overrides', 'a\u202eb\u202c', 'a\\u202eb\\u202c'],
  ['direction isolates and marks', '\u2066\u2069\u200e\u200f\u061c', '\\u2066\\u2069\\u200e\\u200f\\u061c'],
  ['line and paragraph separators', '\u2028\u2029', '\\u2028\\u2029'],
  ['half a surrogate pair', 'a\ud800b', 'a\ufffdb'],
]

describe('printable', () => {
  for (const [what, given, shown] of table) {
    it(`shows ${what} safely`, () => assert.equal(printable(given), shown))
  }

  it('leaves no character a terminal acts on, whatever is given', () => {
    const every = Array.from({ length: 0x2100 }, (_, code) => String.fromCharCode(code)).join('')
    assert.doesNotMatch(printable(every), /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/u)
  })
})
