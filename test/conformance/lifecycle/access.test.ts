import assert from 'node:assert/strict'
import { homedir } from 'node:os'
import { openCluster } from '../../../src/cluster/kube.ts'
import type { Cluster, PatchOperation } from '../../../src/cluster/port.ts'
import { plane } from '../plane.ts'
import { apply, freshNamespace, pathOf, waitFor } from '../support.ts'
import { blueGreen } from './manifests.ts'

interface Rule {
  readonly apiGroups: readonly string[]
  readonly resources: readonly string[]
  readonly verbs: readonly string[]
  readonly resourceNames?: readonly string[]
}

const rollouts = (resources: readonly string[], verbs: readonly string[], resourceNames?: readonly string[]): Rule => ({
  apiGroups: ['argoproj.io'],
  resources,
  verbs,
  ...(resourceNames && { resourceNames }),
})

describe('rights on a real API server', () => {
  let namespace: string
  let operator: Cluster
  beforeEach(async () => {
    namespace = await freshNamespace(plane(), 'access')
    operator = await openCluster({ kubeconfig: plane().kubeconfigFor('operator'), env: {}, homedir: homedir() })
    await apply(
      plane(),
      namespace,
      blueGreen()
        .map((manifest) => JSON.stringify(manifest))
        .join('\n---\n'),
    )
    await waitFor(plane(), 'rollouts', namespace, 'app', ({ status }) => status)
  })
  afterEach(() => operator.close())

  async function grant(...rules: readonly Rule[]): Promise<void> {
    const subjects = [{ kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name: 'operator' }]
    const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'granted' }
    await plane().api.request('POST', pathOf('roles', namespace), { metadata: { name: 'granted' }, rules })
    await plane().api.request('POST', pathOf('rolebindings', namespace), {
      metadata: { name: 'granted' },
      subjects,
      roleRef,
    })
    // Each server process follows Roles by a watch of its own.
    while (!(await may(rules[0]!.verbs[0]!, rules[0]!.resources[0]!, rules[0]!.resourceNames?.[0])))
      await new Promise(setImmediate)
  }

  async function may(verb: string, resource: string, name?: string): Promise<boolean> {
    const [plural, subresource] = resource.split('/')
    const resourceAttributes = { namespace, verb, group: 'argoproj.io', resource: plural, subresource, name }
    const review = await operator.create('selfsubjectaccessreviews', undefined, {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectAccessReview',
      spec: { resourceAttributes },
    })
    return (review as { status: { allowed: boolean } }).status.allowed
  }

  const write = (operations: readonly PatchOperation[], subresource?: 'status') =>
    operator.patch('rollouts', { namespace, name: 'app' }, operations, subresource ? { subresource } : {})
  const forbidden = (request: Promise<unknown>): Promise<void> => assert.rejects(request, { reason: 'Forbidden' })

  it('to patch rollouts/status are all that a write of the status needs', async () => {
    await grant(rollouts(['rollouts/status'], ['patch']))
    await write([{ op: 'add', path: '/status/message', value: 'mine' }], 'status')
    await forbidden(write([{ op: 'replace', path: '/spec/replicas', value: 3 }]))
    await forbidden(operator.get('rollouts', { namespace, name: 'app' }))
  })

  it('to patch rollouts/status are too little for kubectl patch --subresource, which also gets it', async () => {
    const byKubectl = () =>
      plane().kubectl(
        [
          '-n',
          namespace,
          'patch',
          'rollout',
          'app',
          '--subresource=status',
          '--type=merge',
          '-p',
          '{"status":{"message":"mine"}}',
        ],
        { kubeconfig: plane().kubeconfigFor('operator') },
      )
    await grant(rollouts(['rollouts/status'], ['patch']))
    assert.match((await byKubectl()).stderr, /cannot get resource "rollouts\/status"/)
    await plane().api.request(
      'PATCH',
      `${pathOf('roles', namespace)}/granted`,
      { rules: [rollouts(['rollouts/status'], ['patch', 'get'])] },
      'application/merge-patch+json',
    )
    while (!(await may('get', 'rollouts/status'))) await new Promise(setImmediate)
    assert.deepEqual(await byKubectl(), { code: 0, stdout: 'rollout.argoproj.io/app patched\n', stderr: '' })
  })

  it('by name are seen only by who asks by name', async () => {
    await grant(rollouts(['rollouts/status'], ['patch'], ['app']))
    assert.deepEqual(
      [
        await may('patch', 'rollouts/status', 'app'),
        await may('patch', 'rollouts/status'),
        await may('patch', 'rollouts/status', 'other'),
      ],
      [true, false, false],
    )
    await write([{ op: 'add', path: '/status/message', value: 'mine' }], 'status')
  })

  it('to rollouts are none to rollouts/status', async () => {
    await grant(rollouts(['rollouts'], ['patch']))
    assert.equal(await may('patch', 'rollouts/status'), false)
    await forbidden(write([{ op: 'add', path: '/status/message', value: 'mine' }], 'status'))
  })

  it('to rollouts/* are none at all', async () => {
    await grant(rollouts(['rollouts'], ['list']), rollouts(['rollouts/*'], ['patch']))
    assert.deepEqual([await may('patch', 'rollouts/status'), await may('patch', 'rollouts')], [false, false])
  })

  it('to */status are rights to every status', async () => {
    await grant(rollouts(['*/status'], ['patch']))
    assert.deepEqual([await may('patch', 'rollouts/status'), await may('patch', 'rollouts')], [true, false])
  })

  it('to list are none to watch', async () => {
    await grant(rollouts(['rollouts'], ['list']))
    await assert.rejects(
      async () => {
        for await (const event of operator.watch('rollouts', { namespace }, AbortSignal.timeout(10_000)))
          assert.equal(event.type, 'listed')
      },
      { reason: 'Forbidden' },
    )
  })
})
