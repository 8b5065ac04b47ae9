import assert from 'node:assert/strict'
import type { RunEvent } from '../../../src/domain/run/event.ts'
import { EXIT } from '../../../src/domain/run/outcome.ts'
import { NOW, planOf, viewOf, WORLDS } from '../worlds.ts'
import { UNDO } from '../../../src/view/tui/running.ts'
import { AHEAD, assertFrame, desk, type Desk, RELEASED } from './screens.ts'

/** A run of promote-all up to the wait for the old pods, events as the executor tells them. */
const BEGUN: readonly RunEvent[] = [
  { at: NOW, type: 'started', runId: 'r1', waves: 2, plan: '1 promote my-frontend 2.0; 2 promote my-backend 2.0' },
  { at: NOW, type: 'waiting', wave: 1, member: 'my-frontend', waitingFor: '2 of 3 pods of 2.0 available' },
  { at: NOW + 1000, type: 'patched', wave: 1, member: 'my-frontend', action: 'promote' },
  {
    at: NOW + 2000,
    type: 'finished',
    wave: 1,
    member: 'my-frontend',
    outcome: 'done',
    detail: 'users on 2.0',
    after: 2000,
  },
  { at: NOW + 2000, type: 'draining', wave: 2, member: 'my-frontend', version: '1.0', pods: 3, deadline: NOW + 30_000 },
]
const DONE: readonly RunEvent[] = [
  { at: NOW + 31_000, type: 'drained', wave: 2, member: 'my-frontend', version: '1.0', after: 29_000 },
  { at: NOW + 31_000, type: 'patched', wave: 2, member: 'my-backend', action: 'promote' },
  {
    at: NOW + 31_800,
    type: 'finished',
    wave: 2,
    member: 'my-backend',
    outcome: 'done',
    detail: 'users on 2.0',
    after: 800,
  },
  { at: NOW + 32_000, type: 'ended', reports: [], after: 32_000 },
]

function later(of: Desk, milliseconds: number): Desk {
  of.model = { ...of.model, now: NOW + milliseconds }
  return of
}

const started = () => desk(viewOf(WORLDS.ready)).press('p', 'y')
const report = (member: string, outcome: 'done' | 'cancelled' | 'refused', detail: string) => ({
  member,
  outcome,
  detail,
})

describe('a run on the live screen', () => {
  it('shows what its first wave waits for, and what comes then', () =>
    assertFrame(
      later(started().tell(...BEGUN.slice(0, 2)), 700)
        .lines(80, 18)
        .slice(10),
      `
    ◌ promote-all of loan: wave 1 of 2, 0s; x stops it
    ◌ 1  my-frontend   waiting: 2 of 3 pods of 2.0 available
    · 2  my-backend    1.0 → 2.0, when its turn comes



    ⏎ open   x stop   l log   d difference   e commands   y copy   / filter   ? help`,
    ))

  it('shows what is done, and what the next wave waits for', () =>
    assertFrame(
      later(started().tell(...BEGUN), 9000)
        .lines(80, 18)
        .slice(10),
      `
    ◌ promote-all of loan: wave 1 of 2, 9s; x stops it
    ✔ 1  my-frontend   users on 2.0                    1.0s
      ◌  my-frontend   3 old pods of 1.0 left, to go at 12:00:30 UTC
    · 2  my-backend    1.0 → 2.0, when its turn comes


    ⏎ open   x stop   l log   d difference   e commands   y copy   / filter   ? help`,
    ))

  it('says what x does next', () =>
    assertFrame(
      later(
        started()
          .tell(...BEGUN)
          .press('x'),
        9000,
      )
        .lines(80, 18)
        .slice(10, 11),
      `
    ◌ promote-all of loan: wave 1 of 2, 9s; stopping, x again ends it now`,
    ))

  it('keeps what it does now in sight where there is no room for all', () =>
    assertFrame(
      later(started().tell(...BEGUN), 9000).lines(60, 9),
      `
    Group loan   ◌ promote-all: wave 1 of 2   namespace legacy
      LIVE  users ─▶ my-frontend 1.0            ✔ one version
    … 3 more lines: PgDn
    ▸↓my-frontend   1.0  3/3   2.0  3/3   ॥ Paused        1st
    ◌ promote-all of loan: wave 1 of 2, 9s; x stops it
      ◌  my-frontend   3 old pods of 1.0 left, to go at 12:00:3…
    · 2  my-backend    1.0 → 2.0, when its turn comes
    ⏎ open   x stop   e commands   y copy   / filter   ? help`,
    ))

  it('is summed up above what happened once it is over', () => {
    const over = started()
      .tell(...BEGUN, ...DONE)
      .over({
        plan: planOf(WORLDS.ready),
        reports: [report('my-frontend', 'done', 'users on 2.0'), report('my-backend', 'done', 'users on 2.0')],
        exit: EXIT.done,
      })
    assertFrame(
      over.lines(80, 20).slice(10),
      `
    promote-all of loan is over; esc puts this away, l shows the log
    Group loan promoted: 2 of 2 in 32.0s.

    ✔ 1  my-frontend   users on 2.0                    1.0s
      ·  old my-frontend pods gone                    29.0s
    ✔ 2  my-backend    users on 2.0                    0.8s


    ⏎ open   p promote-all   a abort-all   f forward   esc back   ? help   q quit`,
    )
  })

  it('says what leads on where it was stopped', () => {
    const over = started()
      .tell(...BEGUN)
      .over({
        plan: planOf(WORLDS.ready),
        exit: EXIT.interrupted,
        reports: [
          report('my-frontend', 'done', 'users on 2.0'),
          report('my-backend', 'cancelled', 'interrupted: this step was not sent'),
        ],
      })
    assertFrame(
      over.lines(120, 20).slice(9, 14),
      `
    promote-all of loan is over; esc puts this away, l shows the log
    Group loan partly promoted: 1 of 2, interrupted after 0ms.
      my-frontend   ✔ done        users on 2.0
      my-backend    ✖ cancelled   interrupted: this step was not sent
    Next:  p shows what is left to do, and asks before it sends`,
    )
  })

  it('tells what a second x does only while there is something to end', () => {
    const at = started().press('x').tell({ at: NOW, type: 'interrupted' })
    assert.match(at.lines(80, 18).join('\n'), /x again ends it now/)
    at.over({ plan: planOf(WORLDS.ready), reports: [], exit: EXIT.interrupted })
    assert.match(at.lines(80, 18).join('\n'), / {2}⚠ {2}interrupted: nothing new is started$/m)
    assert.doesNotMatch(at.lines(80, 18).join('\n'), /x again|press|Ctrl-C/)
  })
  it('leaves no reason on the screen that held only while it went on', () => {
    const at = started().press('q')
    assert.equal(at.state.notice, 'promote-all goes on: x stops it')
    assert.equal(at.over({ plan: planOf(WORLDS.ready), reports: [], exit: EXIT.done }).state.notice, '')
  })

  it('says why it could not even begin', () =>
    assertFrame(
      started()
        .over({
          plan: planOf(WORLDS.ready),
          reports: [],
          exit: EXIT.failed,
          failure: 'Error from server (Forbidden): leases is forbidden',
        })
        .lines(80, 18)
        .slice(10, 12),
      `
    promote-all of loan is over; esc puts this away, l shows the log
    Error from server (Forbidden): leases is forbidden`,
    ))

  it('names the findings where it was refused in the end', () =>
    assertFrame(
      started()
        .over({
          plan: planOf(WORLDS.trouble),
          exit: EXIT.refused,
          reports: [report('my-frontend', 'refused', 'it stays on 1.0: next-wired-to-live')],
        })
        .lines(120, 20)
        .slice(10, 12),
      `
    ✖ next-wired-to-live  my-frontend 2.0 still talks to my-backend 1.0 through backend-active: BACKEND_HOST=backend-active
                          in ConfigMap my-frontend-settings-7f9c. Deploy it again with BACKEND_HOST=backend-preview.`,
    ))

  it('is shown on the page of its group, wherever its plan was', () => {
    const at = desk(viewOf(WORLDS.ready)).press('enter', 'd', 'p', 'y')
    assert.deepEqual([at.state.page, at.state.behind], ['group', []])
  })

  it('stays in sight, in a line, on other pages', () =>
    assertFrame(
      later(
        started()
          .tell(...BEGUN)
          .press('g'),
        9000,
      )
        .lines(80, 10)
        .slice(-2),
      `
    ◌ promote-all of loan: wave 1 of 2, 9s; x stops it
    x stop   l log   d difference   e commands   y copy   esc back   ? help`,
    ))

  it('is logged with its plan and the time, without what was only passing', () =>
    assertFrame(
      later(
        started()
          .tell(...BEGUN, ...DONE)
          .press('l'),
        33_000,
      ).lines(80, 12),
      `
    Log of this session   context prod-eu
    12:00:00    ·  the same by hand: kubectl rollouts-group promote-all loan -n
                   legacy
    12:00:00    ·  1 promote my-frontend 2.0; 2 promote my-backend 2.0
    12:00:02  ✔ 1  my-frontend   users on 2.0                    1.0s
    12:00:31    ·  old my-frontend pods gone                    29.0s
    12:00:31  ✔ 2  my-backend    users on 2.0                    0.8s


    ◌ promote-all of loan: wave 2 of 2, 33s; x stops it
    x stop   y copy   esc back   ? help`,
    ))

  it('of several verbs tells what those before have done, and which one goes on', () => {
    const deployed = {
      at: NOW,
      type: 'finished',
      wave: 1,
      member: 'my-backend',
      outcome: 'done',
      detail: '1.0 is there',
      after: 900,
    } as const
    const at = desk(viewOf(RELEASED))
      .press('u')
      .hear(
        { type: 'said', words: 'back to release 1.0' },
        { type: 'foreseen', ahead: AHEAD },
        { type: 'phase', phase: 'deploy' },
        { type: 'planned', plan: { ...planOf(WORLDS.ready), verb: 'deploy-all' } },
      )
      .press('y')
      .tell(deployed)
      .hear({ type: 'phase', phase: 'promote' }, { type: 'planned', plan: planOf(WORLDS.ready) })
      .tell(...BEGUN)
    const done = [report('my-frontend', 'done', 'users on 2.0'), report('my-backend', 'done', 'users on 2.0')]
    assertFrame(
      [later(at, 9000).lines(80, 18)[0]!, ...at.lines(80, 18).slice(9)],
      `
    Group loan   ◌ undo-all: promote, 3 of 4   namespace legacy   context prod-eu
    ◌ undo-all of loan: promote, 3 of 4: wave 1 of 2, 9s; x stops it
    ✔ 1  my-backend    1.0 is there                    0.9s
    ✔ 1  my-frontend   users on 2.0                    1.0s
      ◌  my-frontend   3 old pods of 1.0 left, to go at 12:00:30 UTC
    · 2  my-backend    1.0 → 2.0, when its turn comes


    ⏎ open   x stop   l log   d difference   e commands   y copy   / filter   ? help`,
    )
    later(at, 61_000)
      .tell(...DONE)
      .over({ plan: planOf(WORLDS.ready), reports: done, exit: EXIT.done })
    assertFrame(
      at.lines(80, 18).slice(8, 13),
      `
    undo-all of loan is over; esc puts this away, l shows the log
    Group loan undone in 1m01s.
      back to release 1.0

    ✔ 1  my-backend    1.0 is there                    0.9s`,
    )
  })

  it('of several verbs, one of which failed, is summed up by that', () => {
    const at = desk(viewOf(RELEASED))
      .press('u')
      .hear({ type: 'planned', plan: planOf(WORLDS.ready) })
      .press('y')
      .over({
        plan: planOf(WORLDS.ready),
        reports: [report('my-frontend', 'cancelled', 'interrupted: this step was not sent')],
        exit: EXIT.interrupted,
      })
    assert.match(
      at.lines(80, 24).join('\n'),
      /Group loan not undone, interrupted after 0ms\.[^]*u shows what is left to do/,
    )
  })

  it('of several verbs says what all of them did, how long it took, and names the key that goes on below, too', () => {
    const at = desk(viewOf(WORLDS.ready))
    const end = {
      plan: planOf(WORLDS.ready),
      reports: [report('my-frontend', 'cancelled', 'interrupted: this step was not sent')],
      exit: EXIT.interrupted,
      before: 3,
      took: 2100,
    } as const
    at.state = { ...at.state, asking: { group: 'legacy/loan', deed: UNDO, said: [] } }
    at.hear({ type: 'planned', plan: planOf(WORLDS.ready) })
      .press('end', 'y')
      .over(end)
    const lines = at.lines(80, 24).join('\n')
    assert.match(lines, /^Group loan partly undone: 3 steps done, interrupted after 2\.1s; what was done\nstays\.$/m)
    assert.match(lines, /Next: {2}u shows what is left to do[^]*p promote-all[^]*u undo-all/)
  })

  it('to a release that was chosen names how it is chosen again', () => {
    const at = started()
    at.state = { ...at.state, run: { ...at.state.run!, deed: { ...UNDO, to: '1.0' } } }
    at.over({ plan: planOf(WORLDS.ready), reports: [], exit: EXIT.interrupted })
    assert.match(at.lines(80, 24).join('\n'), /Next: {2}h, and ⏎ on 1\.0, show what is left to do/)
  })
})
