import assert from 'node:assert/strict'
import type { Move } from '../../src/domain/actions/step.ts'
import { prove } from '../../src/domain/plan/prove.ts'
import { contextOf } from '../../src/domain/checks/context.ts'
import { readGroup } from '../../src/domain/group/read-group.ts'
import { guessesOf } from '../../src/domain/plan/guesses.ts'
import { violationKey } from '../../src/domain/trace/violations.ts'
import { legacyPair, type MemberSpec, world, type WorldSpec } from '../support/objects.ts'
import { containerOf } from '../support/sized.ts'
import { sceneOf, told } from '../support/scenes.ts'

/** `promote a, promote b; abort c` as waves. */
function waves(line: string): Move[][] {
  return line.split('; ').map((wave) =>
    wave.split(', ').map((each) => {
      const [action, member] = each.split(' ')
      return { action, member } as Move
    }),
  )
}

/** What a proof says, a line a wave: what is drained before it, and what it would break. */
function proof(spec: WorldSpec, line: string): string[] {
  const { drains, broken } = prove(sceneOf(spec), waves(line))
  return drains.map((ids, index) => {
    const found = told(broken.filter((each) => each.wave === index).map((each) => each.violation))
    return [...ids.map((id) => `drain ${id}`), ...found].join('; ') || 'safe'
  })
}

const member = (name: string, dependencies: string[] = [], more: Partial<MemberSpec> = {}): MemberSpec => {
  const wires = (role: string) => Object.fromEntries(dependencies.map((each) => [`${each}_URL`, `${each}-${role}`]))
  return {
    name,
    live: { version: '1.0', env: wires('active') },
    next: { version: '2.0', env: wires('preview') },
    ...more,
  }
}

describe('a proof', () => {
  const rows: readonly [what: string, spec: WorldSpec, line: string, waves: readonly string[]][] = [
    [
      'waits for the old consumers before their dependency moves',
      legacyPair(),
      'promote my-frontend; promote my-backend',
      ['safe', 'drain my-frontend/frontendlive'],
    ],
    [
      'breaks at the dependency first: users of the old consumer follow its active Service',
      legacyPair(),
      'promote my-backend; promote my-frontend',
      [
        'users of my-frontend 1.0 meet two versions in one request (my-frontend 1.0 → my-backend 2.0 (via backend-active))',
        'users of my-frontend 1.0 meet two versions in one request (my-frontend 1.0 → my-backend 2.0 (via backend-active))',
      ],
    ],
    [
      'breaks with both in one wave: nobody knows which is first',
      legacyPair(),
      'promote my-frontend, promote my-backend',
      [
        'users of my-frontend 1.0 meet two versions in one request (my-frontend 1.0 → my-backend 2.0 (via backend-active))',
      ],
    ],
    [
      'breaks where the new consumer is wired to the old dependency',
      legacyPair({ frontend: { next: { version: '2.0', env: { BACKEND_HOST: 'backend-active' } } } }),
      'promote my-frontend; promote my-backend',
      [
        'users of my-frontend 2.0 meet two versions in one request (my-frontend 2.0 → my-backend 1.0 (via backend-active))',
        'drain my-frontend/frontendlive; users of my-frontend 2.0 meet two versions in one request (my-frontend 2.0 → my-backend 1.0 (via backend-active))',
      ],
    ],
    [
      'costs one drain for a chain, and may take all behind the entry together',
      { members: [member('a', ['b']), member('b', ['c']), member('c')] },
      'promote a; promote b, promote c',
      ['safe', 'drain a/alive'],
    ],
    [
      'looks at what an abort leaves behind: an empty preview Service under users of the new consumer',
      {
        members: [
          { name: 'front', live: { version: '2.0', env: { B: 'back-preview' } } },
          member('back'),
          member('other'),
        ],
      },
      'abort back',
      ['users of front 2.0 reach Service back-preview with no ready endpoint (front 2.0)'],
    ],
    [
      'looks at what the stable template leads them to: the old release',
      {
        members: [
          { name: 'front', live: { version: '2.0', env: { B: 'back-preview' } } },
          member('back'),
          member('other'),
        ],
      },
      'restore-stable back',
      ['users of front 2.0 meet two versions in one request (front 2.0 → back 1.0 (via back-preview))'],
    ],
    [
      'has no fault of a wave in what was so before it',
      {
        members: [
          { name: 'front', live: { version: '2.0', env: { B: 'back-active' } } },
          member('back'),
          member('zoo'),
        ],
      },
      'promote zoo',
      ['safe'],
    ],
    [
      'counts the scale-down that follows: a pinned consumer would be left without a Service',
      {
        members: [
          {
            name: 'front',
            live: { version: '1.0', env: { B: 'back-1' } },
            next: { version: '2.0', env: { B: 'back-2' } },
          },
          {
            name: 'back',
            live: { version: '1.0', labels: { release: '1' } },
            next: { version: '2.0', labels: { release: '2' } },
          },
        ],
        services: ['1', '2'].map((release) => ({ name: `back-${release}`, selector: { app: 'back', release } })),
      },
      'promote front; promote back',
      ['safe', 'drain front/frontlive'],
    ],
    [
      'breaks where the stable Service of a canary goes empty under users',
      {
        members: [
          {
            name: 'web',
            canary: { steps: [{ setWeight: 20 }, { pause: {} }] },
            strategy: { maxUnavailable: 1 },
            live: { version: '1.0' },
            next: { version: '2.0' },
          },
        ],
      },
      'promote web',
      ['users of web 1.0 find no pod behind Service web-stable'],
    ],
  ]
  for (const [what, spec, line, expected] of rows) it(what, () => assert.deepEqual(proof(spec, line), expected))

  it('starts each wave where the one before it rests', () => {
    const { after } = prove(sceneOf(legacyPair()), waves('promote my-frontend'))
    assert.deepEqual(
      after.get('my-frontend')!.map((moment) => [...moment.carrying].sort()),
      [['my-frontend/frontendlive', 'my-frontend/frontendnext'], ['my-frontend/frontendnext']],
    )
  })
})

describe('a revision of which nobody knows whom it calls', () => {
  const lost = (config: string) => ({ version: '1.0', fromConfig: { URL: [config, 'HOST'] as [string, string] } })
  /** Users have left old pods of the frontend, whose ConfigMap is gone; whom they called its new ones tell. */
  const spec: WorldSpec = {
    members: [
      { name: 'front', live: { version: '2.0', env: { B: 'middle-active' } }, lingering: lost('settings') },
      member('middle', ['back']),
      member('back'),
      member('zoo'),
    ],
    configs: { settings: 'missing' },
  }
  const before = (line: string) => {
    const { drains, doubted } = prove(sceneOf(spec), waves(line))
    assert.deepEqual(doubted, [])
    return drains[0]
  }
  it('is waited for before a member moves that its siblings call', () =>
    assert.deepEqual(before('promote middle'), ['front/frontlingering']))
  it('is waited for before a member moves that these call in turn', () =>
    assert.deepEqual(before('promote back'), ['front/frontlingering']))
  it('is not waited for before a member moves that nobody of them reaches', () =>
    assert.deepEqual(before('promote zoo'), []))
})

describe('a proof of members of which nobody knows whom they call', () => {
  const lost = (version: string, config = 'gone'): MemberSpec['live'] => ({
    version,
    fromConfig: { BACK_URL: [config, 'HOST'] },
  })
  const front = (more: Partial<MemberSpec> = {}): MemberSpec => ({
    name: 'front',
    live: lost('1.0'),
    next: { version: '2.0', env: { BACK_URL: 'back-preview' } },
    ...more,
  })
  const of = (members: MemberSpec[]): WorldSpec => ({ members, configs: { gone: 'missing' } })
  const doubts = (spec: WorldSpec, line: string) => {
    const found = prove(sceneOf(spec), waves(line)).doubted.map(
      ({ wave, violation: { kind, root, service } }) =>
        `${wave} ${kind} ${root.id}${service === undefined ? '' : ` ${service}`}`,
    )
    return [...new Set(found)]
  }
  const rows: readonly [what: string, spec: WorldSpec, line: string, expected: readonly string[]][] = [
    [
      'is safe where users leave them first, and their old pods are gone',
      of([front(), member('back')]),
      'promote front; promote back',
      [],
    ],
    [
      'is none with both in one wave: the live one may call the other, which moves under it',
      of([front(), member('back')]),
      'promote front, promote back',
      ['0 mixed front/frontlive'],
    ],
    [
      'is none where users stay on them',
      of([front({ next: undefined! }), member('middle', ['back']), member('back')]),
      'promote middle, promote back',
      ['0 mixed front/frontlive'],
    ],
    [
      'is none where users come to them: they may call what is live',
      of([front({ live: { version: '1.0', env: { BACK_URL: 'back-active' } }, next: lost('2.0') }), member('back')]),
      'promote front',
      ['0 mixed front/frontnext'],
    ],
    [
      'is none where a preview Service goes empty that they may call',
      of([front({ next: undefined! }), member('middle', ['back']), member('back')]),
      'abort back',
      ['0 dead front/frontlive back-preview'],
    ],
    [
      'does not count what was so before: a live one may call the preview Service already',
      of([front(), member('back'), member('zoo')]),
      'promote zoo',
      [],
    ],
    [
      'counts one in the middle, which may bring users of the old consumer to the new one behind it',
      of([member('web', ['front']), front(), member('back')]),
      'promote web; promote front, promote back',
      [],
    ],
    [
      'counts one that belongs to either release and stays: what it calls moves in two steps',
      of([{ name: 'front', live: lost('7') }, member('a'), member('b')]),
      'promote a; promote b',
      ['0 mixed front/frontlive', '1 mixed front/frontlive'],
    ],
    [
      'counts a call that it may make beside one that it makes for certain: the two move in two steps',
      of([{ name: 'front', live: { ...lost('7'), env: { A_URL: 'a-active' } } }, member('a'), member('b')]),
      'promote a; promote b',
      ['0 mixed front/frontlive', '1 mixed front/frontlive'],
    ],
  ]
  for (const [what, spec, line, expected] of rows) it(what, () => assert.deepEqual(doubts(spec, line), expected))

  it('says nothing of what its users met for certain before, whichever way they come to it now', () => {
    const calls = (to: string) => ({ version: '1.0', env: { URL: to } })
    const snapshot = world({
      members: [
        {
          name: 'front',
          live: { ...calls('middle-active'), available: 0 },
          annotations: { 'rollouts-group/entry': 'true' },
        },
        { name: 'middle', live: calls('front-active') },
        { name: 'back', live: calls('front-active') },
      ],
    })
    Object.assign(containerOf(snapshot.replicaSets[0]), { envFrom: [{ secretRef: { name: 'addresses' } }] })
    const group = readGroup(snapshot, 'loan')
    const { scene } = contextOf(group, 'promote-all', {})
    const gone = scene.state
      .get('middle')!
      .map((each) => ({ ...each, present: new Set<string>(), ready: new Set<string>() }))
    const found = guessesOf(scene, false)!({ ...scene, state: new Map([...scene.state, ['middle', gone]]) })
    assert.deepEqual(
      found.map(violationKey).filter((each) => each.endsWith(' front-active')),
      [],
    )
  })
})
