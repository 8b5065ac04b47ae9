import assert from 'node:assert/strict'
import { KEYS } from '../../../src/view/tui/keys.ts'
import { viewOf, WORLDS } from '../worlds.ts'
import { legacyPair, type WorldSpec } from '../../support/objects.ts'
import { desk } from './screens.ts'

/** Every state of a group, those that have no world of their own among them. */
const STATES: { readonly [name: string]: WorldSpec } = {
  ...WORLDS,
  'first deployment': legacyPair({
    frontend: { live: undefined!, next: { version: '1.0', env: { BACKEND_HOST: 'backend-preview' } } },
    backend: { live: undefined!, next: { version: '1.0' } },
  }),
}
const SIZES = [
  [60, 20],
  [80, 24],
  [120, 40],
  [200, 50],
] as const
/** Keys that may find nothing further in their direction. */
const MOVES = new Set(['up', 'down', 'pageup', 'pagedown', 'home', 'end'])

describe('the live screen', () => {
  for (const [name, spec] of Object.entries(STATES)) {
    const view = viewOf(spec)
    for (const [columns, rows] of SIZES)
      it(`of a group that is ${name} says at ${columns}x${rows} how it stands, who comes when, and which keys act`, () => {
        const lines = desk(view).lines(columns, rows)
        const text = lines.join('\n')
        assert.ok(text.replaceAll(/\s+/g, ' ').includes(`${view.verdict.sign} ${view.verdict.words}`), text)
        assert.match(lines.at(-1)!, /\? help {3}q quit$/)
        const titles = lines.find((line) => line.startsWith('  MEMBER'))!
        assert.match(titles, /LIVE +NEXT .*STATUS/)
        for (const row of view.rows) {
          const line = lines.find((each) => each.includes(`${row.member.name} `) && each.includes(row.status.text))!
          assert.ok(line !== undefined, `${row.member.name}: ${text}`)
          const turn = /promote (\d\w\w)/.exec(row.note.text)?.[1]
          if (turn !== undefined) assert.ok(line.includes(turn), line)
        }
      })

    it(`of a group that is ${name} answers every key on every page`, () => {
      for (const page of ['', 'enter', 'g', 'd', 'h', 'e', 'l', '?'])
        for (const { keys } of KEYS) {
          const at = desk(view).press(...(page === '' ? [] : [page]))
          const before = at.state
          at.press(keys[0]!)
          const { notice } = at.state
          assert.ok(
            MOVES.has(keys[0]!) || at.effects.length > 0 || notice !== '' || at.state !== before,
            `${keys[0]} on ${before.page}`,
          )
        }
    })
  }
})
