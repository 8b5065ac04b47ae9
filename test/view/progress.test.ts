import assert from 'node:assert/strict'
import type { RunEvent } from '../../src/domain/run/event.ts'
import { openProgress } from '../../src/view/words/progress-line.ts'
import { painter } from '../../src/view/draw/theme.ts'

const NOON = Date.parse('2026-01-01T12:00:00Z')

/** What is written of a run; `⏎` ends a line, `⌫` clears the one that is drawn over. */
function written(events: readonly RunEvent[], live: boolean, width?: number): string {
  let output = ''
  const progress = openProgress({
    write: (text) => {
      output += text
    },
    live,
    width,
    paint: painter(false),
  })
  progress.align(['my-frontend', 'my-backend'])
  for (const event of events) progress.show(event)
  progress.end()
  return output.replaceAll('\r\u001b[K', '⌫').replaceAll('\n', '⏎\n')
}

/** A release of two members, a second of which is slow. */
const RELEASE: readonly RunEvent[] = [
  { at: NOON, type: 'started', runId: '5e1f', waves: 2, plan: '1 promote my-frontend 2.0; 2 promote my-backend 2.0' },
  { at: NOON, type: 'patched', wave: 1, member: 'my-frontend', action: 'promote' },
  { at: NOON, type: 'progress', wave: 1, member: 'my-frontend', waitingFor: '2 of 3 pods of 2.0 available' },
  {
    at: NOON + 1200,
    type: 'finished',
    wave: 1,
    member: 'my-frontend',
    outcome: 'done',
    detail: 'users on 2.0',
    after: 1300,
  },
  {
    at: NOON + 1200,
    type: 'draining',
    wave: 2,
    member: 'my-frontend',
    version: '1.0',
    pods: 3,
    deadline: NOON + 31_000,
  },
  { at: NOON + 31_300, type: 'drained', wave: 2, member: 'my-frontend', version: '1.0', after: 30_100 },
  { at: NOON + 31_300, type: 'patched', wave: 2, member: 'my-backend', action: 'promote' },
  {
    at: NOON + 32_100,
    type: 'finished',
    wave: 2,
    member: 'my-backend',
    outcome: 'done',
    detail: 'users on 2.0',
    after: 30_900,
  },
  { at: NOON + 32_100, type: 'ended', reports: [], after: 32_100 },
]

const one = (event: RunEvent) => written([event], false).trimEnd()

describe('progress', () => {
  it('in a pipe is a line an event, all of it', () =>
    assert.equal(
      written(RELEASE, false),
      [
        '◌ 1  my-frontend   promote sent⏎',
        '◌ 1  my-frontend   2 of 3 pods of 2.0 available⏎',
        '✔ 1  my-frontend   users on 2.0                    1.2s⏎',
        '  ◌  my-frontend   3 old pods of 1.0 left, to go at 12:00:31 UTC⏎',
        '  ·  old my-frontend pods gone                    30.1s⏎',
        '◌ 2  my-backend    promote sent⏎',
        '✔ 2  my-backend    users on 2.0                    0.8s⏎',
        '',
      ].join('\n'),
    ))

  it('gives a name in full that it was not told of before', () =>
    assert.equal(
      written(
        [
          {
            at: NOON,
            type: 'draining',
            wave: 1,
            member: 'a-name-longer-than-the-others',
            version: '1.0',
            pods: 1,
            deadline: undefined,
          },
        ],
        false,
      ),
      '  ◌  a-name-longer-than-the-others   1 old pod of 1.0 left⏎\n',
    ))

  it('says in words that a pod template was sent', () =>
    assert.equal(
      one({ at: NOON, type: 'patched', wave: 1, member: 'my-frontend', action: 'restore-stable' }),
      '◌ 1  my-frontend   stable pod template sent⏎',
    ))

  it('on a terminal keeps what is done, and draws over what only passes', () =>
    assert.equal(
      written(RELEASE, true, 80),
      [
        '◌ 1  my-frontend   promote sent⌫◌ 1  my-frontend   2 of 3 pods of 2.0 available⌫✔ 1  my-frontend   users on 2.0                    1.2s⏎',
        '  ◌  my-frontend   3 old pods of 1.0 left, to go at 12:00:31 UTC⌫  ·  old my-frontend pods gone                    30.1s⏎',
        '◌ 2  my-backend    promote sent⌫✔ 2  my-backend    users on 2.0                    0.8s⏎',
        '',
      ].join('\n'),
    ))

  it('on a terminal cuts a passing line before the last column, so that it can be drawn over', () =>
    assert.equal(written(RELEASE.slice(4, 5), true, 40), '  ◌  my-frontend   3 old pods of 1.0 l…⌫'))

  it('on a terminal cuts a passing line by what is shown of it', () =>
    assert.equal(
      written([{ at: NOON, type: 'waiting', wave: undefined, member: '', waitingFor: '\u001b'.repeat(20) }], true, 30),
      '  ◌  waiting: ^[^[^[^[^[^[^[…⌫',
    ))

  it('on a terminal breaks a line that stays, and loses nothing of it', () =>
    assert.equal(
      written(
        [
          {
            at: NOON,
            type: 'finished',
            wave: 2,
            member: 'my-backend',
            outcome: 'failed',
            detail: 'my-backend was aborted: Degraded, RolloutAborted',
            after: 800,
          },
        ],
        true,
        50,
      ),
      ['✖ 2  my-backend    failed: my-backend was aborted:⏎', '     Degraded, RolloutAborted   0.8s⏎', ''].join('\n'),
    ))

  it('in a pipe gives a reason in full, however long', () => {
    const detail = `patch rollout/my-backend in legacy: ${'a long reason '.repeat(20).trimEnd()}`
    assert.equal(
      one({ at: NOON, type: 'finished', wave: 2, member: 'my-backend', outcome: 'failed', detail, after: 800 }),
      `✖ 2  my-backend    failed: ${detail}   0.8s⏎`,
    )
  })

  it('clears what was passing at the end', () => assert.match(written(RELEASE.slice(0, 2), true, 80), /promote sent⌫$/))

  const others: readonly (readonly [what: string, event: RunEvent, line: string])[] = [
    [
      'what a run waits for before it sends anything',
      { at: NOON, type: 'waiting', wave: undefined, member: '', waitingFor: 'my-backend 2.0 is not ready' },
      '  ◌  waiting: my-backend 2.0 is not ready⏎',
    ],
    [
      'what a wave waits for',
      { at: NOON, type: 'waiting', wave: 2, member: 'my-backend', waitingFor: 'its gate' },
      '◌ 2  my-backend    waiting: its gate⏎',
    ],
    [
      'old pods that nobody will scale down',
      { at: NOON, type: 'draining', wave: 2, member: 'my-frontend', version: '1.0', pods: 3, deadline: undefined },
      '  ◌  my-frontend   3 old pods of 1.0 left⏎',
    ],
    [
      'one old pod as one',
      { at: NOON, type: 'draining', wave: 2, member: 'my-frontend', version: '1.0', pods: 1, deadline: undefined },
      '  ◌  my-frontend   1 old pod of 1.0 left⏎',
    ],
    [
      'a lost connection',
      { at: NOON, type: 'disconnected', reason: 'watch rollouts: connection reset' },
      '  ⚠  connection lost: watch rollouts: connection reset⏎',
    ],
    ['that it came back', { at: NOON, type: 'connected' }, '  ✔  connected again⏎'],
    [
      'an interruption, and what the next one does',
      { at: NOON, type: 'interrupted' },
      '  ⚠  interrupted: nothing new is started; press Ctrl-C again to stop now⏎',
    ],
    ['a warning', { at: NOON, type: 'warning', sentence: 'no lock for group loan' }, '  ⚠  no lock for group loan⏎'],
    [
      'a step that needed no doing',
      {
        at: NOON,
        type: 'finished',
        wave: 1,
        member: 'my-backend',
        outcome: 'already-done',
        detail: 'it is on 2.0 already',
        after: 12,
      },
      '✔ 1  my-backend    nothing to do: it is on 2.0 already   12ms⏎',
    ],
  ]
  for (const [what, event, line] of others) it(`tells ${what}`, () => assert.equal(one(event), line))
})
