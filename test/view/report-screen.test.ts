import assert from 'node:assert/strict'
import type { Plan } from '../../src/domain/plan/plan.ts'
import { type Exit, EXIT, type Outcome, type Report } from '../../src/domain/run/outcome.ts'
import { elapsed } from '../../src/view/draw/time.ts'
import { dryRunScreen, reportScreen } from '../../src/view/words/report-screen.ts'
import { assertScreen, at, planOf, WORLDS } from './worlds.ts'

const plan = planOf(WORLDS.ready)

function both(one: Outcome, why: string, other: Outcome, otherWhy: string): Report[] {
  return [
    { member: 'my-frontend', outcome: one, detail: why },
    { member: 'my-backend', outcome: other, detail: otherWhy },
  ]
}

/** What a run of the group is reported to have come to. */
interface Reported {
  readonly of?: Plan
  readonly reports: readonly Report[]
  readonly exit: Exit
  /** How long it took, in milliseconds. */
  readonly after?: number
  readonly width?: number
}

const screenOf = ({ of = plan, reports, exit, after, width }: Reported): string[] =>
  reportScreen(of, reports, exit, after, at(width))

const isReported = (shown: Reported, screen: string): void => assertScreen(screenOf(shown), screen)

describe('the report of a run', () => {
  it('that did all is one line (0)', () =>
    isReported(
      { reports: both('done', 'users on 2.0', 'done', 'users on 2.0'), exit: EXIT.done, after: 32_100 },
      `
    Group loan promoted: 2 of 2 in 32.1s.`,
    ))

  it('that did what --only named says that the rest waits, and what leads on (0)', () => {
    const half = planOf(WORLDS.ready, 'promote-all', { only: ['my-frontend'] })
    isReported(
      {
        of: half,
        reports: [{ member: 'my-frontend', outcome: 'done', detail: 'users on 2.0' }],
        exit: EXIT.done,
        after: 32_100,
      },
      `
    Group loan half promoted: my-frontend in 32.1s; the others still wait.
    Next:  kubectl rollouts-group promote-all loan -n legacy`,
    )
    const again = (): string[] => ['Next:  the same again']
    const lines = reportScreen(
      half,
      [{ member: 'my-frontend', outcome: 'done', detail: '' }],
      EXIT.done,
      0,
      at(),
      again,
    )
    assert.equal(lines.at(-1), 'Next:  kubectl rollouts-group promote-all loan -n legacy')
  })

  it('that did one gate of several says which, how far users are, and what leads on (0)', () =>
    isReported(
      {
        of: planOf(WORLDS.canary),
        reports: both('done', '2.0 at its next gate', 'done', '2.0 at its next gate'),
        exit: EXIT.done,
        after: 3_200,
      },
      `
    Group loan at gate 2 of 2, 60 %: 2 of 2 in 3.2s.
    Next:  kubectl rollouts-group promote-all loan -n legacy`,
    ))

  it('that found all of it done says so (0)', () =>
    isReported(
      {
        reports: both('already-done', 'it is on 2.0 already', 'already-done', 'it is on 2.0 already'),
        exit: EXIT.done,
        after: 20,
      },
      `
    Group loan already promoted; nothing was left to do.`,
    ))

  it('that had nothing to do says why (0)', () =>
    isReported(
      {
        of: planOf(WORLDS.settled),
        reports: both(
          'already-done',
          'it is on 1.0 and nothing waits',
          'already-done',
          'it is on 1.0 and nothing waits',
        ),
        exit: EXIT.done,
      },
      `
    Group loan: nothing to promote.
      · my-frontend   it is on 1.0 and nothing waits
      · my-backend    it is on 1.0 and nothing waits`,
    ))

  it("that failed gives the server's reason in full (1)", () =>
    isReported(
      {
        reports: both(
          'failed',
          'patch rollout/my-frontend in legacy: admission webhook "policy.example.com" denied the request',
          'not-started',
          'it stays on 1.0: the run ended before its turn',
        ),
        exit: EXIT.failed,
        after: 900,
        width: 80,
      },
      `
    Group loan not promoted, ended after 0.9s.
      my-frontend   ✖ failed        patch rollout/my-frontend in legacy: admission
                                    webhook "policy.example.com" denied the request
      my-backend    · not started   it stays on 1.0: the run ended before its turn
    Next:  kubectl rollouts-group check loan -n legacy`,
    ))

  it('that found bad what users were brought to leads back (4)', () => {
    const [done, failed] = both('done', 'users on 2.0', 'failed', 'too slow: it stays on 1.0')
    isReported(
      { reports: [done!, { ...failed!, leadsBack: true }], exit: EXIT.partly, after: 3_000 },
      `
    Group loan partly promoted: 1 of 2, ended after 3.0s.
      my-frontend   ✔ done     users on 2.0
      my-backend    ✖ failed   too slow: it stays on 1.0
    Next:  kubectl rollouts-group abort-all --undo-promoted loan -n legacy`,
    )
  })

  it('that was not confirmed names the same command (1)', () =>
    isReported(
      { reports: both('not-started', 'not confirmed', 'not-started', 'not confirmed'), exit: EXIT.failed },
      `
    Group loan not promoted.
      my-frontend   · not started   not confirmed
      my-backend    · not started   not confirmed
    Next:  kubectl rollouts-group promote-all loan -n legacy`,
    ))

  it('that was refused leads to check (3)', () =>
    isReported(
      {
        reports: both(
          'refused',
          'it stays on 1.0: my-frontend 2.0 still talks to my-backend 1.0 (next-wired-to-live)',
          'refused',
          'it stays on 1.0: my-frontend 2.0 still talks to my-backend 1.0 (next-wired-to-live)',
        ),
        exit: EXIT.refused,
      },
      `
    Group loan not promoted.
      my-frontend   ✖ refused   it stays on 1.0: my-frontend 2.0 still talks to my-backend 1.0 (next-wired-to-live)
      my-backend    ✖ refused   it stays on 1.0, for the same reason
    Next:  kubectl rollouts-group check loan -n legacy`,
    ))

  it('that was refused where no member waits leads to check, too (3)', () =>
    assert.match(
      screenOf({
        reports: both('already-done', 'nothing waits', 'already-done', 'nothing waits'),
        exit: EXIT.refused,
        after: 0,
      }).at(-1)!,
      /check loan/,
    ))

  it('that did a part says which (4)', () =>
    isReported(
      {
        reports: both(
          'done',
          'users on 2.0',
          'timed-out',
          'the request is in, but its effect was not seen yet when the time was up',
        ),
        exit: EXIT.partly,
        after: 600_000,
        width: 100,
      },
      `
    Group loan partly promoted: 1 of 2, ended after 10m00s.
      my-frontend   ✔ done        users on 2.0
      my-backend    ✖ timed out   the request is in, but its effect was not seen yet when the time was
                                  up
    Next:  kubectl rollouts-group promote-all loan -n legacy`,
    ))

  it('that found the group changed leads to a look at it (5)', () =>
    isReported(
      {
        reports: both(
          'changed',
          'a newer revision of my-frontend was applied since (3.0, not 2.0)',
          'not-started',
          'it stays on 1.0: the run ended before its turn',
        ),
        exit: EXIT.changed,
        after: 300,
      },
      `
    Group loan not promoted, ended after 0.3s.
      my-frontend   ✖ changed       a newer revision of my-frontend was applied since (3.0, not 2.0)
      my-backend    · not started   it stays on 1.0: the run ended before its turn
    Next:  kubectl rollouts-group get-group loan -n legacy`,
    ))

  it('that timed out leads to the same command (6)', () =>
    isReported(
      {
        reports: both(
          'timed-out',
          'nothing was sent: the group was not ready when the time was up',
          'timed-out',
          'nothing was sent: the group was not ready when the time was up',
        ),
        exit: EXIT['timed-out'],
        after: 600_000,
      },
      `
    Group loan not promoted, ended after 10m00s.
      my-frontend   ✖ timed out   nothing was sent: the group was not ready when the time was up
      my-backend    ✖ timed out   nothing was sent, for the same reason
    Next:  kubectl rollouts-group promote-all loan -n legacy`,
    ))

  it('that was interrupted says after how long (130)', () =>
    isReported(
      {
        reports: both('done', 'users on 2.0', 'cancelled', 'interrupted: this step was not sent'),
        exit: EXIT.interrupted,
        after: 12_300,
      },
      `
    Group loan partly promoted: 1 of 2, interrupted after 12.3s.
      my-frontend   ✔ done        users on 2.0
      my-backend    ✖ cancelled   interrupted: this step was not sent
    Next:  kubectl rollouts-group promote-all loan -n legacy`,
    ))

  it('puts reasons below the members on a narrow screen', () =>
    isReported(
      {
        reports: both(
          'lost',
          'my-frontend came back to its gate: it is paused by hand',
          'not-started',
          'it stays on 1.0: the run ended before its turn',
        ),
        exit: EXIT.failed,
        after: 2_000,
        width: 60,
      },
      `
    Group loan not promoted, ended after 2.0s.
      my-frontend   ✖ lost
           my-frontend came back to its gate: it is paused by
           hand
      my-backend    · not started
           it stays on 1.0: the run ended before its turn
    Next:  kubectl rollouts-group get-group loan -n legacy`,
    ))

  it('keeps short reasons beside the members, where they fit', () =>
    isReported(
      { reports: both('not-started', 'not confirmed', 'not-started', 'not confirmed'), exit: EXIT.failed, width: 60 },
      `
    Group loan not promoted.
      my-frontend   · not started   not confirmed
      my-backend    · not started   not confirmed
    Next:  kubectl rollouts-group promote-all loan -n legacy`,
    ))

  it('to abort speaks of aborting', () =>
    isReported(
      {
        of: planOf(WORLDS.ready, 'abort-all'),
        reports: both('done', '2.0 withdrawn, users on 1.0', 'done', '2.0 withdrawn, users on 1.0'),
        exit: EXIT.done,
        after: 1_200,
      },
      `
    Group loan aborted: 2 of 2 in 1.2s.`,
    ))

  it('of a server dry run says that nothing was stored', () =>
    assertScreen(
      dryRunScreen(plan, both('done', '', 'done', ''), EXIT.done, at()),
      `
      ✔ the server accepts every write; nothing was stored`,
    ))

  it('of a server dry run says what was not accepted', () =>
    assertScreen(
      dryRunScreen(
        plan,
        both('done', 'promote accepted (server dry run)', 'failed', 'patch rollout/my-backend in legacy: forbidden'),
        EXIT.failed,
        at(),
      ),
      `
      The server does not accept every write; nothing was stored.
      my-frontend   ✔ done     promote accepted (server dry run)
      my-backend    ✖ failed   patch rollout/my-backend in legacy: forbidden`,
    ))

  it('of a dry run without a step says nothing', () =>
    assert.deepEqual(dryRunScreen(planOf(WORLDS.settled), [], EXIT.done, at()), []))

  const times: readonly (readonly [milliseconds: number, shown: string])[] = [
    [0, '0ms'],
    [28.4, '28ms'],
    [99, '99ms'],
    [100, '0.1s'],
    [32_149, '32.1s'],
    [59_949, '59.9s'],
    [59_950, '1m00s'],
    [125_400, '2m05s'],
    [3_600_000, '60m00s'],
  ]
  for (const [milliseconds, shown] of times)
    it(`shows ${milliseconds} milliseconds as ${shown}`, () => assert.equal(elapsed(milliseconds), shown))
})
