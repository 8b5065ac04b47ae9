import assert from 'node:assert/strict'
import fc from 'fast-check'
import { drawTable } from '../../src/view/draw/table.ts'
import { painter } from '../../src/view/draw/theme.ts'
import { chunks, fit, truncate, widthOf, wrap } from '../../src/view/draw/width.ts'

const awkward = fc.constantFrom(
  '☝',
  '✌',
  '⚠\ufe0f',
  '1\ufe0f\u20e3',
  '👩\u200d🚀',
  'สวัสดี',
  'क्षि',
  '前端 백엔드',
  '\u{2f800}',
)
const text = fc
  .oneof(awkward, fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary' }))
  .map((each) => each.replace(/[\p{Cc}\p{Cs}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu, ''))
const columns = fc.integer({ min: 2, max: 40 })

describe('width', () => {
  const widths: readonly (readonly [what: string, text: string, columns: number])[] = [
    ['plain letters', 'frontend', 8],
    ['letters with accents', 'Größe', 5],
    ['a letter with a combining accent', 'e\u0301', 1],
    ['nothing', '', 0],
    ['Thai, whose vowels stand above its consonants', 'ที่', 1],
    ['joined emoji, which some terminals show apart', '👩\u200d🚀', 4],
    ['a sign made an emoji', '⚠\ufe0f', 2],
    ['Chinese', '前端 2.0', 8],
    ['Korean', '백엔드', 6],
    ['full-width digits', '２．０', 6],
    ['rare Chinese beyond the basic plane', '𠀀', 2],
    ['an emoji', '🚀', 2],
    ['the signs of states', '✔✖⚠॥◌·?', 7],
    ['box drawing', '└─▶', 3],
  ]
  for (const [what, given, expected] of widths)
    it(`counts the columns of ${what}`, () => assert.equal(widthOf(given), expected))

  it('counts a sign alone as it does beside another', () => {
    const signs = Array.from({ length: 0xfffe }, (_, code) => String.fromCharCode(code))
    assert.deepEqual(
      signs.filter((sign) => widthOf(sign) !== widthOf(`${sign}端`) - 2),
      [],
    )
  })

  const cuts: readonly (readonly [what: string, text: string, columns: number, cut: string])[] = [
    ['leaves alone what fits', 'backend', 7, 'backend'],
    ['gives up the end for an ellipsis', 'my-backend', 7, 'my-bac…'],
    ['does not halve a wide character', '前端前端', 4, '前…'],
    ['keeps an accent with its letter', 'e\u0301e\u0301e\u0301', 2, 'e\u0301…'],
    ['does not halve a surrogate pair', '🚀🚀', 3, '🚀…'],
    ['has nothing to show in no columns', 'x', 0, ''],
  ]
  for (const [what, given, room, expected] of cuts) it(what, () => assert.equal(truncate(given, room), expected))

  it('fills up to exactly so many columns, or cuts to them', () =>
    fc.assert(
      fc.property(text, columns, (given, room) => {
        // A wide character may leave one column of an ellipsis' room unused, which is filled up.
        assert.equal(widthOf(fit(given, room)), room)
      }),
    ))

  it('takes no longer for each of many characters than for one', () => {
    const much = 300_000
    assert.equal(wrap(' '.repeat(much), Infinity)[0]!.length, much)
    assert.equal(truncate('x'.repeat(much), much - 1).length, much - 1)
    assert.deepEqual(
      chunks('x'.repeat(much), much - 1).map((each) => each.length),
      [much - 1, 1],
    )
    assert.deepEqual(wrap('x'.repeat(much), 1).length, much)
  })

  it('breaks lines at spaces', () =>
    assert.deepEqual(wrap('wait until backend-active serves 2.0', 14), ['wait until', 'backend-active', 'serves 2.0']))

  it('breaks lines of wide letters where they are full, too', () =>
    assert.deepEqual(wrap('前端 前端 前端', 6), ['前端', '前端', '前端']))

  it('breaks a word that is longer than a line', () =>
    assert.deepEqual(wrap('in my-frontend-settings-7f9c now', 12), ['in', 'my-frontend-', 'settings-7f9', 'c now']))

  it('never makes a line wider than asked, and loses nothing but spaces', () =>
    fc.assert(
      fc.property(text, columns, (given, room) => {
        const lines = wrap(given, room)
        assert.deepEqual(
          lines.filter((each) => widthOf(each) > room),
          [],
        )
        assert.equal(lines.join('').replaceAll(' ', ''), given.replaceAll(' ', ''))
      }),
    ))

  it('makes pieces of a text that together are the text', () =>
    fc.assert(
      fc.property(text, columns, (given, room) => {
        assert.equal(chunks(given, room).join(''), given)
        assert.deepEqual(
          chunks(given, room).filter((each) => widthOf(each) > room),
          [],
        )
      }),
    ))
})

describe('a table', () => {
  const options = { width: undefined, paint: painter(false), headers: false }

  it('cuts nothing where the screen has no limit, and stands in columns, whatever the script', () =>
    fc.assert(
      fc.property(text, text, (one, other) => {
        const cells = [one, other].map((each) => ({ text: widthOf(each.trim()) === 0 ? 'x' : each.trim() }))
        const wider = Math.max(...cells.map((each) => widthOf(each.text)))
        const lines = drawTable(
          [
            { title: 'A', keep: 1 },
            { title: 'B', keep: 2 },
          ],
          cells.map((each) => [each, { text: 'end' }]),
          options,
        )
        assert.deepEqual(
          lines,
          cells.map((each) => `${fit(each.text, wider)}   end`),
        )
      }),
    ))

  it('is drawn with colours as without', () =>
    assert.deepEqual(
      drawTable(
        [
          { title: 'A', keep: 1 },
          { title: 'B', keep: 2 },
        ],
        [
          [{ text: 'xx', tone: 'bad' }, { text: 'x' }],
          [{ text: '' }, { text: 'y', tone: 'good' }],
        ],
        { ...options, paint: painter(true) },
      ),
      ['\u001b[31mxx\u001b[39m   x', '     \u001b[32my\u001b[39m'],
    ))

  const columnsOf = (...keeps: [title: string, keep: number, shrinksTo?: number][]) =>
    keeps.map(([title, keep, shrinksTo]) => ({ title, keep, ...(shrinksTo !== undefined && { shrinksTo }) }))
  const row = (...cells: string[]) => [cells.map((each) => ({ text: each }))]

  it('leaves out the least needed column, not the last', () =>
    assert.deepEqual(
      drawTable(columnsOf(['NAME', 9, 4], ['NOISE', 1], ['STATE', 5]), row('backend', 'noise', 'good'), {
        ...options,
        width: 16,
      }),
      ['backend   good'],
    ))

  it('shrinks what is of use in fewer columns, once nothing can leave', () =>
    assert.deepEqual(
      drawTable(columnsOf(['NAME', 9, 4], ['NOTE', 1, 4]), row('backend', 'promote 2nd'), { ...options, width: 16 }),
      ['backend   promo…'],
    ))

  it('shrinks the most needed column, too, rather than leave the screen', () =>
    assert.deepEqual(drawTable(columnsOf(['NAME', 9, 15]), row('my-backend-of-loans'), { ...options, width: 10 }), [
      'my-backen…',
    ]))

  it('brings a narrow column back where a wide one left after it', () =>
    assert.deepEqual(
      drawTable(columnsOf(['NAME', 9, 4], ['A', 1], ['WIDE', 2]), row('backend', 'a', 'w'.repeat(20)), {
        ...options,
        width: 20,
      }),
      ['backend   a'],
    ))

  it('draws no line without rows and titles', () => assert.deepEqual(drawTable(columnsOf(['A', 1]), [], options), []))
})
