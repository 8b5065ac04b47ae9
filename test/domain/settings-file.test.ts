import assert from 'node:assert/strict'
import { readGroup } from '../../src/domain/group/read-group.ts'
import { configOf, world } from '../support/objects.ts'
import { memberOf } from '../support/scenes.ts'

const MOUNTED = { name: 'main', image: 'a:1', volumeMounts: [{ name: 'v', mountPath: '/v' }] }

/** What a mounted file says of `auth`, whose Services are `auth` and `auth-active`. */
function found(file: string, containers: readonly object[] = [MOUNTED]): string {
  const template = { containers, volumes: [{ name: 'v', configMap: { name: 'conf' } }] }
  const snapshot = world({
    members: [
      { name: 'web', live: { template } },
      { name: 'auth', live: { version: '1.0' } },
    ],
  })
  const plain = { metadata: { name: 'auth', namespace: 'legacy' }, spec: { selector: { app: 'auth' } } }
  const configs = new Map([['conf', configOf({ file })]])
  const group = readGroup({ ...snapshot, services: [...snapshot.services, plain], configs }, 'loan')
  const { wires, weak } = memberOf(group, 'web').live!
  return [
    ...wires.map((each) => `sure ${each.service}`),
    ...weak.map((each) => `${each.strength} ${each.service}`),
  ].join(', ')
}

describe('what a mounted file names', () => {
  const files: readonly [content: string, expected: string][] = [
    ['upstream: http://auth:80', 'sure auth'],
    ['socket_address:\n  address: auth\n  port_value: 80', 'sure auth'],
    ['clusters:\n- name: auth\n  type: STRICT_DNS\nroute:\n  cluster: auth', ''],
    [
      'upstream auth {\n  server auth-active:80;\n}\nserver {\n  location / { proxy_pass http://auth; }\n}',
      'sure auth-active',
    ],
    [
      'server {\n  server_name auth;\n  location /auth { proxy_pass http://auth-active; }\n}',
      'sure auth-active, named auth',
    ],
    ['backend auth\n  server auth auth-active:80 check', 'sure auth-active, named auth'],
    ['spring.kafka.topic=auth\nservices.auth.url=http://auth-active', 'sure auth-active, named auth'],
    ['cluster_name: auth.legacy.svc', 'named auth'],
    ['tls: { serverName: auth.legacy.svc }', 'named auth'],
    ['GRPC_SERVER_NAME=auth:80', 'doubtful auth'],
    ['cors:\n  allowed-origins:\n    - http://auth', 'named auth'],
    ['issuer: auth', 'doubtful auth'],
    ['clients:\n- redirectUris:\n  - http://auth/callback', 'named auth'],
    ['# calls auth\nname = "web"', ''],
    ['{"auth": {"host": "auth-active"}, "realm": "auth"}', 'sure auth-active'],
    ['{"auth": {"port": 80}, "host": "auth-active", "realm": "auth"}', 'sure auth-active, named auth'],
    ['clusters:\n- name: auth\nroute: { cluster: auth }', ''],
    ['clusters: [{ name: auth, type: STRICT_DNS }]\nroute: { "cluster": auth, timeout: 1s }', ''],
    ['clusters:\n- { name: auth, type: STRICT_DNS }\nroute: {cluster: auth}', ''],
    ['upstreams:\n  auth: { host: auth, port: 80 }', 'sure auth'],
    ['upstreams: { auth: { port: 80, host: auth-active } }', 'sure auth-active'],
    ['upstreams:\n- { tags: [a, b], address: auth:80, topic: auth-active }', 'sure auth, named auth-active'],
    ['services:\n- { name: auth, url: http://auth }', 'sure auth'],
    ['services:\n- name: auth\n  url: http://auth', 'sure auth'],
    ['db: { host: pg, database: auth, user: auth }', 'doubtful auth'],
    ['address:\n  socket_address: { address: auth-active, port_value: 80 }', 'sure auth-active'],
    ['hosts:\n- { weight: 1 }\n- auth', 'sure auth'],
    ['x: { first: 1, x: auth-active }', 'sure auth-active'],
    // A comment begins behind a blank, and not in quotes.
    ['{"alerts":"Ops #alerts","api":"http://auth:80"}', 'sure auth'],
    ['curl -d "Order #$1" http://auth-active/retry', 'sure auth-active'],
    ["run: 'a \\' # http://auth", ''],
    ['location / { add_header X "a #b"; proxy_pass http://auth-active; }', 'sure auth-active'],
    ["title: don't # see http://auth", ''],
    ['{"a":"\\" #b","api":"http://auth:80"}', 'sure auth'],
    // Slashes as PHP escapes them.
    [String.raw`{"auth":"http:\/\/auth:80\/v1"}`, 'sure auth'],
    [String.raw`{"x":"http:\/\/other\/auth"}`, ''],
    // A part of the file is what stands for it alone, or of nginx behind `//`.
    ['sources:\n- name: auth\n  handler:\n    source: http://auth/openapi.json', 'sure auth'],
    ['sources:\n- name: auth\nsubgraphs: { "auth": "http://auth/graphql" }', 'sure auth'],
    ['backend auth\n  server-template auth 3 auth.legacy.svc.cluster.local:80 check', 'sure auth'],
    ['jobs:\n- name: auth\n  run: auth --peer http://auth-active:80', 'sure auth-active'],
    [
      'frontend web\n  use_backend auth if { path_beg /auth }\nbackend auth\n  server a auth-active:80',
      'sure auth-active',
    ],
    ["msg: it's fine # we'd call http://auth:80", ''],
    // What stands behind the name of a part has its key.
    ['upstream auth { server x:80; }\nserver_name auth auth.legacy auth.legacy.svc.cluster.local;', 'named auth'],
    ['jobs:\n- name: auth\n  allowed_hosts: auth, auth.legacy.svc', 'named auth'],
    ['jobs:\n- name: auth\n  scope: auth http://auth/read', 'named auth'],
    ['spring.kafka.consumer.group=auth.legacy', 'named auth'],
    // A URL is one under any key but what is compared.
    ['services:\n  cart: http://other\n  user: http://auth:80', 'sure auth'],
    ['service.user=http://auth', 'sure auth'],
    ['# x: { host: auth, port: 80 }\ny: 1 # { host: auth }', ''],
    ['{"cors": {"origins": [\n  "http://auth"\n]}}', 'named auth'],
    ['cors: { max: 1, origins: [\n  http://auth\n]}', 'named auth'],
    ['text: "see, note: auth"', 'doubtful auth'],
    ['db { url = "jdbc:postgresql://pg/x", user = auth }', 'named auth'],
    ['auth = { port = 80, host = "auth" }', 'sure auth'],
    ['backend x { .host = "auth"; .port = "80"; }', 'sure auth'],
    ['location / { proxy_pass http://auth-active; proxy_set_header Host auth; }', 'sure auth-active, doubtful auth'],
    ['add_header X "a; host auth; b"; proxy_pass http://auth-active;', 'sure auth-active, named auth'],
    ['auth: {backend: auth}', 'doubtful auth'],
    ['cache:\n  backend: auth\n  url: redis://auth:80', 'sure auth'],
    ['command=app --other-url http://auth-active:80 --auth-host auth', 'sure auth-active, sure auth'],
    ['exec app --other-url http://auth-active:80 --auth-host auth', 'sure auth-active, sure auth'],
    ['ARGS="--other-url http://auth-active:80 --auth-host auth"', 'sure auth-active, sure auth'],
    ['run: ["app", "--auth-host", "auth", "--verbose", "--topic", "auth-active"]', 'sure auth, named auth-active'],
    ['exec app --other-url http://auth-active:80 --topic auth', 'sure auth-active, named auth'],
    ['exec psql -h auth-active -d auth', 'sure auth-active, doubtful auth'],
    ['curl auth > out.json', 'doubtful auth'],
    ['upstreams: auth=http://auth-active:80', 'sure auth-active'],
    ['backend x\n  server s1 auth-active:80 check resolvers auth', 'sure auth-active, named auth'],
    ['backend x\n  server auth auth-active check cookie auth', 'sure auth-active, named auth'],
    ['upstream x {\n  server auth-active backup;\n}', 'sure auth-active'],
    ['backend auth {\n  .host = "auth-active";\n}', 'sure auth-active'],
    ['backend auth {\n  .host = "auth-active";\n}\ngrpc_pass auth:80;', 'sure auth-active, sure auth'],
    ['services:\n  auth:\n    servers:\n    - url: http://auth\nrouters:\n  auth:\n    service: auth', 'sure auth'],
    ['services:\n  auth:\n    timeout: 5s\nroutes:\n- service: auth', 'doubtful auth'],
    ['services:\n  auth:\n    url: http://auth-active\nroutes:\n- service: auth', 'sure auth-active'],
    ['services:\n  auth:\n    url: http://auth-active\nroutes:\n- server: auth', 'sure auth-active, doubtful auth'],
    ['services:\n  auth:\n    url: http://auth-active\nchecks:\n- host: auth', 'sure auth-active, sure auth'],
    ['auth: { host: auth-active, port: 80 }\nroute: { backend: auth }', 'sure auth-active'],
    ['{"auth": {"url": "http://auth-active"}, "use": "auth"}', 'sure auth-active'],
    ['{"auth": {"url": "http://auth-active", "use": "auth"}}', 'sure auth-active, doubtful auth'],
    [
      'services:\n  other:\n    url: http://auth-active\nroutes:\n- service: other\n- service: auth',
      'sure auth-active, doubtful auth',
    ],
    ['services:\n  auth-active:\n    url: http://auth-active\n    x: auth', 'sure auth-active, doubtful auth'],
    ['{\n"services": {\n  "auth": {\n    "url": "http://auth"\n  }\n},\n"use": "auth"\n}', 'sure auth'],
    ['[http.services.auth]\nurl = "http://auth"\n[http.routers.auth]\nservice = "auth@file"', 'sure auth'],
    ['[auth]\nurl = "http://auth-active"', 'sure auth-active'],
    ['hosts:\n  [auth]\n', 'sure auth'],
    ['upstream x { server other:80; server auth:80; }', 'sure auth'],
    ['server { sub_filter auth x; proxy_pass http://auth-active; }', 'sure auth-active, doubtful auth'],
    // Of several blocks in one line each is judged under its own directive.
    [
      'location /a/ { proxy_pass http://auth-active/; }  location /b/ { proxy_pass http://auth:80/; }',
      'sure auth-active, sure auth',
    ],
    ['upstream s { server auth:80; } server { listen 80; }', 'sure auth'],
    ['upstream s { server auth; server other; } server { listen 80; }', 'sure auth'],
    ['server { listen 80; } upstream auth { server auth-active:80; }', 'sure auth-active'],
    ['upstream auth { server auth-active:80; } server { location / { proxy_pass http://auth; } }', 'sure auth-active'],
    ['server { server_name "auth"; proxy_pass http://auth-active; }', 'sure auth-active, named auth'],
    ['location / { proxy_pass http://auth; add_header X "a { b"; }', 'sure auth'],
    ['fetch("http://auth/x").then(r => { return r.json() })', 'sure auth'],
    ['http-request set-var(txn.up) str(http://auth) if { path_beg /api }', 'sure auth'],
    ['acl x path_beg /x if { path_beg /api } or { hdr(host) other:80 }', ''],
    ['forward_auth auth:80 { uri /verify }', 'sure auth'],
    ['handle /x { reverse_proxy auth:80 } handle { respond 404 }', 'sure auth'],
    ['output { elasticsearch { hosts => ["http://auth:80"] } http { url => "http://other" } }', 'sure auth'],
    ['backend a { .port = "80"; .host = "auth"; } backend b { .host = "other"; }', 'sure auth'],
    ['backend a { .host = "other"; .port = "80"; } backend auth { .host = "auth-active"; }', 'sure auth-active'],
    ['{{ if .Tls }}server auth;{{ else }}server other;{{ end }}', 'sure auth'],
    ['server {{ if .Next }}other{{ else }}auth{{ end }}:80;', 'sure auth'],
    ['{% if tls %}proxy_pass http://auth;{% else %}proxy_pass http://other; {% endif %}', 'sure auth'],
    ['location / { proxy_pass http://auth; {{ .Extra }} {{ range .Rules }}allow {{ . }}; {{ end }} }', 'sure auth'],
    ['const { a } = await load("http://auth"); if (a) { run(a) }', 'sure auth'],
    // What requests are compared with is no host.
    ['location ~ ^/api/(?<svc>auth|other)/(.*)$ {\n  proxy_pass http://$svc.legacy.svc:80;\n}', ''],
    ['server { location ~* /(auth|other)/ { proxy_pass http://auth-active; } }', 'sure auth-active'],
    [
      'location = /auth { grpc_pass auth; } location = /x { proxy_pass http://auth-active; }',
      'sure auth, sure auth-active',
    ],
    ['rewrite ^/(auth|other)/(.*)$ /$2 break;', ''],
    ['rewrite "^/(auth|other) x$" http://auth-active/$1;', 'sure auth-active'],
    ['if ($http_host ~* "^(auth|auth-active)$") { return 403; }', ''],
    ['if ($host = auth) {\n  proxy_pass http://auth-active;\n}', 'sure auth-active'],
    ['map $uri $up {\n  ~^/(auth-active|other)/ auth:80;\n  default other:80;\n}', 'sure auth'],
    ['RewriteCond %{HTTP_HOST} ^auth$\nRewriteRule ^/(auth|other)$ http://auth-active/$1 [P]', 'sure auth-active'],
    ['if ($r = get("http://auth")) { return 1; }', 'sure auth'],
    ['if (fetch("http://auth")) { return 1 }', 'sure auth'],
    ['location = http://auth', 'sure auth'],
    ['location: http://auth', 'sure auth'],
    ['location auth:80', 'sure auth'],
    ['location /x http://auth', 'sure auth'],
    ['rewrite auth:80', 'sure auth'],
    // A key may be a host with its port.
    ['nodes:\n  auth:8080: 1\n  "other:80": 1', 'sure auth'],
    ['nodes:\n  auth-active:8080: 1', 'sure auth-active'],
    ['nodes:\n  auth-active:8080:\n    weight: 1', 'sure auth-active'],
    ['nodes: { auth-active:8080: 1, other:80: 2 }', 'sure auth-active'],
    ['keys:\n  auth-active:3: 1\n  auth-active:9999: 1', ''],
    // So may a name with a port beside it, to which nothing refers.
    ['backends:\n- name: auth\n  port: 8080\n- name: x\n  url: http://other:80', 'doubtful auth'],
    ['backends:\n- name: auth\n  tls: false\n  retry:\n    times: 3\n  port: 8080', 'doubtful auth'],
    ['backends:\n- { name: auth, weight: 3, port: 8080 }', 'doubtful auth'],
    ['backends: [{ name: auth, port: 8080 }]', 'doubtful auth'],
    ['backends:\n- name: auth\n- name: other\n  port: 8080', ''],
    ['backends:\n- name: auth\n  probe:\n    port: 8080', ''],
    ['backends:\n- name: auth\n  port: 8080\nroutes:\n- use: auth', ''],
    ['backends:\n- name: auth\n  port: 8080\nroutes:\n  auth: /x', ''],
    ['services:\n- name: auth\n  host: auth-active\n  port: 8080', 'sure auth-active'],
    ['ports:\n- name: auth\n  port: 8080', ''],
    ['listeners:\n- name: auth\n  port: 8080', ''],
    // Comments of any syntax, where they can be nothing else.
    ['<a>\n  <!-- http://auth -->\n  <url>http://auth-active</url>\n</a>', 'sure auth-active'],
    ['<!--\n  <url>http://auth</url>\n-->\n<url>http://auth-active</url>', 'sure auth-active'],
    ['<a><!-- x --><url>http://auth</url><!-- y --></a>', 'sure auth'],
    ['<!-- <url>http://auth</url>', 'sure auth'],
    ['# <!-- off\nurl: http://auth\n# -->', 'sure auth'],
    ['/* http://auth */\nurl = "http://auth-active"', 'sure auth-active'],
    ['/*\n * http://auth\n */\nurl = "http://auth-active"', 'sure auth-active'],
    ['url = "http://auth-active" /* was http://auth */', 'sure auth-active'],
    ['paths:\n- /*\nurl: http://auth\ncron: "*/5 * * * *"', 'sure auth'],
    ['/* http://auth 200\n/x/*/ http://other 200', 'sure auth'],
    ['reverse_proxy /* auth:80\nhandle /x/* {\n}', 'sure auth'],
    ['a: "/* "\nurl: http://auth\nb: " */"', 'sure auth'],
    ['{\n"url": "http://auth-active", // was http://auth\n"b": 1\n}', 'sure auth-active'],
    ['const url = "http://auth-active"; // was http://auth', 'sure auth-active'],
    ['url = "http://auth-active" // was http://auth', 'sure auth-active'],
    ['src: "//auth", other: x', 'sure auth'],
    ['my $url = $ENV{URL} // "http://auth";', 'sure auth'],
    ['.url // .b["x"] // "http://auth"', 'sure auth'],
    ['{ a = "x"; } // { url = "http://auth"; }', 'sure auth'],
    ['peers: http://other // http://auth', 'sure auth'],
    ['local x = 1\n-- http://auth\nlocal url = "http://auth-active" -- was http://auth', 'sure auth-active'],
    ['local x = 1\n--[[ http://auth\nhttp://auth:80 ]]\nlocal url = "http://auth-active"', 'sure auth-active'],
    ['local x = "--"\nlocal url = "a -- b http://auth"', 'sure auth'],
    ['local x=1\nexec wait other:80 \\\n  -- curl http://auth', 'sure auth'],
    ['args: >\n  wait other:80\n  -- curl http://auth', 'sure auth'],
    ['! http://auth\nurl = http://auth-active', 'sure auth-active'],
    ['set -e\n! curl http://auth', 'sure auth'],
    ['[a]\nrun = first ; curl http://auth', 'sure auth'],
    // Braces without a blank are none of a block.
    ['respond /x/{auth-active}/y {a,auth-active} 200', 'doubtful auth-active'],
    ['location ~ ^/x{2,3}$ { proxy_pass http://${HOST:-auth}:80; }', 'sure auth'],
  ]
  for (const [content, expected] of files)
    it(`in ${JSON.stringify(content)} is ${expected || 'nothing'}`, () => assert.equal(found(content), expected))
})

describe('a file that an agent writes from an annotation', () => {
  const liveOf = (annotations: Record<string, string>) => {
    const members = [
      { name: 'web', live: { annotations } },
      { name: 'auth', live: { version: '1.0' } },
    ]
    return memberOf(readGroup(world({ members }), 'loan'), 'web').live!
  }
  const calls = (annotations: Record<string, string>) => liveOf(annotations).wires.map(({ where }) => where)
  const text = '{{ with secret "x" }}\nexport AUTH_URL="http://auth-active"\n{{ end }}'
  it('is read like one that is mounted', () =>
    assert.deepEqual(calls({ 'vault.hashicorp.com/agent-inject-template-env': text }), [
      'auth-active in file env of annotation vault.hashicorp.com/agent-inject-template-env',
    ]))
  it('does not call what its secrets are called by', () => {
    const asked = '{{- with secret "auth-active/data/db" "ttl=auth-active" -}}\nDB_PASS={{ .Data.data.pw }}\n{{- end }}'
    const { weak } = liveOf({ 'vault.hashicorp.com/agent-inject-template-env': asked })
    assert.deepEqual(weak, [])
  })
  it('is not taken from other annotations', () => assert.deepEqual(calls({ 'example.com/template-env': text }), []))
})

describe('a variable in a mounted file', () => {
  const FILE = 'proxy_pass http://${WHERE}:${AUTH_PORT};'
  const env = [{ name: 'AUTH_PORT', value: '80' }]
  const secret = [{ name: 'AUTH_PORT', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } }]
  const rows: readonly [what: string, containers: readonly object[], expected: string][] = [
    ['is the kubelet’s, which tells where a Service is', [MOUNTED], 'sure auth'],
    ['is the container’s that sets it', [{ ...MOUNTED, env }], ''],
    ['is the container’s, wherever it takes it from', [{ ...MOUNTED, env: secret }], ''],
    [
      'is not another container’s, which does not see the file',
      [MOUNTED, { name: 'b', image: 'b:1', env }],
      'sure auth',
    ],
    ['is that of whoever sets it, beside one who sees the file, too', [MOUNTED, { ...MOUNTED, name: 'b', env }], ''],
  ]
  for (const [what, containers, expected] of rows) it(what, () => assert.equal(found(FILE, containers), expected))
})
