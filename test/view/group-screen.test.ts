import assert from 'node:assert/strict'
import { overviewTable } from '../../src/view/words/overview.ts'
import { groupScreen } from '../../src/view/words/group-screen.ts'
import type { WorldSpec } from '../support/objects.ts'
import { assertScreen, at, viewOf, WORLDS } from './worlds.ts'

describe('the screen of a group', () => {
  it('says that it is ready to promote, and in which order', () =>
    assertScreen(
      groupScreen(viewOf(WORLDS.ready), at()),
      `
    Group loan   namespace legacy   legacy mode   ॥ ready to promote

    LIVE  users ─▶ my-frontend 1.0 ─▶ my-backend 1.0                        ✔ one version
    NEXT  ─▶ my-frontend 2.0 ─▶ my-backend 2.0                              ✔ one version

    MEMBER         LIVE       NEXT       READY      STRATEGY    GATE      STATUS
    my-frontend    1.0  3/3   2.0  3/3   3/3  3/3   BlueGreen   preview   ॥ Paused   promote 1st
    └ my-backend   1.0  3/3   2.0  3/3   3/3  3/3   BlueGreen   preview   ॥ Paused   promote 2nd, after my-frontend

    Next:  kubectl rollouts-group promote-all loan -n legacy`,
    ))

  it('says with what a new version is wrongly wired', () =>
    assertScreen(
      groupScreen(viewOf(WORLDS.trouble), at()),
      `
    Group loan   namespace legacy   legacy mode   ✖ not safe to promote

    LIVE  users ─▶ my-frontend 1.0 ─▶ my-backend 1.0                        ✔ one version
    NEXT  ─▶ my-frontend 2.0 ─▶ my-backend 1.0 (via backend-active)         ✖ mixed

    MEMBER         LIVE       NEXT       READY      STRATEGY    GATE      STATUS
    my-frontend    1.0  3/3   2.0  3/3   3/3  3/3   BlueGreen   preview   ॥ Paused   next-wired-to-live
    └ my-backend   1.0  3/3   2.0  3/3   3/3  3/3   BlueGreen   preview   ॥ Paused

    ✖ next-wired-to-live  my-frontend 2.0 still talks to my-backend 1.0 through backend-active: BACKEND_HOST=backend-active in ConfigMap my-frontend-settings-7f9c. Deploy it again with BACKEND_HOST=backend-preview.

    Back:  kubectl rollouts-group abort-all loan -n legacy`,
    ))

  it('says that everything was aborted, once for each member', () =>
    assertScreen(
      groupScreen(viewOf(WORLDS.aborted), at()),
      `
    Group loan   namespace legacy   legacy mode   · withdrawn: users are on 1.0

    LIVE  users ─▶ my-frontend 1.0 ─▶ my-backend 1.0                        ✔ one version

    MEMBER         LIVE       NEXT       READY      STRATEGY    GATE   STATUS
    my-frontend    1.0  3/3   2.0  3/3   3/3  3/3   BlueGreen          ✖ Degraded   aborted
    └ my-backend   1.0  3/3   2.0  3/3   3/3  3/3   BlueGreen          ✖ Degraded   aborted

    ⚠ aborted  my-backend 2.0 and my-frontend 2.0 were aborted: Degraded, RolloutAborted: Rollout aborted update. Deploy a new version, or try this one again: kubectl rollouts-group retry-all loan -n legacy`,
    ))

  it('says that half is promoted, and how long the old pods run on', () =>
    assertScreen(
      groupScreen(viewOf(WORLDS.half), at()),
      `
    Group loan   namespace legacy   legacy mode   ॥ half promoted

    LIVE  users ─▶ my-frontend 2.0 ─▶ my-backend 2.0                        ✔ one version
          users on old pods ─▶ my-frontend 1.0 ─▶ my-backend 1.0            ✔ one version

    MEMBER         LIVE       NEXT       READY      STRATEGY    GATE      STATUS
    my-frontend    2.0  3/3              3/3        BlueGreen             ✔ Healthy   3 old pods of 1.0, 17s left
    └ my-backend   1.0  3/3   2.0  3/3   3/3  3/3   BlueGreen   preview   ॥ Paused    promote 1st

    ⚠ live-wired-to-next  users of my-frontend 2.0 reach my-backend through backend-preview, the Service in front of its next version (BACKEND_HOST=backend-preview): the next deploy of my-backend gives them an empty Service, then an untested version. Before the next release deploy my-frontend with BACKEND_HOST=backend-active and promote it (settle does so, and release begins with it); from then on a Service per version of my-backend needs no pointing back.

    Next:  kubectl rollouts-group promote-all loan -n legacy`,
    ))

  it('says what a member that starts waits for', () =>
    assertScreen(
      groupScreen(viewOf(WORLDS.starting), at()),
      `
    Group loan   namespace legacy   legacy mode   ◌ getting ready

    LIVE  users ─▶ my-frontend 1.0 ─▶ my-backend 1.0                        ✔ one version
    NEXT  ─▶ my-frontend 2.0 ─▶ my-backend 2.0                              ✔ one version

    MEMBER         LIVE       NEXT       READY      STRATEGY    GATE      STATUS
    my-frontend    1.0  3/3   2.0  1/3   3/3  1/3   BlueGreen             ◌ Progressing   1 of 3 pods of 2.0 available
    └ my-backend   1.0  3/3   2.0  3/3   3/3  3/3   BlueGreen   preview   ॥ Paused        promote 2nd, after my-frontend

    Next:  kubectl rollouts-group get-group -w loan -n legacy`,
    ))

  it('shows the shares of canaries, the greater first, and their gates', () =>
    assertScreen(
      groupScreen(viewOf(WORLDS.canary), at()),
      `
    Group loan   namespace legacy   legacy mode   ॥ ready to promote

    LIVE  80% of users ─▶ web 1.0 ─▶ api 1.0                                ✔ one version
          20% of users ─▶ web 2.0 ─▶ api 2.0                                ✔ one version

    MEMBER   LIVE       NEXT       READY      STRATEGY   GATE               STATUS
    web      1.0  4/4   2.0  1/1   4/4  1/1   Canary     20%, gate 1 of 2   ॥ Paused   promote 2nd, after api
    └ api    1.0  4/4   2.0  1/1   4/4  1/1   Canary     20%, gate 1 of 2   ॥ Paused   promote 1st

    Next:  kubectl rollouts-group promote-all loan -n legacy`,
    ))

  it('gives no order in modern mode', () =>
    assertScreen(
      groupScreen(viewOf(WORLDS.modern), at()),
      `
    Group loan   namespace legacy   modern mode   ॥ ready to promote

    LIVE  users ─▶ my-frontend 1.0 ─▶ my-backend 1.0                        ✔ reachable
    NEXT  ─▶ my-frontend 2.0 ─▶ my-backend 2.0                              ✔ reachable

    MEMBER         LIVE       NEXT       READY      STRATEGY    GATE      STATUS
    my-frontend    1.0  3/3   2.0  3/3   3/3  3/3   BlueGreen   preview   ॥ Paused   promote at any time
    └ my-backend   1.0  3/3   2.0  3/3   3/3  3/3   BlueGreen   preview   ॥ Paused   promote at any time

    Next:  kubectl rollouts-group promote-all loan -n legacy`,
    ))

  it('shows each way through a diamond, and what each member comes after', () =>
    assertScreen(
      groupScreen(viewOf(WORLDS.diamond), at()),
      `
    Group loan   namespace legacy   legacy mode   ॥ ready to promote

    LIVE  users ─▶ shop 1.0 ─▶ cart 1.0 ─▶ db 1.0                           ✔ one version
          users ─▶ shop 1.0 ─▶ search 1.0 ─▶ db 1.0                         ✔ one version
    NEXT  ─▶ shop 2.0 ─▶ cart 2.0 ─▶ db 2.0                                 ✔ one version
          ─▶ shop 2.0 ─▶ search 2.0 ─▶ db 2.0                               ✔ one version

    MEMBER     LIVE       NEXT       READY      STRATEGY    GATE      STATUS
    shop       1.0  3/3   2.0  3/3   3/3  3/3   BlueGreen   preview   ॥ Paused   promote 1st
    └ cart     1.0  3/3   2.0  3/3   3/3  3/3   BlueGreen   preview   ॥ Paused   promote 2nd, after shop
    └ search   1.0  3/3   2.0  3/3   3/3  3/3   BlueGreen   preview   ॥ Paused   promote 2nd, after shop
      └ db     1.0  3/3   2.0  3/3   3/3  3/3   BlueGreen   preview   ॥ Paused   promote 2nd or 3rd

    Next:  kubectl rollouts-group promote-all loan -n legacy`,
    ))

  it('draws a group of one', () =>
    assertScreen(
      groupScreen(viewOf(WORLDS.one), at()),
      `
    Group loan   namespace legacy   legacy mode   ॥ ready to promote

    LIVE  users ─▶ solo 1.0                                                 ✔ one version
    NEXT  ─▶ solo 2.0                                                       ✔ one version

    MEMBER   LIVE       NEXT       READY      STRATEGY    GATE      STATUS
    solo     1.0  3/3   2.0  3/3   3/3  3/3   BlueGreen   preview   ॥ Paused   promote 1st

    Next:  kubectl rollouts-group promote-all loan -n legacy`,
    ))

  it('says that nothing waits', () =>
    assertScreen(
      groupScreen(viewOf(WORLDS.settled), at()),
      `
    Group loan   namespace legacy   legacy mode   ✔ nothing waits

    LIVE  users ─▶ my-frontend 1.0 ─▶ my-backend 1.0                        ✔ one version

    MEMBER         LIVE       NEXT   READY   STRATEGY    GATE   STATUS
    my-frontend    1.0  3/3          3/3     BlueGreen          ✔ Healthy
    └ my-backend   1.0  3/3          3/3     BlueGreen          ✔ Healthy`,
    ))

  it('does not look well where the next deploy would strike users', () => {
    const left = {
      members: [
        { name: 'web', live: { version: '2.0', env: { API: 'api-preview' } } },
        { name: 'api', live: { version: '2.0' } },
      ],
    }
    const view = viewOf(left)
    assert.deepEqual(
      [view.verdict.sign, view.verdict.words, view.verdict.state, view.next?.words.join(' ')],
      ['⚠', 'nothing waits, but live calls previews', 'settled', 'check'],
    )
    assert.match(
      overviewTable([view], at(), { allNamespaces: false, headers: false })[0]!,
      /⚠ nothing waits, but live calls previews$/,
    )
  })

  it('admits what it cannot know', () =>
    assertScreen(
      groupScreen(viewOf(WORLDS.unknown), at()),
      `
    Group loan   namespace legacy   legacy mode   ✖ not safe to promote

    LIVE  users ─▶ my-frontend 1.0                                          ? unknown: a dependency is declared, but no address leads there
    NEXT  ─▶ my-frontend 2.0                                                ? unknown: a dependency is declared, but no address leads there

    MEMBER         LIVE       NEXT       READY      STRATEGY    GATE      STATUS
    my-frontend    1.0  3/3   2.0  3/3   3/3  3/3   BlueGreen   preview   ॥ Paused   wire-unknown
    └ my-backend   1.0  3/3   2.0  3/3   3/3  3/3   BlueGreen   preview   ॥ Paused

    ✖ wire-unknown  my-frontend depends on my-backend (declared), but no address in its pod template leads there, so what its requests meet is unknown. Put the address into environment variables, ConfigMaps or arguments; or, if every version works with every version of the others: kubectl annotate --overwrite rollout my-backend my-frontend rollouts-group/mode=modern -n legacy (for one run --mode modern); --trust-depends-on keeps to the order without this proof`,
    ))

  it('says first that users meet two versions', () =>
    assertScreen(
      groupScreen(viewOf(WORLDS.leak), at()),
      `
    Group loan   namespace legacy   legacy mode   ✖ users meet two versions

    LIVE  users ─▶ web 2.0 ─▶ api 3.0 (via api-preview)                     ✖ mixed

    MEMBER   LIVE       NEXT       READY      STRATEGY    GATE      STATUS
    web      2.0  3/3              3/3        BlueGreen             ✔ Healthy   left-behind
    └ api    2.0  3/3   3.0  3/3   3/3  3/3   BlueGreen   preview   ॥ Paused

    ✖ already-mixed  users meet two versions in one request (web 2.0 → api 3.0 (via api-preview)). Withdrawing the release is proved to end it: kubectl rollouts-group abort-all loan -n legacy
    ⚠ left-behind  web 2.0 has no 3.0 waiting while the others do. Deploy web 3.0 too, so that it is part of this release.
    ⚠ live-wired-to-next  users of web 2.0 reach api through api-preview, the Service in front of its next version (API=api-preview): the next deploy of api gives them an empty Service, then an untested version. Before the next release deploy web with API=api-active and promote it (settle does so, and release begins with it); from then on a Service per version of api needs no pointing back.

    Next:  kubectl rollouts-group abort-all loan -n legacy`,
    ))

  it("says what is degraded, in the controller's words", () =>
    assertScreen(
      groupScreen(viewOf(WORLDS.degraded), at()),
      `
    Group loan   namespace legacy   legacy mode   ✖ degraded

    LIVE  users ─▶ my-frontend 1.0 ─▶ my-backend 1.0                        ✔ one version
    NEXT  ─▶ my-frontend 2.0 ─▶ my-backend 2.0                              · no pods: no pod of my-backend 2.0 is available, and it is degraded

    MEMBER         LIVE       NEXT       READY      STRATEGY    GATE      STATUS
    my-frontend    1.0  3/3   2.0  3/3   3/3  3/3   BlueGreen   preview   ॥ Paused
    └ my-backend   1.0  3/3   2.0  0/3   3/3  0/3   BlueGreen             ✖ Degraded   0 of 3 pods of 2.0 available

    ✖ degraded  rollout/my-backend is Degraded, ProgressDeadlineExceeded: ReplicaSet "my-backend-2" has timed out progressing. (0 of 3 pods of 2.0 available). Mend it or withdraw the release: kubectl rollouts-group abort-all loan -n legacy`,
    ))

  it('says first that users reach an empty service', () =>
    assertScreen(
      groupScreen(viewOf(WORLDS.empty), at()),
      `
    Group loan   namespace legacy   legacy mode   ✖ users reach an empty service

    LIVE  users ─▶ my-frontend 1.0 ─▶ my-backend 1.0                        ✖ empty service: no pod behind backend-active
    NEXT  ─▶ my-frontend 2.0 ─▶ my-backend 2.0                              ✔ one version

    MEMBER         LIVE       NEXT       READY      STRATEGY    GATE      STATUS
    my-frontend    1.0  3/3   2.0  3/3   3/3  3/3   BlueGreen   preview   ॥ Paused   promote 1st
    └ my-backend   1.0  0/3   2.0  3/3   0/3  3/3   BlueGreen   preview   ॥ Paused   promote 2nd, after my-frontend

    ✖ already-dead  users reach Service backend-active with no ready endpoint (my-frontend 1.0). Going on is proved to end it: kubectl rollouts-group promote-all loan -n legacy

    Next:  kubectl rollouts-group promote-all loan -n legacy`,
    ))

  it('shows with -o wide where versions come from, and who calls whom', () =>
    assertScreen(
      groupScreen(viewOf(WORLDS.ready), at(), { wide: true }),
      `
    Group loan   namespace legacy   legacy mode   ॥ ready to promote

    LIVE  users ─▶ my-frontend 1.0 ─▶ my-backend 1.0                        ✔ one version
    NEXT  ─▶ my-frontend 2.0 ─▶ my-backend 2.0                              ✔ one version

    MEMBER         LIVE       NEXT       READY      STRATEGY    GATE      REVISION   VERSION FROM   CALLS                              STATUS
    my-frontend    1.0  3/3   2.0  3/3   3/3  3/3   BlueGreen   preview   2 → 3      APP_VERSION    backend-active → backend-preview   ॥ Paused   promote 1st
    └ my-backend   1.0  3/3   2.0  3/3   3/3  3/3   BlueGreen   preview   2 → 3      APP_VERSION                                       ॥ Paused   promote 2nd, after my-frontend

    Next:  kubectl rollouts-group promote-all loan -n legacy`,
    ))

  it('leaves out the titles where none are wanted', () =>
    assert.deepEqual(
      groupScreen(viewOf(WORLDS.ready), at(), { headers: false }).slice(5),
      groupScreen(viewOf(WORLDS.ready), at()).slice(6),
    ))

  it('says at 140 columns all that it says without a limit, findings aside', () => {
    const words = (line: string) => line.replaceAll(/ {2,}/g, '   ')
    for (const [name, spec] of Object.entries(WORLDS)) {
      const [wide, limited] = [at(), at(140)].map((drawing) =>
        groupScreen({ ...viewOf(spec), findings: [], traces: [] }, drawing).map(words),
      )
      assert.deepEqual(limited, wide, name)
    }
  })

  it('keeps the columns of the members where they are, whatever state the group is in', () => {
    const titles = (spec: WorldSpec, width: number) =>
      groupScreen({ ...viewOf(spec), findings: [], traces: [] }, at(width)).find((line) => line.startsWith('MEMBER'))
    const pair = [WORLDS.ready, WORLDS.trouble, WORLDS.half, WORLDS.starting, WORLDS.aborted, WORLDS.settled]
    for (const width of [60, 80, 100, 120, 200])
      assert.equal(new Set(pair.map((spec) => titles(spec, width))).size, 1, `${width} columns`)
  })
})
