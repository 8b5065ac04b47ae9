import assert from 'node:assert/strict'
import type { RunEvent } from '../../../src/domain/run/event.ts'
import { KEYS } from '../../../src/view/tui/keys.ts'
import { NOW, viewOf, WORLDS } from '../worlds.ts'
import { legacyPair, type WorldSpec } from '../../support/objects.ts'
import { desk, RELEASED } from './screens.ts'

/** Every state of a group, those that have no world of their own among them. */
const STATES: { readonly [name: string]: WorldSpec } = {
  ...WORLDS,
  'first deployment': legacyPair({
    frontend: { live: undefined!, next: { version: '1.0', env: { BACKEND_HOST: 'backend-preview' } } },
    backend: { live: undefined!, next: { version: '1.0' } },
  }),
  'draining at rest': legacyPair({
    frontend: { next: undefined!, lingering: { version: '0.9', deadline: NOW + 17_000 } },
    backend: { next: undefined! },
  }),
  released: RELEASED,
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

  const sent = { at: NOW, type: 'patched', wave: 1, member: 'my-frontend', action: 'promote' } as const
  const done = {
    at: NOW,
    type: 'finished',
    wave: 1,
    member: 'my-frontend',
    outcome: 'done',
    detail: 'users on 2.0',
    after: 9,
  } as const
  const deadline = NOW + 30_000
  const RUNS: readonly (readonly [state: string, events: readonly RunEvent[], says: RegExp])[] = [
    ['sends', [sent], /◌ 1 {2}my-frontend +promote sent/],
    [
      'drains',
      [done, { at: NOW, type: 'draining', wave: 2, member: 'my-frontend', version: '1.0', pods: 3, deadline }],
      /3 old pods of 1\.0 left, to go at/,
    ],
    [
      'bakes',
      [
        done,
        {
          at: NOW,
          type: 'waiting',
          wave: 2,
          member: 'my-backend',
          waitingFor: 'what users are on is looked at for 60 s (--bake)',
        },
      ],
      /◌ 2 {2}my-backend +waiting: what users are on is looked at/,
    ],
    ['is interrupted', [sent, { at: NOW, type: 'interrupted' }], /interrupted: nothing new is started/],
  ]
  for (const [state, events, says] of RUNS)
    for (const [columns, rows] of SIZES)
      it(`of a run that ${state} says so at ${columns}x${rows}, which wave it is, and that x stops it`, () => {
        const at = desk(viewOf(WORLDS.ready))
          .press('p', 'y')
          .tell(...events)
        const text = at.lines(columns, rows).join('\n')
        assert.match(text, /◌ promote-all of loan: wave [12] of 2, 0s; x stops it/)
        assert.match(text, says)
        assert.match(text, /x stop/)
      })
})
