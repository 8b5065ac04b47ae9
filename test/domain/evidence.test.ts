import assert from 'node:assert/strict'
import { graphOf } from '../../src/domain/group/call-graph.ts'
import type { Group } from '../../src/domain/group/read-group.ts'
import { readGroup } from '../../src/domain/group/read-group.ts'
import { addressedTo } from '../../src/domain/checks/address.ts'
import { legacyPair, type MemberSpec, type RevisionSpec, world } from '../support/objects.ts'
import { memberOf } from '../support/scenes.ts'

const service = (name: string, spec: object) => ({ metadata: { name, namespace: 'legacy' }, spec })
/** Services that lead to `auth` in other ways than by its Services' names. */
const ALIASES = [
  service('auth', { selector: { app: 'auth' }, clusterIP: '10.96.0.7', clusterIPs: ['10.96.0.7', 'fd00::7'] }),
  service('login', { type: 'ExternalName', externalName: 'auth-active.legacy.svc.cluster.local.' }),
  service('sign-in', { type: 'ExternalName', externalName: 'login.legacy.svc' }),
  service('ring', { type: 'ExternalName', externalName: 'wheel.legacy.svc' }),
  service('wheel', { type: 'ExternalName', externalName: 'ring.legacy.svc' }),
  service('elsewhere', { type: 'ExternalName', externalName: 'auth-active.other.svc.cluster.local' }),
  service('headless', { selector: { app: 'auth' }, clusterIP: 'None' }),
]

function groupOf(live: RevisionSpec, more: Partial<MemberSpec> = {}): Group {
  const snapshot = world({
    members: [
      { name: 'web', live, ...more },
      { name: 'auth', live: { version: '1.0' } },
    ],
  })
  return readGroup({ ...snapshot, services: [...snapshot.services, ...ALIASES] }, 'loan')
}

/** What of a revision leads to `auth`: `sure auth-active`. */
function found(group: Group): string[] {
  const { wires, weak } = memberOf(group, 'web').live!
  return [...wires.map((each) => `sure ${each.service}`), ...weak.map((each) => `${each.strength} ${each.service}`)]
}

const container = (more: object) => ({ template: { containers: [{ name: 'main', image: 'a:1', ...more }] } })

describe('what names a Service', () => {
  const values: readonly [key: string, value: string, expected: string][] = [
    // The form of the value comes first.
    ['X', 'http://auth/api', 'sure auth'],
    ['X', 'auth:8080', 'sure auth'],
    ['X', 'auth.legacy.svc', 'sure auth'],
    ['X', 'auth.legacy', 'sure auth'],
    ['X', 'jdbc:postgresql://auth:5432/db?user=web', 'sure auth'],
    ['X', 'amqp://guest:guest@auth/', 'sure auth'],
    ['X', 'dns:///auth:80', 'sure auth'],
    ['X', '_grpc._tcp.auth.legacy.svc.cluster.local', 'sure auth'],
    ['X', '10.96.0.7:8080', 'sure auth'],
    ['X', 'http://[fd00::7]:8080', 'sure auth'],
    ['X', '$(AUTH_SERVICE_HOST):$(AUTH_SERVICE_PORT)', 'sure auth'],
    ['X', '$(AUTH_PORT)', 'sure auth'],
    ['X', '$(AUTH_ACTIVE_PORT_8080_TCP_ADDR)', 'sure auth-active'],
    ['X', '$(AUTH_SERVICE_PORT)', ''],
    ['X', 'login', 'doubtful auth-active'],
    ['X', 'https://sign-in.legacy/', 'sure auth-active'],
    ['X', 'http://ring', ''],
    ['X', 'http://elsewhere', ''],
    ['X', 'http://auth.other', ''],
    ['X', 'http://headless:80', 'sure headless'],
    ['X', '$(HEADLESS_SERVICE_HOST)', 'sure headless'],
    // Then its key.
    ['AUTH_HOST', 'auth', 'sure auth'],
    ['authAddress', 'auth', 'sure auth'],
    ['AUTH_UPSTREAM', 'auth', 'sure auth'],
    ['REDIS_BROKERS', 'redis:1,auth:2', 'sure auth'],
    // By some keys a driver is chosen, or anything: only an address by its form, or in a list with one, is sure.
    ['AUTH_BACKEND', 'auth', 'doubtful auth'],
    ['AUTH_BACKENDS', 'auth,local', 'doubtful auth'],
    ['CELERY_BROKER', 'auth', 'doubtful auth'],
    ['SESSION_TARGET', 'auth', 'doubtful auth'],
    ['DNS', 'auth', 'doubtful auth'],
    ['X', 'backend=auth,url=http://other:80', 'doubtful auth'],
    ['EXTRA_ARGS', '--url http://other:80 --backend auth', 'doubtful auth'],
    ['AUTH_BACKEND', 'auth.legacy', 'sure auth'],
    ['AUTH_BACKEND', 'auth:80', 'sure auth'],
    ['CELERY_BROKER', 'amqp://auth', 'sure auth'],
    ['AUTH_BACKEND', 'auth-active', 'sure auth-active'],
    ['BACKENDS', 'auth,other', 'doubtful auth'],
    ['BACKENDS', 'auth,http://other:80', 'sure auth'],
    ['TARGETS', 'other:8080|auth', 'sure auth'],
    ['CACHE_BACKENDS', 'memory, auth-active', 'sure auth-active'],
    ['AUTH_PROXY', 'auth', 'sure auth'],
    ['AUTH', 'auth', 'sure auth'],
    ['X', 'auth', 'doubtful auth'],
    ['X', 'auth-active', 'sure auth-active'],
    ['APP', 'run auth now', 'doubtful auth'],
    ['JWT_AUDIENCE', 'auth', 'named auth'],
    ['JWT_AUDIENCE', 'http://auth', 'named auth'],
    ['ORDERS_TOPIC', 'auth', 'named auth'],
    ['WORK_QUEUE', 'auth', 'named auth'],
    ['KEYCLOAK_REALM', 'auth', 'named auth'],
    ['DB_USER', 'auth', 'named auth'],
    ['CORS_ALLOWED_ORIGINS', 'http://localhost:3000,http://auth', 'named auth'],
    ['ALLOWED_HOSTS', 'auth', 'named auth'],
    ['NO_PROXY', 'localhost,auth', 'named auth'],
    ['ORIGIN', 'http://web,http://auth', 'named auth'],
    ['ORIGIN', 'http://auth', 'doubtful auth'],
    ['JWT_ISSUER', 'auth', 'doubtful auth'],
    ['JWT_ISSUER', 'http://auth:8080', 'doubtful auth'],
    ['BACKEND_SERVICE_NAME', 'auth-active', 'doubtful auth-active'],
    ['ORDERS_DB', 'auth', 'doubtful auth'],
    ['FRONTEND_URL', 'http://auth', 'doubtful auth'],
    ['LOGIN_REDIRECT_URL', 'https://auth/callback', 'doubtful auth'],
    ['CALLBACK_URLS', 'http://auth/a,http://auth/b', 'doubtful auth'],
    ['PUBLIC_URLS', 'http://auth', 'doubtful auth'],
    ['externalAddresses', 'auth:8080', 'doubtful auth'],
    ['OAUTH_REDIRECT_URIS', 'http://auth/callback,https://auth.example.com/cb', 'named auth'],
    ['OAUTH_REDIRECT_URI', 'http://auth/callback,https://auth.example.com/cb', 'named auth'],
    ['POST_LOGOUT_REDIRECT_URLS', 'http://auth/', 'named auth'],
    ['REDIRECT_URI_LIST', 'http://auth/', 'named auth'],
    ['ALLOWED_CALLBACK_URLS', 'http://auth/', 'named auth'],
    ['CALLBACK_URL_WHITELIST', 'http://auth/', 'named auth'],
    ['AUTH_URLS', 'http://auth', 'sure auth'],
    ['SERVICES_USER', 'http://auth:8080', 'sure auth'],
    ['MICROSERVICE_LABEL', 'auth:8080', 'sure auth'],
    ['WORK_QUEUE', 'amqp://auth', 'sure auth'],
    ['DB_USER', 'auth:secret', 'named auth'],
    ['TOKEN_SCOPE', 'http://auth/read', 'named auth'],
    // With its namespace alone a name may be one of a queue, too.
    ['EVENTS_TOPIC', 'auth.legacy', 'named auth'],
    ['DB_USER', 'auth.legacy', 'named auth'],
    ['WORK_QUEUE', 'auth.legacy.svc', 'sure auth'],
    ['ADMIN_ROLE', 'http://auth/roles/admin', 'doubtful auth'],
    ['CONSUMER_GROUP', 'auth', 'named auth'],
    ['CART_SVC', 'auth-x', ''],
    ['CART_SERVICE', 'headless', 'sure headless'],
    ['CORS_PROXY_URL', 'http://auth:8080', 'doubtful auth'],
    ['CORS_API_HOSTS', 'auth,other', 'named auth'],
    ['CORS_ALLOWED_ORIGIN_URL', 'http://auth', 'named auth'],
    ['SERVER_NAME_URL', 'http://auth', 'sure auth'],
    // What else is compared, or a name, may be an address by its form.
    ['SERVER_NAME', 'http://auth', 'doubtful auth'],
    ['SERVER_NAME', 'auth', 'named auth'],
    ['AUTH_SERVER_NAME', 'http://auth:80', 'doubtful auth'],
    ['GRPC_SERVER_NAME', 'auth:80', 'doubtful auth'],
    ['grpc.server-name', 'auth:80', 'doubtful auth'],
    ['MONGO_CLUSTER_NAME', 'auth:80', 'doubtful auth'],
    ['STAT_PREFIX', 'auth', 'named auth'],
    ['UPSTREAM_ORIGINS', 'http://auth,http://other', 'doubtful auth'],
    ['UPSTREAM_ORIGINS', 'auth', 'named auth'],
    ['ORIGINS', 'http://auth', 'named auth'],
    ['CORS_ORIGINS', 'http://auth', 'named auth'],
    ['ALLOWED_ORIGINS', 'http://auth', 'named auth'],
    ['CSRF_TRUSTED_ORIGINS', 'http://auth', 'named auth'],
    ['allowedWebOrigins', 'http://auth', 'named auth'],
    ['webOrigins', 'http://auth', 'named auth'],
    ['X', String.raw`{"auth":"http:\/\/auth:8080\/v1"}`, 'sure auth'],
    ['X', 'kuberesolver:///auth:http', 'sure auth'],
    // A bare word is an address where hardly anything else is called so.
    ['FEATURES', 'auth', 'doubtful auth'],
    ['FEATURES', 'headless', 'doubtful headless'],
    // A flag is the key of the next word, as in a command line.
    ['EXTRA_ARGS', '--other-url http://headless:80 --auth-host auth', 'sure headless, sure auth'],
    ['EXTRA_ARGS', '--other-url=http://headless:80 --auth-host "auth"', 'sure headless, sure auth'],
    ['EXTRA_ARGS', '--auth-host auth --topic headless', 'sure auth, named headless'],
    ['EXTRA_ARGS', '--url http://headless:80 --hosts one,auth --user=x', 'sure headless, sure auth'],
    ['EXTRA_ARGS', '--url http://headless:80 --bucket auth', 'sure headless, doubtful auth'],
    ['EXTRA_ARGS', '--url http://headless:80 --bucket=auth', 'sure headless, doubtful auth'],
    ['EXTRA_ARGS', '--url http://headless:80/?tenant=auth --dry-run', 'sure headless, named auth'],
    ['EXTRA_ARGS', '--url http://headless:80 -l app=auth', 'sure headless, named auth'],
    ['JAVA_OPTS', '-Done.url=http://headless:80 -Dauth.host=auth', 'sure headless, sure auth'],
    ['JAVA_OPTS', '-Done.url=http://headless:80 -Dkafka.topic=auth', 'sure headless, named auth'],
    ['X', 'curl -H Host:auth http://headless:80', 'sure headless, doubtful auth'],
    // So is what stands in one list with an address, whatever separates it.
    ['HOSTS', 'headless:80 auth', 'sure headless, sure auth'],
    ['AUTH_URLS', 'http://headless:80;auth', 'sure headless, sure auth'],
    ['SERVERS', 'headless:80|auth', 'sure headless, sure auth'],
    ['AUTH_SERVER', 'http://headless:80; auth', 'sure headless, sure auth'],
    // Else a word beside an address is a part of a list, or anything: nobody knows.
    ['X', 'headless:80 auth', 'sure headless, doubtful auth'],
    ['AUTH_URL', 'http://headless:80/ auth', 'sure headless, doubtful auth'],
    ['HOSTS', '{{ if eq .env "auth" }}headless:80{{ end }}', 'sure headless, doubtful auth'],
    ['EVENTS_TOPIC', 'http://headless:80 auth', 'sure headless, named auth'],
    // The key of an address in a map is none.
    ['UPSTREAMS', 'auth=http://headless:80,other=http://other', 'sure headless'],
    ['PEERS', 'auth=headless:80', 'sure headless'],
    ['PEERS', 'auth=headless,headless=headless', 'sure headless'],
    ['UPSTREAMS', 'auth=auth.example.com', ''],
    ['UPSTREAMS', 'auth=$OTHER_URL', ''],
    ['HOSTS', 'auth:headless:80,other:http://other', 'sure headless'],
    ['HOSTS', 'auth -> headless:80, other => http://other', 'sure headless'],
    ['HOSTS', 'auth->headless;headless->other:80', 'sure headless'],
    ['X', 'auth: http://headless:80', 'sure headless'],
    ['EXTRA_ARGS', '--peers=auth=http://headless:80', 'sure headless'],
    // What has a weight, or else no address behind it, is one.
    ['HOSTS', 'auth=5,headless=3', 'sure auth, sure headless'],
    ['HOSTS', 'auth=$WEIGHT', 'sure auth'],
    ['HOSTS', 'auth:headless', 'sure auth, sure headless'],
    ['HOSTS', 'auth:80:headless:80', 'sure auth, sure headless'],
    // The parameters of an address are none.
    ['AUTH_URL', 'http://other:80/?tenant=auth', 'named auth'],
    ['X', '{"url":"http://auth-active:80","audience":"auth"}', 'sure auth-active, named auth'],
  ]
  for (const [key, value, expected] of values)
    it(`${key}=${value} is ${expected || 'nothing'}`, () =>
      assert.equal(found(groupOf({ env: { [key]: value } })).join(', '), expected))

  const words: readonly [command: readonly string[], expected: string][] = [
    [['celery', '-A', 'auth', 'worker'], 'doubtful auth'],
    [['sh', '-c', 'celery -A auth worker'], 'doubtful auth'],
    [['app', '--auth-host', 'auth'], 'sure auth'],
    [['app', '--auth-host=auth'], 'sure auth'],
    [['app', '--topic', 'auth'], 'named auth'],
    [['java', '-Dspring.kafka.topic=auth'], 'named auth'],
    [['sh', '-c', 'until nc -z auth 80; do sleep 1; done'], 'sure auth'],
    [['sh', '-c', 'curl $AUTH_SERVICE_HOST'], 'sure auth'],
    [['app', '--env', 'AUTH_SERVICE_HOST'], 'sure auth'],
    [['app', '/srv/auth/main.js'], ''],
    [['kubectl', 'wait', 'pod', '-l', 'app=auth'], 'named auth'],
    [['sh', '-c', 'kubectl wait pod -l app=auth --for=condition=Ready'], 'named auth'],
    [['wkhtmltopdf', '-l', 'http://auth:80/report'], 'sure auth'],
    [['app', '-l', 'auth:80'], 'sure auth'],
    [['app', '--service', 'headless'], 'sure headless'],
    [['k8s-wait-for', 'pod', '-lapp=auth'], 'named auth'],
    [['kubectl', 'get', 'pod', '--selector=app=auth'], 'named auth'],
  ]
  for (const [command, expected] of words)
    it(`\`${command.join(' ')}\` is ${expected || 'nothing'}`, () =>
      assert.equal(found(groupOf(container({ command }))).join(', '), expected))

  it('in two variables, a host and its port, is an address', () =>
    assert.deepEqual(found(groupOf({ env: { THERE: 'auth', THERE_PORT: '8080' } })), ['sure auth']))
  it('is one where an argument puts it together from parts', () =>
    assert.deepEqual(
      found(
        groupOf(container({ env: [{ name: 'WHO', value: 'auth' }], args: ['http://$(WHO):80', 'curl http://${WHO}'] })),
      ),
      ['sure auth'],
    ))
  it('is no variable of a Service where the pod gets none', () => {
    const group = groupOf({
      template: { ...container({ args: ['$(AUTH_SERVICE_HOST)'] }).template, enableServiceLinks: false },
    })
    assert.deepEqual(found(group), [])
  })
  it('is one wire, whatever ways lead to the same Service', () => {
    const env = { A: 'http://auth', B: '10.96.0.7', C: '$(AUTH_SERVICE_HOST)', ISSUER: 'auth', D_TOPIC: 'auth' }
    assert.deepEqual(found(groupOf({ env })), ['sure auth'])
  })
})

describe('an address that is another name for a Service', () => {
  const group = (value: string) => groupOf({ env: { AUTH_URL: value } })
  const wire = (value: string) => memberOf(group(value), 'web').live!.wires[0]!
  it('is told by the Service it leads to', () =>
    assert.equal(wire('http://login:80').where, 'AUTH_URL=http://login:80, where login is auth-active'))
  const rewired: readonly [value: string, expected: string][] = [
    ['http://login:80/x', 'AUTH_URL=http://auth-preview:80/x'],
    ['http://login.legacy.svc:80', 'AUTH_URL=http://auth-preview.legacy.svc:80'],
    ['10.96.0.7:80', 'AUTH_URL=auth-preview:80'],
    ['http://[fd00::7]:80', 'AUTH_URL=http://auth-preview:80'],
    ['$(AUTH_SERVICE_HOST):80', 'AUTH_URL=$(AUTH_PREVIEW_SERVICE_HOST):80'],
  ]
  for (const [value, expected] of rewired)
    it(`is rewired as a whole: ${value}`, () =>
      assert.equal(addressedTo(wire(value), 'auth-preview', group(value)), expected))
})

describe('what is declared', () => {
  const DEPENDS = 'rollouts-group/depends-on'
  const DENIES = 'rollouts-group/calls-not'
  const calls = (annotations: Record<string, string>, env: Record<string, string>) =>
    found(groupOf({ env }, { annotations }))

  const rows: readonly [
    what: string,
    annotations: Record<string, string>,
    env: Record<string, string>,
    expected: string[],
  ][] = [
    ['takes a doubtful call away', { [DEPENDS]: '' }, { ISSUER: 'auth' }, ['named auth']],
    ['makes a doubtful one sure', { [DEPENDS]: 'auth' }, { ISSUER: 'auth' }, ['sure auth']],
    [
      'takes a doubtful one away where a sure one leads there',
      { [DEPENDS]: 'auth' },
      { ISSUER: 'auth', AUTH_URL: 'http://auth-active' },
      ['sure auth-active', 'named auth'],
    ],
    ['makes no call of what is none', { [DEPENDS]: 'auth' }, { AUDIENCE: 'auth' }, ['named auth']],
    ['leaves a sure one, which differs', { [DEPENDS]: '' }, { AUTH_URL: 'http://auth' }, ['sure auth']],
    ['denies a sure one by name', { [DENIES]: 'auth' }, { AUTH_URL: 'http://auth' }, ['named auth']],
    ['denies nobody else', { [DENIES]: 'other' }, { AUTH_URL: 'http://auth' }, ['sure auth']],
  ]
  for (const [what, annotations, env, expected] of rows)
    it(what, () => assert.deepEqual(calls(annotations, env), expected))

  const release = (more: Partial<MemberSpec>) => {
    const spec = legacyPair({ frontend: more })
    const front = memberOf(readGroup(world(spec), 'loan'), 'my-frontend')
    const said = (revision: typeof front.live) => [
      ...revision!.wires.map(() => 'calls'),
      ...revision!.weak.map((each) => each.strength),
    ]
    return { live: said(front.live), next: said(front.next) }
  }
  const sure = (role: string) => ({ env: { BACKEND_HOST: `backend-${role}` } })
  it('on the Rollout denies nothing of the revision before it', () =>
    assert.deepEqual(release({ annotations: { [DENIES]: 'my-backend' }, live: sure('active'), next: sure('active') }), {
      live: ['calls'],
      next: ['named'],
    }))
  it('in a pod template speaks of that revision alone', () =>
    assert.deepEqual(
      release({ live: sure('active'), next: { ...sure('active'), annotations: { [DENIES]: 'my-backend' } } }),
      { live: ['calls'], next: ['named'] },
    ))
  it('when a revision was the newest one goes on to hold for it: the controller has copied it', () =>
    assert.deepEqual(release({ live: { ...sure('active'), own: { [DENIES]: 'my-backend' } }, next: sure('active') }), {
      live: ['named'],
      next: ['calls'],
    }))
  const doubt = (key: string) => ({ env: { [key]: 'backend-active' } })
  it('as the complete list speaks of the settings that an older revision shares', () =>
    assert.deepEqual(release({ annotations: { [DEPENDS]: '' }, live: doubt('ISSUER'), next: doubt('ISSUER') }), {
      live: ['named'],
      next: ['named'],
    }))
  it('as the complete list says nothing of what the new one has no more', () =>
    assert.deepEqual(release({ annotations: { [DEPENDS]: '' }, live: doubt('BACKEND_NAME'), next: { env: {} } }), {
      live: ['doubtful'],
      next: [],
    }))
  it('draws no edge from what is only named or doubtful', () => {
    const { edges } = graphOf(groupOf({ env: { ISSUER: 'auth', AUDIENCE: 'auth' } }))
    assert.deepEqual(edges, [])
  })
})
