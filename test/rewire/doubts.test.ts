import assert from 'node:assert/strict'
import { at } from '../../src/domain/objects/fields.ts'
import { DEPENDS_ON } from '../../src/domain/objects/labels.ts'
import { told } from '../support/typed.ts'
import { clusterWith, configMap, containerOf, manifestsOf, member, objectOf, refusals, rewired } from './files.ts'

/** A member whose one Service bears its name, as most do. */
const plain = (name: string, container = '', more = '') =>
  member(name, container, '2.0', more).replaceAll(`${name}-active`, name)
const API = plain('api')
const VOLUME = '      volumes: [{name: v, configMap: {name: settings}}]'
const URL = '{name: API_URL, value: "http://api"}'
const said = (result: ReturnType<typeof rewired>, code: string) =>
  result.findings.filter((each) => each.code === code).map((each) => `${each.sentence}. ${told(each.remedy)}`)
const declaring = (yaml: string, calls: string) =>
  yaml.replace('metadata:\n', `metadata:\n  annotations: {${DEPENDS_ON}: ${calls}}\n`)

describe('a word that may be an address, or only the name of whom an address beside it leads to,', () => {
  const WORDS: readonly (readonly [name: string, value: string])[] = [
    ['S3_BUCKET', 'api'],
    ['DB_NAME', 'api'],
    ['CLIENT_ID', 'api'],
    ['FEATURES', 'search,api'],
    ['GREETING', 'waiting for service api'],
    ['SETTINGS', '{"bucket": "api", "url": "http://other"}'],
    ['CACHE_BACKEND', 'api'],
    ['AUTH_BACKENDS', 'api,local'],
  ]
  for (const wiring of ['pinned', 'preview'] as const)
    for (const [name, value] of WORDS)
      it(`stays as it is, ${wiring}: ${name}=${value}`, () => {
        const variable = { name, value }
        const result = rewired([API, plain('web', `env: [${URL}, ${JSON.stringify(variable)}]`)], { wiring })
        const host = wiring === 'pinned' ? 'api-2-0' : 'api-preview'
        assert.deepEqual(refusals(result), [])
        assert.deepEqual(at(containerOf(result, 'web'), 'env'), [
          { name: 'API_URL', value: `http://${host}` },
          variable,
        ])
        assert.equal(said(result, 'name-left').length, 1)
      })

  it('stays in the very string in which an address changes', () => {
    const args = ['--upstream=http://api --bucket=api', '--bucket', 'api']
    const result = rewired([API, plain('web', `args: ${JSON.stringify(args)}`)])
    assert.deepEqual(at(containerOf(result, 'web'), 'args'), [
      '--upstream=http://api-2-0 --bucket=api',
      ...args.slice(1),
    ])
  })

  it('stays in a file of which a copy is made', () => {
    const file = '[api]\nurl = "http://api"\n# api\njob_name = api\n<logger name="api"/>\necho "waiting for api"\n'
    const volume = '      volumes: [{name: v, configMap: {name: settings}}]'
    const result = rewired([
      API,
      configMap('settings', { file }),
      plain('web', 'volumeMounts: [{name: v, mountPath: /v}]', volume),
    ])
    assert.deepEqual(refusals(result), [])
    const copy = result.added.find((each) => at(each, 'kind') === 'ConfigMap')
    assert.equal(at(copy, 'data', 'file'), file.replace('//api', '//api-2-0'))
  })

  it('is told once, with every place, and how somebody says for good that it is a name', () => {
    const web = (name: string) => plain(name, `env: [${URL}, {name: A, value: "api,b"}, {name: B_NAME, value: api}]`)
    assert.deepEqual(said(rewired([API, web('web'), web('shop')]), 'name-left'), [
      'web has an address of api that is certain, so these are taken for the name of api, and stay: A=api,b, B_NAME=api; ' +
        'shop has an address of api that is certain, so these are taken for the name of api, and stay: A=api,b, B_NAME=api. ' +
        'nothing, if they are; the annotation rollouts-group/depends-on says so for good, on Rollout web with all that ' +
        'it calls (api), on Rollout shop with all that it calls (api). One that is an address leads to what users are on ' +
        'now: write it with its port, as api:80, before the release',
    ])
  })

  it('is told no more once that is said, in the files or in the cluster', () => {
    const web = plain('web', `env: [${URL}, {name: DB_NAME, value: api}]`)
    const result = rewired([API, declaring(web, 'api')])
    assert.deepEqual([refusals(result), said(result, 'name-left')], [[], []])
    const there = (yaml: string) => clusterWith(manifestsOf(API, yaml).map((each) => each.object))
    assert.equal(said(rewired([API.replace('api:2.0', 'api:3.0'), web], {}, there(web)), 'name-left').length, 1)
    const declared = rewired([API.replace('api:2.0', 'api:3.0'), web], {}, there(declaring(web, 'api')))
    assert.deepEqual([refusals(declared), said(declared, 'name-left')], [[], []])
  })
})

describe('what may be an address by its form, or is a service by its key,', () => {
  const ASKED: readonly (readonly [what: string, container: string])[] = [
    ['the name of a service', `env: [${URL}, {name: API_SERVICE_NAME, value: api}]`],
    ['one of several services', `env: [${URL}, {name: SERVICES, value: "search, api"}]`],
    ['a service of JSON', `env: [${URL}, {name: JSON, value: '{"service": "api", "bucket": "x"}'}]`],
    ['the value of a flag', `env: [${URL}], args: ["--api-service", "api"]`],
  ]
  for (const [what, container] of ASKED)
    it(`is refused beside an address, too: ${what}`, () => {
      const result = rewired([API, plain('web', container)])
      assert.match(
        refusals(result).join(),
        /^cannot-rewire: web, [^]*: it may be the address of api, or only its name$/,
      )
      assert.match(said(result, 'cannot-rewire').join(), /write what is an address with its port, as api:80; that all/)
      assert.deepEqual(refusals(rewired([API, declaring(plain('web', container), 'api')])), [])
    })
})

describe('an address by its form under a key that may not mean a call', () => {
  const login = '{name: LOGIN_URL, value: "http://api/login"}'
  const issuer = '{name: AUTH_ISSUER, value: "http://api"}'
  it('is refused beside an address that is certain, and changed with it where the call is declared', () => {
    const web = plain('web', `env: [${URL}, ${login}]`)
    assert.match(
      refusals(rewired([API, web])).join(),
      /^cannot-rewire: web, LOGIN_URL=[^:]*:\/\/api\/login: it may be where people are sent, or an address by which api is/,
    )
    const declared = rewired([API, declaring(web, 'api')])
    assert.deepEqual(refusals(declared), [])
    assert.ok(
      JSON.stringify(at(containerOf(declared, 'web'), 'env')).includes('"LOGIN_URL","value":"http://api-2-0/login"'),
    )
  })
  it('is the call, where it is declared, and what else is doubtful a name', () => {
    const web = declaring(plain('web', `env: [${login}, {name: FEATURES, value: api}]`), 'api')
    const result = rewired([API, web])
    assert.deepEqual(refusals(result), [])
    const env = JSON.stringify(at(containerOf(result, 'web'), 'env'))
    assert.ok(env.includes('http://api-2-0/login') && env.includes('"FEATURES","value":"api"'), env)
  })
  it('stays under a key of names, where the call is declared', () => {
    for (const name of ['DB_NAME', 'COOKIE_DOMAIN', 'APP_NAME']) {
      const web = plain('web', `env: [${URL}, {name: ${name}, value: "http://api"}]`)
      const result = rewired([API, declaring(web, 'api')])
      assert.deepEqual(refusals(result), [])
      const env = JSON.stringify(at(containerOf(result, 'web'), 'env'))
      assert.ok(env.includes(`"${name}","value":"http://api"`), env)
    }
  })
  it('is one of a proxy for CORS, too', () => {
    const web = plain('web', `env: [${URL}, {name: CORS_PROXY_URL, value: "http://api:80"}]`)
    assert.match(refusals(rewired([API, web])).join(), /where people are sent, or an address by which api is called$/)
    const declared = rewired([API, declaring(web, 'api')])
    assert.ok(JSON.stringify(at(containerOf(declared, 'web'), 'env')).includes('http://api-2-0:80'))
  })
  it('is refused where others may compare it, and stays where the call is declared', () => {
    const web = plain('web', `env: [${URL}, ${issuer}]`)
    assert.match(refusals(rewired([API, web])).join(), /or only what others are compared with$/)
    const declared = rewired([API, declaring(web, 'api')])
    assert.deepEqual(refusals(declared), [])
    assert.ok(JSON.stringify(at(containerOf(declared, 'web'), 'env')).includes('"AUTH_ISSUER","value":"http://api"'))
  })
})

describe('an address that is put together from parts,', () => {
  const mounted = (file: string) => {
    const web = plain('web', 'volumeMounts: [{name: v, mountPath: /v}]', VOLUME)
    const result = rewired([API, configMap('settings', { file }), web])
    const copy = result.added.find((each) => at(each, 'kind') === 'ConfigMap')
    return { refused: refusals(result).join(), file: at(copy, 'data', 'file') }
  }
  const variable = (value: string) => {
    const result = rewired([API, plain('web', `env: [{name: A_URL, value: ${JSON.stringify(value)}}]`)])
    const env = at(containerOf(result, 'web'), 'env') as { value: string }[]
    return { refused: refusals(result).join(), file: env[0]!.value }
  }
  const PARTS = [
    'http://api${SUFFIX}:80',
    'http://api$SUFFIX:80',
    'http://api$(SUFFIX):80',
    'http://api{{ .Values.suffix }}:80',
    'http://api%SUFFIX%:80',
    'http://${PREFIX}api:80',
    'http://{{ prefix }}api',
    'http://$(PREFIX)api/x',
    'http://<%= prefix %>api/x',
  ]
  for (const value of PARTS)
    it(`is refused, in a variable and in a file: ${value}`, () => {
      const why = /^cannot-rewire: web, .*: it is put together from parts, or no name of a Service$/
      assert.match(mounted(`url: ${value}\n`).refused, why)
      assert.match(variable(value).refused, why)
    })
  const WHOLE = [
    'http://api:${PORT}/x',
    'http://api.${NAMESPACE}.svc',
    'http://${USER}:${PW}@api/x',
    '${SCHEME}://api${BASE_PATH}',
    'http://api$request_uri',
    'http://api/${ROUTE}',
    'http://api?x=${X}',
    '${A_HOST:-http://api}',
    '{{ if .Next }}http://api{{ else }}http://other{{ end }}',
    'api:80,${MORE}',
    '(http://api)',
  ]
  for (const value of WHOLE)
    it(`is none where the host is whole: ${value}`, () => {
      const after = value.replace('api', 'api-2-0')
      assert.deepEqual(mounted(`url: ${value}\n`), { refused: '', file: `url: ${after}\n` })
      assert.deepEqual(variable(value), { refused: '', file: after })
    })
})

describe('where a member is declared to call another of which no address is certain,', () => {
  const web = (...env: readonly string[]) => declaring(plain('web', `env: [${env.join()}]`), 'api')
  it('the one string that may be the address is changed', () => {
    const result = rewired([API, web('{name: API_NAME, value: api}')])
    assert.deepEqual(at(containerOf(result, 'web'), 'env'), [{ name: 'API_NAME', value: 'api-2-0' }])
  })
  const WORDS: readonly (readonly [name: string, value: string])[] = [
    ['FEATURES', 'search,api'],
    ['GREETING', 'waiting for api'],
    ['ROUTES', '^/(api|search)/'],
    ['JOBS', 'queue=mail;worker=api'],
    ['CONF', 'server {\n  sub_filter api search;\n}'],
  ]
  for (const [name, value] of WORDS)
    it(`no word of a larger string is changed, though it is the only one: ${name}=${value}`, () => {
      const result = rewired([API, web(JSON.stringify({ name, value }))])
      assert.match(refusals(result).join(), /declared to call api, and nothing tells whether this word is the address$/)
      assert.deepEqual(result.edits, [])
    })
  it('no path that users ask for is changed, and it is no address of whom is called', () => {
    const file = 'location ~ ^/v1/(?<svc>api|search)/ {\n  proxy_pass http://$svc.shop.svc:80;\n}'
    const mounted = plain('web', 'volumeMounts: [{name: v, mountPath: /v}]', VOLUME)
    const result = rewired([API, configMap('settings', { file }), declaring(mounted, 'api')])
    assert.match(
      refusals(result).join(),
      /^cannot-rewire: web, rollouts-group\/depends-on: api: no address of it was found/,
    )
  })
  it('one of several keys of a file is, with all that is its value', () => {
    const file = 'limits: 3\nworker: api\n'
    const mounted = plain('web', 'volumeMounts: [{name: v, mountPath: /v}]', VOLUME)
    const result = rewired([API, configMap('settings', { file }), declaring(mounted, 'api')])
    assert.deepEqual(refusals(result), [])
    const copy = result.added.find((each) => at(each, 'kind') === 'ConfigMap')
    assert.equal(at(copy, 'data', 'file'), 'limits: 3\nworker: api-2-0\n')
  })
  it('none is changed where it may be one of several: nobody knows which', () => {
    const result = rewired([API, web('{name: API_NAME, value: api}', '{name: S3_BUCKET, value: api}')])
    assert.deepEqual(refusals(result), [
      'cannot-rewire: web, API_NAME=api, S3_BUCKET=api: it is declared to call api, and nothing tells which of these is ' +
        'the address',
    ])
    assert.deepEqual(result.edits, [])
    assert.ok(objectOf(result, 'Rollout', 'web') !== undefined)
  })
})
