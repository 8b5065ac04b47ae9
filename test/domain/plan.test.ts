import assert from 'node:assert/strict'
import { told } from '../support/typed.ts'
import type { Mode } from '../../src/domain/findings/mode.ts'
import { readGroup } from '../../src/domain/group/read-group.ts'
import { makePlan } from '../../src/domain/plan/make-plan.ts'
import type { Allowance, PlanOptions, Verb } from '../../src/domain/intent.ts'
import { ENTRY } from '../../src/domain/objects/labels.ts'
import { planLine } from '../../src/domain/plan/plan-line.ts'
import { type Plan, refused, sameSteps } from '../../src/domain/plan/plan.ts'
import { proofWords } from '../../src/view/words/plan-screen.ts'
import { groupView } from '../../src/view/words/group-view.ts'
import { legacyPair, world, type MemberSpec, type WorldSpec } from '../support/objects.ts'

function planOf(spec: WorldSpec, verb: Verb = 'promote-all', options: PlanOptions = {}): Plan {
  return makePlan(readGroup(world(spec), 'loan'), verb, options)
}

const errors = (plan: Plan) =>
  plan.findings.filter((each) => each.severity === 'error').map((each) => `${each.code} ${each.members.join()}`.trim())
const codes = (plan: Plan) => plan.findings.map((each) => each.code)

/** A blue/green member in a chain or a DAG, wired by role to others. */
function member(name: string, dependencies: string[], more: Partial<MemberSpec> = {}): MemberSpec {
  const wires = (role: string) =>
    Object.fromEntries(dependencies.map((each) => [`${each.toUpperCase()}_URL`, `http://${each}-${role}:8080/api`]))
  return {
    name,
    live: { version: '1.0', env: wires('active') },
    next: { version: '2.0', env: wires('preview') },
    ...more,
  }
}

describe('promote-all', () => {
  it('switches users over consumers first, and waits for the old frontend to be gone before the backend moves', () => {
    const plan = planOf(legacyPair())
    assert.equal(planLine(plan), '1 promote my-frontend 2.0; drain my-frontend 1.0; 2 promote my-backend 2.0')
    assert.deepEqual(errors(plan), [])
    assert.equal(plan.noWayBackAfter, 2)
  })

  it('costs one drain for a chain, not one per tier', () => {
    assert.equal(
      planLine(planOf({ members: [member('a', ['b']), member('b', ['c']), member('c', [])] })),
      '1 promote a 2.0; drain a 1.0; 2 promote b 2.0, promote c 2.0',
    )
  })

  it('takes two waves whatever the depth: the entries, and everything else once their old pods are gone', () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j']
    const members = names.map((each, index) => member(each, names.slice(index + 1, index + 2)))
    const plan = planOf({ members })
    assert.deepEqual(
      plan.waves.map((wave) => wave.map((step) => step.member)),
      [['a'], names.slice(1)],
    )
    assert.equal(plan.noWayBackAfter, 2)
  })

  it('goes layer by layer where it is asked to', () => {
    const chain = { members: [member('a', ['b']), member('b', ['c']), member('c', [])] }
    assert.equal(
      planLine(planOf(chain, 'promote-all', { oneByOne: true })),
      '1 promote a 2.0; drain a 1.0; 2 promote b 2.0; 3 promote c 2.0',
    )
    assert.equal(
      planLine(planOf(chain, 'abort-all', { oneByOne: true })),
      '1 abort a 2.0; 2 abort b 2.0; 3 abort c 2.0',
    )
  })

  it('keeps the layers where only a word says who calls whom', () => {
    const said = (name: string, calls: string): MemberSpec =>
      member(name, [], { annotations: { 'rollouts-group/depends-on': calls } })
    assert.equal(
      planLine(
        planOf({ members: [said('a', 'b'), said('b', 'c'), said('c', '')] }, 'promote-all', { trustDependsOn: true }),
      ),
      '1 promote a 2.0; 2 promote b 2.0; 3 promote c 2.0',
    )
  })

  it('keeps a layer apart in which users come in, too', () => {
    const members = [member('a', ['b']), member('b', ['c'], { annotations: { [ENTRY]: 'true' } }), member('c', [])]
    assert.equal(
      planLine(planOf({ members })),
      '1 promote a 2.0; drain a 1.0; 2 promote b 2.0; drain b 1.0; 3 promote c 2.0',
    )
  })

  it('puts a shared dependency after both of its consumers', () => {
    const plan = planOf({
      members: [member('shop', ['cart', 'search']), member('cart', ['db']), member('search', ['db']), member('db', [])],
    })
    assert.equal(
      planLine(plan),
      '1 promote shop 2.0; drain shop 1.0; 2 promote cart 2.0, promote search 2.0, promote db 2.0',
    )
    assert.deepEqual(errors(plan), [])
  })

  it('drains in the first wave of a re-run too', () => {
    const plan = planOf(
      legacyPair({
        frontend: {
          live: { version: '2.0', env: { BACKEND_HOST: 'backend-preview' } },
          next: undefined!,
          lingering: { version: '1.0', env: { BACKEND_HOST: 'backend-active' } },
        },
      }),
    )
    assert.equal(planLine(plan), 'drain my-frontend 1.0; 1 promote my-backend 2.0')
    assert.deepEqual(errors(plan), [])
  })

  it('needs no drain for a lingering consumer that the wave does not harm', () => {
    const plan = planOf({
      members: [
        member('a', ['b'], {
          live: { version: '2.0', env: { B: 'b-preview' } },
          next: undefined!,
          lingering: { version: '1.0', env: {} },
        }),
        member('b', []),
      ],
    })
    assert.equal(planLine(plan), '1 promote b 2.0')
  })

  it('with pinned Services drains a consumer whose dependency would be scaled down under it', () => {
    const plan = planOf({
      members: [
        { name: 'a', live: { version: '1.0', env: { B: 'b-one' } }, next: { version: '2.0', env: { B: 'b-two' } } },
        {
          name: 'b',
          live: { version: '1.0', labels: { release: 'one' } },
          next: { version: '2.0', labels: { release: 'two' } },
        },
      ],
      services: [
        { name: 'b-one', selector: { app: 'b', release: 'one' } },
        { name: 'b-two', selector: { app: 'b', release: 'two' } },
      ],
    })
    assert.equal(planLine(plan), '1 promote a 2.0; drain a 1.0; 2 promote b 2.0')
    assert.deepEqual(errors(plan), [])
    assert.equal(plan.noWayBackAfter, undefined)
  })

  it('takes for granted that the controller switches to no revision whose pods are still starting', () => {
    const starting = { status: { pauseConditions: [], controllerPause: false, phase: 'Progressing' } }
    const plan = planOf(
      legacyPair({
        frontend: { ...starting, next: { version: '2.0', env: { BACKEND_HOST: 'backend-preview' }, available: 0 } },
      }),
    )
    assert.deepEqual(errors(plan), [])
    assert.ok(codes(plan).includes('not-at-gate'))
  })

  it('takes for granted that nothing is sent before every member is at its gate with its pods', () => {
    const starting = { status: { pauseConditions: [], controllerPause: false, phase: 'Progressing' } }
    const plan = planOf(
      legacyPair({
        frontend: { ...starting, next: { version: '2.0', env: { BACKEND_HOST: 'backend-preview' }, available: 0 } },
        backend: { ...starting, next: { version: '2.0', available: 0 } },
      }),
    )
    assert.deepEqual(errors(plan), [])
    const waiting = plan.findings.filter((each) => each.code === 'not-at-gate')
    assert.deepEqual(
      waiting.map((each) => each.members),
      [['my-backend', 'my-frontend']],
    )
  })

  it('promotes nothing where nothing waits, and says why', () => {
    const plan = planOf(legacyPair({ frontend: { next: undefined! }, backend: { next: undefined! } }))
    assert.equal(planLine(plan), '')
    assert.deepEqual(
      plan.skipped.map((each) => each.why),
      ['it is on 1.0 and nothing waits', 'it is on 1.0 and nothing waits'],
    )
  })

  it('in modern mode promotes everybody at once', () => {
    const plan = planOf({
      members: legacyPair().members.map((each) => ({ ...each, annotations: { 'rollouts-group/mode': 'modern' } })),
    })
    assert.equal(planLine(plan), '1 promote my-backend 2.0, promote my-frontend 2.0')
    assert.deepEqual(errors(plan), [])
  })

  it('is the same for the same input', () => {
    const spec = { members: [member('a', ['b', 'c']), member('b', ['c']), member('c', [])] }
    assert.deepEqual(planOf(spec), planOf({ members: [...spec.members].reverse() }))
  })

  const steps = [{ setWeight: 20 }, { pause: {} }, { setWeight: 60 }, { pause: {} }]
  const door = { name: 'web', selector: { app: 'web' } }
  const canary = (name: string, index: number, role: string[]): MemberSpec => ({
    name,
    replicas: 5,
    canary: { steps, index },
    live: { version: '1.0', env: { B: role[0] ?? '' } },
    next: { version: '2.0', env: { B: role[1] ?? '' } },
  })
  it('advances canaries dependencies first', () => {
    assert.equal(
      planLine(planOf({ members: [canary('web', 1, ['api-stable', 'api-canary']), canary('api', 1, [])] })),
      '1 advance api 2.0; 2 advance web 2.0',
    )
  })
  it('cuts canaries over consumers first, and waits for the old pods that still terminate', () => {
    assert.equal(
      planLine(planOf({ members: [canary('web', 3, ['api-stable', 'api-canary']), canary('api', 3, [])] })),
      '1 promote web 2.0; drain web 1.0; 2 promote api 2.0',
    )
  })
  it('withdraws a canary whose users leave by its pods, and waits for these before its dependency goes', () => {
    const members = [canary('web', 1, ['api-stable', 'api-canary']), canary('api', 1, [])]
    assert.equal(
      planLine(planOf({ members, services: [door] }, 'abort-all')),
      '1 abort web 2.0; drain web 2.0; 2 abort api 2.0',
    )
  })
  it('waits for no pods of a canary to go that no users came to, without a router or a Service of all its pods', () => {
    const members = [canary('web', 1, ['api-stable', 'api-canary']), canary('api', 1, [])]
    assert.equal(planLine(planOf({ members }, 'abort-all')), '1 abort web 2.0, abort api 2.0')
  })
  it('does not set out for a gate from which the cutover is refused', () => {
    const plan = planOf({
      members: [
        { name: 'old', live: { image: 'old:7', env: { API: 'api-one' } } },
        {
          ...canary('api', 1, []),
          live: { version: '1.0', labels: { release: 'one' } },
          next: { version: '2.0', labels: { release: 'two' } },
        },
      ],
      services: [{ name: 'api-one', selector: { app: 'api', release: 'one' } }],
    })
    assert.deepEqual(errors(plan), ['dead-end old'])
  })
  it('lets an un-routed canary go to a weight of 100 where users come through a Service of all its pods', () => {
    assert.equal(
      planLine(planOf({ members: [lone([50, 100])], services: [{ name: 'web', selector: { app: 'web' } }] })),
      '1 advance web 2.0',
    )
    assert.deepEqual(
      errors(planOf({ members: [lone([50, 100])], services: [{ name: 'web', selector: { app: 'web' } }] })),
      [],
    )
  })
  it('lets a canary behind a traffic router go to a weight of 100: its stable pods stay', () => {
    assert.deepEqual(
      errors(planOf({ members: [lone([50, 100], [], { strategy: { trafficRouting: { nginx: {} } } })] })),
      [],
    )
  })
  it('lets one pod surge, so that a stable one stays at every weight below 100', () => {
    assert.deepEqual(errors(planOf({ members: [lone([20, 60], [], { replicas: 1 })] })), [])
  })
  it('lets a canary go on from a weight of 100: its stable Service is empty until it is over', () => {
    const there = lone([50, 100, 100], [], {
      canary: { steps: [50, 100, 100].flatMap((weight) => [{ setWeight: weight }, { pause: {} }]), index: 3 },
      live: { version: '1.0', desired: 0, available: 0 },
    })
    const plan = planOf({ members: [there] })
    assert.deepEqual([errors(plan), refused(plan)], [['already-dead web'], false])
  })
  it('names the step at which the stable Service would go empty, and what to write there', () => {
    const found = planOf({ members: [lone([50, 100])] }).findings.find((each) => each.code === 'stable-gap')!
    assert.match(
      found.sentence,
      /^Service web-stable goes empty when web comes to step 2 \(setWeight: 100\), and stays so until the last gate is passed/,
    )
    assert.match(told(found.remedy), /weights below 100/)
  })
  it('holds a canary at its gate until the others have come as far', () => {
    const three = (name: string, index: number): MemberSpec => ({
      name,
      canary: { steps: [20, 40, 60].flatMap((setWeight) => [{ setWeight }, { pause: {} }]), index },
      live: { version: '1.0' },
      next: { version: '2.0' },
      annotations: { 'rollouts-group/depends-on': '' },
    })
    assert.equal(planLine(planOf({ members: [three('web', 1), three('api', 3)] })), '1 advance web 2.0')
  })

  it('brings up the canary that is behind before anybody else moves', () => {
    assert.equal(
      planLine(planOf({ members: [canary('web', 1, ['api-stable', 'api-canary']), canary('api', 3, [])] })),
      '1 advance web 2.0',
    )
  })
})

/** A canary that nobody calls, at the first of its gates; the weights without a gate come before the last one. */
function lone(weights: number[], passed: number[] = [], more: Partial<MemberSpec> = {}): MemberSpec {
  const steps = weights.flatMap((weight) => [{ setWeight: weight }, { pause: {} }])
  const between = passed.map((weight) => ({ setWeight: weight }))
  return {
    name: 'web',
    replicas: 4,
    canary: { steps: passed.length === 0 ? steps : [...steps, ...between, { pause: {} }], index: 1 },
    strategy: { maxUnavailable: 0 },
    live: { version: '1.0' },
    next: { version: '2.0' },
    ...more,
  }
}

describe('promote-all is refused', () => {
  const refusals: Record<string, [WorldSpec, string[]]> = {
    'where the new frontend is still wired to the old backend': [
      legacyPair({ frontend: { next: { version: '2.0', env: { BACKEND_HOST: 'backend-active' } } } }),
      ['next-wired-to-live my-frontend'],
    ],
    'where one of the new versions is another': [
      legacyPair({ backend: { next: { version: '3.0' } } }),
      ['version-mismatch'],
    ],
    'where a member kept the old version': [
      { members: [member('a', ['b']), member('b', ['c']), member('c', [], { next: undefined! })] },
      ['left-behind c'],
    ],
    'where an unchanged member lies between': [
      {
        members: [
          member('a', ['b']),
          member('b', ['c'], { live: { image: 'b:7', env: { C: 'c-active' } }, next: undefined! }),
          member('c', []),
        ],
      },
      ['unchanged-between b'],
    ],
    'where a member promotes itself': [
      legacyPair({ backend: { strategy: { autoPromotionEnabled: true } } }),
      ['auto-promotion my-backend'],
    ],
    'where the waiting backend is too small': [
      legacyPair({ backend: { strategy: { previewReplicaCount: 1 } } }),
      ['small-preview my-backend'],
    ],
    'where a member is paused by hand': [
      legacyPair({ frontend: { spec: { paused: true } } }),
      ['manually-paused my-frontend'],
    ],
    'where a member was aborted': [
      legacyPair({ backend: { status: { abort: true, phase: 'Degraded', pauseConditions: [] } } }),
      ['aborted my-backend'],
    ],
    "where a dependency's Service selects both versions": [
      {
        members: [
          { name: 'a', live: { version: '1.0', env: { B: 'b' } }, next: { version: '2.0', env: { B: 'b' } } },
          { name: 'b', live: { version: '1.0' }, next: { version: '2.0' } },
        ],
        services: [{ name: 'b', selector: { app: 'b' } }],
      },
      ['wired-to-both b'],
    ],
    'where an edge is only declared': [
      legacyPair({
        frontend: {
          live: { version: '1.0' },
          next: { version: '2.0' },
          annotations: { 'rollouts-group/depends-on': 'my-backend' },
        },
      }),
      ['wire-unknown my-frontend'],
    ],
    'where a declared dependency is not there': [
      legacyPair({ backend: { annotations: { 'rollouts-group/depends-on': 'redis' } } }),
      ['unknown-dependency my-backend'],
    ],
    'where the post-promotion analysis of a dependency could switch it back': [
      legacyPair({ backend: { strategy: { postPromotionAnalysis: { templates: [] } } } }),
      ['post-promotion-analysis my-backend'],
    ],
    'where an un-routed canary would empty its stable Service': [
      {
        members: [
          {
            name: 'web',
            canary: { steps: [{ setWeight: 20 }, { pause: {} }] },
            strategy: { maxUnavailable: '25%' },
            live: { version: '1.0' },
            next: { version: '2.0' },
          },
        ],
      },
      ['stable-gap web'],
    ],
    'where an un-routed canary stands at a weight of 100 before its last gate': [
      { members: [lone([50, 100])] },
      ['stable-gap web'],
    ],
    'where an un-routed canary passes a weight of 100 on the way to a gate': [
      { members: [lone([50], [100, 60])] },
      ['stable-gap web'],
    ],
    'where a weight of 100 comes two gates on': [{ members: [lone([20, 50, 100])] }, ['stable-gap web']],
    "where the one pod of an un-routed canary is the canary's from half the weight on": [
      { members: [lone([20, 60], [], { replicas: 1, strategy: { maxSurge: 0, maxUnavailable: 0 } })] },
      ['stable-gap web'],
    ],
  }
  for (const [name, [spec, expected]] of Object.entries(refusals)) {
    it(name, () =>
      assert.deepEqual(
        errors(planOf(spec)).filter((each) => expected.includes(each)),
        expected,
      ),
    )
  }

  it('where a request finds no pod, told once, with the first wave that breaks it', () => {
    const spec = {
      members: [
        { name: 'a', live: { version: '1.0', env: { B: 'b-active' } }, next: { version: '2.0', env: { B: 'b-two' } } },
        { name: 'b', live: { version: '1.0' }, next: { version: '2.0' } },
      ],
      services: [{ name: 'b-two', selector: { app: 'b', edition: 'two' } }],
    }
    const found = planOf(spec).findings.filter((each) => each.code === 'dead-end')
    assert.deepEqual(
      found.map((each) => each.sentence),
      ['while a is under way, users reach Service b-two with no ready endpoint (a 2.0)'],
    )
  })

  it('where a declared dependency is not there, told once of all who declare it', () => {
    const annotations = { 'rollouts-group/depends-on': 'my-backend,redis' }
    const spec = legacyPair({ frontend: { annotations }, backend: { annotations } })
    const found = planOf(spec).findings.filter((each) => each.code === 'unknown-dependency')
    assert.deepEqual(
      found.map((each) => each.members),
      [['my-backend', 'my-frontend']],
    )
  })

  it('where two cutovers leave an entry on a circle no safe order', () => {
    const plan = planOf({
      members: [member('a', ['b'], { annotations: { 'rollouts-group/entry': 'true' } }), member('b', ['a'])],
    })
    const [remedy] = plan.findings.flatMap((each) => (each.code === 'cycle' ? [each.remedy] : []))
    assert.match(JSON.stringify(remedy), /users come in by a, and b calls it back.*"rollouts-group\/calls-not=a"/)
  })

  it('on a circle that users enter from outside of it, a safe one with Services for each release', () => {
    const plan = planOf({ members: [member('web', ['a']), member('a', ['b']), member('b', ['a'])] })
    const [remedy] = plan.findings.flatMap((each) => (each.code === 'cycle' ? [each.remedy] : []))
    assert.match(String(remedy), /needs pinned Services/)
  })

  it('where it is not known whether the release is half done or leaks, until the user says which', () => {
    const spec = (): WorldSpec => ({
      members: [
        { name: 'a', live: { env: { B: 'b-preview' } } },
        { name: 'b', live: {}, next: {} },
      ],
    })
    assert.deepEqual(errors(planOf(spec())), ['half-or-leak a'])
    assert.deepEqual(errors(planOf(spec(), 'promote-all', { assume: 'half-promoted' })), [])
    assert.equal(planLine(planOf(spec(), 'abort-all', { assume: 'leak' })), '1 restore-stable b rev 3')
    assert.deepEqual(errors(planOf(spec(), 'abort-all', { assume: 'half-promoted' })), ['partial-release b'])
  })

  it('not where labels of releases say whether the release is half done or leaks', () => {
    const spec = (live: string): WorldSpec => ({
      members: [
        { name: 'a', live: { env: { B: 'b-preview' }, labels: { 'rollouts-group/release': live } } },
        { name: 'b', live: {}, next: { labels: { 'rollouts-group/release': '2.0' } } },
      ],
    })
    assert.deepEqual(errors(planOf(spec('2.0'), 'abort-all')), ['partial-release b'])
    assert.deepEqual(errors(planOf(spec('1.0-s1'), 'abort-all')), ['already-mixed a'])
    assert.deepEqual(errors(planOf(spec('2.0'))), [])
  })

  it('whose withdrawal would leave users without pods says so once', () => {
    const of = (version: string) => ({ version, labels: { 'rollouts-group/release': version } })
    const { services, ...snapshot } = world({
      members: [
        { name: 'web', live: { ...of('2.0'), env: { API: 'api-2-0' } } },
        { name: 'api', live: of('1.0'), next: of('2.0') },
      ],
    })
    const own = (version: string) => ({
      metadata: { name: `api-${version.replace('.', '-')}` },
      spec: { selector: { app: 'api', ...of(version).labels }, ports: [{ port: 80 }] },
    })
    const group = readGroup({ ...snapshot, services: [...services, own('1.0'), own('2.0')] }, 'loan')
    assert.deepEqual(errors(makePlan(group, 'abort-all')), ['partial-release api'])
  })

  it('not where an address is pointed back and the version stays', () => {
    const back = {
      live: { version: '2.0', env: { BACKEND_HOST: 'backend-preview' } },
      next: { version: '2.0', env: { BACKEND_HOST: 'backend-active' } },
    }
    const plan = planOf(legacyPair({ frontend: back, backend: { live: { version: '2.0' }, next: undefined! } }))
    assert.deepEqual(errors(plan), [])
    assert.equal(planLine(plan), '1 promote my-frontend 2.0·r3')
  })

  it('not where the user allows what is named', () => {
    const small = legacyPair({ backend: { strategy: { previewReplicaCount: 1 } } })
    assert.deepEqual(errors(planOf(small, 'promote-all', { allow: new Set(['small-preview']) })), [])
    assert.deepEqual(
      errors(
        planOf(legacyPair({ backend: { next: { version: '3.0' } } }), 'promote-all', {
          allow: new Set(['version-mismatch']),
        }),
      ),
      [],
    )
    const declared = legacyPair({
      frontend: {
        live: { version: '1.0' },
        next: { version: '2.0' },
        annotations: { 'rollouts-group/depends-on': 'my-backend' },
      },
    })
    assert.deepEqual(errors(planOf(declared, 'promote-all', { trustDependsOn: true })), [])
  })

  it('and what is allowed is a warning; in modern mode it stays what it is without', () => {
    const volumes = [
      { name: 'info', downwardAPI: { items: [{ path: 'labels', fieldRef: { fieldPath: 'metadata.labels' } }] } },
    ]
    const template = { containers: [{ name: 'main', image: 'a' }], volumes }
    const byRole = {
      live: { version: '1.0', template },
      next: { version: '2.0', template },
      strategy: {
        activeMetadata: { labels: { host: 'backend-active' } },
        previewMetadata: { labels: { host: 'backend-preview' } },
      },
    }
    const severity = (spec: WorldSpec, code: string, options: PlanOptions, mode?: Mode) =>
      makePlan(readGroup(world(spec), 'loan', mode), 'promote-all', options)
        .findings.filter((each) => each.code === code)
        .map((each) => each.severity)
        .join()
    const cases: [Allowance, string, WorldSpec][] = [
      ['mixed-window', 'wire-follows-role', legacyPair({ frontend: byRole })],
      ['small-preview', 'small-preview', legacyPair({ backend: { strategy: { previewReplicaCount: 1 } } })],
      ['version-mismatch', 'version-mismatch', legacyPair({ backend: { next: { version: '3.0' } } })],
    ]
    for (const [allowance, code, spec] of cases) {
      const allow = new Set([allowance])
      assert.deepEqual(
        [severity(spec, code, {}), severity(spec, code, { allow }), severity(spec, code, { allow }, 'modern')],
        ['error', 'warning', 'info'],
        code,
      )
    }
  })
})

describe('waves that are planned again', () => {
  const members = [member('a', ['b']), member('b', ['c']), member('c', [])]
  const [one, apart] = [planOf({ members }), planOf({ members }, 'promote-all', { oneByOne: true })]
  it('are the same where they allow the same order, layer by layer or at once', () => {
    assert.deepEqual([one.waves.length, apart.waves.length], [2, 3])
    assert.ok(sameSteps(one.waves, one.waves))
    assert.ok(sameSteps(one.waves, apart.waves))
    assert.ok(sameSteps(apart.waves, one.waves))
  })
  it('are others where what was later comes before, or something is left out, or more is done', () => {
    const [first, ...later] = apart.waves
    assert.ok(!sameSteps(apart.waves, [...later, first!]))
    assert.ok(!sameSteps([...later, first!], one.waves))
    assert.ok(!sameSteps(later, apart.waves))
    assert.ok(!sameSteps(apart.waves, later))
  })
})

describe('abort-all', () => {
  it('withdraws at once what has no users', () =>
    assert.equal(planLine(planOf(legacyPair(), 'abort-all')), '1 abort my-frontend 2.0, abort my-backend 2.0'))

  it('withdraws canaries at their gate, the dependency when the last pods of its canary consumer are gone', () => {
    const of = (name: string, wires: [string, string]): MemberSpec => ({
      name,
      replicas: 5,
      canary: { steps: [{ setWeight: 20 }, { pause: {} }], index: 1 },
      live: { version: '1.0', env: { B: wires[0] } },
      next: { version: '2.0', env: { B: wires[1] }, desired: 1 },
    })
    const services = [{ name: 'web', selector: { app: 'web' } }]
    const members = [of('web', ['api-stable', 'api-canary']), of('api', ['', ''])]
    const plan = planOf({ members, services }, 'abort-all')
    assert.equal(planLine(plan), '1 abort web 2.0; drain web 2.0; 2 abort api 2.0')
    assert.deepEqual(errors(plan), [])
  })

  it('puts the stable template back where live users are on the preview Service', () => {
    const plan = planOf(
      {
        members: [
          { name: 'web', live: { version: '2.0', env: { B: 'api-preview' } } },
          { name: 'api', live: { version: '2.0' }, next: { version: '3.0' } },
        ],
      },
      'abort-all',
    )
    assert.equal(planLine(plan), '1 restore-stable api 3.0')
    assert.deepEqual([errors(plan), refused(plan)], [['already-mixed web'], false])
  })

  it('puts the stable template back after the cutover, since an abort could take the Service down', () => {
    const running = {
      blueGreen: { activeSelector: 'frontendnext', postPromotionAnalysisRunStatus: { name: 'x', status: 'Running' } },
      pauseConditions: [],
    }
    const plan = planOf(legacyPair({ frontend: { active: 'next', status: running } }), 'abort-all')
    assert.equal(planLine(plan).split(';')[0], '1 restore-stable my-frontend 2.0')
  })

  it('puts the stable template back where promoteFull makes the controller ignore an abort', () => {
    assert.equal(
      planLine(planOf(legacyPair({ backend: { status: { promoteFull: true } } }), 'abort-all')),
      '1 abort my-frontend 2.0, restore-stable my-backend 2.0',
    )
  })

  it('puts the stable template back where the next revision would skip its gate, though it was aborted already', () => {
    const aborted = {
      abort: true,
      abortedAt: '2026-01-01T00:00:00Z',
      phase: 'Degraded',
      pauseConditions: [],
      blueGreen: { activeSelector: 'backendlive', previewSelector: 'backendnext', scaleUpPreviewCheckPoint: true },
    }
    const spec = legacyPair({
      frontend: { next: undefined! },
      backend: { status: aborted, strategy: { previewReplicaCount: 1 } },
    })
    assert.equal(planLine(planOf(spec, 'abort-all')), '1 restore-stable my-backend 2.0')
    assert.ok(errors(planOf(spec)).includes('auto-promotion my-backend'))
  })

  it('is refused where users are on the new frontend already', () => {
    const plan = planOf(
      legacyPair({
        frontend: { live: { version: '2.0', env: { BACKEND_HOST: 'backend-preview' } }, next: undefined! },
      }),
      'abort-all',
    )
    assert.deepEqual(errors(plan), ['partial-release my-backend'])
  })

  it('leaves alone what was aborted already', () => {
    const aborted = { abort: true, abortedAt: '2026-01-01T00:00:00Z', phase: 'Degraded', pauseConditions: [] }
    const plan = planOf(legacyPair({ frontend: { status: aborted }, backend: { status: aborted } }), 'abort-all')
    assert.equal(planLine(plan), '')
    assert.equal(plan.skipped[0]?.why, 'my-frontend 2.0 is aborted already')
  })

  it('does not take an abort for done that the controller has not carried out', () => {
    const asked = { abort: true, pauseConditions: [] }
    assert.equal(
      planLine(planOf(legacyPair({ frontend: { status: asked }, backend: { status: asked } }), 'abort-all')),
      '1 abort my-frontend 2.0, abort my-backend 2.0',
    )
  })

  it('puts the stable template back after an abort where it is asked to', () => {
    const aborted = { abort: true, abortedAt: '2026-01-01T00:00:00Z', phase: 'Degraded', pauseConditions: [] }
    const plan = makePlan(
      readGroup(world(legacyPair({ frontend: { status: aborted }, backend: { status: aborted } })), 'loan'),
      'abort-all',
      { toStable: true },
    )
    assert.match(planLine(plan), /^1 restore-stable my-frontend 2\.0, restore-stable my-backend/)
  })

  it('says of a member that was paused before its preview Service moved that, and nothing that follows from it', () => {
    const held = legacyPair({ backend: { spec: { paused: true }, preview: 'live' } })
    assert.deepEqual(errors(planOf(held, 'promote-all')), ['manually-paused my-backend'])
  })

  it('warns where old pods outlive the run that waits for them, before anything is sent', () => {
    const late = (limit?: number) =>
      makePlan(readGroup(world(legacyPair()), 'loan'), 'promote-all', { ...(limit !== undefined && { limit }) })
        .findings.filter((each) => each.code === 'drain')
        .map((each) => [each.severity, each.members.join(), told(each.remedy)])
    assert.deepEqual(late(30_000), [
      ['warning', 'my-frontend', 'give it more time with --timeout, or say --drain=endpoints'],
    ])
    assert.deepEqual([...late(60_000), ...late()], [])
  })

  it('is refused where a member is paused by hand and would stay where it is', () => {
    const paused = legacyPair({ backend: { spec: { paused: true } } })
    assert.deepEqual(errors(planOf(paused, 'abort-all')), [], 'an abort of a blue/green is not held up')
    assert.deepEqual(errors(makePlan(readGroup(world(paused), 'loan'), 'abort-all', { toStable: true })), [
      'manually-paused my-backend',
    ])
    const canary: WorldSpec = {
      members: [
        {
          name: 'web',
          canary: { steps: [{ setWeight: 20 }, { pause: {} }], index: 1 },
          live: {},
          next: {},
          spec: { paused: true },
        },
      ],
    }
    assert.deepEqual(errors(planOf(canary, 'abort-all')), ['manually-paused web'])
    const routed = {
      members: canary.members.map((each) => ({
        ...each,
        strategy: { trafficRouting: { nginx: { stableIngress: 'web' } } },
      })),
    }
    assert.ok(
      !errors(planOf(routed, 'abort-all')).includes('manually-paused web'),
      'users leave a routed canary by its weight',
    )
  })

  for (const [what, calls, expected] of [
    ['takes users to what waits before pods of before, which they still reach, are scaled down', 'api-3-0', 'warning'],
    ['leads nobody out whose next version calls the same pods', 'api-2-0', 'error'],
  ] as const)
    it(what, () => {
      const label = (version: string) => ({ version, labels: { 'rollouts-group/release': version } })
      const plan = planOf(
        {
          members: [
            {
              name: 'web',
              live: { version: '2.0', env: { B: 'api-2-0' } },
              next: { version: '3.0', env: { B: calls } },
            },
            {
              name: 'api',
              live: label('3.0'),
              lingering: { ...label('2.0'), deadline: Date.parse('2026-01-01T00:00:30Z') },
            },
          ],
          services: ['2.0', '3.0'].map((version) => ({
            name: `api-${version.replace('.', '-')}`,
            selector: { app: 'api', 'rollouts-group/release': version },
          })),
        },
        'promote-all',
      )
      const found = plan.findings.find((each) => each.code === 'scale-down-window')
      assert.deepEqual([found?.severity, refused(plan)], [expected, expected === 'error'])
    })

  for (const [what, strategy, expected] of [
    [
      'shortens what old pods meet that outlast those that they call',
      { scaleDownDelaySeconds: 30 },
      'this plan shortens it: the old web pods, which outlast those, may find nobody until they are gone',
    ],
    [
      'prevents it where old pods go as soon as users have left them',
      { scaleDownDelaySeconds: 0 },
      'this plan is proved to prevent it',
    ],
  ] as const)
    it(what, () => {
      const label = (version: string) => ({ version, labels: { 'rollouts-group/release': version } })
      const plan = planOf(
        {
          members: [
            {
              name: 'web',
              live: { ...label('2.0'), env: { B: 'api-2-0' } },
              next: { ...label('3.0'), env: { B: 'api-3-0' } },
              strategy,
            },
            {
              name: 'api',
              live: label('3.0'),
              lingering: { ...label('2.0'), deadline: Date.parse('2026-01-01T00:00:30Z') },
            },
          ],
          services: ['2.0', '3.0'].map((version) => ({
            name: `api-${version.replace('.', '-')}`,
            selector: { app: 'api', 'rollouts-group/release': version },
          })),
        },
        'promote-all',
      )
      const found = plan.findings.find((each) => each.code === 'scale-down-window')
      assert.equal(told(found!.remedy), expected)
      assert.match(proofWords(plan, 'pods'), /: no step makes worse what users are about to meet$/)
    })

  for (const wiring of ['api-preview', 'api-2-0'])
    for (const deadline of [undefined, Date.parse('2026-01-01T00:00:30Z')])
      it(`keeps the pods of what was aborted under promoted users on ${wiring}, ${deadline ? 'till they go' : 'at once'}`, () => {
        const label = (version: string) => ({ version, labels: { 'rollouts-group/release': version } })
        const spec: WorldSpec = {
          members: [
            { name: 'web', live: { ...label('2.0'), env: { B: wiring } } },
            {
              name: 'api',
              live: { version: '1.0' },
              next: { ...label('2.0'), ...(deadline !== undefined && { deadline }) },
              status: { abort: true, abortedAt: '2026-01-01T00:00:00Z', phase: 'Degraded', pauseConditions: [] },
            },
          ],
          services: [{ name: 'api-2-0', selector: { app: 'api', 'rollouts-group/release': '2.0' } }],
        }
        const found = (verb: Verb) => planOf(spec, verb).findings.find((each) => each.code === 'scale-down-window')!
        assert.equal(found('promote-all').severity, 'error')
        assert.match(told(found('promote-all').remedy), /^before that, trying again .* prevent it: .* retry-all loan/)
        assert.deepEqual([found('retry-all').severity, refused(planOf(spec, 'retry-all'))], ['warning', false])
        assert.equal(told(found('retry-all').remedy), 'this plan is proved to prevent it')
        const view = groupView(readGroup(world(spec), 'loan'), 0)
        assert.deepEqual(view.next?.words, ['retry-all'])
        assert.ok(!view.findings.some((each) => told(each.remedy).includes('abort-all')))
      })

  it('lets users leave on old pods that go, too, before those that they reach', () => {
    const label = (version: string) => ({ version, labels: { 'rollouts-group/release': version } })
    const spec: WorldSpec = {
      members: [
        {
          name: 'web',
          live: { ...label('3.0'), env: { B: 'api-3-0' } },
          lingering: { ...label('2.0'), env: { B: 'api-2-0' } },
        },
        {
          name: 'api',
          live: { version: '1.0' },
          lingering: { ...label('2.0'), deadline: Date.parse('2026-01-01T00:00:30Z') },
          next: label('3.0'),
        },
      ],
      services: ['2.0', '3.0'].map((version) => ({
        name: `api-${version.replace('.', '-')}`,
        selector: { app: 'api', 'rollouts-group/release': version },
      })),
    }
    const severities = (delay: number) =>
      planOf({
        ...spec,
        members: spec.members.map((each) => ({ ...each, strategy: { scaleDownDelaySeconds: delay } })),
      })
        .findings.filter((each) => each.code === 'scale-down-window')
        .map((each) => each.severity)
    assert.deepEqual([severities(30), severities(0)], [['warning'], ['error']])
  })

  it('promotes nobody of whom the status names no live revision', () => {
    const plan = planOf(legacyPair({ frontend: { status: { stableRS: 'nobody' } } }), 'promote-all')
    assert.deepEqual([codes(plan).includes('scale-down-window'), refused(plan)], [true, true])
  })

  it('cures an abort under a live frontend whose backend is about to be scaled down', () => {
    const aborted = { abort: true, abortedAt: '2026-01-01T00:00:00Z', phase: 'Degraded', pauseConditions: [] }
    const plan = planOf(
      {
        members: [
          { name: 'web', live: { version: '2.0', env: { B: 'api-preview' } } },
          { name: 'api', live: { version: '2.0' }, next: { version: '3.0' }, status: aborted },
        ],
      },
      'abort-all',
    )
    assert.equal(planLine(plan), '1 restore-stable api 3.0')
    assert.ok(codes(plan).includes('scale-down-window'))
    assert.deepEqual([errors(plan), refused(plan)], [['already-mixed web'], false])
  })
})
