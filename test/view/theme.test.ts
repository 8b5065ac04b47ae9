import assert from 'node:assert/strict'
import { OUTCOMES } from '../../src/view/words/outcomes.ts'
import { PHASES, SEVERITIES } from '../../src/view/words/group-view.ts'
import { painter, SIGNS, type Tone, wantsColour } from '../../src/view/draw/theme.ts'
import { VERDICTS } from '../../src/view/words/verdict.ts'

describe('colour', () => {
  const table: readonly (readonly [
    what: string,
    choice: 'auto' | 'always' | 'never',
    isTTY: boolean,
    env: Record<string, string>,
    colour: boolean,
  ])[] = [
    ['on a terminal', 'auto', true, {}, true],
    ['not in a pipe', 'auto', false, {}, false],
    ['not where NO_COLOR is set', 'auto', true, { NO_COLOR: '1' }, false],
    ['not where NO_COLOR is set to nothing, as for kubectl', 'auto', true, { NO_COLOR: '' }, false],
    ['not on a dumb terminal', 'auto', true, { TERM: 'dumb' }, false],
    ['on any other', 'auto', true, { TERM: 'xterm' }, true],
    ['in a pipe where it is asked for', 'always', false, { NO_COLOR: '1', TERM: 'dumb' }, true],
    ['nowhere where it is not wanted', 'never', true, {}, false],
  ]
  for (const [what, choice, isTTY, env, colour] of table)
    it(`is there ${what}`, () => assert.equal(wantsColour(choice, isTTY, env), colour))

  it('frames each piece of text, and ends with it', () => {
    const paint = painter(true)
    const tones: Record<Tone, readonly [string, string]> = {
      good: ['32', '39'],
      bad: ['31', '39'],
      warn: ['33', '39'],
      wait: ['36', '39'],
      dim: ['2', '22'],
      strong: ['1', '22'],
    }
    for (const [tone, [begin, end]] of Object.entries(tones))
      assert.equal(paint({ text: 'x', tone: tone as Tone }), `\u001b[${begin}mx\u001b[${end}m`)
    assert.equal(paint({ text: 'x' }), 'x')
    assert.equal(paint({ text: '', tone: 'bad' }), '')
  })

  it('is never all that tells a state: each has a sign and a word', () => {
    const signs = Object.values(SIGNS).map(String)
    const states = [
      ...Object.values(PHASES).map((each) => each.text),
      ...Object.values(VERDICTS).map((each) => `${each.sign} ${each.words}`),
      ...Object.values(OUTCOMES).map((each) => `${each.sign} ${each.words}`),
    ]
    for (const each of states) assert.ok(signs.includes(each.split(' ')[0]!) && /^\S \w/.test(each), each)
    assert.equal(new Set(Object.values(SEVERITIES).map((each) => each.sign)).size, 3)
  })

  it("shows a server's control sequences, with colours and without", () => {
    for (const colour of [true, false])
      assert.doesNotMatch(
        painter(colour)({ text: '\u001b[2J\r\u009b', tone: 'bad' }).replace(/^\u001b\[31m|\u001b\[39m$/g, ''),
        /[\u0000-\u001f\u0080-\u009f]/,
      )
  })
})
