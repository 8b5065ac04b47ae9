import assert from 'node:assert/strict'
import { graphDot, graphMermaid, graphText, syncWaves } from '../../src/view/words/graph-text.ts'
import { assertScreen, at, member, viewOf, WORLDS } from './worlds.ts'

const diamond = viewOf(WORLDS.diamond)
const circle = viewOf({
  members: [member('a', ['b'], { annotations: { 'rollouts-group/entry': 'true' } }), member('b', ['a'])],
})
const names = (view: typeof diamond) => view.rows.map((each) => each.member.name)

describe('a graph', () => {
  it('is a tree from where users come in; what was drawn before is only named again', () =>
    assertScreen(
      graphText(diamond, at()),
      `
    Group loan   namespace legacy

    users ─▶ shop
             ├─▶ cart
             │   └─▶ db
             └─▶ search
                 └─▶ db`,
    ))

  it('says of a declared edge that nothing proves it', () =>
    assertScreen(
      graphText(viewOf(WORLDS.unknown), at()),
      `
    Group loan   namespace legacy

    users ─▶ my-frontend
             └─▶ my-backend  (declared, no address found)`,
    ))

  it('ends at what it has drawn, on a circle', () =>
    assertScreen(
      graphText(circle, at()),
      `
    Group loan   namespace legacy

    users ─▶ a
             └─▶ b
                 └─▶ a (above)`,
    ))

  it('shows who calls whom in a circle that nobody seems to enter', () =>
    assertScreen(
      graphText(viewOf({ members: [member('a', ['b']), member('b', ['a'])] }), at()),
      `
    Group loan   namespace legacy

          ─▶ a
             └─▶ b
                 └─▶ a (above)`,
    ))

  it('shows a member that stands alone', () =>
    assertScreen(
      graphText(viewOf(WORLDS.one), at()),
      `
    Group loan   namespace legacy

    users ─▶ solo`,
    ))

  it('for mermaid', () =>
    assertScreen(
      graphMermaid(diamond.graph, names(diamond)),
      `
    flowchart LR
      m0["shop"]
      m1["cart"]
      m2["search"]
      m3["db"]
      users((users))
      users --> m0
      m1 --> m3
      m2 --> m3
      m0 --> m1
      m0 --> m2`,
    ))

  it('for mermaid dots what nothing proves', () =>
    assertScreen(
      graphMermaid(viewOf(WORLDS.unknown).graph, ['my-backend', 'my-frontend']),
      `
    flowchart LR
      m0["my-backend"]
      m1["my-frontend"]
      users((users))
      users --> m1
      m1 -.-> m0`,
    ))

  it('for Graphviz', () =>
    assertScreen(
      graphDot(viewOf(WORLDS.unknown).graph, 'lo"an', ['my-backend', 'my-frontend']),
      `
    digraph "lo\\"an" {
      rankdir=LR
      "my-backend" [shape=box]
      "my-frontend" [shape=box, style=bold]
      "my-frontend" -> "my-backend" [style=dashed]
    }`,
    ))

  it('for Argo CD gives each member its sync wave, dependencies first', () =>
    assertScreen(
      syncWaves(diamond.graph, 'legacy'),
      `
    kubectl annotate rollout db argocd.argoproj.io/sync-wave=0 -n legacy --overwrite
    kubectl annotate rollout cart argocd.argoproj.io/sync-wave=1 -n legacy --overwrite
    kubectl annotate rollout search argocd.argoproj.io/sync-wave=1 -n legacy --overwrite
    kubectl annotate rollout shop argocd.argoproj.io/sync-wave=2 -n legacy --overwrite`,
    ))

  it('is no wider than the screen', () =>
    assert.deepEqual(
      graphText(viewOf({ members: [member('n'.repeat(60), [])] }), at(40)).filter((each) => each.length > 40),
      [],
    ))
})
