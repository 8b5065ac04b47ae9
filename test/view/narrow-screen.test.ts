import { groupScreen } from '../../src/view/words/group-screen.ts'
import { assertScreen, at, viewOf, WORLDS } from './worlds.ts'

describe('the screen of a group at 80 columns', () => {
  it('leaves out what is least needed', () =>
    assertScreen(
      groupScreen(viewOf(WORLDS.ready), at(80)),
      `
    Group loan   namespace legacy   legacy mode   ॥ ready to promote

    LIVE  users ─▶ my-frontend 1.0 ─▶ my-backend 1.0                ✔ one version
    NEXT  ─▶ my-frontend 2.0 ─▶ my-backend 2.0                      ✔ one version

    MEMBER         LIVE       NEXT       STATUS
    my-frontend    1.0  3/3   2.0  3/3   ॥ Paused        1st
    └ my-backend   1.0  3/3   2.0  3/3   ॥ Paused        2nd, after my-frontend

    Next:  kubectl rollouts-group promote-all loan -n legacy`,
    ))

  it('keeps the count-down of old pods', () =>
    assertScreen(
      groupScreen(viewOf(WORLDS.half), at(80)),
      `
    Group loan   namespace legacy   legacy mode   ॥ half promoted

    LIVE  users ─▶ my-frontend 2.0 ─▶ my-backend 2.0                ✔ one version
          users on old pods ─▶ my-frontend 1.0 ─▶ my-backend 1.0    ✔ one version

    MEMBER         LIVE       NEXT       STATUS
    my-frontend    2.0  3/3              ✔ Healthy       3 old pods of 1.0, 17s left
    └ my-backend   1.0  3/3   2.0  3/3   ॥ Paused        promote 1st

    ⚠ live-wired-to-next  users of my-frontend 2.0 reach my-backend through
                          backend-preview, the Service in front of its next version
                          (BACKEND_HOST=backend-preview): the next deploy of
                          my-backend gives them an empty Service, then an untested
                          version. Before the next release deploy my-frontend with
                          BACKEND_HOST=backend-active and promote it (settle does
                          so, and release begins with it); from then on a Service
                          per version of my-backend needs no pointing back.

    Next:  kubectl rollouts-group promote-all loan -n legacy`,
    ))

  it('gives the room of a wide column that left to a narrow one', () =>
    assertScreen(
      groupScreen(viewOf(WORLDS.canary), at(80)),
      `
    Group loan   namespace legacy   legacy mode   ॥ ready to promote

    LIVE  80% of users ─▶ web 1.0 ─▶ api 1.0                        ✔ one version
          20% of users ─▶ web 2.0 ─▶ api 2.0                        ✔ one version

    MEMBER   LIVE       NEXT       STATUS
    web      1.0  4/4   2.0  1/1   ॥ Paused        promote 2nd, after api
    └ api    1.0  4/4   2.0  1/1   ॥ Paused        promote 1st

    Next:  kubectl rollouts-group promote-all loan -n legacy`,
    ))

  it('hangs findings behind their codes', () =>
    assertScreen(
      groupScreen(viewOf(WORLDS.leak), at(80)),
      `
    Group loan   namespace legacy   legacy mode   ✖ users meet two versions

    LIVE  users ─▶ web 2.0 ─▶ api 3.0 (via api-preview)                   ✖ mixed

    MEMBER   LIVE       NEXT       STATUS
    web      2.0  3/3              ✔ Healthy       left-behind
    └ api    2.0  3/3   3.0  3/3   ॥ Paused

    ✖ already-mixed  users meet two versions in one request (web 2.0 → api 3.0 (via
                     api-preview)). Withdrawing the release is proved to end it:
                     kubectl rollouts-group abort-all loan -n legacy
    ⚠ left-behind  web 2.0 has no 3.0 waiting while the others do. Deploy web 3.0
                   too, so that it is part of this release.
    ⚠ live-wired-to-next  users of web 2.0 reach api through api-preview, the
                          Service in front of its next version (API=api-preview):
                          the next deploy of api gives them an empty Service, then
                          an untested version. Before the next release deploy web
                          with API=api-active and promote it (settle does so, and
                          release begins with it); from then on a Service per
                          version of api needs no pointing back.

    Next:  kubectl rollouts-group abort-all loan -n legacy`,
    ))

  it('hangs a long verdict beside its trace', () =>
    assertScreen(
      groupScreen(viewOf(WORLDS.empty), at(80)),
      `
    Group loan   namespace legacy   legacy mode   ✖ users reach an empty service

    LIVE  users ─▶ my-frontend 1.0 ─▶ my-backend 1.0   ✖ empty service: no pod
                                                       behind backend-active
    NEXT  ─▶ my-frontend 2.0 ─▶ my-backend 2.0         ✔ one version

    MEMBER         LIVE       NEXT       STATUS
    my-frontend    1.0  3/3   2.0  3/3   ॥ Paused        1st
    └ my-backend   1.0  0/3   2.0  3/3   ॥ Paused        2nd, after my-frontend

    ✖ already-dead  users reach Service backend-active with no ready endpoint
                    (my-frontend 1.0). Going on is proved to end it: kubectl
                    rollouts-group promote-all loan -n legacy

    Next:  kubectl rollouts-group promote-all loan -n legacy`,
    ))
})

describe('the screen of a group at 60 columns', () => {
  it('breaks traces between hops', () =>
    assertScreen(
      groupScreen(viewOf(WORLDS.ready), at(60)),
      `
    Group loan   namespace legacy   legacy mode
      ॥ ready to promote

    LIVE  users ─▶ my-frontend 1.0              ✔ one version
            ─▶ my-backend 1.0
    NEXT  ─▶ my-frontend 2.0 ─▶ my-backend 2.0  ✔ one version

    MEMBER         LIVE       NEXT       STATUS
    my-frontend    1.0  3/3   2.0  3/3   ॥ Paused        1st
    └ my-backend   1.0  3/3   2.0  3/3   ॥ Paused        2nd

    Next:  kubectl rollouts-group promote-all loan -n legacy`,
    ))

  it('breaks even a hop rather than cutting it, and puts findings below their codes', () =>
    assertScreen(
      groupScreen(viewOf(WORLDS.trouble), at(60)),
      `
    Group loan   namespace legacy   legacy mode
      ✖ not safe to promote

    LIVE  users ─▶ my-frontend 1.0              ✔ one version
            ─▶ my-backend 1.0
    NEXT  ─▶ my-frontend 2.0                    ✖ mixed
            ─▶ my-backend 1.0 (via
            backend-active)

    MEMBER         LIVE       NEXT       STATUS
    my-frontend    1.0  3/3   2.0  3/3   ॥ Paused        ✖
    └ my-backend   1.0  3/3   2.0  3/3   ॥ Paused

    ✖ next-wired-to-live
        my-frontend 2.0 still talks to my-backend 1.0 through
        backend-active: BACKEND_HOST=backend-active in ConfigMap
        my-frontend-settings-7f9c. Deploy it again with
        BACKEND_HOST=backend-preview.

    Back:  kubectl rollouts-group abort-all loan -n legacy`,
    ))

  it('shortens state and note alike, and keeps the signs', () =>
    assertScreen(
      groupScreen(viewOf(WORLDS.starting), at(60)),
      `
    Group loan   namespace legacy   legacy mode
      ◌ getting ready

    LIVE  users ─▶ my-frontend 1.0              ✔ one version
            ─▶ my-backend 1.0
    NEXT  ─▶ my-frontend 2.0 ─▶ my-backend 2.0  ✔ one version

    MEMBER         LIVE       NEXT       STATUS
    my-frontend    1.0  3/3   2.0  1/3   ◌ Progressing   1 of 3
    └ my-backend   1.0  3/3   2.0  3/3   ॥ Paused        2nd

    Next:  kubectl rollouts-group get-group -w loan -n legacy`,
    ))

  it('draws each way of a diamond', () =>
    assertScreen(
      groupScreen(viewOf(WORLDS.diamond), at(60)),
      `
    Group loan   namespace legacy   legacy mode
      ॥ ready to promote

    LIVE  users ─▶ shop 1.0 ─▶ cart 1.0         ✔ one version
            ─▶ db 1.0
          users ─▶ shop 1.0 ─▶ search 1.0       ✔ one version
            ─▶ db 1.0
    NEXT  ─▶ shop 2.0 ─▶ cart 2.0 ─▶ db 2.0     ✔ one version
          ─▶ shop 2.0 ─▶ search 2.0 ─▶ db 2.0   ✔ one version

    MEMBER     LIVE       NEXT       STATUS
    shop       1.0  3/3   2.0  3/3   ॥ Paused        1st
    └ cart     1.0  3/3   2.0  3/3   ॥ Paused        2nd
    └ search   1.0  3/3   2.0  3/3   ॥ Paused        2nd
      └ db     1.0  3/3   2.0  3/3   ॥ Paused        2nd or 3rd

    Next:  kubectl rollouts-group promote-all loan -n legacy`,
    ))

  it('draws what it cannot know', () =>
    assertScreen(
      groupScreen(viewOf(WORLDS.unknown), at(60)),
      `
    Group loan   namespace legacy   legacy mode
      ✖ not safe to promote

    LIVE  users ─▶ my-frontend 1.0       ? unknown: a dependency
                                         is declared, but no
                                         address leads there
    NEXT  ─▶ my-frontend 2.0             ? unknown: a dependency
                                         is declared, but no
                                         address leads there

    MEMBER         LIVE       NEXT       STATUS
    my-frontend    1.0  3/3   2.0  3/3   ॥ Paused        ✖
    └ my-backend   1.0  3/3   2.0  3/3   ॥ Paused

    ✖ wire-unknown  my-frontend depends on my-backend
                    (declared), but no address in its pod
                    template leads there, so what its requests
                    meet is unknown. Put the address into
                    environment variables, ConfigMaps or
                    arguments; or, if every version works with
                    every version of the others: kubectl
                    annotate --overwrite rollout my-backend
                    my-frontend rollouts-group/mode=modern -n
                    legacy (for one run --mode modern);
                    --trust-depends-on keeps to the order
                    without this proof`,
    ))

  it('has room for READY and GATE where nothing waits', () =>
    assertScreen(
      groupScreen(viewOf(WORLDS.settled), at(60)),
      `
    Group loan   namespace legacy   legacy mode
      ✔ nothing waits

    LIVE  users ─▶ my-frontend 1.0              ✔ one version
            ─▶ my-backend 1.0

    MEMBER         LIVE       NEXT       STATUS
    my-frontend    1.0  3/3              ✔ Healthy
    └ my-backend   1.0  3/3              ✔ Healthy`,
    ))

  it('keeps a trace apart from its verdict', () =>
    assertScreen(
      groupScreen(viewOf(WORLDS.ready), at(58)).slice(3, 7),
      `
    LIVE  users ─▶ my-frontend 1.0            ✔ one version
            ─▶ my-backend 1.0
    NEXT  ─▶ my-frontend 2.0                  ✔ one version
            ─▶ my-backend 2.0`,
    ))
})
