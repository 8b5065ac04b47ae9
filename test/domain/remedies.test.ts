import assert from 'node:assert/strict'
import { told } from '../support/typed.ts'
import { load } from 'js-yaml'
import { addressedTo } from '../../src/domain/checks/address.ts'
import type { Code } from '../../src/domain/findings/finding.ts'
import { readGroup } from '../../src/domain/group/read-group.ts'
import { judge } from '../../src/domain/plan/judge.ts'
import { makePlan } from '../../src/domain/plan/make-plan.ts'
import type { PlanOptions, Verb } from '../../src/domain/intent.ts'
import { parseServices, selects } from '../../src/domain/objects/service.ts'
import { legacyPair, world, type MemberSpec, type WorldSpec } from '../support/objects.ts'

const ABORTED = {
  abort: true,
  abortedAt: '2026-01-01T00:00:00Z',
  phase: 'Degraded',
  pauseConditions: [],
  controllerPause: false,
}
const ABORT_ALL = 'kubectl rollouts-group abort-all loan -n legacy'
const GATE = [{ setWeight: 20 }, { pause: {} }]

function findings(spec: WorldSpec, verb: Verb = 'promote-all', options: PlanOptions = {}) {
  return makePlan(readGroup(world(spec), 'loan'), verb, options).findings
}

function remedy(spec: WorldSpec, code: Code, verb: Verb = 'promote-all', options: PlanOptions = {}): string {
  const found = findings(spec, verb, options).find((each) => each.code === code)
  assert.ok(found !== undefined, `no ${code}`)
  return told(found.remedy)
}

const codes = (spec: WorldSpec) => findings(spec).map((each) => `${each.code} ${each.members.join()}`.trim())

describe('the remedy of an aborted member', () => {
  const solo = (more: Partial<MemberSpec> = {}): WorldSpec => ({
    members: [{ name: 'web', live: { version: '1.0' }, next: { version: '2.0' }, status: ABORTED, ...more }],
  })
  const canary = (name: string, hosts: string[]): MemberSpec => ({
    name,
    replicas: 5,
    canary: { steps: GATE, index: 0 },
    live: { version: '1.0', env: { API: hosts[0] ?? '' } },
    next: { version: '2.0', env: { API: hosts[1] ?? '' }, desired: 0, available: 0 },
    status: ABORTED,
  })

  it('is a retry where it stops at its gate', () =>
    assert.match(remedy(solo(), 'aborted'), /try this one again: kubectl rollouts-group retry-all loan -n legacy$/))

  it('is a retry of all that were aborted, in their order', () =>
    assert.match(
      remedy({ members: [canary('web', ['api-stable', 'api-canary']), canary('api', [])] }, 'aborted'),
      /retry-all/,
    ))

  const unsafe: Record<string, WorldSpec> = {
    'a canary would bring users to a version that no other member has': {
      members: [canary('web', ['api-active', 'api-active']), { name: 'api', live: { version: '1.0' } }],
      services: [{ name: 'web', selector: { app: 'web' } }],
    },
    'it would go live without a gate': solo({ strategy: { autoPromotionEnabled: true } }),
    'a checkpoint of the controller would take it past its gate': solo({
      status: {
        ...ABORTED,
        blueGreen: { activeSelector: 'weblive', previewSelector: 'webnext', scaleUpPreviewCheckPoint: true },
      },
    }),
    'the active Service is on what was aborted': solo({
      active: 'next',
      status: { ...ABORTED, blueGreen: { activeSelector: 'webnext', previewSelector: 'webnext' } },
    }),
  }
  for (const [why, spec] of Object.entries(unsafe))
    it(`is no retry where ${why}`, () => assert.doesNotMatch(remedy(spec, 'aborted'), /retry-all/))

  it('is to withdraw the rest first, where there is a rest', () =>
    assert.equal(
      remedy(legacyPair({ frontend: { status: ABORTED } }), 'aborted'),
      `withdraw what is left of it, then deploy a new version of the group: ${ABORT_ALL}`,
    ))
})

describe('what an aborted version is told', () => {
  const verdict = (spec: WorldSpec) => codes(spec).filter((each) => !/^(aborted|no-way-back|post-promotion)/.test(each))

  it('is not to be wired otherwise: its canary Service is on the stable version by then', () => {
    const of = (name: string, hosts: string[]): MemberSpec => ({
      name,
      replicas: 5,
      canary: { steps: GATE, index: 0 },
      preview: 'live',
      live: { version: '1.0', env: { API: hosts[0] ?? '' } },
      next: { version: '2.0', env: { API: hosts[1] ?? '' }, desired: 0, available: 0 },
      status: ABORTED,
    })
    assert.deepEqual(verdict({ members: [of('web', ['api-stable', 'api-canary']), of('api', [])] }), [])
  })

  it('is not to be followed by the others', () =>
    assert.deepEqual(verdict(legacyPair({ frontend: { next: undefined! }, backend: { status: ABORTED } })), []))

  it('does not silence what guards the others: one that was left behind, one that is wired to the old version', () => {
    const of = (name: string, wired: string, more: Partial<MemberSpec> = {}): MemberSpec => ({
      name,
      live: { version: '1.0', env: { D: `${wired}-active` } },
      next: { version: '2.0', env: { D: `${wired}-preview` } },
      ...more,
    })
    const spec = { members: [of('a', 'b', { status: ABORTED }), of('b', 'c'), of('c', '', { next: undefined! })] }
    assert.ok(codes(spec).includes('left-behind c'))
    const other = legacyPair({
      backend: { next: { version: '3.0' }, status: ABORTED, strategy: { abortScaleDownDelaySeconds: 0 } },
    })
    assert.ok(
      makePlan(readGroup(world(other), 'loan'), 'promote-all', { only: ['my-frontend'] }).findings.some(
        (each) => each.code === 'version-mismatch' && each.severity === 'error',
      ),
    )
    assert.ok(
      codes(
        legacyPair({
          frontend: { next: { version: '2.0', env: { BACKEND_HOST: 'backend-active' } } },
          backend: { status: ABORTED },
        }),
      ).includes('next-wired-to-live my-frontend'),
    )
  })
})

describe('the remedy of what a plain apply has made of a pinned group', () => {
  const pinned = (labels: Record<string, string>, more: Partial<MemberSpec> = {}) =>
    legacyPair({
      backend: { ...more },
      frontend: {
        ...more,
        live: { version: '1.0', env: { BACKEND_HOST: 'backend-active' }, labels: { 'rollouts-group/release': '1.0' } },
        next: { version: '2.0', env: { BACKEND_HOST: 'backend-active' }, labels },
      },
    })
  it('is to give the same files to release', () =>
    assert.equal(
      remedy(pinned({}), 'next-wired-to-live'),
      'give the files that my-frontend 2.0 was applied from to release, which writes addresses of its own into them: ' +
        'kubectl rollouts-group release -f FILE loan -n legacy',
    ))
  it('is the same after it was aborted: tried again it would be what it was', () =>
    assert.match(
      remedy(pinned({}, { status: ABORTED }), 'aborted'),
      /^give the files that my-frontend 2\.0 was applied from to release, /,
    ))
  it('is another where what waits is of a release', () =>
    assert.doesNotMatch(remedy(pinned({ 'rollouts-group/release': '2.0' }), 'next-wired-to-live'), /give the files/))
})

describe('the remedy of what is left of a release that was withdrawn', () => {
  const CALLS_LIVE = { version: '1.0', env: { API: 'api-active' } }
  const CALLS_NEXT = { version: '2.0', env: { API: 'api-preview' } }
  const left = (web: MemberSpec): WorldSpec => ({
    members: [web, { name: 'api', live: { version: '1.0' }, next: { version: '2.0' }, status: ABORTED }],
  })
  it('is to try it again where all of it waits', () =>
    assert.match(
      remedy(left({ name: 'web', live: CALLS_LIVE, next: CALLS_NEXT, status: ABORTED }), 'aborted'),
      /, or try this one again: kubectl rollouts-group retry-all loan -n legacy$/,
    ))
  it('is not where who had it went back to its earlier pod template: the rest alone leads nowhere', () =>
    assert.doesNotMatch(remedy(left({ name: 'web', live: CALLS_LIVE, lingering: CALLS_NEXT }), 'aborted'), /retry-all/))
})

describe('the remedy of what users meet now', () => {
  /** What a member had before, whose pods are gone. */
  const ONE = { version: '1.0', env: { API: 'api-active' }, desired: 0, available: 0 }
  const leak: WorldSpec = {
    members: [
      { name: 'web', live: { version: '2.0', env: { API: 'api-preview' } } },
      { name: 'api', live: { version: '2.0' }, next: { version: '3.0' } },
    ],
  }
  const outage = legacyPair({
    frontend: {
      active: 'next',
      next: { version: '2.0', env: { BACKEND_HOST: 'backend-preview' }, desired: 0, available: 0 },
      status: { ...ABORTED, blueGreen: { activeSelector: 'frontendnext', previewSelector: 'frontendnext' } },
    },
  })

  it('is abort-all where that is proved to end it', () => {
    assert.equal(remedy(leak, 'already-mixed'), `withdrawing the release is proved to end it: ${ABORT_ALL}`)
    assert.equal(remedy(outage, 'already-dead'), `withdrawing the release is proved to end it: ${ABORT_ALL}`)
    assert.equal(remedy(leak, 'already-mixed', 'abort-all'), 'this plan is proved to end it')
  })

  it('is promote-all where going on is proved to end it, and withdrawing is not', () =>
    assert.equal(
      remedy(legacyPair({ backend: { live: { version: '1.0', available: 0 } } }), 'already-dead'),
      'going on is proved to end it: kubectl rollouts-group promote-all loan -n legacy',
    ))

  it('is to bring users back where what they were promoted to has no ready pod', () => {
    const half: WorldSpec = {
      members: [
        { name: 'web', live: { version: '2.0', env: { API: 'api-preview' } }, lingering: ONE },
        { name: 'api', live: { version: '1.0' }, next: { version: '2.0', available: 0 } },
      ],
    }
    assert.equal(
      remedy(half, 'already-dead'),
      'bring users back to the release before: kubectl rollouts-group abort-all --undo-promoted loan -n legacy',
    )
    assert.equal(judge(readGroup(world(half), 'loan')).cure, 'abort-all --undo-promoted')
  })

  it('is to bring users back where withdrawing would leave them without pods in a while', () => {
    const release = { labels: { 'rollouts-group/release': '2.0' } }
    const patched: WorldSpec = {
      members: [
        { name: 'web', live: { version: '2.0', env: { API: 'api-2-0' }, ...release }, lingering: ONE },
        {
          name: 'api',
          live: { version: '1.0' },
          next: { version: '2.1', available: 0, ...release },
          lingering: { version: '2.0', deadline: Date.UTC(2026, 0, 1), ...release },
        },
      ],
      services: [{ name: 'api-2-0', selector: { app: 'api', ...release.labels } }],
    }
    assert.match(remedy(patched, 'already-mixed'), /^bring users back .* abort-all --undo-promoted loan -n legacy$/)
  })

  it('is no way back where nothing tells what users had before', () => {
    const release = { labels: { 'rollouts-group/release': '2.0' } }
    const patched: WorldSpec = {
      members: [
        { name: 'web', live: { version: '2.0', env: { API: 'api-2-0' }, ...release }, lingering: ONE },
        {
          name: 'api',
          live: { version: '2.0', ...release },
          next: { version: '2.1', ...release },
          lingering: { version: '1.0', desired: 0, available: 0 },
        },
      ],
      services: [{ name: 'api-2-0', selector: { app: 'api', ...release.labels } }],
    }
    assert.doesNotMatch(remedy(patched, 'already-mixed'), /undo-promoted/)
  })

  it('is undo-all where somebody has taken a part of the release away', () => {
    const web = { version: '2.0', env: { API: 'api-2-0' } }
    const taken: WorldSpec = {
      members: [
        { name: 'web', live: web },
        { name: 'api', live: { version: '1.0' }, lingering: { version: '2.0', desired: 0, available: 0 } },
      ],
      services: [{ name: 'api-2-0', selector: { app: 'api', 'rollouts-pod-template-hash': 'apilingering' } }],
    }
    assert.match(
      remedy(taken, 'already-dead'),
      /; or bring back all of what users are on in part: kubectl rollouts-group undo-all --to=2\.0 loan -n legacy$/,
    )
  })

  it('is another where abort-all would not end it', () => {
    assert.doesNotMatch(
      remedy(legacyPair({ backend: { live: { version: '1.0', available: 0 } } }), 'already-dead'),
      /abort-all/,
    )
    const forbidden: WorldSpec = {
      members: [
        ...leak.members,
        { name: 'odd', live: { version: '2.0' }, annotations: { 'rollouts-group/depends-on': 'nobody' } },
      ],
    }
    assert.doesNotMatch(remedy(forbidden, 'already-mixed'), /abort-all/)
  })
})

describe('an address to be typed', () => {
  const urls: Record<string, [written: string, typed: string]> = {
    'keeps scheme and port': ['http://backend-active:8080', 'http://backend-preview:8080'],
    'keeps namespace and path': [
      'https://backend-active.legacy.svc.cluster.local/api?x=backend-active',
      'https://backend-preview.legacy.svc.cluster.local/api?x=backend-active',
    ],
    'stays bare': ['backend-active', 'backend-preview'],
    'keeps its neighbours in a list': [
      'other-backend-active:1,backend-active:2',
      'other-backend-active:1,backend-preview:2',
    ],
  }
  for (const [name, [written, typed]] of Object.entries(urls)) {
    it(name, () =>
      assert.equal(
        remedy(
          legacyPair({ frontend: { next: { version: '2.0', env: { BACKEND_URL: written } } } }),
          'next-wired-to-live',
        ),
        `deploy it again with BACKEND_URL=${typed}`,
      ),
    )
  }
  const around = (ips: Readonly<Record<string, readonly string[]>> = {}) => {
    const raw = Object.entries(ips).map(([name, clusterIPs]) => ({ metadata: { name }, spec: { clusterIPs } }))
    return { namespace: 'legacy', services: new Map(parseServices(raw, undefined).map((each) => [each.name, each])) }
  }
  const BESIDE: readonly (readonly [what: string, where: string, typed: string])[] = [
    [
      'another host that begins alike',
      'argument exec proxy --upstream=http://api:80 --external-url=https://api.example.com/ui',
      'argument exec proxy --upstream=http://api-next:80 --external-url=https://api.example.com/ui',
    ],
    ['another namespace', 'A=http://api:80,http://api.other:80', 'A=http://api-next:80,http://api.other:80'],
    ['its own namespace', 'A=http://api.legacy.svc:80', 'A=http://api-next.legacy.svc:80'],
    ['a parameter', 'A=http://api:80/v1?client=api', 'A=http://api-next:80/v1?client=api'],
    ['a user', 'A=http://api:pw@api/api', 'A=http://api:pw@api-next/api'],
    [
      'a flag that says something else',
      'argument proxy --upstream=api --bucket=api',
      'argument proxy --upstream=api-next --bucket=api',
    ],
    [
      'another key of JSON',
      'A={"url": "http://api:80", "bucket": "api"}',
      'A={"url": "http://api-next:80", "bucket": "api"}',
    ],
    [
      'a file that is called alike',
      'api in file api.yaml of ConfigMap api',
      'api-next in file api.yaml of ConfigMap api',
    ],
  ]
  for (const [what, where, typed] of BESIDE)
    it(`leaves alone what only looks like the host: ${what}`, () =>
      assert.equal(addressedTo({ to: 'api', service: 'api', where }, 'api-next', around()), typed))
  it('is a whole argument, whatever stands behind the host', () =>
    assert.equal(
      addressedTo(
        { to: 'b', service: 'b-active', where: 'argument http://b-active:8080/b-active?a=b' },
        'b-preview',
        around(),
      ),
      'argument http://b-preview:8080/b-active?a=b',
    ))
  it('changes the host of any kind of address, and says in which file', () => {
    const typed = (where: string) => addressedTo({ to: 'b', service: 'b-active', where }, 'b-preview', around())
    assert.deepEqual(
      [
        'B=dns:///b-active:80',
        'B=grpc:b-active:80',
        'B=jdbc:postgresql://u:p@b-active/db',
        'B=_grpc._tcp.b-active.legacy.svc',
        'b-active in file app.yaml of ConfigMap b-active-conf',
      ].map(typed),
      [
        'B=dns:///b-preview:80',
        'B=grpc:b-preview:80',
        'B=jdbc:postgresql://u:p@b-preview/db',
        'B=_grpc._tcp.b-preview.legacy.svc',
        'b-preview in file app.yaml of ConfigMap b-active-conf',
      ],
    )
  })
  it('stays a cluster IP, where it is one and the other Service has one', () => {
    const ips = (...found: string[]) => found
    const wire = {
      to: 'b',
      service: 'b-active',
      written: '10.0.0.1',
      where: 'B=http://10.0.0.1:80, where 10.0.0.1 is b-active',
    }
    const typed = (of: readonly string[]) =>
      addressedTo(wire, 'b-preview', around({ 'b-active': ips('10.0.0.1', 'fd00::1'), 'b-preview': of }))
    assert.equal(typed(ips('10.0.0.2', 'fd00::2')), 'B=http://10.0.0.2:80')
    assert.equal(typed(ips()), 'B=http://b-preview:80')
  })
  it("changes every variable of the Service that the kubelet sets, and nobody else's", () => {
    const where =
      'B=http://$(B_ACTIVE_SERVICE_HOST):$(B_ACTIVE_SERVICE_PORT)/$(AB_ACTIVE_PORT), where $(B_ACTIVE_SERVICE_HOST) is b-active'
    const wire = { to: 'b', service: 'b-active', written: '$(B_ACTIVE_SERVICE_HOST)', where }
    assert.equal(
      addressedTo(wire, 'b-preview', around()),
      'B=http://$(B_PREVIEW_SERVICE_HOST):$(B_PREVIEW_SERVICE_PORT)/$(AB_ACTIVE_PORT)',
    )
  })
  it('leaves out where it was found', () => {
    const spec = {
      ...legacyPair({ frontend: { live: { version: '1.0', fromConfig: { URL: ['settings', 'url'] } } } }),
      configs: { settings: { url: 'http://backend-preview:8080' } },
    }
    assert.match(
      remedy(spec, 'live-wired-to-next'),
      /deploy my-frontend with URL=http:\/\/backend-active:8080 and promote it/,
    )
  })
})

describe('the Service per release that is printed', () => {
  const printed = (backend: Partial<MemberSpec>) => {
    const snapshot = world(legacyPair({ backend }))
    const group = readGroup(snapshot, 'loan')
    const yaml = makePlan(group, 'promote-all').findings.find((each) => each.code === 'live-wired-to-next')!.yaml!
    const manifest = load(yaml) as {
      metadata: { namespace: string }
      spec: { selector: Record<string, string>; ports: unknown }
    }
    const { live, next } = group.members.find((each) => each.name === 'my-backend')!
    const selected = (which: typeof live) =>
      selects(new Map(Object.entries(manifest.spec.selector)), which!.template.labels)
    return { yaml, manifest, live: selected(live), next: selected(next) }
  }

  for (const key of ['app.kubernetes.io/version', 'release']) {
    it(`selects the pods of its release alone, by their label ${key}`, () => {
      const { live, next, manifest, yaml } = printed({
        live: { version: '1.0', labels: { [key]: '1.0' } },
        next: { version: '2.0', labels: { [key]: '2.0' } },
      })
      assert.deepEqual([live, next], [false, true])
      assert.equal(manifest.metadata.namespace, 'legacy')
      assert.doesNotMatch(yaml, /VERSION/)
    })
  }

  it('selects what users are on already, where half of the release is promoted', () => {
    const spec = legacyPair({
      frontend: { live: { version: '2.0', env: { BACKEND_HOST: 'backend-preview' } }, next: undefined! },
      backend: {
        live: { version: '1.0', labels: { release: '1.0' } },
        next: { version: '2.0', labels: { release: '2.0' } },
      },
    })
    assert.match(findings(spec).find((each) => each.code === 'live-wired-to-next')!.yaml!, /name: my-backend-2-0/)
  })

  it('is one for the next release, that no API server takes as it is, where no label tells one release from another', () => {
    const role = (value: string) => ({ labels: { role: value } })
    const { yaml } = printed({
      live: { version: '1.0', ...role('active') },
      next: { version: '2.0', ...role('preview') },
      strategy: { activeMetadata: role('active'), previewMetadata: role('preview') },
    })
    assert.match(yaml, /^# For the next release of my-backend, not for this one/)
    assert.match(yaml, /\n {2}name: my-backend-VERSION\n/)
  })

  it('listens where the active Service does', () => {
    const snapshot = world(legacyPair())
    const ports = [
      { name: 'http', port: 80, targetPort: 'web', protocol: 'TCP', nodePort: 30_000 },
      { name: 'dns', port: 53, protocol: 'UDP' },
    ]
    const services = snapshot.services.map((raw) => ({
      ...(raw as object),
      spec: { ...(raw as { spec: object }).spec, ports },
    }))
    const yaml = makePlan(readGroup({ ...snapshot, services }, 'loan'), 'promote-all').findings.find(
      (each) => each.code === 'live-wired-to-next',
    )!.yaml!
    assert.deepEqual((load(yaml) as { spec: { ports: unknown } }).spec.ports, [
      { name: 'http', port: 80, targetPort: 'web' },
      { name: 'dns', protocol: 'UDP', port: 53 },
    ])
  })
})

describe('modern mode', () => {
  it('finds no fault with an active Service in the next revision', () => {
    const spec = legacyPair({ frontend: { next: { version: '2.0', env: { BACKEND_HOST: 'backend-active' } } } })
    assert.deepEqual(
      codes({ members: spec.members.map((each) => ({ ...each, annotations: { 'rollouts-group/mode': 'modern' } })) }),
      [],
    )
  })
})

describe('a post-promotion analysis', () => {
  it('is not warned of once it is over, and well', () => {
    const of = (status: string) => ({
      ...legacyPair({
        frontend: {
          active: 'next' as const,
          strategy: { postPromotionAnalysis: { templates: [] } },
          status: {
            ...ABORTED,
            blueGreen: {
              activeSelector: 'frontendnext',
              previewSelector: 'frontendnext',
              postPromotionAnalysisRunStatus: { name: 'smoke', status },
            },
          },
        },
      }),
    })
    assert.ok(codes(of('Running')).includes('post-promotion-analysis my-frontend'))
    assert.ok(!codes(of('Successful')).includes('post-promotion-analysis my-frontend'))
  })
})

describe('the remedy where a ConfigMap was changed under the pods that users are on', () => {
  const given = { HOST: 'backend-active' }
  const stuck = (more: Partial<WorldSpec> = {}): WorldSpec => ({
    ...legacyPair({
      frontend: { live: { version: '1.0', fromConfig: { BACKEND_HOST: ['one', 'HOST'] } }, next: undefined! },
    }),
    configs: { one: given },
    edited: { one: Date.UTC(2026, 1, 1) },
    ...more,
  })
  /** A Service of what waits alone, that these pods may have been told of. */
  const own = [{ name: 'backend-2-0', selector: { app: 'my-backend', 'rollouts-pod-template-hash': 'backendnext' } }]

  it('puts the stable pod templates back where that is proved, and nothing else is', () =>
    assert.equal(
      remedy(stuck(), 'config-changed'),
      `put the stable pod templates back, which harms nobody: ${ABORT_ALL.replace('all', 'all --to-stable')}`,
    ))

  it('is a hand that puts it back where nothing is proved, and then what goes on without', () =>
    assert.equal(
      remedy(stuck({ services: own }), 'config-changed'),
      'nothing proves a way out: put it back as it was when these pods started, then withdraw what waits without a ' +
        `proof: ${ABORT_ALL.replace('all', 'all --to-stable --trust-depends-on')}`,
    ))

  it('names no ConfigMap twice where abort-all is asked for it', () =>
    assert.match(
      remedy(stuck({ services: own }), 'wire-unknown', 'abort-all', { toStable: true }),
      /^put ConfigMap one back as these pods were given it; --trust-depends-on goes on without this proof$/,
    ))
})

describe('the remedy where no version tells whether a consumer was promoted or left there', () => {
  it('names what leads out in either case, the likely one first', () =>
    assert.equal(
      remedy(
        {
          members: [
            { name: 'a', live: { env: { B: 'b-preview' } } },
            { name: 'b', live: {}, next: {} },
          ],
        },
        'half-or-leak',
      ),
      `if it was left there, ${ABORT_ALL.replace('all', 'all --assume=leak')} withdraws what waits; if it was ` +
        'promoted, kubectl rollouts-group promote-all --assume=half-promoted loan -n legacy goes on; ' +
        'the pod template annotation rollouts-group/version ends the doubt',
    ))
})
