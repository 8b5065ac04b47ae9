import assert from 'node:assert/strict'
import { keysOf } from '../../../src/view/tui/keys.ts'
import { frame } from '../../../src/view/tui/frame.ts'
import { traceMark } from '../../../src/view/tui/marks.ts'
import { startAt } from '../../../src/view/tui/state.ts'
import { legacyPair, type WorldSpec } from '../../support/objects.ts'
import { NOW, viewOf, WORLDS } from '../worlds.ts'
import { ALL, AHEAD, assertFrame, Desk, desk, LOOK, model, openAt, PROTECTED, RELEASED, UNSETTLED } from './screens.ts'

const EVENTS = [
  {
    reason: 'RolloutPaused',
    message: 'Rollout is paused (CanaryPauseStep)',
    lastTimestamp: '2026-01-01T11:58:00Z',
    count: 2,
    type: 'Normal',
  },
  {
    reason: 'GroupPromotedFailed',
    message: 'promote-all of group loan by ann',
    lastTimestamp: '2026-01-01T11:59:00Z',
    type: 'Warning',
  },
]
const list = (views = ALL) => new Desk(startAt('groups'), model(views))

describe('the page of all groups', () => {
  it('has a line for each group, the worst first, and marks the selected one', () =>
    assertFrame(
      list().press('down').lines(80, 19),
      `
    Groups   16 groups, worst first   context prod-eu

      GROUP          LIVE     NEXT   STATUS
      leak           2.0      3.0    ✖ users meet two versions
    ▸ empty          1.0      2.0    ✖ users reach an empty service
      degraded       1.0      2.0    ✖ degraded                           my-backend
      trouble        1.0      2.0    ✖ not safe to promote                next-wire…
      unknown        1.0      2.0    ✖ not safe to promote                wire-unkn…
      halfAborted    1.0      2.0    ✖ aborted                            my-backend
      halfDeployed   1.0      2.0    ॥ half deployed: my-backend 2.0 c…
      aborted        1.0      2.0    · withdrawn: users are on 1.0
      half           2.0, …   2.0    ॥ half promoted
      starting       1.0      2.0    ◌ getting ready                      1 of 3 po…
      canary         1.0      2.0    ॥ ready to promote
      diamond        1.0      2.0    ॥ ready to promote
      modern         1.0      2.0    ॥ ready to promote
     ↓one            1.0      2.0    ॥ ready to promote
    ⏎ open   p promote-all   a abort-all   e commands   / filter   ? help   q quit`,
    ))

  it('keeps group and state at 60 columns', () =>
    assertFrame(
      list(ALL.slice(0, 4)).lines(60, 8),
      `
    Groups   4 groups, worst first   context prod-eu
      GROUP      LIVE   NEXT   STATUS
    ▸ leak       2.0    3.0    ✖ users meet two versions
      empty      1.0    2.0    ✖ users reach an empty service
      degraded   1.0    2.0    ✖ degraded
      trouble    1.0    2.0    ✖ not safe to promote
    ⏎ open   p promote-all   a abort-all   ? help   q quit`,
    ))

  it('has room for all at 120 columns', () =>
    assertFrame(
      list(ALL.slice(0, 6)).lines(120, 10),
      `
    Groups   6 groups, worst first   context prod-eu
      GROUP         ROLLOUTS   LIVE   NEXT   MODE     STATUS
    ▸ leak          2          2.0    3.0    legacy   ✖ users meet two versions
      empty         2          1.0    2.0    legacy   ✖ users reach an empty service
      degraded      2          1.0    2.0    legacy   ✖ degraded                       my-backend
      trouble       2          1.0    2.0    legacy   ✖ not safe to promote            next-wired-to-live
      unknown       2          1.0    2.0    legacy   ✖ not safe to promote            wire-unknown
      halfAborted   2          1.0    2.0    legacy   ✖ aborted                        my-backend
    ⏎ open   p promote-all   a abort-all   l log   e commands   y copy   / filter   s sort   ? help   q quit`,
    ))

  it('shows the window in which the selected group stands', () =>
    assertFrame(
      list().press('end').lines(80, 8),
      `
    Groups   16 groups, worst first   context prod-eu
      GROUP     ROLLOUTS   LIVE   NEXT   MODE     STATUS
     ↑modern    2          1.0    2.0    modern   ॥ ready to promote
      one       1          1.0    2.0    legacy   ॥ ready to promote
      ready     2          1.0    2.0    legacy   ॥ ready to promote
    ▸ settled   2          1.0           legacy   ✔ nothing waits
    ⏎ open   u undo-all   l log   e commands   y copy   / filter   ? help   q quit`,
    ))

  it('is by name after s, and has only what the filter finds', () =>
    assertFrame(
      list().press('s', '/', 'd', 'e').lines(80, 8),
      `
    Groups   16 groups, by name   context prod-eu   filter: de▏
      GROUP      ROLLOUTS   LIVE   NEXT   MODE     STATUS
    ▸ degraded   2          1.0    2.0    legacy   ✖ degraded           my-backend
      modern     2          1.0    2.0    modern   ॥ ready to promote


    ⏎ keep   ! not   -l label   -f fuzzy   esc all again`,
    ))
})

describe('the page of a group', () => {
  it('shows the group as get-group does, the selected member below it, and what to press', () =>
    assertFrame(
      desk(viewOf(WORLDS.ready)).lines(80, 24),
      `
    Group loan   ॥ ready to promote   namespace legacy   context prod-eu
      legacy mode

      LIVE  users ─▶ my-frontend 1.0 ─▶ my-backend 1.0              ✔ one version
      NEXT  ─▶ my-frontend 2.0 ─▶ my-backend 2.0                    ✔ one version

      MEMBER         LIVE       NEXT       STATUS
    ▸ my-frontend    1.0  3/3   2.0  3/3   ॥ Paused        1st
      └ my-backend   1.0  3/3   2.0  3/3   ॥ Paused        2nd, after my-frontend

    Next:  p shows the plan, and asks before it sends

    my-frontend   BlueGreen   ॥ Paused   for 12h   promote 1st
      REVISION   VERSION   PODS   BEHIND             IMAGE
      live 2     1.0       3/3    frontend-active    kostiscodefresh/loan:latest
      next 3     2.0       3/3    frontend-preview   kostiscodefresh/loan:latest
      Calls     live 1.0: my-backend through backend-active
                next 2.0: my-backend through backend-preview

    my-frontend 1.0 → 2.0: what differs
    APP_VERSION  1.0 → 2.0
    BACKEND_HOST  backend-active → backend-preview
    ⏎ open   p promote-all   a abort-all   e commands   f forward   ? help   q quit`,
    ))

  it('names the key that points consumers back where they are left on a Service in front of what is deployed next', () =>
    assertFrame(
      desk(viewOf(UNSETTLED)).lines(80, 16),
      `
    Group loan   ⚠ nothing waits, but live calls previews   namespace legacy
      LIVE  users ─▶ my-frontend 2.0 ─▶ my-backend 2.0              ✔ one version

      MEMBER         LIVE       NEXT       STATUS
    ▸ my-frontend    2.0  3/3              ✔ Healthy
      └ my-backend   2.0  3/3              ✔ Healthy

    Next:  S shows how consumers are pointed back, and asks before it sends

    ⚠ live-wired-to-next  users of my-frontend 2.0 reach my-backend through backend…

    my-frontend   BlueGreen   ✔ Healthy
      REVISION   VERSION   PODS   BEHIND                            IMAGE
    … 2 more lines: PgDn
    ⏎ open   u undo-all   S settle   e commands   / filter   ? help   q quit`,
    ))

  it('shows what stands in the way before all else, at 60 columns', () =>
    assertFrame(
      desk(viewOf(WORLDS.trouble)).lines(60, 24),
      `
    Group loan   ✖ not safe to promote   namespace legacy
      context prod-eu   legacy mode

      LIVE  users ─▶ my-frontend 1.0            ✔ one version
              ─▶ my-backend 1.0
      NEXT  ─▶ my-frontend 2.0                  ✖ mixed
              ─▶ my-backend 1.0 (via
              backend-active)

      MEMBER         LIVE       NEXT       STATUS
    ▸ my-frontend    1.0  3/3   2.0  3/3   ॥ Paused        ✖
      └ my-backend   1.0  3/3   2.0  3/3   ॥ Paused

    Next:  p shows why it is refused; a shows the way back

    ✖ next-wired-to-live
        my-frontend 2.0 still talks to my-backend 1.0 through
        backend-active: BACKEND_HOST=backend-active in ConfigMap
        my-frontend-settings-7f9c. Deploy it again with
        BACKEND_HOST=backend-preview.

    … 10 more lines: PgDn
    ⏎ open   p promote-all   a abort-all   ? help   q quit`,
    ))

  it('names no key that leads back where all is withdrawn already', () =>
    assert.ok(desk(viewOf(WORLDS.aborted)).lines(80, 24).includes('Next:  p shows why it is refused')))

  it('shows weights as bars, the one that is there beside the one that is set, and the step it stands at', () =>
    assertFrame(
      desk(viewOf(WORLDS.canary)).lines(120, 22),
      `
    Group loan   ॥ ready to promote   namespace legacy   context prod-eu   legacy mode

      LIVE  80% of users ─▶ web 1.0 ─▶ api 1.0                                ✔ one version
            20% of users ─▶ web 2.0 ─▶ api 2.0                                ✔ one version

      MEMBER   LIVE       NEXT       READY      GATE               STATUS
    ▸ web      1.0  4/4   2.0  1/1   4/4  1/1   20%, gate 1 of 2   ॥ Paused        promote 2nd, after api
      └ api    1.0  4/4   2.0  1/1   4/4  1/1   20%, gate 1 of 2   ॥ Paused        promote 1st

    Next:  p shows the plan, and asks before it sends

    web   Canary   ॥ Paused   for 12h   promote 2nd, after api
      REVISION   VERSION   PODS   BEHIND            IMAGE                         HASH      VERSION FROM
      live 2     1.0       4/4    web, web-stable   kostiscodefresh/loan:latest   weblive   APP_VERSION
      next 3     2.0       1/1    web, web-canary   kostiscodefresh/loan:latest   webnext   APP_VERSION
      Weight    set     ████░░░░░░░░░░░░░░░░ 20%
                actual  ████░░░░░░░░░░░░░░░░ 20%  (1 of 5 pods)
      Steps     ✔ set weight 20%  ▸ pause (gate)  · set weight 60%  · pause (gate)
      Calls     live 1.0: api through api-stable
    … 5 more lines: PgDn
    ⏎ open   p promote-all   a abort-all   d difference   e commands   y copy   f forward   / filter   ? help   q quit`,
    ))

  it('counts old pods down', () =>
    assertFrame(
      desk(viewOf(WORLDS.half)).press('pagedown').lines(80, 24),
      `
    Group loan   ॥ half promoted   namespace legacy   context prod-eu   legacy mode

      LIVE  users ─▶ my-frontend 2.0 ─▶ my-backend 2.0              ✔ one version
            users on old pods ─▶ my-frontend 1.0 ─▶ my-backend 1.0  ✔ one version

      MEMBER         LIVE       NEXT       STATUS
    ▸ my-frontend    2.0  3/3              ✔ Healthy       3 old pods, 17s left
      └ my-backend   1.0  3/3   2.0  3/3   ॥ Paused        1st

    Next:  p shows the plan, and asks before it sends

    ⚠ live-wired-to-next  users of my-frontend 2.0 reach my-backend through
                          backend-preview, the Service in front of its next version
                          (BACKEND_HOST=backend-preview): the next deploy of
                          my-backend gives them an empty Service, then an untested
                          version. Before the next release deploy my-frontend with
                          BACKEND_HOST=backend-active and promote it (settle does
                          so, and release begins with it); from then on a Service
                          per version of my-backend needs no pointing back.

    my-frontend   BlueGreen   ✔ Healthy   3 old pods of 1.0, 17s left
    … 5 more lines: PgDn
    ⏎ open   p promote-all   u bring back   e commands   f forward   ? help   q quit`,
    ))

  it('keeps users, members and keys at 60 columns and 10 rows', () =>
    assertFrame(
      desk(viewOf(WORLDS.ready)).lines(60, 10),
      `
    Group loan   ॥ ready to promote   namespace legacy
      LIVE  users ─▶ my-frontend 1.0            ✔ one version
              ─▶ my-backend 1.0
      NEXT  ─▶ my-frontend 2.0                  ✔ one version
              ─▶ my-backend 2.0
      MEMBER         LIVE       NEXT       STATUS
    ▸ my-frontend    1.0  3/3   2.0  3/3   ॥ Paused        1st
      └ my-backend   1.0  3/3   2.0  3/3   ॥ Paused        2nd
    ⏎ open   p promote-all   a abort-all   ? help   q quit`,
    ))

  it('goes on below what is in sight by PgDn, line after line, to the ways of requests that are left out above', () => {
    for (const [columns, rows] of [
      [80, 24],
      [60, 12],
      [60, 10],
      [40, 8],
    ] as const) {
      const at = desk(viewOf(WORLDS.diamond))
      const whole = desk(viewOf(WORLDS.diamond)).lines(columns, 80)
      const seen = new Set(at.lines(columns, rows))
      if (rows === 10) assert.match(at.lines(80, rows).at(-1)!, /^PgDn more/)
      for (let pages = 0; pages < 40; pages++) {
        at.press('pagedown')
        for (const line of at.lines(columns, rows)) seen.add(line)
      }
      // Members are moved through by themselves.
      const table = whole.findIndex((line) => line.startsWith('  MEMBER'))
      const others = whole.toSpliced(table, whole.indexOf('', table) - table).slice(3)
      const missed = others.filter((line) => !seen.has(line))
      assert.deepEqual(missed, [], `${columns}×${rows}`)
      assert.doesNotMatch(at.lines(columns, rows).at(-2)!, /more lines/)
    }
  })

  it('leads back up to the ways of requests that give way to what is below', () => {
    const at = desk(viewOf(WORLDS.diamond))
    assert.doesNotMatch(at.lines(60, 28).join('\n'), /more lines: PgUp/)
    at.press('pagedown')
    assert.match(at.lines(60, 28).join('\n'), /… \d more lines: PgUp/)
  })

  it('gives a run half of a small screen', () =>
    assertFrame(
      desk(viewOf(WORLDS.diamond)).press('p', 'y').lines(60, 12),
      `
    Group loan   ◌ promote-all: wave 1 of 2   namespace legacy
      LIVE  users ─▶ shop 1.0 ─▶ cart 1.0       ✔ one version
    … 6 more lines: PgDn
      MEMBER   LIVE       NEXT       STATUS
    ▸ shop     1.0  3/3   2.0  3/3   ॥ Paused        1st
     ↓└ cart   1.0  3/3   2.0  3/3   ॥ Paused        2nd
    ◌ promote-all of loan: wave 1 of 2, 0s; x stops it
    · 1  shop     1.0 → 2.0, when its turn comes
    · 2  cart     1.0 → 2.0, when its turn comes
    … 2 more lines: PgDn
    ⏎ open   x stop   e commands   y copy   / filter   ? help`,
    ))

  it('marks what has just changed: a trace, a member', () =>
    assertFrame(
      desk(viewOf(WORLDS.ready), {
        changed: new Set([traceMark(viewOf(WORLDS.ready), viewOf(WORLDS.ready).traces[1]!), 'legacy/loan/my-backend']),
      }).lines(80, 10),
      `
    Group loan   ॥ ready to promote   namespace legacy   context prod-eu
      LIVE  users ─▶ my-frontend 1.0 ─▶ my-backend 1.0              ✔ one version
     *NEXT  ─▶ my-frontend 2.0 ─▶ my-backend 2.0                    ✔ one version
      MEMBER         LIVE       NEXT       STATUS
    ▸ my-frontend    1.0  3/3   2.0  3/3   ॥ Paused        1st
     *└ my-backend   1.0  3/3   2.0  3/3   ॥ Paused        2nd, after my-frontend
    Next:  p shows the plan, and asks before it sends
    … 11 more lines: PgDn
    ⏎ open   p promote-all   a abort-all   e commands   f forward   ? help   q quit`,
    ))

  it('says since when the connection is lost, and that what it shows is from then', () =>
    assertFrame(
      desk(viewOf(WORLDS.ready), {
        lost: { since: NOW - 12_000, reason: 'list rollouts: connect ECONNREFUSED' },
      }).lines(80, 16),
      `
    Group loan   ? was: ready to promote   namespace legacy   context prod-eu
    ⚠ connection lost 12s ago, at 11:59:48 UTC; what is shown is from then: list ro…
      LIVE  users ─▶ my-frontend 1.0 ─▶ my-backend 1.0              ✔ one version
      NEXT  ─▶ my-frontend 2.0 ─▶ my-backend 2.0                    ✔ one version
      MEMBER         LIVE       NEXT       STATUS
    ▸ my-frontend    1.0  3/3   2.0  3/3   ॥ Paused        1st
      └ my-backend   1.0  3/3   2.0  3/3   ॥ Paused        2nd, after my-frontend
    my-frontend   BlueGreen   ॥ Paused   for 12h   promote 1st
      REVISION   VERSION   PODS   BEHIND             IMAGE
      live 2     1.0       3/3    frontend-active    kostiscodefresh/loan:latest
      next 3     2.0       3/3    frontend-preview   kostiscodefresh/loan:latest
      Calls     live 1.0: my-backend through backend-active
                next 2.0: my-backend through backend-preview
    … 4 more lines: PgDn
    ⏎ open   p promote-all   a abort-all   e commands   f forward   ? help   q quit`,
    ))
})

describe('the page of a member', () => {
  it('shows all that is known: pods, weights, steps, calls, events', () =>
    assertFrame(
      desk(viewOf(WORLDS.canary), { extra: { events: EVENTS, analysisRuns: [] } })
        .press('enter')
        .lines(80, 24),
      `
    Group loan   ॥ ready to promote   namespace legacy   context prod-eu
      legacy mode

    web   Canary   ॥ Paused   for 12h   promote 2nd, after api
    CanaryPauseStep

    REVISION   VERSION   PODS   BEHIND            IMAGE
    live 2     1.0       4/4    web, web-stable   kostiscodefresh/loan:latest
    next 3     2.0       1/1    web, web-canary   kostiscodefresh/loan:latest
    Weight    set     ████░░░░░░░░░░░░░░░░ 20%
              actual  ████░░░░░░░░░░░░░░░░ 20%  (1 of 5 pods)
    Steps     ✔ set weight 20%  ▸ pause (gate)  · set weight 60%  · pause (gate)

    Calls     live 1.0: api through api-stable (API=api-stable)
              next 2.0: api through api-canary (API=api-canary)

    Events    11:59:00  ⚠ GroupPromotedFailed: promote-all of group loan by ann
              11:58:00  RolloutPaused (2 times): Rollout is paused (CanaryPauseStep)

    web 1.0 → 2.0: what differs
    APP_VERSION  1.0 → 2.0
    API  api-stable → api-canary
    p promote-all   a abort-all   e commands   y copy   esc back   ? help   q quit`,
    ))

  it('has behind a Service of a release the revision of that release, and no other', () => {
    const of = (release: string) => ({ 'rollouts-group/release': release })
    const spec: WorldSpec = {
      ...legacyPair({
        backend: { live: { version: '1.0', labels: of('1-0') }, next: { version: '2.0', labels: of('2-0') } },
      }),
      services: ['1-0', '2-0', '3-0'].map((release) => ({
        name: `backend-${release}`,
        selector: { app: 'my-backend', ...of(release) },
      })),
    }
    const rows = desk(viewOf(spec)).press('down', 'enter').lines(120, 24)
    assert.deepEqual(
      rows.filter((each) => /^(live|next) \d/.test(each)).map((each) => each.replace(/ +kostis.*/, '')),
      [
        'live 2     1.0       3/3    backend-1-0, backend-active',
        'next 3     2.0       3/3    backend-2-0, backend-preview',
      ],
    )
  })

  it('says what may not be read', () =>
    assertFrame(
      desk(viewOf(WORLDS.ready), {
        extra: { events: 'Error from server (Forbidden): events is forbidden', analysisRuns: [] },
      })
        .press('down', 'enter')
        .lines(80, 16),
      `
    Group loan   ॥ ready to promote   namespace legacy   context prod-eu
    my-backend   BlueGreen   ॥ Paused   for 12h   promote 2nd, after my-frontend
    BlueGreenPause

    REVISION   VERSION   PODS   BEHIND            IMAGE
    live 2     1.0       3/3    backend-active    kostiscodefresh/loan:latest
    next 3     2.0       3/3    backend-preview   kostiscodefresh/loan:latest

    Events    Error from server (Forbidden): events is forbidden

    my-backend 1.0 → 2.0: what differs
    APP_VERSION  1.0 → 2.0


    p promote-all   a abort-all   e commands   y copy   esc back   ? help   q quit`,
    ))
})

describe('the plan on the live screen', () => {
  it('shows the plan, a line a step, and asks', () =>
    assertFrame(
      desk(viewOf(WORLDS.ready)).press('p').lines(120, 24),
      `
    Group loan   ॥ ready to promote   namespace legacy   context prod-eu   legacy mode

    ╭ promote-all ─────────────────────────────────────────────────────────────────────────────────────────────────────────╮
    │ 2 rollouts, consumers first: group loan in legacy (context prod-eu)                                                  │
    │   1  my-frontend   1.0 → 2.0   promote; old pods go (30s)                                                            │
    │   2  my-backend    1.0 → 2.0   promote                                                                               │
    │                                                                                                                      │
    │ proved from addresses pods use: after every step users reach one version, no service is empty                        │
    │ ⚠ no-way-back-after  once my-backend is promoted, no abort brings users back without mixing versions. Until then     │
    │                      abort-all --undo-promoted brings them back at once; afterwards undo-all does, by a release of   │
    │                      its own (new pods).                                                                             │
    │ ⚠ live-wired-to-next  once promoted, my-frontend 2.0 stays on backend-preview (BACKEND_HOST=backend-preview), where  │
    │                       the next deploy of my-backend would strike its users.                                          │
    │ e copies: kubectl rollouts-group promote-all --yes loan -n legacy                                                    │
    │                                                                                                                      │
    │ Promote?  y: yes   esc, n or q: no                                                                                   │
    ╰──────────────────────────────────────────────────────────────────────────────────────────────────────────────────────╯





    y yes   esc n q no`,
    ))

  it('fits a plan of two steps on a terminal of 80 columns', () =>
    assertFrame(
      desk(viewOf(WORLDS.ready)).press('p').lines(80, 24),
      `
    Group loan   ॥ ready to promote   namespace legacy   context prod-eu
      legacy mode

    ╭ promote-all ─────────────────────────────────────────────────────────────────╮
    │ 2 rollouts, consumers first: group loan in legacy (context prod-eu)          │
    │   1  my-frontend   1.0 → 2.0   promote; old pods go (30s)                    │
    │   2  my-backend    1.0 → 2.0   promote                                       │
    │                                                                              │
    │ proved from addresses pods use: after every step users reach one version, no │
    │ service is empty                                                             │
    │ ⚠ no-way-back-after  once my-backend is promoted, no abort brings users back │
    │                      without mixing versions. Until then abort-all           │
    │                      --undo-promoted brings them back at once; afterwards    │
    │                      undo-all does, by a release of its own (new pods).      │
    │ ⚠ live-wired-to-next  once promoted, my-frontend 2.0 stays on                │
    │                       backend-preview (BACKEND_HOST=backend-preview), where  │
    │                       the next deploy of my-backend would strike its users.  │
    │ e copies: kubectl rollouts-group promote-all --yes loan -n legacy            │
    │                                                                              │
    │ Promote?  y: yes   esc, n or q: no                                           │
    ╰──────────────────────────────────────────────────────────────────────────────╯

    y yes   esc n q no`,
    ))

  it('shows the steps first, what cannot be taken back next, and once what is said of several members', () =>
    assertFrame(
      desk(viewOf(WORLDS.diamond)).press('p').lines(60, 24),
      `
    Group loan   ॥ ready to promote   namespace legacy
      context prod-eu   legacy mode

    ╭ promote-all ─────────────────────────────────────────────╮
    │ 4 rollouts, consumers first: group loan in legacy        │
    │ (context prod-eu)                                        │
    │   1  shop     1.0 → 2.0   promote; old pods go (30s)     │
    │   2  cart     1.0 → 2.0   promote                        │
    │   2  search   1.0 → 2.0   promote                        │
    │   2  db       1.0 → 2.0   promote                        │
    │                                                          │
    │ proved from addresses pods use: after every step users   │
    │ reach one version, no service is empty                   │
    │ ⚠ no-way-back-after                                      │
    │     from the promotion of cart, search and db on, no     │
    │     abort brings users back without mixing versions.     │
    │     Until then abort-all --undo-promoted brings them     │
    │     back at once; afterwards undo-all does, by a release │
    │ … 11 more lines: PgDn                                    │
    │                                                          │
    │ Promote?  ↓ to its end first, then y   esc, n or q: no   │
    ╰──────────────────────────────────────────────────────────╯
    ↓ more, then y   esc n q no`,
    ))

  it('says of several runs every step of each, as it is foreseen, and what the first rests on', () =>
    assertFrame(
      desk(viewOf(RELEASED))
        .press('u')
        .hear(
          { type: 'said', words: 'back to release 1.0: my-backend 2.0 → 1.0, my-frontend 2.0 → 1.0' },
          { type: 'foreseen', ahead: AHEAD },
          { type: 'phase', phase: 'settle' },
          { type: 'planned', plan: { ...viewOf(WORLDS.ready).plan, verb: 'deploy-all' } },
        )
        .lines(80, 24),
      `
    Group loan   ✔ nothing waits   namespace legacy   context prod-eu   legacy mode

    ╭ undo-all ────────────────────────────────────────────────────────────────────╮
    │ back to release 1.0: my-backend 2.0 → 1.0, my-frontend 2.0 → 1.0             │
    │ 4 phases: group loan in legacy (context prod-eu)                             │
    │   1 settle    my-frontend   2.0         deploy and promote, live addresses   │
    │   2 deploy    my-backend    2.0 → 1.0   to its gate                          │
    │               my-frontend   2.0 → 1.0   to its gate                          │
    │   3 promote   my-frontend   2.0 → 1.0                                        │
    │               my-backend    2.0 → 1.0                                        │
    │   4 settle    my-frontend   1.0         deploy and promote, live addresses   │
    │ each phase is planned and proved anew when its turn comes; a failure         │
    │ withdraws what waits; an interruption leaves what is there                   │
    │                                                                              │
    │ proved from addresses pods use: after every step users reach one version, no │
    │ service is empty                                                             │
    │ ⚠ no-way-back-after  once my-backend is promoted, no abort brings users back │
    │                      without mixing versions. Until then abort-all           │
    │ … 6 more lines: PgDn                                                         │
    │                                                                              │
    │ Undo?  ↓ to its end first, then y   esc, n or q: no                          │
    ╰──────────────────────────────────────────────────────────────────────────────╯
    ↓ more, then y   esc n q no`,
    ))

  it('asks to go to the end of a plan before it takes a yes', () =>
    assertFrame(
      desk(viewOf(WORLDS.diamond)).press('p').lines(40, 12),
      `
    Group loan   ॥ ready to promote
    ╭ promote-all ─────────────────────────╮
    │ 4 rollouts, consumers first: group   │
    │ loan in legacy (context prod-eu)     │
    │   1  shop     1.0 → 2.0              │
    │        promote; old pods go (30s)    │
    │ … 34 more lines: PgDn                │
    │ Promote?  ↓ to its end first, then y │
    │ esc, n or q: no                      │
    ╰──────────────────────────────────────╯
    ↓ more, then y   esc n q no`,
    ))

  it('scrolls the plan, while the question stands', () =>
    assertFrame(
      desk(viewOf(WORLDS.ready)).press('p').scrollDown(60, 10, 40),
      `
    Group loan   ॥ ready to promote   namespace legacy
    ╭ promote-all ─────────────────────────────────────────────╮
    │     where the next deploy of my-backend would strike its │
    │     users.                                               │
    │ e copies: kubectl rollouts-group promote-all --yes loan  │
    │ -n legacy                                                │
    │ Promote?  y: yes   esc, n or q: no                       │
    ╰──────────────────────────────────────────────────────────╯
    y yes   esc n q no   ↑↓ scroll`,
    ))

  it('shows why a plan is refused, and nothing else', () =>
    assertFrame(
      desk(viewOf(WORLDS.trouble)).press('p').lines(80, 16),
      `
    Group loan   ✖ not safe to promote   namespace legacy   context prod-eu
    ╭ promote-all ─────────────────────────────────────────────────────────────────╮
    │ Promote group loan in legacy (context prod-eu): refused, nothing can be sent │
    │                                                                              │
    │ ✖ next-wired-to-live  my-frontend 2.0 still talks to my-backend 1.0 through  │
    │                       backend-active: BACKEND_HOST=backend-active in         │
    │                       ConfigMap my-frontend-settings-7f9c. Deploy it again   │
    │                       with BACKEND_HOST=backend-preview.                     │
    │                                                                              │
    │ ✖ Refused.  esc: close                                                       │
    ╰──────────────────────────────────────────────────────────────────────────────╯



    esc close`,
    ))

  it('asks for the name of a protected group', () =>
    assertFrame(
      sawToEnd(desk(viewOf(PROTECTED)).press('p'), 60, 10)
        .press('l', 'o')
        .lines(60, 10),
      `
    Group loan   ॥ ready to promote   namespace legacy
    ╭ promote-all ─────────────────────────────────────────────╮
    │     backend-preview (BACKEND_HOST=backend-preview),      │
    │     where the next deploy of my-backend would strike its │
    │     users.                                               │
    │ Group loan is protected. Promote? Type its name, then    │
    │ enter: lo▏   esc: no                                     │
    ╰──────────────────────────────────────────────────────────╯
    type loan, then ⏎   esc no   ↑↓ scroll`,
    ))
})

/** A plan that was scrolled to its end. */
function sawToEnd(at: Desk, columns: number, rows: number): Desk {
  at.scrollDown(columns, rows, 40)
  return at
}

describe('a screen of production', () => {
  const guarded = (more = {}) => desk(viewOf(WORLDS.ready), { guarded: true, ...more })

  it('has a frame that says so, on every page, and no key that writes before that is allowed', () => {
    for (const key of ['down', 'enter', 'd', 'e', 'l', '?']) {
      const lines = guarded().press(key).lines(80, 24)
      assert.match(lines[0]!, /^┏━ production: prod-eu, read-only until W allows writing ━+┓$/)
      assert.match(lines.at(-1)!, /^┗━+┛$/)
      assert.equal(lines.length, 23)
    }
    assert.match(guarded().lines(80, 24).at(-2)!, /^┃ ⏎ open   W allow writing .*q quit +┃$/)
    assert.match(guarded().press('W').lines(80, 24)[0]!, /writing is allowed/)
  })

  it('leads on by the key that allows writing, and has help in two blocks at 80 columns', () => {
    assert.match(guarded().lines(80, 24).join('\n'), /Next: {2}W allows writing; then p shows the plan/)
    assert.match(guarded().press('W').lines(80, 24).join('\n'), /Next: {2}p shows the plan/)
    const help = guarded().press('?').lines(80, 26)
    for (const { shown, does } of keysOf(model([], { guarded: true })))
      assert.ok(
        help.some((line) => line.includes(`${shown} `) && line.includes(does)),
        does,
      )
    assert.doesNotMatch(help.join('\n'), /…/)
  })

  it('is red where there are colours', () => {
    const { lines } = frame(
      openAt(viewOf(WORLDS.ready)),
      model([viewOf(WORLDS.ready)], { guarded: true }),
      { columns: 80, rows: 24 },
      { ...LOOK, colour: true },
    )
    assert.match(lines[0]!, /^\u001b\[31m┏/)
  })

  it('asks for the name of the group, although nothing else protects that', () =>
    assert.match(
      guarded().press('W', 'p').lines(100, 30).join('\n'),
      /Group loan is in production\. Promote\? Type its name, then enter: ▏/,
    ))
})

describe('the log', () => {
  const sent = { at: NOW, url: 'https://x/apis/y?z=1', took: 12 }
  const status = 'https://x/apis/argoproj.io/v1alpha1/namespaces/legacy/rollouts/my-frontend/status?fieldManager=ours'
  const log = desk(viewOf(WORLDS.ready), {
    requests: [
      { ...sent, method: 'GET', body: undefined, result: '200' },
      { ...sent, method: 'PATCH', body: `[{"op":"test"}${' '.repeat(60)}]`, result: '409', url: status },
      { ...sent, method: 'GET', body: undefined, result: 'connect ECONNREFUSED', took: 20_000 },
    ],
  }).press('l')

  it('has a line for each request as it was sent, with what came back and how long that took, and the body', () =>
    assert.deepEqual(log.lines(80, 24).slice(2, 6), [
      '12:00:00  GET    200  12ms    /apis/y?z=1',
      '12:00:00  PATCH  409  12ms    …ha1/namespaces/legacy/rollouts/my-frontend/status',
      `            [{"op":"test"}${' '.repeat(53)}…`,
      '12:00:00  GET    ✖    20000ms connect ECONNREFUSED: /apis/y?z=1',
    ]))

  it('keeps what was written to at 60 columns', () =>
    assert.equal(log.lines(60, 24)[3], '12:00:00  PATCH  409  12ms    …y/rollouts/my-frontend/status'))

  it('is copied as a whole', () => {
    const [effect] = log.press('y').effects
    assert.deepEqual(effect, {
      type: 'copy',
      text: [
        '12:00:00  GET    200  12ms    /apis/y?z=1',
        `12:00:00  PATCH  409  12ms    ${status.slice('https://x'.length)}`,
        `            [{"op":"test"}${' '.repeat(60)}]`,
        '12:00:00  GET    ✖    20000ms connect ECONNREFUSED: /apis/y?z=1',
      ].join('\n'),
    })
  })
})

describe('a screen for reading', () => {
  it('names no key that writes, in its last line nor in help', () => {
    const reading = () => desk(viewOf(WORLDS.ready), { readOnly: true })
    assert.equal(
      reading().lines(80, 24).at(-1),
      '⏎ open   e commands   y copy   f forward   / filter   ? help   q quit',
    )
    assert.doesNotMatch(reading().press('?').lines(80, 40).join('\n'), /-all/)
  })
})

describe('why pods do not come', () => {
  const view = viewOf(WORLDS.degraded)
  const { name } = view.group.members.find((each) => each.name === 'my-backend')!.next!
  const pod = {
    metadata: { name: 'my-backend-2-x', ownerReferences: [{ name }], creationTimestamp: '2026-01-01T11:58:00Z' },
    spec: { containers: [{ name: 'app' }] },
    status: {
      phase: 'Running',
      conditions: [{ type: 'Ready', status: 'False' }],
      containerStatuses: [{ name: 'app', restartCount: 3, state: { waiting: { reason: 'CrashLoopBackOff' } } }],
    },
  }
  const logs = new Map([
    ['my-backend-2-x/app', ['connecting to db:5432', 'fatal: password authentication failed for user loan']],
  ])
  const around = { pods: [pod], warnings: [], logs }
  for (const [columns, expected] of [
    [
      60,
      `
    ◌ pod my-backend-2-x of my-backend 2.0: container app:
      CrashLoopBackOff
        │ connecting to db:5432
        │ fatal: password authentication failed for user loan`,
    ],
    [
      80,
      `
    ◌ pod my-backend-2-x of my-backend 2.0: container app: CrashLoopBackOff
        │ connecting to db:5432
        │ fatal: password authentication failed for user loan`,
    ],
  ] as const)
    it(`has what the container wrote last at ${columns} columns`, () => {
      const lines = desk(view, { around }).lines(columns, 40)
      const at = lines.findIndex((each) => each.startsWith('◌ pod'))
      assertFrame(lines.slice(at, at + expected.split('\n').length - 1), expected)
    })
})

describe('what is forwarded', () => {
  const led = { member: 'my-frontend', reached: true } as const
  const forwarded = {
    ports: [
      { ...led, side: 'live', address: 'http://127.0.0.1:9000', leadsTo: '1.0 behind frontend-active (pod web-1)' },
      { ...led, side: 'next', address: 'http://127.0.0.1:9050', leadsTo: 'nobody: nothing waits', reached: false },
    ],
    trouble: 'cannot get resource "pods/portforward"',
  } as const
  const below = (columns: number) => {
    const lines = desk(viewOf(WORLDS.settled), { forwarded }).press('f').lines(columns, 24)
    return lines.slice(lines.findIndex((each) => each.startsWith('FORWARDED'))).slice(0, 4)
  }

  it('has its addresses, and whom they lead to', () =>
    assertFrame(
      below(80),
      `
    FORWARDED          ON                      LEADS TO
    my-frontend live   http://127.0.0.1:9000   1.0 behind frontend-active
    my-frontend next   http://127.0.0.1:9050   nobody: nothing waits
    ⚠ cannot get resource "pods/portforward"`,
    ))

  it('keeps the addresses whole at 60 columns', () =>
    assertFrame(
      below(60).slice(0, 3),
      `
    FORWARDED          ON                      LEADS TO
    my-frontend live   http://127.0.0.1:9000   1.0 behind front…
    my-frontend next   http://127.0.0.1:9050   nobody: nothing …`,
    ))
})

describe('the other pages', () => {
  it('name in a note what is forwarded, and why the rest is not', () => {
    const at = desk(viewOf(WORLDS.ready)).press('f')
    const live = { member: 'my-backend', side: 'live', address: 'http://127.0.0.1:9', leadsTo: '1.0' } as const
    const ports = [
      { ...live, reached: true },
      { ...live, side: 'next', leadsTo: 'nobody: no pod of 2.0 is ready', reached: false },
    ] as const
    at.model = { ...at.model, forwarded: { ports, trouble: undefined } }
    assert.equal(
      at.hear({ type: 'seen' }).state.notice,
      'my-backend live on http://127.0.0.1:9; my-backend next leads to nobody: no pod of 2.0 is ready; f ends it',
    )
  })

  it('ask whether to go to the release that was chosen, by its name', () => {
    const at = desk(viewOf(RELEASED))
      .press('h', 'enter')
      .hear({ type: 'planned', plan: viewOf(WORLDS.ready).plan })
    at.scrollDown(80, 24, 20)
    assert.match(at.lines(80, 24).join('\n'), /╭ undo-all --to=1\.0 ─[^]*Go to release 1\.0\? {2}y: yes/)
  })

  it('list the commands by their verbs: those that have something to do, and what a pipeline runs', () => {
    const verbs = (at: Desk) =>
      at
        .press('e')
        .lines(100, 40)
        .slice(0, -1)
        .flatMap(
          (line) =>
            /^. {1,2}(promote-all|abort-all|undo-all|in a pipeline|next address) +(.*?)\s*$/
              .exec(line)
              ?.slice(1)
              .join(': ') ?? [],
        )
    const typed = (verb: string, yes = '') => `kubectl rollouts-group ${verb}${yes} loan -n legacy`
    const both = (verb: string) => [`${verb}: ${typed(verb)}`, `in a pipeline: ${typed(verb, ' --yes')}`]
    assert.deepEqual(verbs(desk(viewOf(WORLDS.ready))), [
      ...both('promote-all'),
      ...both('abort-all'),
      'next address: frontend-preview.legacy.svc',
    ])
    assert.deepEqual(verbs(desk(viewOf(RELEASED))), both('undo-all'))
  })

  it('help has every key on a terminal of 80 columns and 24 rows, and cuts nothing', () => {
    const lines = desk(viewOf(WORLDS.ready)).press('?').lines(80, 24)
    for (const { shown, does } of keysOf(model([])))
      assert.ok(lines.some((line) => line.includes(`${shown} `) && line.includes(does)))
    assert.doesNotMatch(lines.join('\n'), /…|more lines/)
    assert.doesNotMatch(desk(viewOf(WORLDS.ready)).press('?').lines(60, 60).join('\n'), /…/)
  })

  it('help is made of the keys that act', () =>
    assertFrame(
      desk(viewOf(WORLDS.ready)).press('?').lines(80, 32),
      `
    Keys

    ↑ k      up                             d        difference of live and next
    ↓ j      down                           h        history: past releases
    PgUp     a page up, of what is below    ⏎        back to a past release
    PgDn     a page down                    e        commands that do the same
    Home gg  to the first                   y        copy what is selected
    End G    to the last                    f        forward, or end it
    ⏎        open                           /        filter
    p        promote-all                    z        only what is wrong
    a        abort-all                      :        go to a group or namespace
    r        retry-all                      s        sort
    u        undo-all                       esc      back
    S        settle                         ?        help
    P        pause-all                      q        quit
    R        resume-all                     Ctrl-C   quit; in a run as x
    x        stop; twice: end it now        Ctrl-Z   suspend; fg brings it back
    g        graph                          Ctrl-L   draw the screen anew
    l        log: all that was sent

    ✔ good   ✖ wrong   ⚠ beware   ॥ waits for you   ◌ under way   ? unknown
    ▸ selected   * has just changed   ↑ ↓ more








    esc back   q quit`,
    ))

  it('history marks the release that ⏎ goes back to, and the window in which it stands', () => {
    const past = () => desk(viewOf(RELEASED)).press('h')
    assertFrame(
      past().lines(80, 6),
      `
    Group loan   ✔ nothing waits   namespace legacy   context prod-eu   legacy mode
      RELEASE   STATE    SINCE   BY   MADE      MEMBERS                   WAY BACK
      2.0       ✔ live   -       -    <1m ago   my-backend, my-frontend   -
    ▸ 1.0       · past   -       -    12h ago   my-backend, my-frontend   undo-all
    u undo-all   ⏎ back to it   e commands   y copy   esc back   ? help   q quit`,
    )
    assertFrame(
      past().press('up').lines(60, 5),
      `
    Group loan   ✔ nothing waits   namespace legacy
      RELEASE   STATE    SINCE   BY   MADE      WAY BACK
    ▸↓2.0       ✔ live   -       -    <1m ago   -
    u undo-all   ⏎ back to it   esc back   ? help   q quit`,
    )
  })

  it('the graph is the one of the graph command', () =>
    assertFrame(
      desk(viewOf(WORLDS.diamond)).press('g').lines(80, 10),
      `
    Group loan   ॥ ready to promote   namespace legacy   context prod-eu
    users ─▶ shop
             ├─▶ cart
             │   └─▶ db
             └─▶ search
                 └─▶ db


    p promote-all   a abort-all   e commands   y copy   esc back   ? help   q quit`,
    ))
})
