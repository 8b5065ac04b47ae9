import assert from 'node:assert/strict'
import { readGroup } from '../../src/domain/group/read-group.ts'
import type { Mode } from '../../src/domain/findings/mode.ts'
import { foreseen } from '../../src/domain/plan/foreseen.ts'
import { makePlan } from '../../src/domain/plan/make-plan.ts'
import { type MemberSpec, world, type WorldSpec } from '../support/objects.ts'
import { told } from '../support/typed.ts'

/** A member at rest. */
const resting = (name: string, env: Record<string, string> = {}, more: Partial<MemberSpec> = {}): MemberSpec => ({
  name,
  live: { version: '1.0', env },
  ...more,
})

const at = (spec: WorldSpec, mode?: Mode) => readGroup(world(spec), 'loan', mode)
const said = (spec: WorldSpec, mode?: Mode) =>
  foreseen(at(spec, mode)).map((each) => `${each.severity} ${each.code} ${each.members.join()}`)

describe('of a group at rest, before anybody deploys', () => {
  const plain = { services: [{ name: 'api', selector: { app: 'api' } }] }

  it('nothing is told that a release would not meet', () =>
    assert.deepEqual(said({ members: [resting('web', { API: 'api-active' }), resting('api')] }), []))

  it('a plain Service is told that will select both versions', () =>
    assert.deepEqual(said({ members: [resting('web', { API: 'api' }), resting('api')], ...plain }), [
      'error wired-to-both api',
    ]))

  it('canaries behind a plain Service are never told to have too few pods: those of both versions take the calls', () => {
    const canary = { steps: [{ setWeight: 20 }, { pause: {} }, { setWeight: 60 }, { pause: {} }] }
    const calling = (address: string) => ({
      members: [resting('web', { API: address }, { canary }), resting('api', {}, { canary })],
      ...plain,
    })
    assert.deepEqual(said(calling('api')), ['error wired-to-both api'])
    assert.deepEqual(said(calling('api-stable')), ['error canary-capacity api'])
  })

  it('nothing is told of a Service that selects a label by which versions are told apart', () => {
    const pinned = (label: string) => ({
      members: [
        resting('web', { API: 'api-1-0' }),
        { name: 'api', live: { version: '1.0', labels: { release: label } } },
      ],
      services: [{ name: 'api-1-0', selector: { app: 'api', release: label } }],
    })
    assert.deepEqual(said(pinned('1.0')), [])
    assert.deepEqual(said(pinned('stable')), ['error wired-to-both api'])
  })

  it('nothing is told of the Service of a release, whatever that is called, and though there was none before it', () => {
    const labels = { 'rollouts-group/release': 'autumn' }
    const services = [{ name: 'api-autumn', selector: { app: 'api', ...labels } }]
    const api = { name: 'api', live: { version: '1.0', labels } }
    assert.deepEqual(said({ members: [resting('web', { API: 'api-autumn' }), api], services }), [])
  })

  const release = (id: string) => ({ 'rollouts-group/release': id })
  it('nothing is told of a Service of a release, whatever that is called', () =>
    assert.deepEqual(said(labelled('r2', 'r2', 'api-r2')), []))

  const pinnedTo = (id: string) => ({ name: `api-${id}`, selector: { app: 'api', ...release(id) } })
  const labelled = (web: string, api: string, address: string): WorldSpec => ({
    members: [
      { name: 'web', live: { version: '1.0', labels: release(web), env: { API: address } } },
      { name: 'api', live: { version: '1.0', labels: release(api) } },
    ],
    services: [pinnedTo('r1'), pinnedTo('r2')],
  })
  const HALF: readonly (readonly [what: string, spec: WorldSpec, says: readonly string[]])[] = [
    ['that is wired to its own release', labelled('r2', 'r2', 'api-r2'), []],
    ['that is wired to what did not change in its release', labelled('r2', 'r1', 'api-r1'), []],
    ['that was settled under a label of its own', labelled('r2-s1', 'r2', 'api-active'), []],
    ['that is wired past the Service of its release', labelled('r2', 'r2', 'api-active'), ['error half-pinned web']],
    [
      'that is wired to the release before',
      { ...labelled('r2', 'r2', 'api-r1'), services: [pinnedTo('r1')] },
      ['error half-pinned web'],
    ],
  ]
  for (const [what, spec, says] of HALF)
    it(`a consumer ${what} ${says.length === 0 ? 'is not told' : 'is told to be half pinned'}`, () =>
      assert.deepEqual(
        said(spec).filter((each) => each.includes('pinned')),
        says,
      ))

  it('a Service that a strategy names, and that has lost its hash, is told to select every revision', () => {
    const snapshot = world({ members: [resting('web', { API: 'api-active' }), resting('api')] })
    const services = snapshot.services.map((each: any) =>
      each.metadata.name === 'web-active' ? { ...each, spec: { ...each.spec, selector: { app: 'web' } } } : each,
    )
    const [told] = foreseen(readGroup({ ...snapshot, services }, 'loan'))
    assert.deepEqual([told?.code, told?.members], ['wired-to-both', ['web']])
    assert.match(told!.sentence, /^Service web-active, which rollout\/web names, has no pod template hash/)
  })

  it('two Services of one strategy that have lost it are told at once: one look of the controller mends both', () => {
    const snapshot = world({ members: [resting('web', { API: 'api-active' }), resting('api')] })
    const services = snapshot.services.map((each: any) =>
      each.metadata.name.startsWith('web-') ? { ...each, spec: { ...each.spec, selector: { app: 'web' } } } : each,
    )
    const found = foreseen(readGroup({ ...snapshot, services }, 'loan')).filter((each) => each.code === 'wired-to-both')
    assert.deepEqual(
      found.map((each) => each.sentence),
      [
        'Services web-active and web-preview, which rollout/web names, have no pod template hash in their selectors, ' +
          'and select every revision',
      ],
    )
  })

  it('says nothing while a first version comes up, whose Services the controller has yet to point', () => {
    const first: Partial<MemberSpec> = {
      live: { version: '1.0', own: { 'rollout.argoproj.io/revision': '1' } },
      annotations: { 'rollout.argoproj.io/revision': '1' },
    }
    const snapshot = world({ members: [resting('web', { API: 'api-active' }), { ...resting('api'), ...first }] })
    const services = snapshot.services.map((each: any) =>
      each.metadata.name.startsWith('api-') ? { ...each, spec: { ...each.spec, selector: { app: 'api' } } } : each,
    )
    const group = readGroup({ ...snapshot, services }, 'loan')
    const { findings } = makePlan(group, 'promote-all')
    assert.deepEqual(
      [...findings, ...foreseen(group)].filter((each) => each.severity === 'error'),
      [],
    )
  })

  it('a preview Service that a strategy no longer names, and that users are on, is told to select every revision', () =>
    assert.deepEqual(
      said({
        members: [resting('web', { API: 'api-before' }), resting('api')],
        services: [{ name: 'api-before', selector: { app: 'api' } }],
      }),
      ['error wired-to-both api'],
    ))

  it('members that nothing connects are told once for all, as a warning, with both ways out in full', () => {
    const members = [resting('a'), resting('b'), resting('c')]
    assert.deepEqual(said({ members }), ['warning wire-unknown a,b,c'])
    const remedy = told(foreseen(at({ members }))[0]!.remedy)
    assert.match(remedy, /kubectl annotate rollout a b c rollouts-group\/depends-on= -n legacy/)
    assert.match(remedy, /kubectl annotate --overwrite rollout a b c rollouts-group\/mode=modern -n legacy/)
  })

  it('members that promote themselves are told in one line, with one command', () => {
    const auto = { strategy: { autoPromotionEnabled: true } }
    const group = at({ members: [resting('web', { API: 'api-active' }, auto), resting('api', {}, auto)] })
    assert.deepEqual(
      foreseen(group).map((each) => [each.code, each.members, told(each.remedy)]),
      [
        [
          'auto-promotion',
          ['api', 'web'],
          'kubectl patch rollout api web --type merge -p \'{"spec":{"strategy":{"blueGreen":{"autoPromotionEnabled":false}}}}\' -n legacy',
        ],
      ],
    )
  })

  it('too small a preview, and a stable Service that will go empty, are told', () => {
    const members = [
      resting('web', { API: 'api-active', SHOP: 'shop-stable' }),
      resting('api', {}, { strategy: { previewReplicaCount: 1 } }),
      resting('shop', {}, { canary: { steps: [{ setWeight: 20 }, { pause: {} }] }, strategy: { maxUnavailable: 1 } }),
    ]
    assert.deepEqual(
      said({ members })
        .map((each) => each.split(' ')[1])
        .sort(),
      ['canary-capacity', 'small-preview', 'stable-gap'],
    )
  })

  it('stable Services that the deploy itself empties are told once, before it', () => {
    const all = { canary: { steps: [{ setWeight: 100 }, { pause: {} }] }, strategy: { maxUnavailable: 0 } }
    const members = [resting('web', { API: 'api-stable' }, all), resting('api', {}, all)]
    assert.deepEqual(
      foreseen(at({ members })).map((each) => each.sentence),
      [
        'Services api-stable and web-stable go empty when api comes to step 0 (setWeight: 100) and ' +
          'web comes to step 0 (setWeight: 100), and stay so until the last gate is passed: ' +
          'without a traffic router that weight leaves no stable pod',
      ],
    )
  })

  it('nothing is told where each release is its own affair', () =>
    assert.deepEqual(said({ members: [resting('web', { API: 'api' }), resting('api')], ...plain }, 'modern'), []))

  it('nothing is foreseen once a release is under way: then it is found', () =>
    assert.deepEqual(
      said({ members: [resting('web', { API: 'api' }), { ...resting('api'), next: { version: '2.0' } }], ...plain }),
      [],
    ))
})

describe('consumers left on preview Services', () => {
  it('are told in one finding, to be pointed back in rounds, consumers first', () => {
    const plan = makePlan(
      at({
        members: [
          resting('web', { MID: 'mid-preview' }),
          resting('mid', { DB: 'db-preview' }),
          resting('other', { DB: 'db-preview' }),
          resting('db'),
        ],
      }),
      'promote-all',
    )
    const found = plan.findings.filter((each) => each.code === 'live-wired-to-next')
    assert.deepEqual(
      found.map((each) => each.members),
      [['mid', 'other', 'web']],
    )
    assert.match(
      told(found[0]!.remedy),
      /in this order, each promoted and its old pods gone before the next is deployed: other with DB=db-active and web with MID=mid-active; then mid with DB=db-active \(settle does so, and release begins with it\);/,
    )
  })
})
