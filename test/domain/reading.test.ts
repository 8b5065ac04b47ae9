import assert from 'node:assert/strict'
import { settings } from '../../src/domain/group/environment.ts'
import { parseConfigMap } from '../../src/domain/objects/config-map.ts'
import { gateOf } from '../../src/domain/group/gate.ts'
import { graphOf } from '../../src/domain/group/call-graph.ts'
import { type Group, readGroup } from '../../src/domain/group/read-group.ts'
import { phaseOf } from '../../src/domain/objects/phase.ts'
import { parsePodTemplate } from '../../src/domain/objects/pod-template.ts'
import { parseServices, readyBehind, selects } from '../../src/domain/objects/service.ts'
import { type Canary, parseStrategy, weightAt } from '../../src/domain/objects/strategy.ts'
import { directoryOf, hostsIn } from '../../src/domain/evidence/hosts.ts'
import { valuesIn } from '../../src/domain/evidence/settings-file.ts'
import { configOf, legacyPair, world, type MemberSpec, type RevisionSpec, type WorldSpec } from '../support/objects.ts'

const groupOf = (spec: WorldSpec): Group => readGroup(world(spec), 'loan')
const memberOf = (group: Group, name: string) => group.members.find((each) => each.name === name)!

const named = (value: string, services: readonly string[]) =>
  hostsIn(value, directoryOf('legacy', new Map(), new Set(services))).map((each) => each.service)

describe('a host name', () => {
  const services = ['backend-active', 'redis']
  const found: [string, string[]][] = [
    ['backend-active', ['backend-active']],
    ['backend-active:8080', ['backend-active']],
    ['http://backend-active:8080/api?x=1', ['backend-active']],
    ['grpc://user:secret@backend-active', ['backend-active']],
    ['"backend-active.legacy"', ['backend-active']],
    ["'backend-active.legacy.svc'", ['backend-active']],
    ['backend-active.legacy.svc.cluster.local:8080', ['backend-active']],
    ['backend-active.legacy.svc.corp.example.', ['backend-active']],
    ['--backend=backend-active:8080', ['backend-active']],
    ['redis:6379,backend-active:8080', ['redis', 'backend-active']],
    ['{"backend":"http://backend-active"}', ['backend-active']],
    ['dns:///backend-active:8080', ['backend-active']],
    ['dns://8.8.8.8/backend-active:8080', ['backend-active']],
    ['jdbc:postgresql://backend-active:5432/redis', ['backend-active']],
    ['amqp+x:tcp://backend-active:1', ['backend-active']],
    ['//backend-active', ['backend-active']],
    ['grpc:backend-active:80', ['backend-active']],
    ['backend-active:8080:8081', ['backend-active']],
    ['mongodb://redis:secret@backend-active:27017,backend-active.legacy:2/db', ['backend-active']],
    ['Backend-Active.', ['backend-active']],
    ['--config=/etc/redis/redis.conf', []],
    ['https://example.com/redis', []],
    ['redis_data', []],
    ['backend-active.other', []],
    ['backend-active.legacy.pod', []],
    ['backend-active-2', []],
    ['my.backend-active', []],
    ['', []],
  ]
  for (const [value, expected] of found)
    it(`${JSON.stringify(value)} names ${expected.join(' and ') || 'none'}`, () =>
      assert.deepEqual(named(value, services), expected))
})

describe('a file of settings', () => {
  const services = ['backend', 'backend-active']
  const found: [string, string[]][] = [
    ['backend: http://backend-active:8080\n', ['backend-active']],
    ['  "backend": "backend-active"', ['backend-active']],
    ['upstreams:\n- backend-active:80\n', ['backend-active']],
    ['backend=backend-active', ['backend-active']],
    ['upstream b { server backend-active; }', ['backend-active']],
    ['# the backend, not backend-active\nnone: 1', []],
  ]
  for (const [content, expected] of found)
    it(`${JSON.stringify(content)} names ${expected.join(' and ') || 'none'}`, () =>
      assert.deepEqual(
        valuesIn(content).flatMap(({ value }) => named(value, services)),
        expected,
      ))
})

describe('an environment', () => {
  const configs = new Map([['shared', configOf({ APP_VERSION: '1.0', BACKEND_HOST: 'backend-active' })]])
  const whole = { envFrom: [{ configMapRef: { name: 'shared' } }] }
  const read = (container: object) => {
    const template = parsePodTemplate({ spec: { containers: [{ name: 'main', image: 'loan', ...container }] } })
    return settings(template.containers[0]!, template, configs).map((each) => each.where)
  }
  const found: [string, object, string[]][] = [
    [
      'takes env before envFrom',
      { env: [{ name: 'BACKEND_HOST', value: 'backend-preview' }], ...whole },
      ['APP_VERSION=1.0 in ConfigMap shared', 'BACKEND_HOST=backend-preview'],
    ],
    [
      'takes the last of one name',
      {
        env: [
          { name: 'A', value: '1' },
          { name: 'A', value: '2' },
        ],
      },
      ['A=2'],
    ],
    [
      'takes the last ConfigMap',
      { envFrom: [...whole.envFrom, { configMapRef: { name: 'shared' }, prefix: 'X_' }] },
      ['APP_VERSION=1.0', 'BACKEND_HOST=backend-active', 'X_APP_VERSION=1.0', 'X_BACKEND_HOST=backend-active'].map(
        (each) => `${each} in ConfigMap shared`,
      ),
    ],
    [
      'knows nothing of what a Secret overrides',
      { env: [{ name: 'BACKEND_HOST', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } }], ...whole },
      ['APP_VERSION=1.0 in ConfigMap shared'],
    ],
    [
      'keeps what an optional key that is missing does not override',
      {
        env: [{ name: 'BACKEND_HOST', valueFrom: { configMapKeyRef: { name: 'other', key: 'k', optional: true } } }],
        ...whole,
      },
      ['APP_VERSION=1.0 in ConfigMap shared', 'BACKEND_HOST=backend-active in ConfigMap shared'],
    ],
    [
      'puts variables into values and arguments',
      {
        env: [
          { name: 'ROLE', value: 'preview' },
          { name: 'URL', value: 'http://backend-$(ROLE)' },
        ],
        args: ['--to=$(URL)', '$$(ROLE)', '$(NONE)'],
      },
      [
        'ROLE=preview',
        'URL=http://backend-preview',
        'argument --to=http://backend-preview',
        'argument $(ROLE)',
        'argument $(NONE)',
      ],
    ],
  ]
  for (const [name, container, expected] of found) it(name, () => assert.deepEqual(read(container), expected))
})

describe('a wire', () => {
  const wires = (change: Partial<MemberSpec>, configs: WorldSpec['configs'] = {}) =>
    memberOf(groupOf({ ...legacyPair({ frontend: change }), configs }), 'my-frontend').live!.wires.map(
      (each) => `${each.to} ${each.service}: ${each.where}`,
    )
  it('is found in an environment variable', () =>
    assert.deepEqual(wires({}), ['my-backend backend-active: BACKEND_HOST=backend-active']))
  it('is found in a ConfigMap, which it names', () =>
    assert.deepEqual(
      wires(
        { live: { fromConfig: { BACKEND_HOST: ['settings-7f9c', 'HOST'] } } },
        { 'settings-7f9c': { HOST: 'backend-preview' } },
      ),
      ['my-backend backend-preview: BACKEND_HOST=backend-preview in ConfigMap settings-7f9c'],
    ))
  it('is found in an argument', () =>
    assert.deepEqual(
      wires({ live: { template: { containers: [{ name: 'main', image: 'a', args: ['--to=backend-active'] }] } } }),
      ['my-backend backend-active: argument --to=backend-active'],
    ))
  it('is found in an argument of an init container', () =>
    assert.deepEqual(
      wires({
        live: {
          template: {
            containers: [],
            initContainers: [{ name: 'wait', image: 'a', command: ['wait-for', 'backend-active:8080'] }],
          },
        },
      }),
      ['my-backend backend-active: argument backend-active:8080'],
    ))
  for (const [where, fields] of [
    ['hook', { lifecycle: { preStop: { exec: { command: ['leave', 'http://backend-active'] } } } }],
    ['probe', { startupProbe: { exec: { command: ['wget', 'http://backend-active'] } } }],
  ] as const)
    it(`is found in the command of a ${where}`, () =>
      assert.deepEqual(wires({ live: { template: { containers: [{ name: 'main', image: 'a', ...fields }] } } }), [
        'my-backend backend-active: argument http://backend-active',
      ]))
  const field = (fieldPath: string, name = 'BACKEND_URL') => ({ name, valueFrom: { fieldRef: { fieldPath } } })
  const URL = { annotations: { 'app/back': 'http://backend-active:8080' } }
  const shows = (...paths: string[]) => ({
    volumes: [
      { name: 'i', downwardAPI: { items: paths.map((path) => ({ path: 'f', fieldRef: { fieldPath: path } })) } },
    ],
  })
  const OWN: [string, Partial<RevisionSpec>, { env?: object[]; more?: object }, string[]][] = [
    [
      'an annotation of its own that a variable shows',
      URL,
      { env: [field("metadata.annotations['app/back']")] },
      ['my-backend backend-active: BACKEND_URL=http://backend-active:8080 in annotation app/back'],
    ],
    [
      'an annotation that another variable is made of',
      { annotations: { role: 'active' } },
      {
        env: [
          field("metadata.annotations['role']", 'ROLE'),
          { name: 'BACKEND_URL', value: 'http://backend-$(ROLE):80' },
        ],
      },
      ['my-backend backend-active: BACKEND_URL=http://backend-active:80'],
    ],
    [
      'a label under a key that says it is an address',
      { labels: { back: 'backend-active' } },
      { env: [field("metadata.labels['back']", 'BACKEND_HOST')] },
      ['my-backend backend-active: BACKEND_HOST=backend-active in label back'],
    ],
    [
      'an annotation that a volume shows as a file',
      URL,
      { more: shows("metadata.annotations['app/back']") },
      ['my-backend backend-active: backend-active in annotation app/back'],
    ],
    [
      'an address with the namespace put in',
      {},
      {
        env: [field('metadata.namespace', 'NS'), { name: 'BACKEND_URL', value: 'http://backend-active.$(NS).svc:80' }],
      },
      ['my-backend backend-active: BACKEND_URL=http://backend-active.legacy.svc:80'],
    ],
    ['an annotation that nobody reads: no', URL, {}, []],
    ['another annotation: no', URL, { env: [field("metadata.annotations['app/other']")] }, []],
    ['all annotations in one file: no', URL, { more: shows('metadata.annotations') }, []],
    ['the name of its pod: no', {}, { env: [field('metadata.name')] }, []],
  ]
  for (const [what, revision, { env = [], more }, expected] of OWN)
    it(`is looked for in ${what}`, () => {
      const template = { containers: [{ name: 'main', image: 'a', env }], ...more }
      assert.deepEqual(wires({ live: { ...revision, template } }), expected)
    })
  it('is not found in a label that says what a pod is, nor doubtful there', () => {
    const template = { containers: [{ name: 'main', image: 'a', env: [field("metadata.labels['part']", 'PART')] }] }
    const spec = legacyPair({ frontend: { live: { labels: { part: 'backend' }, template } } })
    const services = [{ name: 'backend', selector: { app: 'my-backend' } }]
    const { wires: found, weak } = memberOf(groupOf({ ...spec, services }), 'my-frontend').live!
    assert.deepEqual([found, weak.map((each) => each.strength)], [[], ['named']])
  })
  it('is found in a host name for which the pods have an address of their own', () => {
    const template = {
      containers: [{ name: 'main', image: 'a' }],
      hostAliases: [{ ip: '10.96.0.7', hostnames: ['pay.internal'] }],
    }
    const snapshot = world(legacyPair({ frontend: { live: { template } } }))
    const addressed = (raw: unknown) => {
      const { metadata, spec } = raw as { metadata: { name: string }; spec: object }
      return { metadata, spec: { ...spec, ...(metadata.name === 'backend-active' && { clusterIP: '10.96.0.7' }) } }
    }
    const group = readGroup({ ...snapshot, services: snapshot.services.map(addressed) }, 'loan')
    assert.deepEqual(
      memberOf(group, 'my-frontend').live!.wires.map((each) => [each.service, each.where]),
      [['backend-active', 'hostAliases 10.96.0.7 pay.internal, where 10.96.0.7 is backend-active']],
    )
  })
  it('is found in a file of a ConfigMap that is mounted', () =>
    assert.deepEqual(
      wires(
        {
          live: {
            template: {
              containers: [{ name: 'main', image: 'a', volumeMounts: [{ name: 'conf', mountPath: '/conf' }] }],
              volumes: [{ name: 'conf', configMap: { name: 'conf' } }],
            },
          },
        },
        { conf: { 'app.yaml': 'backend: http://backend-active:8080' } },
      ),
      ['my-backend backend-active: backend-active in file app.yaml of ConfigMap conf'],
    ))
  it('is not found in a key that does not become a file', () =>
    assert.deepEqual(
      wires(
        {
          live: {
            template: {
              containers: [{ name: 'main', image: 'a', volumeMounts: [{ name: 'all', mountPath: '/all' }] }],
              volumes: [
                {
                  name: 'all',
                  projected: { sources: [{ configMap: { name: 'conf', items: [{ key: 'a', path: 'a' }] } }] },
                },
              ],
            },
          },
        },
        { conf: { a: '', b: 'backend-active' } },
      ),
      [],
    ))
  const MOUNTS: [what: string, mounts: (object | object[])[], items: [string, string][], found: string[]][] = [
    ['the one file that is mounted', [{ subPath: 'a' }], [], ['a']],
    ['each that is, by whomever', [{ subPath: 'a' }, [{ subPath: 'b' }]], [], ['a', 'b']],
    ['all where one mounts all', [{ subPath: 'a' }, {}], [], ['a', 'b']],
    ['one with slashes about it', [{ subPath: './a/' }], [], ['a']],
    ['all where a variable says which', [{ subPathExpr: '$(NAME)' }], [], ['a', 'b']],
    ['one that an expression names', [{ subPathExpr: 'b' }], [], ['b']],
    [
      'the path of an item, not its key',
      [{ subPath: 'x' }],
      [
        ['a', 'x'],
        ['b', 'a'],
      ],
      ['a'],
    ],
    [
      'items in a directory',
      [{ subPath: 'dir' }],
      [
        ['a', 'dir/a'],
        ['b', 'dirb'],
      ],
      ['a'],
    ],
    ['the items where all is mounted', [{}], [['b', 'b']], ['b']],
    ['nothing where nobody mounts it', [], [], []],
    ['no item where nobody mounts it', [], [['a', 'a']], []],
    ['none that is not there', [{ subPath: 'c' }], [], []],
  ]
  for (const [what, mounts, items, expected] of MOUNTS)
    for (const projected of [false, true])
      it(`is found in a mounted${projected ? ' projected' : ''} volume in ${what}`, () => {
        const given = { name: 'conf', ...(items.length > 0 && { items: items.map(([key, path]) => ({ key, path })) }) }
        const mounting = (all: object[]) => ({
          image: 'a',
          volumeMounts: [
            { name: 'other', mountPath: '/o' },
            ...all.map((each) => ({ name: 'v', mountPath: '/m', ...each })),
          ],
        })
        const inits = mounts.filter((each) => Array.isArray(each))
        const template = {
          containers: [{ name: 'main', ...mounting(mounts.filter((each) => !Array.isArray(each))) }],
          initContainers: inits.map((each, index) => ({ name: `init${index}`, ...mounting(each) })),
          volumes: [
            { name: 'v', ...(projected ? { projected: { sources: [{ configMap: given }] } } : { configMap: given }) },
            { name: 'other', emptyDir: {} },
          ],
        }
        const spec = legacyPair({ frontend: { live: { template } } })
        spec.members.push({ name: 'store', live: { version: '1.0' } })
        const configs = { conf: { a: 'http://backend-active:80', b: 'http://store-active:80' } }
        const { wires: found } = memberOf(groupOf({ ...spec, configs }), 'my-frontend').live!
        const files: Record<string, string> = { 'my-backend': 'a', store: 'b' }
        assert.deepEqual(
          found.map(({ to }) => files[to]),
          expected,
        )
      })
  it('is not found in a value that another one overrides', () =>
    assert.deepEqual(
      wires(
        {
          live: {
            template: {
              containers: [
                {
                  name: 'main',
                  image: 'a',
                  envFrom: [{ configMapRef: { name: 'conf' } }],
                  env: [{ name: 'HOST', value: 'elsewhere' }],
                },
              ],
            },
          },
        },
        { conf: { HOST: 'backend-active' } },
      ),
      [],
    ))
  it('is not found where the ConfigMap is gone', () =>
    assert.deepEqual(
      wires({ live: { fromConfig: { BACKEND_HOST: ['settings', 'HOST'] } } }, { settings: 'missing' }),
      [],
    ))
  it('is not one that leads to itself', () =>
    assert.deepEqual(wires({ live: { env: { SELF: 'frontend-active' } } }), []))
  it('follows the role where ephemeral metadata carries it through a volume', () => {
    const template = {
      containers: [{ name: 'main', image: 'a' }],
      volumes: [
        { name: 'info', downwardAPI: { items: [{ path: 'labels', fieldRef: { fieldPath: 'metadata.labels' } }] } },
      ],
    }
    const group = groupOf(
      legacyPair({
        frontend: {
          live: { template },
          next: { template },
          strategy: {
            activeMetadata: { labels: { backendHost: 'backend-active' } },
            previewMetadata: { labels: { backendHost: 'backend-preview' } },
          },
        },
      }),
    )
    assert.deepEqual(
      memberOf(group, 'my-frontend').live!.wires.map((each) => [each.service, each.role]),
      [
        ['backend-active', { of: 'live', by: 'volume' }],
        ['backend-preview', { of: 'next', by: 'volume' }],
      ],
    )
  })
})

describe('a graph', () => {
  const chain = (...edges: [string, string[]][]): WorldSpec => ({
    members: edges.map(([name, to]) => ({
      name,
      live: { version: '1', env: Object.fromEntries(to.map((each) => [each, `${each}-active`])) },
    })),
  })
  it('puts each member after everybody who calls it', () =>
    assert.deepEqual(graphOf(groupOf(chain(['a', ['b', 'd']], ['b', ['c']], ['c', ['d']], ['d', []]))).layers, [
      ['a'],
      ['b'],
      ['c'],
      ['d'],
    ]))
  it('finds where users come in', () =>
    assert.deepEqual(graphOf(groupOf(chain(['a', ['c']], ['b', ['c']], ['c', []]))).entries, ['a', 'b']))
  const exposed = (annotations: Record<string, string>, name = 'b-active', type = 'LoadBalancer') => {
    const spec = chain(['a', ['b']], ['b', []])
    spec.members[1]!.annotations = annotations
    const snapshot = world(spec)
    const services = (snapshot.services as { metadata: { name: string }; spec: object }[]).map((each) =>
      each.metadata.name === name ? { ...each, spec: { ...each.spec, type } } : each,
    )
    return graphOf(readGroup({ ...snapshot, services }, 'loan')).entries
  }
  it('takes a member for an entry that callers reach from outside the cluster, though another one calls it', () => {
    assert.deepEqual(exposed({}), ['a', 'b'])
    assert.deepEqual(exposed({}, 'b-active', 'NodePort'), ['a', 'b'])
  })
  it('takes it for none where that is denied, or where only its preview is shown outside', () => {
    assert.deepEqual(exposed({ 'rollouts-group/entry': 'false' }), ['a'])
    assert.deepEqual(exposed({}, 'b-preview'), ['a'])
  })
  it('orders a circle by the distance from its caller', () => {
    const graph = graphOf(groupOf(chain(['a', ['b']], ['b', ['c']], ['c', ['b', 'd']], ['d', []])))
    assert.deepEqual(graph.layers, [['a'], ['b'], ['c'], ['d']])
    assert.deepEqual(graph.cycles, [['b', 'c']])
  })
  it('takes declared dependencies before wires', () => {
    const spec = chain(['a', ['b']], ['b', []])
    spec.members[0]!.annotations = { 'rollouts-group/depends-on': '' }
    assert.deepEqual(graphOf(groupOf(spec)).edges, [])
  })
  it('takes sync waves where nothing else is known', () => {
    const spec = chain(['a', []], ['b', []])
    spec.members.forEach((each, index) => {
      each.annotations = { 'argocd.argoproj.io/sync-wave': String(5 - index) }
    })
    assert.deepEqual(graphOf(groupOf(spec)).edges, [
      { consumer: 'a', dependency: 'b', source: 'sync-wave', wired: false },
    ])
  })
})

describe('a status', () => {
  const member = (change: Partial<MemberSpec>) => memberOf(groupOf(legacyPair({ frontend: change })), 'my-frontend')
  it('is current where generation and revision agree', () => assert.equal(member({}).stale, undefined))
  it('is stale while the generation is not observed', () =>
    assert.match(member({ status: { observedGeneration: '3' } }).stale!, /spec update/))
  it('is stale while the new revision has another number than the Rollout', () =>
    assert.match(member({ annotations: { 'rollout.argoproj.io/revision': '4' } }).stale!, /numbered/))
  it('counts an old-style hash as observed', () =>
    assert.equal(member({ status: { observedGeneration: 'abc' } }).stale, undefined))
  it('says waiting to unpause while the controller has not seen a promote', () =>
    assert.deepEqual(phaseOf(member({ status: { pauseConditions: [] } })), {
      name: 'Progressing',
      message: 'waiting for rollout to unpause',
    }))

  const gates: [string, Partial<MemberSpec>, string, string][] = [
    ['ready with all its pods', {}, 'ready', ''],
    ['short where a pod was lost', { next: { version: '2.0', available: 2 } }, 'short', '2 of 3 pods of 2.0 available'],
    [
      'under way while pods start',
      { next: { version: '2.0', available: 1 }, status: { pauseConditions: [], controllerPause: false } },
      'under-way',
      '1 of 3 pods of 2.0 available',
    ],
    ['ready without pods where it is to have none', { replicas: 0 }, 'ready', ''],
    [
      "ready with the preview's own count",
      { strategy: { previewReplicaCount: 1 }, next: { version: '2.0', desired: 1, available: 1 } },
      'ready',
      '',
    ],
  ]
  for (const [name, change, state, waitingFor] of gates)
    it(`is at a gate ${name}`, () => assert.deepEqual(gateOf(member(change)), { state, waitingFor }))
})

describe('the endpoints of a Service', () => {
  const behind = (...slices: [name: string, ready: boolean][][]) =>
    parseServices(
      [{ metadata: { name: 's' }, spec: { selector: { app: 'x' } } }],
      slices.map((each) => ({
        metadata: { labels: { 'kubernetes.io/service-name': 's' } },
        endpoints: each.map(([name, ready]) => ({ targetRef: { name, uid: `uid-${name}` }, conditions: { ready } })),
      })),
    )[0]!
  it('count each pod once, though it stands in the slices of two address families', () => {
    const slice: [string, boolean][] = [
      ['web-1-aaaaa', true],
      ['web-1-bbbbb', true],
      ['web-1-ccccc', false],
      ['web-2-aaaaa', true],
    ]
    assert.deepEqual(readyBehind(behind(slice, slice), 'web-1'), { own: 2, others: 1 })
  })
  it('are ready where all slices say so', () =>
    assert.deepEqual(readyBehind(behind([['web-1-aaaaa', true]], [['web-1-aaaaa', false]]), 'web-1'), {
      own: 0,
      others: 0,
    }))
  it('belong to a ReplicaSet whose long name is cut off in theirs', () => {
    const set = 'payments-platform-checkout-frontend-production-eu-7d8b7444f8'
    assert.deepEqual(
      readyBehind(
        behind([
          ['payments-platform-checkout-frontend-production-eu-7d8b7444x2k9f', true],
          ['payments-platform-checkout-frontend-production-eu-6cdf8668x2k9f', true],
        ]),
        set,
      ),
      { own: 1, others: 1 },
    )
  })
  it('of something that is no pod count each', () => {
    const [service] = parseServices(
      [{ metadata: { name: 's' } }],
      [
        {
          metadata: { labels: { 'kubernetes.io/service-name': 's' } },
          endpoints: [{ addresses: ['10.0.0.1'] }, { addresses: ['10.0.0.2'] }],
        },
      ],
    )
    assert.deepEqual(readyBehind(service!, 'web-1'), { own: 0, others: 2 })
  })
})

describe('a ConfigMap', () => {
  it('has the text of its binary data, too, and what is no text is nothing', () => {
    const binaryData = { conf: btoa('host = backend'), picture: btoa('\xff\xd8'), broken: '%', both: btoa('no') }
    assert.deepEqual(
      [...parseConfigMap({ data: { both: 'yes' }, binaryData }).data],
      [
        ['conf', 'host = backend'],
        ['both', 'yes'],
      ],
    )
  })
})

describe('what is malformed', () => {
  it('is a finding about that member, not a crash of the group', () => {
    const snapshot = world(legacyPair())
    const group = readGroup(
      { ...snapshot, rollouts: [...snapshot.rollouts, { metadata: { name: 'odd', uid: 'x' }, spec: {} }, null, 7] },
      'loan',
    )
    assert.equal(group.members.length, 2)
    assert.match(group.problems[0]!.sentence, /rollout\/odd cannot be read: it has no strategy/)
  })
  for (const [key, value] of [
    ['entry', 'yes'],
    ['protected', 'on'],
    ['mode', 'modrn'],
  ] as const) {
    it(`is an annotation rollouts-group/${key} that says ${value}`, () => {
      const { problems } = readGroup(
        world(legacyPair({ backend: { annotations: { [`rollouts-group/${key}`]: value } } })),
        'loan',
      )
      assert.deepEqual(
        problems.map((each) => [each.code, each.severity, each.members.join(), each.sentence]),
        [['malformed', 'error', 'my-backend', `rollout/my-backend has rollouts-group/${key}: "${value}"`]],
      )
    })
  }
  it('does not reach into prototypes', () => {
    const snapshot = world(legacyPair())
    const odd = JSON.parse(
      '{"metadata":{"name":"odd","uid":"u","annotations":{"__proto__":"x"}},"spec":{"strategy":{"__proto__":{"blueGreen":{"activeService":"a"}}}}}',
    )
    assert.equal(readGroup({ ...snapshot, rollouts: [odd] }, 'loan').members.length, 0)
  })
  it('selects nothing with an empty selector', () => assert.equal(selects(new Map(), new Map([['a', 'b']])), false))
})

describe('a canary', () => {
  const canary = parseStrategy({
    canary: { steps: [{ setWeight: 20 }, { pause: { duration: '5m' } }, { setWeight: 60 }, { pause: {} }] },
  }) as Canary
  it('reads pause durations', () => assert.deepEqual(canary.steps[1], { kind: 'pause', seconds: 300 }))
  const weights: [number, number][] = [
    [0, 20],
    [1, 20],
    [3, 60],
    [4, 100],
  ]
  for (const [index, weight] of weights)
    it(`has weight ${weight} at step ${index}`, () => assert.equal(weightAt(canary, index), weight))
})
