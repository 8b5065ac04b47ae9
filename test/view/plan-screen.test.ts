import assert from 'node:assert/strict'
import { planScreen } from '../../src/view/words/plan-screen.ts'
import { legacyPair } from '../support/objects.ts'
import { assertScreen, at, member, planOf, WORLDS } from './worlds.ts'

const CALLED = 'the-backend-of-the-loan-application'
const LONG = {
  members: [
    member('the-frontend-of-the-loan-application', [CALLED], {
      next: { version: '2026.1.0-rc.1+build.4711', env: { B: `${CALLED}-preview` } },
    }),
    member(CALLED, []),
  ],
}

/** The frontend learns the backend's address from labels that follow its role. */
const PODINFO = {
  volumes: [
    { name: 'podinfo', downwardAPI: { items: [{ path: 'labels', fieldRef: { fieldPath: 'metadata.labels' } }] } },
  ],
}
const FOLLOWING = legacyPair({
  frontend: {
    live: { version: '1.0', template: PODINFO },
    next: { version: '2.0', template: PODINFO },
    strategy: {
      activeMetadata: { labels: { backendHost: 'backend-active' } },
      previewMetadata: { labels: { backendHost: 'backend-preview' } },
    },
  },
})

describe('the screen of a plan', () => {
  it('to promote says what happens in which order, what each step waits for, and what was proved', () =>
    assertScreen(
      planScreen(planOf(WORLDS.ready), 'prod-eu', 'pods', at()),
      `
    Promote group loan in legacy (context prod-eu): 2 rollouts, consumers first

      1  my-frontend   1.0 → 2.0   promote, then wait until frontend-active serves 2.0
                                   and the old my-frontend pods are gone (scale-down delay 30s; --drain=endpoints skips this, and their open connections may then meet two versions)
      2  my-backend    1.0 → 2.0   promote, then wait until backend-active serves 2.0
      wave 2 stands apart: together, users could meet two versions in one request (my-frontend 1.0 → my-backend 2.0 (via backend-active))

      proved from addresses pods use: after every step users reach one version, no service is empty
      ⚠ live-wired-to-next  once promoted, my-frontend 2.0 stays on backend-preview (BACKEND_HOST=backend-preview), where the next deploy of my-backend would strike its users. Before the next release deploy my-frontend with BACKEND_HOST=backend-active and promote it (settle does so, and release begins with it); from then on a Service per version of my-backend needs no pointing back.
      ⚠ no-way-back-after  once my-backend is promoted, no abort brings users back without mixing versions. Until then abort-all --undo-promoted brings them back at once; afterwards undo-all does, by a release of its own (new pods).`,
    ))

  it('fits 80 columns', () =>
    assertScreen(
      planScreen(planOf(WORLDS.ready), 'prod-eu', 'pods', at(80)),
      `
    Promote group loan in legacy (context prod-eu): 2 rollouts, consumers first

      1  my-frontend   1.0 → 2.0   promote, then wait until frontend-active serves
                                   2.0
                                   and the old my-frontend pods are gone (scale-down
                                   delay 30s; --drain=endpoints skips this, and
                                   their open connections may then meet two
                                   versions)
      2  my-backend    1.0 → 2.0   promote, then wait until backend-active serves
                                   2.0
      wave 2 stands apart: together, users could meet two versions in one request
         (my-frontend 1.0 → my-backend 2.0 (via backend-active))

      proved from addresses pods use: after every step users reach one version, no
      service is empty
      ⚠ live-wired-to-next  once promoted, my-frontend 2.0 stays on backend-preview
                            (BACKEND_HOST=backend-preview), where the next deploy of
                            my-backend would strike its users. Before the next
                            release deploy my-frontend with
                            BACKEND_HOST=backend-active and promote it (settle does
                            so, and release begins with it); from then on a Service
                            per version of my-backend needs no pointing back.
      ⚠ no-way-back-after  once my-backend is promoted, no abort brings users back
                           without mixing versions. Until then abort-all
                           --undo-promoted brings them back at once; afterwards
                           undo-all does, by a release of its own (new pods).`,
    ))

  it('hangs its sentences below the steps where there is no room beside them', () =>
    assertScreen(
      planScreen(planOf(WORLDS.ready), 'prod-eu', 'pods', at(60)),
      `
    Promote group loan in legacy (context prod-eu): 2
      rollouts, consumers first

      1  my-frontend   1.0 → 2.0
           promote, then wait until frontend-active serves 2.0
           and the old my-frontend pods are gone (scale-down
           delay 30s; --drain=endpoints skips this, and their
           open connections may then meet two versions)
      2  my-backend    1.0 → 2.0
           promote, then wait until backend-active serves 2.0
      wave 2 stands apart: together, users could meet two
         versions in one request (my-frontend 1.0 → my-backend
         2.0 (via backend-active))

      proved from addresses pods use: after every step users
      reach one version, no service is empty
      ⚠ live-wired-to-next
          once promoted, my-frontend 2.0 stays on
          backend-preview (BACKEND_HOST=backend-preview), where
          the next deploy of my-backend would strike its users.
          Before the next release deploy my-frontend with
          BACKEND_HOST=backend-active and promote it (settle
          does so, and release begins with it); from then on a
          Service per version of my-backend needs no pointing
          back.
      ⚠ no-way-back-after
          once my-backend is promoted, no abort brings users
          back without mixing versions. Until then abort-all
          --undo-promoted brings them back at once; afterwards
          undo-all does, by a release of its own (new pods).`,
    ))

  it('that goes on where a run stopped waits for the old pods first, and names who is left alone', () =>
    assertScreen(
      planScreen(planOf(WORLDS.half), 'prod-eu', 'pods', at(100)),
      `
    Promote group loan in legacy (context prod-eu): 1 rollout, consumers first

      1  my-backend   1.0 → 2.0   first wait until the old my-frontend pods are gone (--drain=endpoints
                                  skips this, and their open connections may then meet two versions),
                                  promote, then wait until backend-active serves 2.0
      ·  my-frontend: left alone, it is on 2.0 and nothing waits

      proved from addresses pods use: after every step users reach one version, no service is empty
      ⚠ live-wired-to-next  users of my-frontend 2.0 reach my-backend through backend-preview, the
                            Service in front of its next version (BACKEND_HOST=backend-preview): the
                            next deploy of my-backend gives them an empty Service, then an untested
                            version. Before the next release deploy my-frontend with
                            BACKEND_HOST=backend-active and promote it (settle does so, and release
                            begins with it); from then on a Service per version of my-backend needs no
                            pointing back.
      ⚠ no-way-back-after  once my-backend is promoted, no abort brings users back without mixing
                           versions. Until then abort-all --undo-promoted brings them back at once;
                           afterwards undo-all does, by a release of its own (new pods).`,
    ))

  it('to abort says where users stay', () =>
    assertScreen(
      planScreen(planOf(WORLDS.ready, 'abort-all'), 'prod-eu', 'pods', at()),
      `
    Abort group loan in legacy (context prod-eu): 2 rollouts, consumers first

      1  my-frontend   2.0 → 1.0   abort, then wait until it is withdrawn and frontend-active serves 1.0
      1  my-backend    2.0 → 1.0   abort, then wait until it is withdrawn and backend-active serves 1.0
      steps of the same number run at the same time

      proved from addresses pods use: after every step users reach one version, no service is empty`,
    ))

  it('to abort puts a stable pod template back where users would lose their pods', () =>
    assertScreen(
      planScreen(planOf(WORLDS.leak, 'abort-all'), 'prod-eu', 'pods', at(100)),
      `
    Abort group loan in legacy (context prod-eu): 1 rollout, consumers first

      1  api   3.0 → 2.0   put the stable pod template back, then wait until api-active and api-preview
                           serve 2.0
      ·  web: left alone, it is on 2.0 and nothing waits

      proved from addresses pods use: no step makes worse what users meet now
      ✖ already-mixed  users meet two versions in one request (web 2.0 → api 3.0 (via api-preview)).
                       This plan is proved to end it.
      ⚠ live-wired-to-next  users of web 2.0 reach api through api-preview, the Service in front of its
                            next version (API=api-preview): the next deploy of api gives them an empty
                            Service, then an untested version. Before the next release deploy web with
                            API=api-active and promote it (settle does so, and release begins with it);
                            from then on a Service per version of api needs no pointing back.`,
    ))

  it('that is refused says so, and why', () =>
    assertScreen(
      planScreen(planOf(WORLDS.trouble), 'prod-eu', 'pods', at(100)),
      `
    Promote group loan in legacy (context prod-eu): 2 rollouts, consumers first

      1  my-frontend   1.0 → 2.0   promote, then wait until frontend-active serves 2.0
                                   and the old my-frontend pods are gone (scale-down delay 30s;
                                   --drain=endpoints skips this, and their open connections may then
                                   meet two versions)
      2  my-backend    1.0 → 2.0   promote, then wait until backend-active serves 2.0
      wave 2 stands apart: together, users could meet two versions in one request (my-frontend 2.0 →
         my-backend 1.0 (via backend-active))

      refused: as it is now, nothing would be sent
      ✖ next-wired-to-live  my-frontend 2.0 still talks to my-backend 1.0 through backend-active:
                            BACKEND_HOST=backend-active in ConfigMap my-frontend-settings-7f9c. Deploy
                            it again with BACKEND_HOST=backend-preview.`,
    ))

  it('without a step says why there is none', () =>
    assertScreen(
      planScreen(planOf(WORLDS.settled), 'prod-eu', 'pods', at()),
      `
    Promote group loan in legacy (context prod-eu): nothing to do
      ·  my-backend: it is on 1.0 and nothing waits
      ·  my-frontend: it is on 1.0 and nothing waits`,
    ))

  it('of canaries advances dependencies first', () =>
    assertScreen(
      planScreen(planOf(WORLDS.canary), 'prod-eu', 'pods', at()),
      `
    Promote group loan in legacy (context prod-eu): 2 rollouts, dependencies first

      1  api   1.0 → 2.0   promote, 20 % → 60 %, then wait until it stands at its next gate with 3 pods of 2.0
      2  web   1.0 → 2.0   promote, 20 % → 60 %, then wait until it stands at its next gate with 3 pods of 2.0
      wave 2 stands apart: the pods its consumers will call must be there first

      proved from addresses pods use: after every step users reach one version, no service is empty
      ⚠ canary-capacity  for a moment the stable pods of api are 50 % too few for the share of users that web sends them (80 %). For the next release: more, smaller weights make the step smaller; blue/green has none.
      ⚠ live-wired-to-next  once promoted, web 2.0 stays on api-canary (API=api-canary), where the next deploy of api would strike its users. Before the next release deploy web with API=api-stable and promote it (settle does so, and release begins with it); from then on a Service per version of api needs no pointing back.`,
    ))

  it('in modern mode promises less', () =>
    assertScreen(
      planScreen(planOf(WORLDS.modern), 'prod-eu', 'pods', at()),
      `
    Promote group loan in legacy (context prod-eu): 2 rollouts, in any order (modern mode)

      1  my-backend    1.0 → 2.0   promote, then wait until backend-active serves 2.0
      1  my-frontend   1.0 → 2.0   promote, then wait until frontend-active serves 2.0
      steps of the same number run at the same time

      proved from addresses pods use: no service is empty after any step
      · live-wired-to-next  once promoted, my-frontend 2.0 stays on backend-preview (BACKEND_HOST=backend-preview), where the next deploy of my-backend would strike its users. Before the next release deploy my-frontend with BACKEND_HOST=backend-active and promote it (settle does so, and release begins with it); from then on a Service per version of my-backend needs no pointing back.
      · no-way-back-after  from the promotion of my-backend and my-frontend on, no abort brings users back without mixing versions. Until then this does, at once: kubectl rollouts-group abort-all loan -n legacy; afterwards undo-all does, by a release of its own (new pods)`,
    ))

  it('breaks names that are longer than the screen, and cuts none', () =>
    assertScreen(
      planScreen(planOf(LONG), 'prod-eu', 'pods', at(50)),
      `
    Promote group loan in legacy (context prod-eu):
      2 rollouts, consumers first

      1  the-frontend-of-the-loan-application
         1.0 → 2026.1.0-rc.1+build.4711
           promote, then wait until
           the-frontend-of-the-loan-application-active
           serves 2026.1.0-rc.1+build.4711
           and the old
           the-frontend-of-the-loan-application pods
           are gone (scale-down delay 30s;
           --drain=endpoints skips this, and their
           open connections may then meet two
           versions)
      2  the-backend-of-the-loan-application
         1.0 → 2.0
           promote, then wait until
           the-backend-of-the-loan-application-active
           serves 2.0
      wave 2 stands apart: together, users could
         meet two versions in one request
         (the-frontend-of-the-loan-application 1.0 →
         the-backend-of-the-loan-application 2.0 (via
         the-backend-of-the-loan-application-active))

      refused: as it is now, nothing would be sent
      ✖ version-mismatch
          users have 1.0 everywhere, but what waits is
          not one version:
          the-backend-of-the-loan-application 2.0,
          the-frontend-of-the-loan-application
          2026.1.0-rc.1+build.4711. Deploy the missing
          version; --allow-version-mismatch goes on
          with these.
      ⚠ live-wired-to-next
          once promoted,
          the-frontend-of-the-loan-application
          2026.1.0-rc.1+build.4711 stays on
          the-backend-of-the-loan-application-preview
          (B=the-backend-of-the-loan-application-previ
          ew), where the next deploy of
          the-backend-of-the-loan-application would
          strike its users. Before the next release
          deploy the-frontend-of-the-loan-application
          with
          B=the-backend-of-the-loan-application-active
          and promote it (settle does so, and release
          begins with it); from then on a Service per
          version of
          the-backend-of-the-loan-application needs no
          pointing back.
      ⚠ no-way-back-after
          once the-backend-of-the-loan-application is
          promoted, no abort brings users back without
          mixing versions. Until then abort-all
          --undo-promoted brings them back at once;
          afterwards undo-all does, by a release of
          its own (new pods).`,
    ))

  const said = (drain: 'endpoints' | number) =>
    planScreen(planOf(WORLDS.ready, 'promote-all', { drain }), 'prod-eu', drain, at()).slice(2, 4)
  it('is proved but for the connections that it does not wait for, and says whose', () => {
    for (const drain of ['endpoints', 10_000] as const) {
      const lines = planScreen(planOf(WORLDS.ready, 'promote-all', { drain }), 'prod-eu', drain, at())
      assert.ok(
        lines.includes(
          '  proved from addresses pods use, except for open connections of old my-frontend pods: after every step users reach one version, no service is empty',
        ),
        lines.join('\n'),
      )
      assert.match(
        lines.join('\n'),
        /⚠ drain .*while old my-frontend pods may still hold connections: requests over these may meet two versions/,
      )
    }
  })
  it('says of no delay that does not apply: old canaries without a router go as the new ones come', () => {
    const last = {
      members: WORLDS.canary.members.map((each) => ({
        ...each,
        canary: { ...each.canary!, index: 3 },
        strategy: { scaleDownDelaySeconds: 0 },
      })),
    }
    const text = planScreen(planOf(last), 'prod-eu', 'pods', at()).join('\n')
    assert.match(text, /the old web pods are gone \(--drain/)
    assert.doesNotMatch(text, /scale-down delay|never scaled down/)
  })
  it('with --to-end names every gate, what is found at it, and after which there is no way back', () => {
    const lines = planScreen(planOf(WORLDS.canary, 'promote-all', { toEnd: true }), 'prod-eu', 'pods', at())
    assert.ok(
      lines.includes('  then gate 2 of 2: web, then api once the old web pods are gone; no way back after api'),
      lines.join('\n'),
    )
    assert.match(lines.join('\n'), /⚠ no-way-back-after {2}once api is promoted/)
    const short = lines.filter((each) => each.includes('canary-capacity'))
    assert.equal(short.length, 1)
    assert.match(short[0]!, /the stable pods of api are 50 % too few/)
    assert.doesNotMatch(planScreen(planOf(WORLDS.canary), 'prod-eu', 'pods', at()).join('\n'), /then gate|no-way-back/)
  })
  it('that leaves a part of the release waiting says so, and what finishes it', () => {
    const text = planScreen(
      planOf(WORLDS.ready, 'promote-all', { only: ['my-frontend'] }),
      'prod-eu',
      'pods',
      at(),
    ).join('\n')
    assert.match(
      text,
      /⚠ half-way {2}--only leaves my-backend 2\.0 where it waits, and the group half promoted\. Then finish it: kubectl rollouts-group promote-all loan -n legacy$/,
    )
    assert.doesNotMatch(
      planScreen(planOf(WORLDS.half, 'promote-all', { only: ['my-backend'] }), 'prod-eu', 'pods', at()).join('\n'),
      /half-way/,
    )
  })
  it('waits for no old pods with --drain=endpoints', () =>
    assert.match(said('endpoints').join('\n'), /^ {2}1 .*serves 2\.0\n {2}2 /))
  it('waits at most so long with --drain=10s', () =>
    assert.match(said(10_000)[1]!, /old my-frontend pods are gone \(scale-down delay 30s; at most 10s\)$/))

  const proofs: readonly (readonly [what: string, plan: ReturnType<typeof planOf>, words: string])[] = [
    [
      'that nothing outside was looked at',
      {
        ...planOf(WORLDS.ready),
        findings: [{ code: 'outside-group', severity: 'warning', members: [], sentence: 's', remedy: 'r' }],
      },
      'proved from what is in the group, not what lies outside: after every step users reach one version, no service is empty',
    ],
    [
      'what was proved',
      planOf(WORLDS.ready),
      'proved from addresses pods use: after every step users reach one version, no service is empty',
    ],
    [
      "that versions are the members' own affair in modern mode",
      planOf(WORLDS.modern),
      'proved from addresses pods use: no service is empty after any step',
    ],
    [
      'that an order was taken on trust',
      planOf(WORLDS.unknown, 'promote-all', { trustDependsOn: true }),
      'ordered as declared; what requests meet is not proved',
    ],
    [
      'that a mixed window was allowed',
      planOf(FOLLOWING, 'promote-all', { allow: new Set(['mixed-window']) }),
      'not proved: users may meet two versions between the steps, as allowed',
    ],
  ]
  for (const [what, plan, words] of proofs)
    it(`says ${what}`, () => assert.ok(planScreen(plan, 'c', 'pods', at()).includes(`  ${words}`)))
})
