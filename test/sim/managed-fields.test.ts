import assert from 'node:assert/strict'
import { serverSideApplied } from '../../src/sim/managed-fields.ts'
import { scale } from '../../src/sim/api/scale.ts'
import type { RequestInfo } from '../../src/sim/api/request-info.ts'
import { autoscalers } from '../../src/sim/controllers/autoscalers.ts'
import { Simulation } from '../../src/sim/simulation.ts'
import { Store } from '../../src/sim/store.ts'

const NOW = Date.UTC(2026, 0, 1, 12)
const HASH = 'rollouts-pod-template-hash'

/** A Rollout that kubectl applied, two variables of one container, and one that somebody added by hand. */
function rollout(): Store {
  const store = new Store(() => NOW)
  const containers = [
    {
      name: 'app',
      image: 'app:1',
      env: [
        { name: 'A', value: 'a' },
        { name: 'BACKEND_HOST', value: 'live' },
      ],
    },
  ]
  store.create(
    'rollouts',
    'n',
    { metadata: { name: 'web' }, spec: { replicas: 2, template: { spec: { containers } } } },
    false,
    'kubectl-client-side-apply',
  )
  const added = [...containers[0]!.env, { name: 'DEBUG', value: '1' }]
  store.patch('rollouts', 'n', 'web', {
    type: 'merge',
    body: { spec: { template: { spec: { containers: [{ ...containers[0], env: added }] } } } },
    by: 'kubectl-edit',
  })
  return store
}

const live = (store: Store): any => store.get('rollouts', 'n', 'web')

const applying = (env: readonly object[], more: object = {}) => ({
  apiVersion: 'argoproj.io/v1alpha1',
  metadata: { name: 'web' },
  spec: { template: { spec: { containers: [{ name: 'app', env, ...more }] } } },
})

describe('whoever scales', () => {
  const by = (store: Store) =>
    (store.get('rollouts', 'n', 'web')!.metadata as any).managedFields.flatMap((each: any) =>
      each.fieldsV1['f:spec']?.['f:replicas'] === undefined
        ? []
        : [`${each.manager} ${each.operation} ${each.subresource}`],
    )

  it('is noted with the subresource, and owns the number from then on', () => {
    const store = rollout()
    assert.deepEqual(by(store), ['kubectl-client-side-apply Update undefined'])
    const request = { store, now: NOW, resource: 'rollouts', contentType: 'application/merge-patch+json' } as const
    const at = { ...({} as RequestInfo), namespace: 'n', name: 'web', subresource: 'scale' }
    const body = JSON.stringify({ spec: { replicas: 6 } })
    scale('patch', { ...request, at, query: new URLSearchParams(), body, by: 'kubectl' })
    assert.deepEqual([live(store).spec.replicas, by(store)], [6, ['kubectl Update scale']])
  })

  it('is an autoscaler, by the same subresource', () => {
    const simulation = new Simulation({ controllers: [autoscalers()], start: NOW })
    simulation.store.create('rollouts', 'n', { metadata: { name: 'web' }, spec: { replicas: 2 } }, false, 'kubectl')
    simulation.store.create('horizontalpodautoscalers', 'n', {
      metadata: { name: 'web' },
      spec: { scaleTargetRef: { kind: 'Rollout', name: 'web' }, minReplicas: 6, maxReplicas: 10 },
    })
    simulation.advanceTo(NOW + 60_000)
    const { store } = simulation
    assert.deepEqual([live(store).spec.replicas, by(store)], [6, ['kube-controller-manager Update scale']])
  })
})

describe('the owners of fields', () => {
  const envOf = (object: any): unknown =>
    object.spec.template.spec.containers[0].env.map(({ name, value }: any) => `${name}=${value}`)
  const apply = (store: Store, fields: unknown, { manager = 'group', force = false } = {}): any => {
    const next = serverSideApplied(live(store), fields, { manager, force, now: NOW })
    return store.replace('rollouts', 'n', 'web', next)
  }

  it('are told apart by container and by variable', () => {
    const store = rollout()
    const entries = live(store).metadata.managedFields
    assert.deepEqual(
      entries.map(({ manager, operation }: any) => `${manager} ${operation}`),
      ['kubectl-client-side-apply Update', 'kubectl-edit Update'],
    )
    const containers = entries[1].fieldsV1['f:spec']['f:template']['f:spec']['f:containers']
    assert.deepEqual(Object.keys(containers['k:{"name":"app"}']['f:env']), ['k:{"name":"DEBUG"}'])
  })

  it('lose a variable to a forced apply, and only that one', () => {
    const store = rollout()
    const fields = applying([{ name: 'BACKEND_HOST', value: 'next' }])
    assert.throws(() => apply(store, fields), {
      code: 409,
      message:
        'Apply failed with 1 conflict: conflict with "kubectl-client-side-apply" using argoproj.io/v1alpha1: .spec.template.spec.containers[name="app"].env[name="BACKEND_HOST"].value',
    })
    assert.deepEqual(envOf(apply(store, fields, { force: true })), ['BACKEND_HOST=next', 'A=a', 'DEBUG=1'])
    assert.equal(live(store).spec.template.spec.containers[0].image, 'app:1')
    assert.equal(live(store).spec.replicas, 2)
  })

  it('lose what they applied before and leave out now, unless somebody else has it, too', () => {
    const store = rollout()
    apply(
      store,
      applying([
        { name: 'MINE', value: 'x' },
        { name: 'A', value: 'a' },
      ]),
    )
    assert.deepEqual(envOf(apply(store, applying([]))), ['A=a', 'BACKEND_HOST=live', 'DEBUG=1'])
  })

  it('are whoever wrote it before, where nobody was noted', () => {
    const store = new Store(() => NOW)
    store.create('rollouts', 'n', { metadata: { name: 'web' }, spec: { replicas: 2 } })
    const fields = { apiVersion: 'argoproj.io/v1alpha1', metadata: { name: 'web' }, spec: { replicas: 3 } }
    assert.throws(() => apply(store, fields), {
      message:
        'Apply failed with 1 conflict: conflict with "before-first-apply" using argoproj.io/v1alpha1: .spec.replicas',
    })
  })

  it("have all of a Service's selector or nothing of it", () => {
    const store = new Store(() => NOW)
    const selector = { app: 'web' }
    store.create('services', 'n', { metadata: { name: 'web' }, spec: { selector } }, false, 'kubectl-client-side-apply')
    const service = store.patch('services', 'n', 'web', {
      type: 'merge',
      body: { spec: { selector: { [HASH]: 'abc' } } },
      by: 'rollouts-controller',
    })
    const fields = { apiVersion: 'v1', metadata: { name: 'web' }, spec: { selector } }
    assert.throws(() => serverSideApplied(service, fields, { manager: 'group', force: false, now: NOW }), {
      message: 'Apply failed with 1 conflict: conflict with "rollouts-controller" using v1: .spec.selector',
    })
    const { spec, metadata } = serverSideApplied(service, fields, { manager: 'group', force: true, now: NOW })
    assert.deepEqual([spec.selector, metadata.managedFields.map(({ manager }: any) => manager)], [selector, ['group']])
  })

  it('are told their versions of a conflict of many', () => {
    const store = rollout()
    const fields = {
      ...applying(
        [
          { name: 'A', value: 'b' },
          { name: 'DEBUG', value: '0' },
        ],
        { image: 'app:2' },
      ),
    }
    assert.throws(() => apply(store, fields), {
      message:
        'Apply failed with 3 conflicts: conflicts with "kubectl-client-side-apply" using argoproj.io/v1alpha1:\n- .spec.template.spec.containers[name="app"].env[name="A"].value\n- .spec.template.spec.containers[name="app"].image\nconflicts with "kubectl-edit" using argoproj.io/v1alpha1:\n- .spec.template.spec.containers[name="app"].env[name="DEBUG"].value',
    })
  })
})
