import assert from 'node:assert/strict'
import { type ResourceName, RESOURCES } from '../../../src/sim/objects.ts'
import { requestInfo } from '../../../src/sim/api/request-info.ts'
import { Api, CONFIGMAPS, ROLLOUTS } from './api.ts'

describe('a path', () => {
  let api: Api
  beforeEach(() => {
    api = new Api()
  })

  const info = (
    group: string,
    version: string,
    namespace: string | undefined,
    resource: string,
    name?: string,
    subresource?: string,
  ) => ({ group, version, namespace, resource, name, subresource })
  for (const [path, expected] of [
    ['/api/v1/pods', info('', 'v1', undefined, 'pods')],
    ['/api/v1/namespaces/a/pods', info('', 'v1', 'a', 'pods')],
    ['/api/v1/namespaces/a/pods/x', info('', 'v1', 'a', 'pods', 'x')],
    ['/apis/apps/v1/namespaces/a/deployments/x/status', info('apps', 'v1', 'a', 'deployments', 'x', 'status')],
    ['/api/v1/namespaces', info('', 'v1', undefined, 'namespaces')],
    ['/api/v1/namespaces/a', info('', 'v1', undefined, 'namespaces', 'a')],
    ['/api/v1/namespaces/a/status', info('', 'v1', undefined, 'namespaces', 'a', 'status')],
    ['/api/v1/namespaces/a/pods/x%2Fy', info('', 'v1', 'a', 'pods', 'x/y')],
    ['/api/v1/namespaces/%61/pods', info('', 'v1', 'a', 'pods')],
    ['/api/v1', undefined],
    ['/apis/apps/v1', undefined],
    ['/', undefined],
    ['', undefined],
    ['//api/v1/pods', undefined],
    ['/metrics', undefined],
    ['/api/v1/namespaces/a/pods/x/status/deeper', undefined],
  ] as const) {
    it(`${path} is read as ${expected === undefined ? 'no resource' : JSON.stringify(expected)}`, () =>
      assert.deepEqual(requestInfo(path), expected))
  }

  for (const path of [
    '/api/v1/namespaces/a/pods/%',
    '/api/v1/%zz',
    '/api/v1/namespaces/%c3/pods',
    '/apis/%E0%A4%A/v1/x',
  ]) {
    it(`${path} is a bad request`, () => assert.deepEqual(api.refusal('GET', path).slice(0, 2), [400, 'BadRequest']))
  }

  for (const path of [
    '/apis/batch/v1/namespaces/legacy/jobs',
    '/api/v1/namespaces/legacy/rollouts',
    '/apis/argoproj.io/v1/namespaces/legacy/rollouts',
    '/api/v1/namespaces/legacy/namespaces',
    '/api/v1/configmaps/x',
    '/api/v1/namespaces/legacy/configmaps/x/status',
    '/api/v1/namespaces/legacy/configmaps/x/scale',
    '/api/v1/namespaces/legacy/constructor',
    '/api/v1/namespaces/legacy/__proto__',
  ]) {
    it(`${path} is not served`, () =>
      assert.deepEqual(api.refusal('GET', path), [404, 'NotFound', 'the server could not find the requested resource']))
  }

  it('that is no API is answered as a web server does', () =>
    assert.deepEqual(
      [api.ask('GET', '/metrics'), api.ask('POST', '/')],
      [
        { code: 404, body: '404 page not found\n' },
        { code: 404, body: '404 page not found\n' },
      ],
    ))

  for (const [method, path] of [
    ['POST', `${ROLLOUTS}/my-backend`],
    ['POST', `${ROLLOUTS}/my-backend/status`],
    ['POST', '/apis/argoproj.io/v1alpha1/rollouts'],
    ['PUT', ROLLOUTS],
    ['PATCH', ROLLOUTS],
    ['DELETE', CONFIGMAPS],
    ['OPTIONS', ROLLOUTS],
    ['TRACE', ROLLOUTS],
    ['BREW', ROLLOUTS],
  ] as const) {
    it(`takes no ${method} at ${path}`, () =>
      assert.deepEqual(api.refusal(method, path, { body: {}, type: 'application/json' }), [
        405,
        'MethodNotAllowed',
        'the server does not allow this method on the requested resource',
      ]))
  }

  it('of one object is that object, also where a watch is asked for', () => {
    assert.equal(api.ask('GET', `${ROLLOUTS}/my-backend?watch=true`).body.metadata.name, 'my-backend')
    assert.equal(api.ask('HEAD', `${ROLLOUTS}/my-backend`).code, 200)
    assert.equal(api.ask('GET', `${ROLLOUTS}/my-backend/status`).body.spec.replicas, 3)
  })

  it('of a namespace leads to its status, too', () => {
    assert.equal(api.ask('GET', '/api/v1/namespaces/legacy/status').body.metadata.name, 'legacy')
    assert.equal(
      api.ask('PATCH', '/api/v1/namespaces/legacy/status', {
        type: 'application/merge-patch+json',
        body: { status: { phase: 'Terminating' } },
      }).body.status.phase,
      'Terminating',
    )
  })

  for (const query of [
    'watch=true&resourceVersion=x',
    'watch=1&timeoutSeconds=soon',
    'watch=true&labelSelector=,',
    'watch=true&fieldSelector=x',
  ]) {
    it(`with ${query} is no watch but a bad request`, () =>
      assert.deepEqual(api.refusal('GET', `${ROLLOUTS}?${query}`).slice(0, 2), [400, 'BadRequest']))
  }

  it('with sendInitialEvents asks for what only newer servers do', () =>
    assert.deepEqual(api.refusal('GET', `${ROLLOUTS}?watch=true&sendInitialEvents=true`).slice(0, 2), [422, 'Invalid']))
})

describe('discovery', () => {
  const api = new Api()
  const get = (path: string) => api.ask('GET', path).body

  it('leads from the groups to every resource that is served', () => {
    const groups: string[] = get('/apis').groups.map(
      ({ preferredVersion }: any) => `/apis/${preferredVersion.groupVersion}`,
    )
    const found = ['/api/v1', ...groups].flatMap((path) =>
      get(path).resources.map((each: any) => ({ ...each, groupVersion: get(path).groupVersion })),
    )
    const plain = found.filter(({ name }) => !name.includes('/'))
    assert.deepEqual(plain.map(({ name }) => name).toSorted(), Object.keys(RESOURCES).toSorted())
    for (const { name, kind, namespaced, groupVersion } of plain) {
      const { group, version, ...rest } = RESOURCES[name as ResourceName]
      assert.deepEqual(
        [kind, namespaced, groupVersion],
        [rest.kind, rest.namespaced, group === '' ? version : `${group}/${version}`],
      )
    }
    assert.deepEqual(
      found
        .filter(({ name }) => name.endsWith('/status'))
        .map(({ name }) => name.split('/')[0])
        .toSorted(),
      Object.entries(RESOURCES)
        .filter(([, { status }]) => status)
        .map(([name]) => name)
        .toSorted(),
    )
  })

  it('tells what may be done, and what a resource is called for short', () => {
    const named = (name: string) => get('/apis/argoproj.io/v1alpha1').resources.find((each: any) => each.name === name)
    assert.deepEqual(named('rollouts'), {
      name: 'rollouts',
      singularName: 'rollout',
      namespaced: true,
      kind: 'Rollout',
      verbs: ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'],
      shortNames: ['ro'],
    })
    assert.deepEqual(named('rollouts/status').verbs, ['get', 'patch', 'update'])
    assert.deepEqual(get('/apis/authorization.k8s.io/v1').resources[0].verbs, ['create'])
    assert.deepEqual(get('/api/v1').resources.find((each: any) => each.name === 'pods').categories, ['all'])
  })

  it('describes one group', () =>
    assert.deepEqual(
      [
        get('/apis/apps').kind,
        get('/apis/apps').name,
        api.ask('GET', '/apis/batch').code,
        api.ask('GET', '/apis/app').code,
      ],
      ['APIGroup', 'apps', 404, 404],
    ))

  it('tells the version, and that all is well', () => {
    assert.match(get('/version').gitVersion, /^v1\.\d+\.\d+$/)
    for (const path of ['/healthz', '/readyz', '/livez']) assert.equal(get(path), 'ok')
  })

  it('tells kubectl that the server validates the fields of whatever is patched', () => {
    const { paths } = get('/openapi/v3')
    const document = get(paths['apis/argoproj.io/v1alpha1'].serverRelativeURL)
    const { patch } = document.paths['/apis/argoproj.io/v1alpha1/namespaces/{namespace}/rollouts/{name}']
    assert.deepEqual(
      [document.openapi, patch.parameters, patch['x-kubernetes-group-version-kind']],
      [
        '3.0.0',
        [{ name: 'fieldValidation', in: 'query' }],
        { group: 'argoproj.io', version: 'v1alpha1', kind: 'Rollout' },
      ],
    )
    for (const { serverRelativeURL } of Object.values<any>(paths))
      assert.equal(api.ask('GET', serverRelativeURL).code, 200, serverRelativeURL)
    assert.equal(api.ask('GET', '/openapi/v3/apis/batch/v1').code, 404)
    assert.deepEqual(api.ask('GET', '/openapi/v2'), { code: 200, body: '' })
  })
})
