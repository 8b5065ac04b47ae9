import assert from 'node:assert/strict'
import { readGroup } from '../../src/domain/group/read-group.ts'
import { world } from '../support/objects.ts'
import { memberOf } from '../support/scenes.ts'

const PORTS = [80, 1521, 3306, 5672, 6379, 8080, 11211, 27017, 50051]

/** What a variable of `web` says of `auth`, whose Services are `auth` with these ports and `auth-active` with 8080. */
function found(key: string, value: string, auth = 'auth', more: object = {}): string {
  const snapshot = world({
    members: [
      { name: 'web', live: { env: { [key]: value } } },
      { name: auth, live: { version: '1.0' } },
    ],
  })
  const plain = {
    metadata: { name: auth },
    spec: { selector: { app: auth }, ports: PORTS.map((port) => ({ port })), ...more },
  }
  const { wires, weak } = memberOf(readGroup({ ...snapshot, services: [...snapshot.services, plain] }, 'loan'), 'web')
    .live!
  return [...wires.map(({ service }) => `sure ${service}`), ...weak.map((each) => `${each.strength} ${each.service}`)]
    .sort()
    .join(', ')
}

type Row = readonly [key: string, value: string]

const NO_CALLS: readonly Row[] = [
  // Parameters.
  ['A_URL', 'http://other:80/?tenant=auth'],
  ['A_URL', 'http://other?auth'],
  ['A_URL', 'https://other.example.com/x?a=1&client=auth-active#auth'],
  ['A_URL', 'jdbc:sqlserver://sql:1433;databaseName=auth;encrypt=false'],
  ['A_URL', 'jdbc:postgresql://pg:5432/shop?currentSchema=auth'],
  ['A_URL', 'jdbc:db2://db2:50000/SAMPLE:currentSchema=auth;user=auth;'],
  ['A_URL', 'mongodb://m1:27017,m2:27017/x?replicaSet=rs0&appName=auth-active'],
  ['A_URI', 'mongodb+srv://cluster0.abc.mongodb.net/x?authSource=auth'],
  ['A_URL', 'postgresql://u:p@pg:5432/shop?options=-csearch_path=auth&application_name=auth'],
  ['A_URL', 'amqp://u:p@rabbit:5672/auth?connection_name=auth'],
  ['A_URL', 'nats://nats:4222?subject=auth'],
  ['A_DSN', 'host=pg port=5432 user=auth dbname=auth application_name=auth'],
  ['A_DSN', 'pgsql:host=pg;dbname=auth'],
  ['A_DB', 'Server=sql;Database=auth;User Id=auth;App=auth'],
  ['A_URL', 'Data Source=sql;Initial Catalog=auth;User ID=auth'],
  ['X', 'Endpoint=sb://bus.example.com/;EntityPath=auth'],
  ['A_SERVERS', 'kafka:9092?client.id=auth'],
  ['A_URL', "host=pg dbname='auth' password=auth"],
  // Who logs in.
  ['A_DSN', 'auth:pw@tcp(mysql:3306)/x?parseTime=true'],
  ['A_URL', 'postgres://auth:pw@pg:5432/x'],
  ['A_URL', 'mongodb://auth:pw@m1,auth:pw@m2/x'],
  ['A_URL', 'jdbc:oracle:thin:auth/pw@sql:1521/x'],
  ['A_URL', 'auth@other.example.com'],
  // Paths and databases.
  ['A_URL', 'postgresql:///auth'],
  ['A_URL', 'ldap://ldap:389/ou=auth,dc=example'],
  ['A_URL', 'ldap://ldap:389/cn=auth,dc=auth'],
  ['A_URL', 'jdbc:oracle:thin:@sql:1521:auth'],
  ['A_URL', 'consul://consul:8500/auth'],
  ['A_URL', 'jdbc:h2:mem:auth'],
  ['A_URL', 'redis://redis:6379/0#auth'],
  ['A_URL', 'https://example.com/a/x=auth'],
  // Buckets, topics, names of things.
  ['A_URI', 's3://auth/exports'],
  ['A_URL', 'gs://auth'],
  ['A_URL', 'abfss://auth@account.dfs.core.windows.net/x'],
  ['A_URL', 'arn:aws:sqs:eu-west-1:123456789012:auth'],
  ['A_URI', 'classpath:auth'],
  ['A_URI', 'classpath://auth'],
  ['A_URI', 'urn:x:auth'],
  ['A_URI', 'docker://auth:2.0'],
  ['A_URI', 'kafka:auth?brokers=kafka:9092'],
  ['A_URL', 'non-persistent://auth/default/x'],
  // Images and amounts.
  ['X', 'registry.example.com/shop/auth:2.0'],
  ['X', 'registry.example.com/auth:8080'],
  ['A_IMAGE', 'auth:2'],
  ['X', 'auth:2.0'],
  ['X', 'auth:2-alpine'],
  ['X', 'auth:20260102'],
  ['X', 'auth:0'],
  ['X', 'auth:0,auth:1'],
  ['X', 'auth:1:'],
  ['X', 'auth:1:x:'],
  ['X', 'auth:9999:'],
  ['X', 'auth:30 web:60'],
  ['X', 'auth:30s'],
  ['DB_PASS', 'auth'],
  // What a process reports itself as.
  ['OTEL_SERVICE_NAME', 'auth'],
  ['OTEL_RESOURCE_ATTRIBUTES', 'service.name=auth,peer.service=auth'],
  ['JAVA_OPTS', '-Dotel.service.name=auth -Da.url=http://other'],
  ['DD_SERVICE', 'auth'],
  // Variables, anchors, values of templates, parts of a file.
  ['A_URL', '$auth'],
  ['A_URL', 'http://$auth/x'],
  ['A_URL', '${auth}'],
  ['A_URL', 'http://${auth:other}:80'],
  ['A_URL', '%auth%'],
  ['A_URL', '{{ auth }}'],
  ['A_URL', 'http://{{- auth | quote }}'],
  ['A_URL', '*auth'],
  ['A_URL', '&auth http://other'],
  ['X', '@auth'],
  ['A_URL', '502 = @auth'],
  ['A_URL', 'balancer://auth/x'],
  ['X', '-Dhttp.nonProxyHosts=auth|other'],
  // What is meant by a variable that is not set is what its name says.
  ['exec', './app --topic "${KAFKA_TOPIC:-auth}"'],
  ['X', 'http://other/${USER:-auth}'],
]

/** What stands for nobody in a value, whoever is called so. */
const SCHEMES: readonly Row[] = [
  ['REDIS_URL', 'redis://other:6379/0'],
  ['X', 'redis://other'],
  ['A_URLS', 'redis://one,redis+sentinel://two'],
]

const CALLS: readonly (readonly [...Row, expected: string])[] = [
  ['X', 'http://auth:8080', 'sure auth'],
  ['X', 'auth:8080', 'sure auth'],
  ['X', 'auth:80', 'sure auth'],
  ['X', 'auth:80.', 'sure auth'],
  ['X', 'auth:80/path', 'sure auth'],
  ['X', 'auth:6379:0', 'sure auth'],
  ['AUTH_ADDR', 'auth:81', 'sure auth'],
  ['AUTH_ADDR', 'auth:3600', 'sure auth'],
  ['X', 'http://auth:3600', 'sure auth'],
  ['TTL', 'auth:3600,other:60', 'doubtful auth'],
  ['X', 'dns:///auth:50051', 'sure auth'],
  ['X', 'dns:///auth', 'sure auth'],
  ['X', 'dns://8.8.8.8/auth:80', 'sure auth'],
  ['X', 'direct:///auth:50051', 'sure auth'],
  ['X', 'any:///auth:50051', 'sure auth'],
  ['X', 'dns:auth:50051', 'sure auth'],
  ['X', 'amqp://auth:5672', 'sure auth'],
  ['X', 'jdbc:postgresql://auth/auth', 'sure auth'],
  ['X', 'jdbc:oracle:thin:@auth:1521:xe', 'sure auth'],
  ['X', 'redis://:pw@auth:6379/0', 'sure auth'],
  ['X', 'auth:pw@tcp(auth:3306)/auth', 'sure auth'],
  ['X', 's3://auth:9000/bucket', 'sure auth'],
  ['X', 'kafka://auth:9092', 'sure auth'],
  ['A_URI', 'kafka://auth', 'sure auth'],
  ['X', 'rabbitmq:auth:5672/ex?queue=x', 'sure auth'],
  ['X', 'other:http://other:80,queue:http://auth:80', 'sure auth'],
  ['X', 'auth:11211@2,other:11211@3', 'sure auth'],
  ['X', 'auth.legacy.svc.cluster.local', 'sure auth'],
  ['X', 'mongodb://u:p@other:27017,auth:27017/x?appName=auth', 'sure auth'],
  ['X', 'http://auth?next=a@b', 'sure auth'],
  ['X', 'http://auth/users/@me', 'sure auth'],
  ['X', 'http://other/?next=http://auth/x', 'sure auth'],
  ['X', 'http://other/http://auth/x', 'sure auth'],
  ['X', 'auth=http://auth:80;old=http://old/auth', 'sure auth'],
  ['BACKENDS', 'auth,other', 'doubtful auth'],
  ['BACKENDS', 'first=other:80,second=auth', 'sure auth'],
  ['A_DSN', 'host=auth port=5432 dbname=auth', 'sure auth'],
  ['X', 'Data Source=auth;Initial Catalog=x', 'sure auth'],
  ['A_DB', 'Server=tcp:auth,1433;Database=x', 'sure auth'],
  ['X', 'postgresql:///x?host=auth', 'sure auth'],
  ['AUTH_URL', 'http://other/?next=auth&host=auth', 'sure auth'],
  ['AUTH_HOST', 'auth', 'sure auth'],
  ['A_URL', 'http://other/?redirect_uri=http://auth/x', 'doubtful auth'],
  ['X', '${OTHER:http://auth}', 'sure auth'],
  ['X', 'http://${OTHER:-auth}:80', 'doubtful auth'],
  ['A_HOST', '${OTHER:-auth}', 'sure auth'],
  ['X', '${AUTH_HOST:-auth}:80', 'sure auth'],
  ['X', 'http://${AUTH_HOST:-auth}:80', 'sure auth'],
  ['X', '${AUTH_URL:-http://auth:80}/x', 'sure auth'],
  ['server', '${ONE:-other}:80 ${TWO:-auth}:80;', 'sure auth'],
  ['X', '{{ env "X" | default "http://auth" }}', 'sure auth'],
  ['A_URL', '$other,auth', 'sure auth'],
  ['A_URL', 'other&&http://auth', 'sure auth'],
  ['HOSTS', '@auth:80,*auth:80', 'sure auth'],
  ['A_URL', 'http://$auth:80,&auth:80', 'sure auth'],
  ['X', 'auth=debug,web=info', 'doubtful auth'],
  ['AUDIENCE', 'a=http://auth', 'named auth'],
]

describe('a name in a value', () => {
  for (const [key, value] of NO_CALLS)
    it(`is no call in ${key}=${value}`, () => assert.match(found(key, value), /^(named [\w-]+(, )?)*$/))
  for (const [key, value] of SCHEMES)
    it(`is no call as the scheme of ${key}=${value}`, () => assert.equal(found(key, value, 'redis'), ''))
  for (const [key, value, expected] of CALLS)
    it(`is ${expected} in ${key}=${value}`, () => assert.equal(found(key, value), expected))

  for (const [member, key, value, strength] of [
    ['images', 'IMAGES', 'http://images', 'sure'],
    ['images', 'JOB_IMAGE', 'images', 'named'],
    ['users', 'X', 'old=http://old,users=http://users:80', 'sure'],
    ['users', 'USERS', 'users:443', 'doubtful'],
  ] as const)
    it(`is ${strength} in ${key}=${value}, where the key is its own`, () =>
      assert.equal(found(key, value, member), `${strength} ${member}`))

  it('may have any port where its Service leads to the pods themselves', () => {
    assert.equal(found('X', 'auth:443'), 'named auth')
    assert.equal(found('X', 'auth:443', 'auth', { clusterIP: 'None' }), 'sure auth')
  })
})
