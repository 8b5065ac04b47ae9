import assert from 'node:assert/strict'
import { at, text } from '../../src/domain/objects/fields.ts'
import { changesOf } from '../../src/domain/rewire/changes.ts'
import { labelValue, serviceName } from '../../src/domain/objects/release-names.ts'
import type { Rewiring } from '../../src/domain/rewire/rewire.ts'
import { unpin } from '../../src/domain/rewire/unpin.ts'
import {
  around,
  clusterWith,
  configMap,
  containerOf,
  manifestsOf,
  member,
  objectOf,
  refusals,
  rewired,
  service,
} from './files.ts'

const API = member('api')
const env = (value: string) => `env: [{name: API_URL, value: ${JSON.stringify(value)}}]`
const labelsOf = (object: unknown) => at(object, 'spec', 'template', 'metadata', 'labels')

describe('an address in the environment', () => {
  const PLACES: readonly (readonly [what: string, before: string, after: string])[] = [
    ['a bare name', 'api-active', 'api-2-0'],
    ['scheme, port and path', 'http://api-active:8080/v1?x=api-active', 'http://api-2-0:8080/v1?x=api-active'],
    ['a word beside it', 'http://api-active:80 api-active', 'http://api-2-0:80 api-active'],
    ['its key in a map', 'api-active=http://api-active:80,x=y', 'api-active=http://api-2-0:80,x=y'],
    ['its key before a colon', 'api-active:api-active:80,x:x:80', 'api-active:api-2-0:80,x:x:80'],
    ['its key before an arrow', 'api-active -> api-active:80, x->x', 'api-active -> api-2-0:80, x->x'],
    ['its namespace and domain', 'api-active.shop.svc.cluster.local', 'api-2-0.shop.svc.cluster.local'],
    ['user and password', 'redis://u:p@api-active:6379', 'redis://u:p@api-2-0:6379'],
    ['quotes', '"api-active:80"', '"api-2-0:80"'],
    ['several of them', 'api-active:80,api-preview:81', 'api-2-0:80,api-2-0:81'],
    ['another host beside it', 'http://api-active:80,http://other:80', 'http://api-2-0:80,http://other:80'],
    ['the preview Service', 'grpc://api-preview', 'grpc://api-2-0'],
    ['an SRV name', '_http._tcp.api-active.shop.svc', '_http._tcp.api-2-0.shop.svc'],
    ['JSON', '{"api": {"url": "http://api-active:80/x"}, "n": 1}', '{"api": {"url": "http://api-2-0:80/x"}, "n": 1}'],
    ['lines', 'a: 1\nupstream: api-active:80 # api-active\n', 'a: 1\nupstream: api-2-0:80 # api-active\n'],
  ]
  for (const [what, before, after] of PLACES)
    it(`gets another host, and keeps ${what}`, () => {
      const result = rewired([API, member('web', env(before))])
      assert.deepEqual(refusals(result), [])
      assert.deepEqual(containerOf(result, 'web'), {
        name: 'main',
        image: 'shop/web:2.0',
        env: [{ name: 'API_URL', value: after }],
      })
    })

  it('of another namespace stays', () => {
    const result = rewired([API, member('web', env('http://api-active.other:80'))])
    assert.deepEqual(at(containerOf(result, 'web'), 'env'), [{ name: 'API_URL', value: 'http://api-active.other:80' }])
  })

  it('of which the last of two values counts is changed there', () => {
    const twice = 'env: [{name: API_URL, value: "http://api-active"}, {name: API_URL, value: "http://api-preview"}]'
    assert.deepEqual(at(containerOf(rewired([API, member('web', twice)]), 'web'), 'env'), [
      { name: 'API_URL', value: 'http://api-active' },
      { name: 'API_URL', value: 'http://api-2-0' },
    ])
  })

  const annotated = (annotation: string, container: string) =>
    member('web', container).replace(
      '{labels: {app: web}}',
      `{labels: {app: web}, annotations: {app/api: "${annotation}"}}`,
    )
  const SHOWN = `{name: API_URL, valueFrom: {fieldRef: {fieldPath: "metadata.annotations['app/api']"}}}`
  it('that comes from an annotation of the pods is changed there, and taken back from there', () => {
    const web = (result: ReturnType<typeof rewired>) =>
      at(objectOf(result, 'Rollout', 'web'), 'spec', 'template', 'metadata', 'annotations')
    const result = rewired([API, annotated('http://api-active:80/v1', `env: [${SHOWN}]`)])
    assert.deepEqual(refusals(result), [])
    assert.deepEqual(web(result), { 'app/api': 'http://api-2-0:80/v1' })
    assert.deepEqual(at(containerOf(result, 'web'), 'env', '0', 'value'), undefined)
    const back = unpin(manifestsOf(...result.objects.map((each) => `\n${JSON.stringify(each)}\n`)), around())
    assert.deepEqual(web(back), { 'app/api': 'http://api-active:80/v1' })
  })

  it('that has the namespace put in keeps that', () => {
    const ns = '{name: NS, valueFrom: {fieldRef: {fieldPath: metadata.namespace}}}'
    const url = '{name: API_URL, value: "http://api-active.$(NS).svc:80"}'
    const web = containerOf(
      rewired([API, member('web', `env: [${ns}, ${url}], args: [--api, api-active.$(NS)]`)]),
      'web',
    )
    assert.deepEqual(at(web, 'args'), ['--api', 'api-2-0.$(NS)'])
    assert.equal(at((at(web, 'env') as unknown[])[1], 'value'), 'http://api-2-0.$(NS).svc:80')
  })

  it('that an argument uses is changed where it is written', () => {
    const used = `${env('http://api-active')}, args: ["--api=$(API_URL)", "--probe", "http://api-active/ok"]`
    const web = containerOf(rewired([API, member('web', used)]), 'web')
    assert.deepEqual(at(web, 'env'), [{ name: 'API_URL', value: 'http://api-2-0' }])
    assert.deepEqual(at(web, 'args'), ['--api=$(API_URL)', '--probe', 'http://api-2-0/ok'])
  })
})

describe('an address in a command', () => {
  it('is changed in command, arguments and hooks', () => {
    const words =
      'command: [sh, -c, "until nc -z api-active 80; do sleep 1; done"], args: [--api, "api-active:80"], ' +
      'lifecycle: {preStop: {exec: {command: [curl, "http://api-active/bye"]}}}'
    const web = containerOf(rewired([API, member('web', words)]), 'web')
    assert.deepEqual(at(web, 'command'), ['sh', '-c', 'until nc -z api-2-0 80; do sleep 1; done'])
    assert.deepEqual(at(web, 'args'), ['--api', 'api-2-0:80'])
    assert.deepEqual(at(web, 'lifecycle', 'preStop', 'exec', 'command'), ['curl', 'http://api-2-0/bye'])
  })
})

describe('an address in a ConfigMap', () => {
  const SETTINGS = configMap('settings', { API_URL: 'http://api-active', OTHER: 'x' })
  const copyName = (result: ReturnType<typeof rewired>) =>
    result.added.flatMap((each) => (at(each, 'kind') === 'ConfigMap' ? [text(at(each, 'metadata', 'name'))!] : []))

  const READ: readonly (readonly [how: string, container: string, more: string])[] = [
    ['a key', 'env: [{name: API_URL, valueFrom: {configMapKeyRef: {name: settings, key: API_URL}}}]', ''],
    ['all of it', 'envFrom: [{configMapRef: {name: settings}}]', ''],
    ['a file', 'volumeMounts: [{name: v, mountPath: /v}]', '      volumes: [{name: v, configMap: {name: settings}}]'],
    [
      'a projected file',
      'volumeMounts: [{name: v, mountPath: /v}]',
      '      volumes: [{name: v, projected: {sources: [{configMap: {name: settings}}]}}]',
    ],
  ]
  for (const [how, container, more] of READ)
    it(`that is read as ${how} is changed in a copy, which this consumer alone reads`, () => {
      const other = member('other', 'envFrom: [{configMapRef: {name: settings}}]')
      const result = rewired([
        API,
        SETTINGS,
        member('web', container, '2.0', more),
        other.replace('part-of: shop', 'part-of: no'),
      ])
      const [copy] = copyName(result)
      assert.deepEqual(at(objectOf(result, 'ConfigMap', copy!), 'data'), { API_URL: 'http://api-2-0', OTHER: 'x' })
      assert.deepEqual(at(objectOf(result, 'ConfigMap', 'settings'), 'data'), {
        API_URL: 'http://api-active',
        OTHER: 'x',
      })
      const web = JSON.stringify(objectOf(result, 'Rollout', 'web'))
      assert.ok(web.includes(`"${copy}"`) && !web.includes('"settings"'))
      assert.deepEqual(
        result.findings.map((each) => each.code),
        ['config-copied', 'cluster-unknown'],
      )
    })

  it('is copied once for two consumers that read the same', () => {
    const from = 'envFrom: [{configMapRef: {name: settings}}]'
    assert.equal(copyName(rewired([API, SETTINGS, member('web', from), member('app', from)])).length, 1)
  })

  it('is copied under its base name, without what tracks it, and cannot be changed', () => {
    const tracked = JSON.stringify({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: {
        name: 'settings-5fhk2t9m4d',
        namespace: 'shop',
        labels: { app: 'web', 'argocd.argoproj.io/instance': 'shop', 'helm.sh/chart': 'web-1' },
        annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{}', team: 'a' },
        ownerReferences: [{ kind: 'X', name: 'x', uid: '1' }],
      },
      data: { API_URL: 'http://api-active' },
    })
    const from = 'envFrom: [{configMapRef: {name: settings-5fhk2t9m4d}}]'
    const result = rewired([API, `\n${tracked}\n`, member('web', from)])
    const copy = objectOf(result, 'ConfigMap', copyName(result)[0]!)
    assert.match(copyName(result)[0]!, /^settings-[a-z0-9]{10}$/)
    assert.equal(at(copy, 'immutable'), true)
    assert.deepEqual(at(copy, 'metadata'), {
      name: copyName(result)[0],
      namespace: 'shop',
      annotations: { team: 'a', 'rollouts-group/config': 'settings-5fhk2t9m4d' },
      labels: { app: 'web' },
    })
  })

  it('is copied from the cluster where the manifests do not hold it', () => {
    const live = manifestsOf(API, SETTINGS, member('web', READ[1]![1])).map((each) => each.object)
    const result = rewired([member('api', '', '3.0'), member('web', READ[1]![1], '3.0')], {}, clusterWith(live))
    assert.deepEqual(refusals(result), [])
    assert.deepEqual(at(objectOf(result, 'ConfigMap', copyName(result)[0]!), 'data', 'API_URL'), 'http://api-3-0')
  })

  it('is copied from the cluster, whenever it was made there: the pods that will read it are still to come', () => {
    const made = SETTINGS.replace('"metadata":{', '"metadata":{"creationTimestamp":"2026-01-05T10:00:00Z",')
    const live = manifestsOf(API, made, member('web', READ[1]![1])).map((each) => each.object)
    const result = rewired([member('api', '', '3.0'), member('web', READ[1]![1], '3.0')], {}, clusterWith(live))
    assert.equal(copyName(result).length, 1)
  })

  it('that is too large to be copied refuses it', () => {
    const large = configMap('settings', { API_URL: 'http://api-active', BLOB: 'x'.repeat(1024 * 1024) })
    const result = rewired([API, large, member('web', READ[1]![1])])
    assert.match(refusals(result).join(), /^config-too-large: ConfigMap settings is too large/)
  })

  it('that an annotation watches refuses it', () => {
    const watched = member('web', READ[1]![1]).replace(
      'name: web\n',
      'name: web\n  annotations: {configmap.reloader.stakater.com/reload: "settings"}\n',
    )
    assert.match(refusals(rewired([API, SETTINGS, watched])).join(), /^cannot-rewire: web, ConfigMap settings: an anno/)
  })
})

describe('what cannot be rewired', () => {
  const ALIAS =
    '\napiVersion: v1\nkind: Service\nmetadata: {name: backend}\nspec: {type: ExternalName, externalName: api-active.shop.svc}\n'
  const ROWS: readonly (readonly [what: string, yaml: readonly string[], why: RegExp])[] = [
    [
      'an address in a Secret',
      [API, member('web', 'env: [{name: API_URL, valueFrom: {secretKeyRef: {name: s, key: url}}}]')],
      /^cannot-rewire: web, API_URL from Secret s: it may hold an address/,
    ],
    [
      'a whole Secret',
      [API, member('web', 'envFrom: [{secretRef: {name: s}}]')],
      /^cannot-rewire: web, Secret s: it may hold an address/,
    ],
    [
      'an ExternalName',
      [API, ALIAS, member('web', env('http://backend'))],
      /^cannot-rewire: web, API_URL=http:\/\/backend, .*: backend is an ExternalName/,
    ],
    [
      'an address that is put together',
      [API, member('web', 'env: [{name: P, value: api}, {name: API_URL, value: "http://$(P)-active:80"}]')],
      /^cannot-rewire: web, API_URL=http:\/\/api-active:80: it is put together/,
    ],
    [
      'what may be no address',
      [member('sso', ''), member('web', 'env: [{name: JWT_ISSUER, value: "http://sso-active"}]')],
      /^cannot-rewire: web, JWT_ISSUER=http:\/\/sso-active: it may be the address of sso, or only its name/,
    ],
    [
      'a Service of two members',
      [
        API,
        member('cache'),
        service('tier', 'x').replace('app: x', 'tier: back'),
        member('web', env('http://tier')),
      ].map((each) =>
        each.replace(/metadata: \{labels: \{app: (api|cache)\}\}/, 'metadata: {labels: {app: $1, tier: back}}'),
      ),
      /^shared-service: web calls Service tier .*, which selects pods of api and cache alike/,
    ],
    [
      'a name that is taken',
      [API, service('api-2-0', 'api'), member('web', env('http://api-active'))],
      /^service-taken: Service api-2-0 is there already/,
    ],
    [
      'a port that the pods do not have',
      [
        member('api', 'ports: [{name: http, containerPort: 80}]').replaceAll(
          '{port: 80}',
          '{port: 80, targetPort: grpc}',
        ),
        member('web', env('http://api-active')),
      ],
      /^bad-manifest: Service api-active sends to a port named grpc/,
    ],
    [
      'a file that an agent writes',
      [
        API,
        member('web').replace(
          'metadata: {labels: {app: web}}',
          'metadata: {labels: {app: web}, annotations: {vault.hashicorp.com/agent-inject-template-e: "u: http://api-active"}}',
        ),
      ],
      /^cannot-rewire: web, api-active in file e of annotation \S+: an agent writes this file/,
    ],
    [
      'a label of the pods',
      [
        API,
        member('web', `env: [{name: API_HOST, valueFrom: {fieldRef: {fieldPath: "metadata.labels['api']"}}}]`).replace(
          '{labels: {app: web}}',
          '{labels: {app: web, api: api-active}}',
        ),
      ],
      /^cannot-rewire: web, API_HOST=api-active in label api: pods are selected by their labels/,
    ],
    [
      'a certificate that is looked at',
      [API, member('web', env('https://api-active/x'))],
      /^host-sensitive: web is to call api by the host api-2-0 .*certificate/,
    ],
    [
      'a variable that is no text',
      [API, member('web', 'env: [{name: PORT, value: 8080}]')],
      /^bad-manifest: Rollout web \(shop.yaml:\d+\): variable PORT of container main is 8080 without quotes/,
    ],
    [
      'a template that was not rendered',
      [API, member('web', 'env: [{name: A, value: {{ .Values.a }} }], args: [true]')],
      /^bad-manifest: Rollout web .*: variable A of container main is a map or list, and has to be text, and 1 more/,
    ],
    [
      'a ConfigMap that is not there',
      [API, member('web', 'envFrom: [{configMapRef: {name: c}}]')],
      /^manifest-missing/,
    ],
    [
      'a member twice',
      [API, member('web'), member('web')],
      /bad-manifest: Rollout web is given 2 times: shop.yaml:\d+/,
    ],
    ['another group', [API.replace('part-of: shop', 'part-of: other')], /^bad-manifest: .*only of others: api/],
    [
      'another namespace',
      [API.replace('name: api\n', 'name: api\n  namespace: other\n')],
      /^bad-manifest: Rollout api .* is of namespace other/,
    ],
    [
      'a Rollout without a strategy',
      [API.replace(/strategy: .*/, 'strategy: {}')],
      /^bad-manifest: Rollout api .*no strategy/,
    ],
  ]
  for (const [what, yaml, why] of ROWS)
    it(`for ${what} is refused with its place, and nothing is changed`, () => {
      const result = rewired(yaml)
      assert.match(refusals(result).join('\n'), why)
      assert.deepEqual([result.edits, result.added], [[], []])
    })

  for (const [address, secure] of [
    ['wss://api-active/x', true],
    ['grpcs://api-active:50051', true],
    ['rediss://:pw@api-active:6379', true],
    ['nats+tls://api-active:4222', true],
    ['tls://api-active:80', true],
    ['X=https://api-active.shop.svc', true],
    ['https://other,https://api-active', true],
    ['api-active:8443', true],
    ['dns:///api-active.shop:443', true],
    ['http://api-active:8443', false],
    ['http://u:p@api-active:443/x', false],
    ['ws://api-active:8443/x', false],
    ['http://api-active:8443/x?tls=true', true],
    ['postgres://u:p@api-active:5432/x?a=b&sslmode=verify-full', true],
    ['mongodb://api-active:27017/x?tls=true', true],
    ['postgres://u:p@api-active:5432/x?sslmode=require', false],
    ['redis://api-active:6379', false],
    ['nats://api-active:4222', false],
    ['http://api-active:84430', false],
    ['https://other http://api-active', false],
    ['http://api-active/x http://other?tls=true', false],
  ] as const)
    it(`for ${address} ${secure ? 'is refused: the certificate may name the host' : 'looks at no certificate'}`, () =>
      assert.equal(/host-sensitive/.test(refusals(rewired([API, member('web', env(address))])).join()), secure))

  it('for a host that is looked at is a warning where the user vouches for it', () => {
    const result = rewired([API, member('web', env('https://api-active/x'))], { trustHost: true })
    assert.deepEqual(refusals(result), [])
    assert.ok(result.findings.some((each) => each.code === 'host-sensitive' && each.severity === 'warning'))
  })

  it('for a host that a mesh routes offers the wiring that keeps it only where a Service is there for that', () => {
    const routed = (more: string) =>
      API.replace(/strategy: .*/, `strategy: {canary: {trafficRouting: {istio: {virtualService: {name: v}}}${more}}}`)
    const remedy = (api: string) =>
      rewired([api, service('api', 'api'), member('web', env('http://api'))]).findings.find(
        ({ code }) => code === 'host-sensitive',
      )?.remedy
    const named = ', stableService: api-active, canaryService: api-preview'
    assert.match(String(remedy(routed(named))), /^choose --wiring=preview/)
    assert.match(String(remedy(routed(''))), /^give api a stableService and a canaryService, and choose/)
  })

  const about = (apiVersion: string, kind: string, spec: string, name = 'x') =>
    `\napiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: ${name}}\nspec: ${spec}\n`
  const ISTIO = 'networking.istio.io/v1'
  const GATEWAY = 'gateway.networking.k8s.io/v1'
  for (const [what, object, told] of [
    [
      'routes it',
      about(ISTIO, 'VirtualService', '{hosts: [api]}'),
      /VirtualService x routes calls by the host api alone/,
    ],
    ['routes it by its whole name', about(ISTIO, 'VirtualService', '{hosts: [api.shop.svc.cluster.local]}'), /routes/],
    ['says how to connect', about(ISTIO, 'DestinationRule', '{host: api}'), /DestinationRule x says how to make calls/],
    [
      'lets it in',
      about('security.istio.io/v1', 'AuthorizationPolicy', '{rules: [{to: [{operation: {hosts: ["api:8080"]}}]}]}'),
      /AuthorizationPolicy x allows or denies/,
    ],
    ['hangs on it', about(GATEWAY, 'HTTPRoute', '{parentRefs: [{kind: Service, name: api}]}'), /HTTPRoute x routes/],
    [
      'lets calls out to it',
      about('cilium.io/v2', 'CiliumNetworkPolicy', '{egress: [{toServices: [{k8sService: {serviceName: api}}]}]}'),
      /CiliumNetworkPolicy x allows or denies/,
    ],
    ['has its profile', about('linkerd.io/v1alpha2', 'ServiceProfile', '{}', 'api.shop.svc.cluster.local'), /routes/],
    ['routes another', about(ISTIO, 'VirtualService', '{hosts: [shop.example.com]}'), undefined],
    ['routes one of another namespace', about(ISTIO, 'VirtualService', '{hosts: [api.other]}'), undefined],
    ['routes all', about(ISTIO, 'VirtualService', '{hosts: ["*.shop.svc.cluster.local"]}'), undefined],
    ['is of a kind of the same name', about('example.com/v1', 'VirtualService', '{hosts: [api]}'), undefined],
    ['hangs on a Gateway', about(GATEWAY, 'HTTPRoute', '{parentRefs: [{kind: Gateway, name: api}]}'), undefined],
  ] as const)
    it(`for a host where an object ${what} is ${told === undefined ? 'wired' : 'refused'}`, () => {
      const files = [member('api'), service('api', 'api'), member('web', env('http://api')), object]
      const [sensitive] = rewired(files).findings.filter(({ code }) => code === 'host-sensitive')
      if (told === undefined) return assert.equal(sensitive, undefined)
      assert.equal(sensitive!.severity, 'error')
      assert.match(sensitive!.sentence, told)
    })

  for (const [variable, sensitive] of [
    ['{name: ALLOWED_HOSTS, value: api}', true],
    ['{name: DATABASE_URL, value: "postgres://api:pw@pg/api?application_name=api"}', false],
    ['{name: OTEL_RESOURCE_ATTRIBUTES, value: "service.name=api,tier=web"}', false],
    ['{name: KAFKA_TOPIC, value: api}', false],
  ] as const)
    it(`for a host that may be compared is told where the one that is called compares hosts: ${variable}`, () => {
      const result = rewired([
        member('api', `env: [${variable}]`),
        service('api', 'api'),
        member('web', env('http://api')),
      ])
      assert.equal(
        result.findings.some(({ code }) => code === 'host-sensitive'),
        sensitive,
      )
    })

  it('is nothing in a declared call that is no address', () => {
    const denied = member('web', 'env: [{name: JWT_ISSUER, value: "http://sso-active"}]').replace(
      'name: web\n',
      'name: web\n  annotations: {rollouts-group/calls-not: sso}\n',
    )
    const result = rewired([member('sso'), denied])
    assert.deepEqual(refusals(result), [])
    assert.deepEqual(at(containerOf(result, 'web'), 'env'), [{ name: 'JWT_ISSUER', value: 'http://sso-active' }])
  })
})

describe('a Service of a release', () => {
  const BASE = `
apiVersion: v1
kind: Service
metadata:
  name: api-active
  labels: {team: a, app: api, helm.sh/chart: api-1}
  annotations:
    external-dns.alpha.kubernetes.io/hostname: api.example.com
    mesh.io/x: z
    owner: b
    prometheus.io/scrape: "true"
    getambassador.io/config: m
    tailscale.com/expose: "true"
    lbipam.cilium.io/ips: 1.2.3.4
    argocd.argoproj.io/sync-wave: "-3"
    argocd.argoproj.io/tracking-id: x
spec:
  type: LoadBalancer
  clusterIP: 10.0.0.1
  selector: {app: api}
  ports: [{name: http, port: 80, targetPort: 8080, nodePort: 30080, appProtocol: h2c}]
`
  const made = (base: string) =>
    objectOf(
      rewired([API.replace(service('api-active', 'api'), base), member('web', env('http://api-active'))]),
      'Service',
      'api-2-0',
    )

  it('has the ports of the live one with all they carry, its selector with the label, and nothing of its place', () =>
    assert.deepEqual(made(BASE), {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: {
        name: 'api-2-0',
        annotations: {
          'mesh.io/x': 'z',
          owner: 'b',
          'argocd.argoproj.io/sync-wave': '-3',
          'rollouts-group/service': 'api-active',
        },
        labels: { team: 'a', 'rollouts-group/release': '2.0' },
      },
      spec: {
        selector: { app: 'api', 'rollouts-group/release': '2.0' },
        ports: [{ name: 'http', port: 80, targetPort: 8080, appProtocol: 'h2c' }],
      },
    }))

  it('is headless where the live one is', () =>
    assert.equal(at(made(BASE.replace('10.0.0.1', 'None')), 'spec', 'clusterIP'), 'None'))

  it('is made for a plain Service, too, in place of it', () => {
    const result = rewired([API, service('api', 'api'), member('web', env('http://api:80'))])
    assert.deepEqual(at(containerOf(result, 'web'), 'env'), [{ name: 'API_URL', value: 'http://api-2-0:80' }])
  })

  const url = (name: string, host: string) => `{name: ${name}_URL, value: "http://${host}:80"}`
  for (const [role, consumers] of [
    ['active', [['web', 'api-active', 'api']]],
    ['preview', [['web', 'api-preview', 'api']]],
    [
      'active, by another member',
      [
        ['web', 'api-active'],
        ['cron', 'api'],
      ],
    ],
  ] as const)
    it(`is another one for a plain Service beside one by role (${role}), and both are led to again and back`, () => {
      const callers = consumers.map(([name, ...hosts]) =>
        member(name, `env: [${hosts.map((each, index) => url(`AB${index}`, each)).join()}]`),
      )
      const result = rewired([API, service('api', 'api'), ...callers])
      assert.deepEqual(refusals(result), [])
      const hosts = (made: Pick<typeof result, 'objects'>) =>
        consumers.flatMap(([name]) =>
          (at(containerOf(made, name), 'env') as unknown[]).map((each) => at(each, 'value')),
        )
      assert.deepEqual(hosts(result), ['http://api-2-0:80', 'http://api-plain-2-0:80'])
      const yaml = result.objects.map((each) => `\n${JSON.stringify(each)}\n`)
      assert.deepEqual(rewired(yaml).edits, [])
      assert.deepEqual(hosts(unpin(manifestsOf(...yaml), around())), ['http://api-active:80', 'http://api:80'])
    })

  it('is made for nobody whom nobody calls', () => assert.deepEqual(rewired([API, member('web')]).added, []))

  const NAMES: readonly (readonly [base: string, release: string, name: RegExp])[] = [
    ['api', '2.0', /^api-2-0$/],
    ['api', 'v2.0_RC1', /^api-v2-0-rc1-[a-z0-9]{5}$/],
    ['2048', '1', /^s-2048-1$/],
    ['a'.repeat(60), '2.0.1', /^a{57}-[a-z0-9]{5}$/],
  ]
  for (const [base, release, name] of NAMES)
    it(`is called ${name.source} for ${base.slice(0, 8)} ${release}`, () =>
      assert.match(serviceName(base, release), name))

  it('is called alike for no two releases that differ', () =>
    assert.notEqual(serviceName('api', 'v2.0_RC1'), serviceName('api', 'v2.0-rc1')))

  it('has a label that every API server takes', () => {
    assert.equal(labelValue('release 2.0!'), 'release-2.0')
    assert.match(labelValue('…'), /^[a-z0-9]{5}$/)
    assert.equal(labelValue('x'.repeat(80)).length, 63)
  })
})

describe('the wiring', () => {
  const GIVEN = [API, member('web', env('http://api-active'))]
  const lead = (how: Partial<Rewiring>, yaml = GIVEN) =>
    (at(containerOf(rewired(yaml, how), 'web'), 'env') as { value: string }[])[0]!.value

  it('preview leads to the preview Service', () => assert.equal(lead({ wiring: 'preview' }), 'http://api-preview'))
  it('as-is changes nothing', () => {
    const result = rewired(GIVEN, { wiring: 'as-is' })
    assert.deepEqual([result.edits, result.added, result.findings], [[], [], []])
  })
  it('pinned leads to the Service of the release that is named', () =>
    assert.equal(lead({ release: '7' }), 'http://api-7'))

  for (const wiring of ['preview', 'pinned'] as const)
    it(`${wiring} labels the pods of each member that changes`, () => {
      const result = rewired(GIVEN, { wiring })
      for (const name of ['web', 'api'])
        assert.deepEqual(labelsOf(objectOf(result, 'Rollout', name)), { app: name, 'rollouts-group/release': '2.0' })
    })

  it('preview is refused where there is no preview Service', () => {
    const none = API.replace('previewService: api-preview, ', '')
    assert.match(
      refusals(rewired([none, member('web', env('http://api-active'))], { wiring: 'preview' })).join(),
      /^cannot-rewire: web, API_URL=http:\/\/api-active: api has no previewService/,
    )
  })

  it('labels the template of the workload that a Rollout refers to, and changes the address there', () => {
    const [rollout, ...services] = member('web', env('http://api-active')).split('---')
    const deployment =
      `\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  template:` +
      rollout!.split('  template:')[1]!
    const referring = `${rollout!.split('  template:')[0]!}  workloadRef: {apiVersion: apps/v1, kind: Deployment, name: web}\n`
    const result = rewired([API, referring, deployment, ...services])
    assert.deepEqual(refusals(result), [])
    const template = at(objectOf(result, 'Deployment', 'web'), 'spec', 'template')
    assert.equal(at(template, 'metadata', 'labels', 'rollouts-group/release'), '2.0')
    assert.match(JSON.stringify(template), /http:\/\/api-2-0"/)
    assert.match(
      refusals(rewired([API, referring, ...services])).join(),
      /^manifest-missing: Rollout web .* has its pod template in Deployment web/,
    )
  })

  it('tells each change with its place', () =>
    assert.deepEqual(changesOf(rewired(GIVEN)), [
      'Rollout api (shop.yaml:2): spec.template.metadata.labels[rollouts-group/release]: nothing → "2.0"',
      'Rollout web (shop.yaml:33): spec.template.metadata.labels[rollouts-group/release]: nothing → "2.0"',
      'Rollout web (shop.yaml:33): spec.template.spec.containers[main].env[API_URL].value: ' +
        '"http://api-active" → "http://api-2-0"',
      'Service api-2-0: new, selects app=api,rollouts-group/release=2.0',
    ]))
})
