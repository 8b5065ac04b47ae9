import assert from 'node:assert/strict'
import { planDeploy } from '../../src/domain/deploy/plan-deploy.ts'
import { wanted } from '../../src/domain/deploy/desired.ts'
import { edited } from '../../src/domain/manifests/edit.ts'
import { at, text } from '../../src/domain/objects/fields.ts'
import { forbids } from '../../src/domain/findings/finding.ts'
import { wiringOf } from '../../src/domain/release/undo.ts'
import { told } from '../support/typed.ts'
import { planLine } from '../../src/domain/plan/plan-line.ts'
import { refused } from '../../src/domain/plan/plan.ts'
import { type Group, readGroup } from '../../src/domain/group/read-group.ts'
import { settleRound, type Settling } from '../../src/domain/release/settle.ts'
import { controllers } from '../../src/sim/controllers/controllers.ts'
import { blueGreen, env } from '../../src/sim/scenarios/manifests.ts'
import { live, LIFE } from '../../src/sim/scenarios/scenario.ts'
import { Simulation } from '../../src/sim/simulation.ts'

/** Who calls whom, and by which Service: `web>api-preview`. */
type Calls = readonly string[]

/** A group at rest whose members call each other so. */
function groupOf(calls: Calls, image = 'shop:2.0'): Group {
  const wires = calls.map((each) => each.split('>') as [string, string])
  const names = [...new Set(wires.flatMap(([from, to]) => [from, to.replace(/-(active|preview)$/, '')]))]
  const simulation = new Simulation({ controllers: controllers(), start: Date.UTC(2026, 0, 5) - LIFE })
  const manifests = names.flatMap((name) => {
    const own = wires.filter(([from]) => from === name)
    const urls = Object.fromEntries(own.map(([, to], index) => [`URL_${index}`, `http://${to}:8080`]))
    return blueGreen({ name, group: 'shop', replicas: 2, image, settings: env({ APP_VERSION: '2.0', ...urls }) })
  })
  live(simulation, { namespace: 'shop', live: [manifests], next: [] })
  const all = (resource: Parameters<typeof simulation.store.list>[0]) => simulation.store.list(resource)
  const snapshot = {
    namespace: 'shop',
    rollouts: all('rollouts'),
    replicaSets: all('replicasets'),
    services: all('services').filter((each) => each.metadata.namespace === 'shop'),
    endpointSlices: all('endpointslices'),
    configs: new Map(),
    unreadable: [],
  }
  return readGroup(snapshot, 'shop')
}

const withImage = (rollout: unknown): unknown =>
  JSON.parse(JSON.stringify(rollout).replaceAll('shop:2.0', 'shop:latest'))

function settlingOf(group: Group): Settling {
  const cluster = { snapshot: group.snapshot, group, configMaps: [] }
  return settleRound([], { group: 'shop', namespace: 'shop', belongs: () => true, cluster })
}

function roundsOf(settling: Settling): unknown {
  return settling.state === 'round' ? [settling.members, ...settling.later] : settling.state
}

/** The deploy of manifests, proved or refused. */
function planned(group: Group, files: readonly { readonly object: unknown; readonly where: string }[]) {
  const objects = files.map(({ object, where }) => {
    const was = group.snapshot.rollouts.find((each) => at(each, 'metadata', 'name') === at(object, 'metadata', 'name'))
    const path = ['spec', 'template']
    const will = edited({ ...(was as object), kind: 'Rollout' }, [{ path, to: at(object, 'spec', 'template') }])
    return wanted({ given: object, was, will, where })
  })
  return planDeploy(group, { objects, configs: new Map(), findings: [] })
}

describe('a group after a release on preview Services', () => {
  for (const [what, calls, rounds] of [
    ['that is wired to live Services is settled', ['web>api-active'], 'settled'],
    ['settles its one consumer', ['web>api-preview'], [['web']]],
    ['settles consumers first', ['web>api-preview', 'api>base-preview'], [['web'], ['api']]],
    [
      'settles those together whom nobody left calls',
      ['web>left-preview', 'web>right-preview', 'left>base-preview', 'right>base-preview'],
      [['web'], ['left', 'right']],
    ],
    ['leaves alone who is settled', ['web>api-active', 'api>base-preview'], [['api']]],
    ['settles two entries at once', ['one>api-preview', 'two>api-preview'], [['one', 'two']]],
    ['on a circle cannot be settled', ['web>a-active', 'a>b-preview', 'b>a-preview'], 'refused'],
  ] as const)
    it(what, () => assert.deepEqual(roundsOf(settlingOf(groupOf(calls))), rounds))

  it('settles one after the other whose image is of a tag that moves: both at once would be refused', () => {
    const calls = ['web>left-active', 'web>right-active', 'left>base-preview', 'right>base-preview']
    const [moving, fixed] = ['shop:latest', 'shop:2.0'].map((image) => groupOf(calls, image)) as [Group, Group]
    assert.deepEqual(
      [roundsOf(settlingOf(moving)), roundsOf(settlingOf(fixed))],
      [[['left'], ['right']], [['left', 'right']]],
    )
    const round = (group: Group) => {
      const settling = settlingOf(group)
      return settling.state === 'round' ? settling.files : []
    }
    assert.ok(!refused(planned(moving, round(moving))))
    assert.ok(!refused(planned(fixed, round(fixed))))
    const { findings } = planned(
      moving,
      round(fixed).map(({ object, where }) => ({ object: withImage(object), where })),
    )
    assert.deepEqual(
      findings.filter((each) => each.severity === 'error').map((each) => each.code),
      ['mixed-window'],
    )
  })

  it('settles two entries at once, whatever their images', () =>
    assert.deepEqual(roundsOf(settlingOf(groupOf(['one>api-preview', 'two>api-preview'], 'shop:latest'))), [
      ['one', 'two'],
    ]))

  it('gets back its live addresses and a release of its own, and nothing else', () => {
    const settling = settlingOf(groupOf(['web>api-preview']))
    assert.ok(settling.state === 'round')
    const [rollout] = settling.files.map(({ object }) => object)
    const template = at(rollout, 'spec', 'template')
    assert.deepEqual(at(template, 'metadata', 'labels'), { app: 'web', 'rollouts-group/release': '2.0-s1' })
    assert.equal(text(at((at(template, 'spec') as { containers: unknown[] }).containers[0], 'name')), 'web')
    assert.match(JSON.stringify(template), /"http:\/\/api-active:8080"/)
  })

  it('has each round proved, and would have both at once refused', () => {
    const group = groupOf(['web>api-preview', 'api>base-preview'])
    const settling = settlingOf(group)
    assert.ok(settling.state === 'round')
    const plan = planned(group, settling.files)
    assert.ok(!refused(plan), JSON.stringify(plan.findings))
    assert.match(planLine(plan), /^1 deploy web /)
    const api = group.snapshot.rollouts.find((each) => at(each, 'metadata', 'name') === 'api')
    const label = ['spec', 'template', 'metadata', 'labels', 'rollouts-group/release']
    const both = [...settling.files, { object: edited(api, [{ path: label, to: '2.0-s1' }]), where: 'settle' }]
    const [why] = planned(group, both).findings
    assert.deepEqual([why!.code, why!.severity], ['live-wired-to-next', 'error'])
    assert.match(why!.sentence, /this deploy would point at pods that are not there yet/)
  })
})

describe('a release that would leave consumers on preview Services', () => {
  /** What is at rest by live Services comes so. */
  const codes = (...calls: Calls) => {
    const group = groupOf(calls.map((each) => each.replace('-preview', '-active')))
    const files = group.snapshot.rollouts.map((rollout) => {
      const name = text(at(rollout, 'metadata', 'name'))!
      const to = new Map(
        calls
          .filter((each) => each.startsWith(`${name}>`))
          .map((each) => {
            const service = each.slice(name.length + 1)
            return [service.replace('-preview', '-active'), service]
          }),
      )
      const next = JSON.stringify(rollout).replaceAll('2.0', '3.0')
      const object: unknown = JSON.parse([...to].reduce((here, [was, is]) => here.replaceAll(was, is), next))
      return { object, where: name }
    })
    return planned(group, files)
      .findings.filter(forbids)
      .map(({ code, members }) => `${code} ${members.join()}`)
  }
  for (const [what, calls, expected] of [
    ['is none where each can be pointed back, tier after tier', ['web>api-preview', 'api>base-preview'], []],
    ['is refused where these would call each other so', ['web>a-preview', 'a>b-preview', 'b>a-preview'], ['cycle a,b']],
    ['whatever the circle', ['web>a-preview', 'a>b-preview', 'b>c-preview', 'c>a-preview'], ['cycle a,b,c']],
    ['also where nobody else calls them', ['a>b-preview', 'b>a-preview'], ['cycle a,b']],
    ['is none where one calls itself', ['web>a-preview', 'a>a-preview'], []],
  ] as const)
    it(what, () =>
      assert.deepEqual(
        codes(...calls).filter((each) => each.startsWith('cycle')),
        expected,
      ),
    )

  it('says on such a circle how users stay where they are while it is left', () => {
    const settling = settlingOf(groupOf(['web>a-active', 'a>b-preview', 'b>a-preview']))
    assert.ok(settling.state === 'refused')
    const [found] = settling.findings
    assert.equal(found!.severity, 'error')
    assert.match(
      told(found!.remedy),
      /^take previewService out of the Rollouts of a and b .* \(a-preview: rollouts-pod-template-hash=\w+, b-preview: /,
    )
  })

  it('is made of a release of the past by no preview Services where these call each other', () =>
    assert.deepEqual(
      [['web>a-active'], ['web>a-active', 'a>b-active', 'b>a-active']].map((each) => wiringOf(groupOf(each))),
      ['preview', 'pinned'],
    ))
})
