import assert from 'node:assert/strict'
import { overlaid } from '../../src/domain/deploy/overlaid.ts'
import { groundOf, planDeploy } from '../../src/domain/deploy/plan-deploy.ts'
import { transition } from '../../src/domain/actions/actions.ts'
import { contextOf } from '../../src/domain/checks/context.ts'
import { beforeDeploy } from '../../src/domain/plan/deployment.ts'
import { planLine } from '../../src/domain/plan/plan-line.ts'
import { refusing } from '../../src/domain/plan/plan.ts'
import type { PlanOptions } from '../../src/domain/intent.ts'
import { type Desired, wanted } from '../../src/domain/deploy/desired.ts'
import { told } from '../support/typed.ts'
import { before, filesOf } from '../support/files.ts'
import { at, fields } from '../../src/domain/objects/fields.ts'
import { quantity } from '../../src/domain/objects/quantity.ts'
import { legacyPair, type MemberSpec, world, type WorldSpec } from '../support/objects.ts'
import { groupOf, memberOf, momentLine } from '../support/scenes.ts'

const plan = (spec: WorldSpec, options: PlanOptions = {}, only?: string[]) =>
  planDeploy(groupOf(before(spec)), filesOf(spec, only), options)
const line = (...of: Parameters<typeof plan>) => {
  const made = plan(...of)
  const why = refusing(made)
  return why.length > 0 ? why.map((each) => each.code).join() : `${planLine(made)} | ${made.then}`
}

describe('a group with the files of a release laid over it', () => {
  const spec = legacyPair()
  const ground = groundOf(groupOf(before(spec)), filesOf(spec))
  it('has the new revisions next, at their gates with all their pods', () =>
    assert.deepEqual(
      ground.members.map((each) => [each.name, each.live?.version.text, each.next?.version.text, each.next?.available]),
      [
        ['my-backend', '1.0', '2.0', 3],
        ['my-frontend', '1.0', '2.0', 3],
      ],
    ))
  it('is what the cluster shows once they are deployed, hashes aside', () => {
    const shape = (group: typeof ground) =>
      group.members.map(({ name, next, live, status, stale }) => ({
        name,
        stale,
        phase: status.phase,
        wires: [live, next].map((each) => each?.wires),
        points: ['active', 'preview'].map((role) => {
          const hash = group.services.get(`${name.slice(3)}-${role}`)?.hash
          return hash === live?.hash ? 'live' : hash === next?.hash ? 'next' : hash
        }),
      }))
    assert.deepEqual(shape(ground), shape(groupOf(spec)))
  })
})

describe('files that give a member no pods', () => {
  const spec = legacyPair()
  const scaled = (replicas: number, present = groupOf(before(spec))) => {
    const { objects, ...more } = filesOf(spec)
    const less = objects.map((each) =>
      each.name === 'my-backend' && each.kind === 'Rollout'
        ? { ...each, will: { ...fields(each.will), spec: { ...fields(at(each.will, 'spec')), replicas } } }
        : each,
    )
    return refusing(planDeploy(present, { objects: less, ...more })).flatMap(({ code, sentence }) =>
      sentence.startsWith('the files give') ? [`${code}: ${sentence}`] : [],
    )
  }
  it('are refused: those that users are on would go, too', () =>
    assert.deepEqual(scaled(0), [
      'dead-end: the files give my-backend no pods (replicas: 0), which takes those away, too, that users are on',
    ]))
  it('are not, where it keeps some', () => assert.deepEqual(scaled(1), []))
  it('are not, where it has none by now', () =>
    assert.deepEqual(
      scaled(0, groupOf(before(legacyPair({ backend: { replicas: 0, live: { version: '1.0', available: 0 } } })))),
      [],
    ))
  it('are not, where no Service leads to it', () => {
    const present = groupOf(before(spec))
    assert.deepEqual(scaled(0, { ...present, owners: new Map() }), [])
  })
})

describe('what only the files say, not the cluster', () => {
  const spec = legacyPair()
  const remedy = (code: string, more: object) => {
    const { objects, ...rest } = filesOf(spec)
    const changed = objects.map((each) =>
      each.name === 'my-backend' && each.kind === 'Rollout'
        ? { ...each, will: { ...fields(each.will), spec: { ...fields(at(each.will, 'spec')), ...more } } }
        : each,
    )
    const { findings } = planDeploy(groupOf(before(spec)), { objects: changed, ...rest })
    return findings.find((each) => each.code === code)?.remedy
  }
  const { blueGreen } = fields(at(world(spec).rollouts[0], 'spec', 'strategy'))
  it('is mended in the files: that a member promotes itself', () =>
    assert.equal(
      remedy('auto-promotion', { strategy: { blueGreen: { ...fields(blueGreen), autoPromotionEnabled: true } } }),
      'write autoPromotionEnabled: false into the files of my-backend',
    ))
  it('is mended in the files: that a member is paused', () =>
    assert.equal(remedy('manually-paused', { paused: true }), 'take spec.paused out of its file'))
})

describe('a template that stands in the cluster already', () => {
  const { objects, ...more } = filesOf(legacyPair())
  const { name, will } = objects.find((each) => each.kind === 'Rollout')!
  const now = world(before(legacyPair()))
  const applied = (observed: number) =>
    now.rollouts.map((raw) =>
      at(raw, 'metadata', 'name') === name
        ? {
            ...fields(raw),
            metadata: { ...fields(at(raw, 'metadata')), generation: 7 },
            spec: at(will, 'spec'),
            status: { ...fields(at(raw, 'status')), observedGeneration: String(observed) },
          }
        : raw,
    )
  for (const [observed, kind, what] of [
    [6, 'fresh', 'is a new revision all the same while the controller has not seen it'],
    [7, 'same', 'leaves the pods that the controller has for it'],
  ] as const)
    it(what, () => {
      const made = overlaid({ ...now, rollouts: applied(observed) }, { objects, ...more }, name, will, 'now')
      assert.equal(made.kind, kind)
    })
})

const pair = (frontend: Partial<MemberSpec>, backend: Partial<MemberSpec> = {}) => legacyPair({ frontend, backend })
const canary = { steps: [20, 60].flatMap((setWeight) => [{ setWeight }, { pause: {} }]), index: 1 }
const canaryOf = (name: string, live: object, next: object): MemberSpec => ({
  name,
  canary,
  replicas: 5,
  live: { version: '1.0', ...live },
  next: { version: '2.0', desired: 1, available: 1, ...next },
})
/** Users come in through a Service over all pods of web. */
const CANARIES: WorldSpec = {
  services: [{ name: 'web', selector: { app: 'web' } }],
  members: [
    canaryOf('web', { env: { PAY_URL: 'http://pay-stable' } }, { env: { PAY_URL: 'http://pay-canary' } }),
    canaryOf('pay', {}, {}),
  ],
}
/** A group in which something waits, or was there, when these files come. */
const over = (present: WorldSpec, files: WorldSpec, options: PlanOptions = {}) => {
  const made = planDeploy(groupOf(present), filesOf(files), options)
  return refusing(made).map((each) => each.code)
}

/** The moments that a member goes through while it is deployed; the last one is where it rests. */
function moments(spec: WorldSpec, name: string, present = groupOf(before(spec))): string[] {
  const ground = groundOf(present, filesOf(spec))
  const from = beforeDeploy(contextOf(ground, 'deploy-all', {}, present)).state.get(name)![0]!
  const { passing, rest } = transition(ground, memberOf(ground, name), from, 'deploy')
  return [...passing, rest].map((each) => momentLine(each).replaceAll(/NEXT-\w+/g, 'NEXT'))
}

describe('what the controller does with a new pod template', () => {
  const rows: readonly [name: string, found: readonly string[], moments: readonly string[]][] = [
    [
      'points the preview Service of a blue/green at it before it has a pod',
      moments(legacyPair(), 'my-backend'),
      [
        'backend-active=backendlive; backend-preview=NEXT; NEXT next: gone; backendlive live: ready, users',
        'backend-active=backendlive; backend-preview=NEXT; NEXT next: ready; backendlive live: ready, users',
      ],
    ],
    [
      'lets users of a canary come to it before its own Service leads there',
      moments(CANARIES, 'web'),
      [
        'web-stable=weblive; web-canary=weblive; NEXT next: ready, users; weblive live: ready, users',
        'web-stable=weblive; web-canary=NEXT; NEXT next: ready, users; weblive live: ready, users',
      ],
    ],
    [
      'points both Services of a first revision at it, and users come as it is ready',
      moments(
        legacyPair(),
        'my-backend',
        groupOf({
          members: [before(legacyPair()).members.find((each) => each.name === 'my-frontend')!],
          services: ['backend-active', 'backend-preview'].map((name) => ({ name, selector: { app: 'my-backend' } })),
        }),
      ),
      [
        'backend-active=NEXT; backend-preview=NEXT; NEXT live: gone',
        'backend-active=NEXT; backend-preview=NEXT; NEXT live: ready, users',
      ],
    ],
    [
      'lets the pods go of what waited before it',
      moments(pair({}, { next: { version: '3.0' } }), 'my-backend', groupOf(legacyPair())).slice(-1),
      [
        'backend-active=backendlive; backend-preview=NEXT; NEXT next: ready; backendlive live: ready, users; backendnext old: ready',
      ],
    ],
  ]
  for (const [name, found, expected] of rows) it(name, () => assert.deepEqual(found, expected))
})

/** Users come in by a Service that a Rollout names, and whose selector has lost the pod template hash. */
const unpointed: WorldSpec = {
  ...pair({ strategy: { activeService: 'users' } }),
  services: [{ name: 'users', selector: { app: 'my-frontend' } }],
}

describe('what is refused before anything is applied', () => {
  const rows: [name: string, found: readonly string[], expected: string][] = [
    [
      'a next consumer that is wired to the live dependency',
      [line(pair({ next: { version: '2.0', env: { BACKEND_HOST: 'backend-active' } } }))],
      'next-wired-to-live',
    ],
    [
      'a deploy under a live consumer on the preview Service: its pods are not there yet',
      [line(pair({ live: { version: '1.0', env: { BACKEND_HOST: 'backend-preview' } } }))],
      'live-wired-to-next',
    ],
    [
      'another preview Service, while users come by the one of before: it would lead to both revisions',
      over(
        before(pair({ live: { version: '1.0', env: { BACKEND_HOST: 'backend-preview' } } })),
        pair({}, { strategy: { previewService: 'backend-next' } }),
      ),
      'wired-to-both',
    ],
    ['a version that was forgotten', [line(pair({}, { next: { version: '3.0' } }))], 'version-mismatch'],
    ['a member that is missing from the files', [line(legacyPair(), {}, ['my-frontend'])], 'left-behind'],
    ['a member that promotes itself', [line(pair({ strategy: { autoPromotionEnabled: true } }))], 'auto-promotion'],
    [
      'a canary over another one that waits',
      over(CANARIES, {
        members: CANARIES.members.map((each) => ({
          ...each,
          next: { ...each.next, version: '3.0' },
        })),
      }),
      'release-in-progress',
    ],
    [
      'an earlier revision whose old pods still run',
      over(
        before(legacyPair({ backend: { lingering: { version: '2.0', deadline: Date.UTC(2027, 0) } } })),
        legacyPair(),
      ),
      'goes-live-at-once',
    ],
    [
      'a live Service that nothing points: its next revision would be taken for the first',
      [line(unpointed)],
      'goes-live-at-once',
    ],
  ]
  for (const [name, found, expected] of rows)
    it(name, () => assert.ok(found.join().split(',').includes(expected), found.join()))
})

describe('files that give a member fewer pods than users have', () => {
  const spec = legacyPair()
  const NAME = 'kubectl.kubernetes.io/last-applied-configuration'
  const planned = (numbers: Record<string, number>, metadata: object = {}, more: Desired['objects'] = []) => {
    const { objects, ...rest } = filesOf(spec)
    const scaled = objects.map((each) => {
      const replicas = numbers[each.name] ?? 3
      const will = { ...fields(each.will), spec: { ...fields(at(each.will, 'spec')), replicas } }
      const was = { ...fields(each.was), metadata: { ...fields(at(each.was, 'metadata')), ...metadata } }
      return { ...each, will, was }
    })
    return planDeploy(groupOf(before(spec)), { ...rest, objects: [...scaled, ...more] })
  }
  const found = (...of: Parameters<typeof planned>) =>
    planned(...of).findings.flatMap(({ code, severity, sentence, remedy }) =>
      code === 'fewer-pods' ? [`${severity}: ${sentence}. ${told(remedy)}`] : [],
    )
  const LESS = 'users lose the others at once, before anything is promoted'
  const OUT = '; where something else is to say how many, leave it out'

  it('are told of, and go on', () => {
    assert.deepEqual(found({ 'my-backend': 1 }), [
      `warning: the files give my-backend 1 pod in place of 3; ${LESS}. write replicas: 3 into its file${OUT}`,
    ])
    assert.deepEqual(refusing(planned({ 'my-backend': 1 })), [])
  })
  it('are told of once, whoever they are about', () =>
    assert.deepEqual(found({ 'my-backend': 1, 'my-frontend': 2 }), [
      `warning: the files give my-backend 1 pod in place of 3 and my-frontend 2 in place of 3; ${LESS}. ` +
        `write the numbers that they have into their files${OUT}`,
    ]))
  it('are no such where they give as many, or more', () => assert.deepEqual(found({ 'my-backend': 4 }), []))
  it('name the autoscaler that is among them', () => {
    const will = {
      kind: 'HorizontalPodAutoscaler',
      metadata: { name: 'busy' },
      spec: { scaleTargetRef: { kind: 'Rollout', name: 'my-backend' } },
    }
    assert.match(
      found({ 'my-backend': 2 }, {}, [wanted({ given: will, will, was: will, where: 'hpa.yaml' })]).join(),
      /promoted; HorizontalPodAutoscaler busy scales my-backend\. /,
    )
  })
  it('say what has to be forgotten first: what it leaves out of what it wrote falls to one pod', () =>
    assert.match(
      found({ 'my-backend': 2 }, { annotations: { [NAME]: '{"spec":{"replicas":2}}' } }).join(),
      /forget the number, and leave it out then: kubectl apply edit-last-applied rollout my-backend/,
    ))
  it('name no such way where the number was applied server-side: it would fall to one pod', () => {
    const managedFields = [{ manager: 'ci', operation: 'Apply', fieldsV1: { 'f:spec': { 'f:replicas': {} } } }]
    assert.match(found({ 'my-backend': 2 }, { managedFields }).join(), /write replicas: 3 into its file$/)
  })
})

describe('who owns what files change', () => {
  const marked = (metadata: object) => {
    const { objects, ...more } = filesOf(legacyPair())
    const was = (object: unknown) => ({
      ...fields(object),
      metadata: { ...fields(at(object, 'metadata')), ...metadata },
    })
    const owned = objects.map((each) => (each.kind === 'Rollout' ? { ...each, was: was(each.was) } : each))
    return refusing(planDeploy(groupOf(before(legacyPair())), { ...more, objects: owned })).map((each) => each.sentence)
  }
  const said = (tool: string) => [
    `${tool} owns Rollout my-frontend and Rollout my-backend, and would put back what is changed here`,
  ]
  const labels = { 'app.kubernetes.io/managed-by': 'Helm' }
  const annotations = { 'meta.helm.sh/release-name': 'loan', 'meta.helm.sh/release-namespace': 'legacy' }
  const rows: [name: string, metadata: object, expected: readonly string[]][] = [
    ['nobody, where helm template printed them: its label alone is on them', { labels }, []],
    ['Helm, where it has installed them: its annotation is on them', { labels, annotations }, said('Helm')],
    [
      'Flux, where it has installed them by Helm',
      { labels: { ...labels, 'helm.toolkit.fluxcd.io/name': 'loan' }, annotations },
      said('Flux'),
    ],
    ['Argo CD', { annotations: { 'argocd.argoproj.io/tracking-id': 'loan' } }, said('Argo CD')],
  ]
  for (const [name, metadata, expected] of rows) it(name, () => assert.deepEqual(marked(metadata), expected))
})

describe('the plan of a deploy', () => {
  it('deploys a canary once the canaries that it calls are at their gates: users come to it at once', () =>
    assert.equal(line(CANARIES), '1 deploy pay 2.0; 2 deploy web 2.0 | 1 advance pay 2.0; 2 advance web 2.0'))
  it('goes one by one where that is asked for, dependencies first', () =>
    assert.match(line(legacyPair(), { oneByOne: true }), /^1 deploy my-backend 2.0; 2 deploy my-frontend 2.0 /))
  it('deploys nothing that waits there already', () => {
    const made = planDeploy(groupOf(legacyPair()), filesOf(legacyPair()))
    assert.deepEqual(
      [made.waves, made.skipped.map((each) => each.why)],
      [[], ['my-backend 2.0 waits there already', 'my-frontend 2.0 waits there already']],
    )
  })
  it('goes on with what is left of it', () => {
    const half = legacyPair()
    const { next: _, ...frontend } = half.members[0]!
    const made = planDeploy(groupOf({ members: [frontend, half.members[1]!] }), filesOf(half))
    assert.equal(planLine(made), '1 deploy my-frontend 2.0')
  })
  it('replaces what waits behind a preview Service, and says so', () => {
    const other = pair(
      { next: { version: '3.0', env: { BACKEND_HOST: 'backend-preview' } } },
      { next: { version: '3.0' } },
    )
    const made = planDeploy(groupOf(legacyPair()), filesOf(other))
    assert.deepEqual(refusing(made), [])
    assert.deepEqual(
      made.findings.flatMap((each) => (each.code === 'release-in-progress' ? [each.sentence] : [])),
      ['my-backend 2.0 and my-frontend 2.0 wait; ' + 'this deploy takes their place, and users never come to them'],
    )
  })
  it('replaces nothing that users of others are on already, behind a Service of that release', () => {
    const of = (version: string) => ({ version, labels: { 'rollouts-group/release': version } })
    const services = ['1-0', '2-0', '3-0'].map((name) => ({
      name: `api-${name}`,
      selector: { app: 'api', 'rollouts-group/release': name.replace('-', '.') },
    }))
    const members = (api: Partial<MemberSpec>, web: Partial<MemberSpec>): MemberSpec[] => [
      { name: 'web', live: {}, ...web },
      { name: 'api', live: of('1.0'), ...api },
    ]
    const on2 = { ...of('2.0'), env: { API: 'api-2-0' } }
    const present = { services, members: members({ next: of('2.0') }, { live: on2 }) }
    const files = {
      services,
      members: members({ next: of('3.0') }, { live: on2, next: { ...of('3.0'), env: { API: 'api-3-0' } } }),
    }
    const made = planDeploy(groupOf(present), filesOf(files))
    assert.deepEqual(
      refusing(made).map((each) => [each.code, each.sentence]),
      [
        [
          'release-in-progress',
          'users of web 2.0 are on api 2.0 already, which still waits for the others: it is not to be replaced under them',
        ],
      ],
    )
  })
  it('asks for the files of whom it leaves aborted, and says that they stay so', () => {
    const status = {
      abort: true,
      phase: 'Degraded',
      message: 'RolloutAborted',
      pauseConditions: [],
      controllerPause: false,
    }
    const newer = pair({ next: { version: '3.0', env: { BACKEND_HOST: 'backend-preview' } } })
    const made = planDeploy(groupOf(pair({ status }, { status })), filesOf(newer, ['my-frontend']))
    assert.deepEqual(
      made.findings.flatMap((each) => (each.code === 'aborted' ? [[each.members, each.remedy]] : [])),
      [[['my-backend'], 'give the files of all members: what was aborted is tried again then, or replaced']],
    )
    assert.deepEqual(
      made.skipped.map((each) => each.why),
      ['it is not in the files: my-backend 2.0 was aborted, and stays so'],
    )
  })
  it('deploys blue/green members at once, and tells the promotion that follows', () =>
    assert.equal(
      line(legacyPair()),
      '1 deploy my-backend 2.0, deploy my-frontend 2.0 | ' +
        '1 promote my-frontend 2.0; wait until the old my-frontend 1.0 pods are gone (about 30s); 2 promote my-backend 2.0',
    ))
})

describe('a quota', () => {
  const quota = (hard: object, used: object, spec: object = {}) => ({
    metadata: { name: 'team' },
    spec,
    status: { hard, used },
  })
  const asking = (cpu: string) => ({
    template: { containers: [{ name: 'main', image: 'i:2.0', resources: { requests: { cpu } } }] },
  })
  const backend = { next: { version: '2.0', ...asking('500m') } }
  const rows: readonly (readonly [what: string, quota: unknown, of: WorldSpec, says: readonly RegExp[]])[] = [
    ['with room for all pods twice', quota({ pods: '12' }, { pods: '6' }), legacyPair(), []],
    [
      'without',
      quota({ pods: '11' }, { pods: '6' }),
      legacyPair(),
      [
        /^ResourceQuota team allows pods 11, 6 are used, and the new pods \(3 of my-backend and 3 of my-frontend\) need 6 more/,
      ],
    ],
    ['of pods of another kind', quota({ pods: '1' }, { pods: '0' }, { scopes: ['BestEffort'] }), legacyPair(), []],
    ['of what nobody has counted yet', quota({ pods: '1' }, {}), legacyPair(), []],
    [
      'of processors, with room',
      quota({ 'requests.cpu': '4' }, { 'requests.cpu': '2500m' }),
      legacyPair({ backend }),
      [],
    ],
    [
      'of processors, without',
      quota({ 'requests.cpu': '4' }, { 'requests.cpu': '2600m' }),
      legacyPair({ backend }),
      [/allows requests\.cpu 4, 2600m are used, .* need 1\.5 more/],
    ],
  ]
  for (const [what, of, spec, says] of rows)
    it(`${what} ${says.length === 0 ? 'is nothing to tell' : 'refuses the deploy'}`, () => {
      const { findings } = planDeploy(groupOf(before(spec)), { ...filesOf(spec), quotas: [of] })
      const told = findings.filter((each) => each.code === 'quota')
      assert.equal(told.length, says.length)
      says.forEach((each, index) => assert.match(told[index]!.sentence, each))
    })

  it('is read in every way in which Kubernetes writes amounts', () =>
    assert.deepEqual(['500m', '1.5Gi', '2e3', 4, '7', '1Ki', '3E', '', 'x', '1Q', undefined].map(quantity), [
      0.5,
      1.5 * 2 ** 30,
      2000,
      4,
      7,
      1024,
      3e18,
      undefined,
      undefined,
      undefined,
      undefined,
    ]))
})
