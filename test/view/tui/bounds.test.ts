import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { RunEvent } from '../../../src/domain/run/event.ts'
import { bare } from '../../../src/view/tui/layout.ts'
import { KEYS } from '../../../src/view/tui/keys.ts'
import { startAt } from '../../../src/view/tui/state.ts'
import { widthOf } from '../../../src/view/draw/width.ts'
import { NOW, planOf, viewOf, WORLDS } from '../worlds.ts'
import { ALL, Desk, model, openAt, PROTECTED } from './screens.ts'

const LONG = 'a very long sentence about 漢字 that no screen of some columns has room for; '.repeat(5)
const HOSTILE = viewOf(
  { members: [{ name: 'web-\u001b[2J-漢字-'.repeat(8), live: { version: '1.0\r\n\u0007' }, next: { version: LONG } }] },
  'long-'.repeat(20),
)
const VIEWS = [...ALL, viewOf(PROTECTED, 'guarded'), HOSTILE]

const EVENTS: readonly RunEvent[] = [
  { at: NOW, type: 'waiting', wave: undefined, member: '', waitingFor: LONG },
  { at: NOW, type: 'patched', wave: 1, member: 'my-frontend', action: 'promote' },
  { at: NOW, type: 'draining', wave: 2, member: 'my-frontend', version: LONG, pods: 3, deadline: NOW },
  { at: NOW, type: 'finished', wave: 1, member: 'my-frontend', outcome: 'failed', detail: LONG, after: 5 },
  { at: NOW, type: 'warning', sentence: LONG },
  { at: NOW, type: 'disconnected', reason: LONG },
]

const key = fc.oneof(
  fc.constantFrom(...KEYS.flatMap((each) => each.keys), 'y', 'n', 'w'),
  fc.constantFrom('enter', 'down', 'p', 'y'),
)
const deed = fc.oneof(
  { weight: 8, arbitrary: key.map((name) => (desk: Desk) => desk.press(name)) },
  fc.constantFrom(...EVENTS).map((event) => (desk: Desk) => desk.tell(event)),
  fc.constant((desk: Desk) =>
    desk.over({
      plan: planOf(WORLDS.ready),
      reports: [{ member: 'my-frontend', outcome: 'failed', detail: LONG }],
      exit: 1,
      failure: LONG,
    }),
  ),
  fc.constant((desk: Desk) => desk.paste(LONG)),
)
const size = fc.record({
  columns: fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 40, max: 200 })),
  rows: fc.oneof(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 10, max: 70 })),
})
const around = fc.record({
  lost: fc.constantFrom(undefined, { since: NOW - 5000, reason: LONG }),
  readOnly: fc.boolean(),
  extra: fc.constantFrom(
    { events: undefined, analysisRuns: undefined },
    { events: [{ reason: LONG, message: LONG }], analysisRuns: LONG },
  ),
})
const first = fc.constantFrom(startAt('groups'), ...VIEWS.map(openAt))

describe('every frame of the live screen', function () {
  this.timeout(60_000)

  it('has one line less than the terminal, and none wider, whatever is pressed and however large it is', () => {
    fc.assert(
      fc.property(first, around, fc.array(fc.tuple(deed, size), { maxLength: 25 }), (from, more, deeds) => {
        const desk = new Desk(from, model(VIEWS, more))
        for (const [act, { columns, rows }] of deeds) {
          act(desk)
          const lines = desk.lines(columns, rows)
          assert.equal(lines.length, rows - 1)
          for (const line of lines) assert.ok(widthOf(bare(line)) <= columns, `${columns} columns: ${line}`)
          if (rows > 6 && columns > 40)
            assert.match(
              lines.at(-1)!,
              /q quit$|esc back$|\? help$|x stop$|esc( n q)? no|esc close|esc all again$|stay here$|then ⏎/,
              'the keys are in the last line',
            )
          for (const line of lines) assert.doesNotMatch(line, /[\u0000-\u001f\u007f-\u009f]/)
        }
      }),
      { numRuns: 150 },
    )
  })

  it('is the same for the same state', () => {
    fc.assert(
      fc.property(first, around, fc.array(deed, { maxLength: 15 }), size, (from, more, deeds, { columns, rows }) => {
        const [one, other] = [0, 1].map(() => {
          const desk = new Desk(from, model(VIEWS, more))
          for (const act of deeds) act(desk)
          return desk.lines(columns, rows)
        })
        assert.deepEqual(one, other)
      }),
      { numRuns: 20 },
    )
  })
})
