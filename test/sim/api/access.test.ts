import assert from 'node:assert/strict'
import { allowed, ROLES, type UserName } from '../../../src/sim/api/access.ts'
import { Api, CONFIGMAPS, LEASES, ROLLOUTS } from './api.ts'

const NAMESPACED = { namespace: 'legacy', name: undefined, subresource: undefined }

describe('access', () => {
  let api: Api
  beforeEach(() => {
    api = new Api()
  })

  it('is for whoever has a token; nobody without one is anybody but admin', () => {
    assert.deepEqual(api.refusal('GET', ROLLOUTS, { headers: { authorization: 'Bearer stolen' } }), [
      401,
      'Unauthorized',
      'Unauthorized',
    ])
    assert.deepEqual(api.refusal('GET', '/version', { headers: { authorization: 'Basic YTpi' } }), [
      401,
      'Unauthorized',
      'Unauthorized',
    ])
    assert.deepEqual(
      [api.outcome('GET', ROLLOUTS).user.name, api.outcome('GET', ROLLOUTS, { as: 'viewer' }).user.name],
      ['admin', 'viewer'],
    )
  })

  it('is refused in the words of the API server, before anything else is looked at', () => {
    const { code, body } = api.ask('PATCH', `${ROLLOUTS}/my-backend/status`, { as: 'viewer', body: '{' })
    assert.deepEqual(
      [code, body.reason, body.details],
      [403, 'Forbidden', { name: 'my-backend', group: 'argoproj.io', kind: 'rollouts' }],
    )
    assert.equal(
      body.message,
      'rollouts.argoproj.io "my-backend" is forbidden: User "viewer" cannot patch resource "rollouts/status" in API group "argoproj.io" in the namespace "legacy"',
    )
    assert.equal(
      api.refusal('GET', '/api/v1/configmaps', { as: 'promoter' })[2],
      'configmaps is forbidden: User "promoter" cannot list resource "configmaps" in API group "" at the cluster scope',
    )
    assert.deepEqual(api.refusal('GET', '/apis/batch/v1/namespaces/legacy/jobs', { as: 'viewer' }).slice(0, 2), [
      403,
      'Forbidden',
    ])
    assert.deepEqual(api.ask('GET', CONFIGMAPS, { as: 'nobody' }).body.details, { kind: 'configmaps' })
  })

  for (const [user, verbs, resource, group, subresource] of [
    ['admin', 'get list watch create update patch delete deletecollection impersonate', 'anything', 'any.group', 'any'],
    ['viewer', 'get list watch', 'rollouts', 'argoproj.io'],
    ['viewer', 'get list watch', 'configmaps', ''],
    ['viewer', '', 'secrets', ''],
    ['viewer', '', 'leases', 'coordination.k8s.io'],
    ['viewer', '', 'rollouts', 'argoproj.io', 'status'],
    ['promoter', 'list watch patch', 'rollouts', 'argoproj.io'],
    ['promoter', 'patch', 'rollouts', 'argoproj.io', 'status'],
    ['promoter', 'get list watch', 'configmaps', ''],
    ['promoter', 'get list watch patch', 'replicasets', 'apps'],
    ['promoter', 'list watch', 'pods', ''],
    ['promoter', 'get create update delete', 'leases', 'coordination.k8s.io'],
    ['promoter', 'create', 'events', ''],
    ['promoter', '', 'secrets', ''],
    ['promoter', '', 'deployments', 'apps'],
    ['viewer', '', 'rollouts', 'apps'],
    ['nobody', '', 'rollouts', 'argoproj.io'],
    ['nobody', '', 'configmaps', ''],
    ['nobody', 'create', 'selfsubjectaccessreviews', 'authorization.k8s.io'],
    ['nobody', 'create', 'selfsubjectreviews', 'authentication.k8s.io'],
  ] as const satisfies readonly (readonly [UserName, string, string, string, string?])[]) {
    it(`lets ${user} do ${verbs || 'nothing'} with ${[resource, subresource].filter(Boolean).join('/')}`, () => {
      const asked = { ...NAMESPACED, group, resource, subresource: subresource as string | undefined }
      const may = 'get list watch create update patch delete deletecollection impersonate'
        .split(' ')
        .filter((verb) => allowed({ name: user, groups: ['system:authenticated'] }, { ...asked, verb }) !== undefined)
      assert.equal(may.join(' '), verbs)
    })
  }

  it('by a RoleBinding ends at the namespace, by a ClusterRoleBinding it does not', () => {
    for (const [name, { binding }] of Object.entries(ROLES)) {
      const asked = { ...NAMESPACED, group: 'argoproj.io', resource: 'rollouts', verb: 'list', namespace: undefined }
      if (name !== 'nobody')
        assert.equal(allowed({ name, groups: [] }, asked) !== undefined, binding === 'ClusterRoleBinding', name)
    }
  })

  it('to discovery is everybody’s', () => {
    for (const path of ['/api', '/apis', '/api/v1', '/apis/argoproj.io/v1alpha1', '/version', '/openapi/v3'])
      assert.equal(api.ask('GET', path, { as: 'nobody' }).code, 200, path)
  })

  it('is that of the groups one is in, and of nobody by an inherited name', () => {
    const asked = { ...NAMESPACED, group: '', resource: 'secrets', verb: 'delete' }
    assert.equal(
      allowed(
        { name: 'jane', groups: [] },
        { ...asked, group: 'authentication.k8s.io', resource: 'selfsubjectreviews', verb: 'create' },
      ),
      undefined,
    )
    assert.match(allowed({ name: 'jane', groups: ['system:masters'] }, asked)!, /cluster-admin/)
    for (const name of ['jane', 'constructor', '__proto__', 'toString'])
      assert.equal(allowed({ name, groups: ['system:authenticated'] }, asked), undefined, name)
  })

  describe('as another user', () => {
    const as = (user: string, groups: readonly string[] = []) => ({
      'impersonate-user': user,
      'impersonate-group': groups,
    })

    it('is for admin, with the rights of the other', () => {
      assert.equal(api.ask('GET', ROLLOUTS, { headers: as('viewer') }).code, 200)
      assert.equal(
        api.refusal('POST', LEASES, { headers: as('viewer'), body: {} })[2],
        'leases.coordination.k8s.io is forbidden: User "viewer" cannot create resource "leases" in API group "coordination.k8s.io" in the namespace "legacy"',
      )
      assert.deepEqual(api.refusal('GET', ROLLOUTS, { headers: as('jane', ['dev']) }).slice(0, 2), [403, 'Forbidden'])
      assert.equal(api.ask('GET', ROLLOUTS, { headers: as('jane', ['system:masters']) }).code, 200)
      assert.equal(api.outcome('GET', ROLLOUTS, { headers: as('jane') }).user.name, 'jane')
    })

    it('is for nobody else', () =>
      assert.deepEqual(api.refusal('GET', ROLLOUTS, { as: 'promoter', headers: as('admin') }), [
        403,
        'Forbidden',
        'users "admin" is forbidden: User "promoter" cannot impersonate resource "users" in API group "" at the cluster scope',
      ]))
  })

  describe('is told', () => {
    const review = (user: UserName, resourceAttributes: unknown) =>
      api.ask('POST', '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', {
        as: user,
        body: { kind: 'SelfSubjectAccessReview', spec: { resourceAttributes } },
      })

    it('to whoever asks what he may do, with the binding that allows it', () => {
      const patch = {
        verb: 'patch',
        group: 'argoproj.io',
        resource: 'rollouts',
        subresource: 'status',
        name: 'my-backend',
        namespace: 'legacy',
      }
      const { code, body } = review('promoter', patch)
      assert.deepEqual(
        [code, body.kind, body.spec.resourceAttributes, body.status],
        [
          201,
          'SelfSubjectAccessReview',
          patch,
          {
            allowed: true,
            reason: 'RBAC: allowed by RoleBinding "promoter/legacy" of Role "promoter" to User "promoter"',
          },
        ],
      )
      assert.deepEqual(review('viewer', patch).body.status, { allowed: false })
      assert.deepEqual(review('promoter', { ...patch, namespace: '' }).body.status, { allowed: false })
      assert.equal(review('promoter', { ...patch, subresource: '' }).body.status.allowed, true)
      assert.equal(
        review('viewer', { verb: 'watch', group: 'argoproj.io', resource: 'rollouts' }).body.status.reason,
        'RBAC: allowed by ClusterRoleBinding "viewer" of ClusterRole "viewer" to User "viewer"',
      )
    })

    it('of a question that asks nothing that it is not allowed', () => {
      for (const attributes of [undefined, null, 'x', {}])
        assert.deepEqual(review('promoter', attributes).body.status, { allowed: false })
    })

    it('also who one is', () => {
      const path = '/apis/authentication.k8s.io/v1/selfsubjectreviews'
      assert.deepEqual(api.ask('POST', path, { as: 'viewer', body: {} }).body.status, {
        userInfo: { username: 'viewer', groups: ['system:authenticated'] },
      })
      const headers = { 'impersonate-user': 'jane', 'impersonate-group': ['dev', 'ops, on call'] }
      assert.deepEqual(api.ask('POST', path, { headers, body: {} }).body.status, {
        userInfo: { username: 'jane', groups: ['dev', 'ops, on call', 'system:authenticated'] },
      })
    })

    it('and stored nowhere; a review can only be created', () => {
      const { version } = api.store
      review('admin', {})
      assert.equal(api.store.version, version)
      for (const [method, path] of [
        ['GET', ''],
        ['GET', '?watch=true'],
        ['GET', '/x'],
        ['DELETE', '/x'],
        ['DELETE', ''],
      ] as const) {
        assert.deepEqual(
          api.refusal(method, `/apis/authorization.k8s.io/v1/selfsubjectaccessreviews${path}`).slice(0, 2),
          [405, 'MethodNotAllowed'],
          `${method} ${path}`,
        )
      }
    })
  })
})
