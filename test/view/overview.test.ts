import assert from 'node:assert/strict'
import { type Group, readGroup } from '../../src/domain/group/read-group.ts'
import { groupView } from '../../src/view/words/group-view.ts'
import { overviewTable, worstFirst } from '../../src/view/words/overview.ts'
import { VERDICTS } from '../../src/view/words/verdict.ts'
import { legacyPair, world } from '../support/objects.ts'
import { assertScreen, at, NOW, PAUSED, viewOf, WORLDS } from './worlds.ts'

const VIEWS = () => worstFirst(Object.entries({ ...WORLDS, paused: PAUSED }).map(([name, spec]) => viewOf(spec, name)))
const OPT = (width?: number) => ({ ...at(width), headers: true })
const PLAIN = { allNamespaces: false, wide: false }
const spread = (views: ReturnType<typeof VIEWS>) =>
  views.map((view, index) => ({ ...view, namespace: index % 2 === 0 ? 'legacy' : 'team-b' }))

describe('the overview of groups', () => {
  it('has a line for each, the worst first', () =>
    assertScreen(
      overviewTable(VIEWS(), OPT(), PLAIN),
      `
    GROUP          ROLLOUTS   LIVE       NEXT   MODE     STATUS
    leak           2          2.0        3.0    legacy   ✖ users meet two versions
    empty          2          1.0        2.0    legacy   ✖ users reach an empty service
    degraded       2          1.0        2.0    legacy   ✖ degraded                                     my-backend
    trouble        2          1.0        2.0    legacy   ✖ not safe to promote                          next-wired-to-live
    unknown        2          1.0        2.0    legacy   ✖ not safe to promote                          wire-unknown
    halfAborted    2          1.0        2.0    legacy   ✖ aborted                                      my-backend
    halfDeployed   2          1.0        2.0    legacy   ॥ half deployed: my-backend 2.0 can be tried
    aborted        2          1.0        2.0    legacy   · withdrawn: users are on 1.0
    half           2          2.0, 1.0   2.0    legacy   ॥ half promoted
    paused         2          1.0               legacy   ॥ paused by hand
    starting       2          1.0        2.0    legacy   ◌ getting ready                                1 of 3 pods of 2.0 available
    canary         2          1.0        2.0    legacy   ॥ ready to promote
    diamond        4          1.0        2.0    legacy   ॥ ready to promote
    modern         2          1.0        2.0    modern   ॥ ready to promote
    one            1          1.0        2.0    legacy   ॥ ready to promote
    ready          2          1.0        2.0    legacy   ॥ ready to promote
    settled        2          1.0               legacy   ✔ nothing waits`,
    ))

  it('keeps both ends of names where the screen has no room for all of them', () => {
    const views = VIEWS()
      .slice(0, 2)
      .map((view, index) => ({ ...view, namespace: `team-payments-eu-west-${index}` }))
    const lines = (width: number) => overviewTable(views, OPT(width), { allNamespaces: true, wide: false })
    const names = (width: number) => lines(width).map((each) => each.split(' ')[0])
    assert.deepEqual(names(100), ['NAMESPACE', 'team-payments-eu-west-0', 'team-payments-eu-west-1'])
    assert.deepEqual(names(60), ['NAMESPACE', 'team-pa…u-west-0', 'team-pa…u-west-1'])
  })

  it('keeps group and state at 60 columns', () =>
    assertScreen(
      overviewTable(VIEWS().slice(0, 6), OPT(60), PLAIN),
      `
    GROUP         LIVE   NEXT   STATUS
    leak          2.0    3.0    ✖ users meet two versions
    empty         1.0    2.0    ✖ users reach an empty service
    degraded      1.0    2.0    ✖ degraded
    trouble       1.0    2.0    ✖ not safe to promote
    unknown       1.0    2.0    ✖ not safe to promote
    halfAborted   1.0    2.0    ✖ aborted`,
    ))

  it('begins with the namespace where there are several', () =>
    assertScreen(
      overviewTable(spread(VIEWS()).slice(0, 4), OPT(), { allNamespaces: true, wide: false }),
      `
    NAMESPACE   GROUP      ROLLOUTS   LIVE   NEXT   MODE     STATUS
    legacy      leak       2          2.0    3.0    legacy   ✖ users meet two versions
    team-b      empty      2          1.0    2.0    legacy   ✖ users reach an empty service
    legacy      degraded   2          1.0    2.0    legacy   ✖ degraded                       my-backend
    team-b      trouble    2          1.0    2.0    legacy   ✖ not safe to promote            next-wired-to-live`,
    ))

  it('with -o wide names the entries', () =>
    assertScreen(
      overviewTable(VIEWS().slice(-3), OPT(80), { allNamespaces: false, wide: true }),
      `
    GROUP     ROLLOUTS   LIVE   NEXT   MODE     ENTRIES       STATUS
    one       1          1.0    2.0    legacy   solo          ॥ ready to promote
    ready     2          1.0    2.0    legacy   my-frontend   ॥ ready to promote
    settled   2          1.0           legacy   my-frontend   ✔ nothing waits`,
    ))

  it('names no version where a member has none yet', () => {
    const view = viewOf({
      members: [
        { name: 'a', live: undefined!, next: { version: '1.0' } },
        { name: 'b', live: { version: '1.0' } },
      ],
    })
    assert.match(overviewTable([view], OPT(), PLAIN)[1]!, /^loan {4}2 {10}1\.0 {4}1\.0 {4}legacy/)
  })

  it('is in the order of namespace and name where groups stand alike', () => {
    const [one, other] = [viewOf(WORLDS.ready, 'b'), viewOf(WORLDS.ready, 'a')]
    const views = [
      { ...one, namespace: 'x' },
      { ...other, namespace: 'x' },
      { ...one, namespace: 'a' },
    ]
    assert.deepEqual(
      worstFirst(views).map((each) => `${each.namespace}/${each.name}`),
      ['a/b', 'x/a', 'x/b'],
    )
  })

  it('has a group for every verdict, in the order of the table, but for those without a Rollout to read, without a live version, or that move by themselves', () => {
    const states = [...new Set(VIEWS().map((each) => each.verdict.state))]
    assert.deepEqual(
      states,
      Object.keys(VERDICTS).filter((each) => each !== 'unreadable' && each !== 'moving' && each !== 'first'),
    )
  })

  const others: readonly (readonly [what: string, group: Group, verdict: string])[] = [
    [
      'that it is deployed for the first time, where no version was ever live',
      readGroup(
        world({ members: [{ name: 'web', live: undefined!, next: { version: '1.0', available: 0 } }] }),
        'loan',
      ),
      'first',
    ],
    [
      'that it cannot be judged, where something may not be read',
      readGroup({ ...world(WORLDS.ready), unreadable: ['services may not be listed'] }, 'loan'),
      'unreadable',
    ],
    [
      'that it cannot be judged, where none of its Rollouts can be understood',
      readGroup({ ...world({ members: [] }), rollouts: [{ metadata: { name: 'a' } }] }, 'loan'),
      'unreadable',
    ],
    [
      'that it is in progress, where the controller is at work and nothing waits',
      readGroup(
        world(
          legacyPair({
            frontend: { next: undefined!, status: { phase: 'Progressing' } },
            backend: { next: undefined! },
          }),
        ),
        'loan',
      ),
      'moving',
    ],
  ]
  for (const [what, group, state] of others)
    it(`says of a group ${what}`, () => assert.equal(groupView(group, NOW).verdict.state, state))
})
