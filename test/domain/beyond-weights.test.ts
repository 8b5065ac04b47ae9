import assert from 'node:assert/strict'
import { readGroup } from '../../src/domain/group/read-group.ts'
import { makePlan } from '../../src/domain/plan/make-plan.ts'
import { type MemberSpec, world, type WorldSpec } from '../support/objects.ts'

/** Of a frontend over its backend, whose Services say so much more. */
function told(
  services: Readonly<Record<string, Record<string, unknown>>>,
  backend: Partial<MemberSpec> = {},
): string[] {
  const spec: WorldSpec = {
    members: [
      {
        name: 'web',
        live: { version: '1.0', env: { API_HOST: 'api-active' } },
        next: { version: '2.0', env: { API_HOST: 'api-preview' } },
      },
      { name: 'api', live: { version: '1.0' }, next: { version: '2.0' }, ...backend },
    ],
    services: [{ name: 'aside', selector: { app: 'web' } }],
  }
  const snapshot = world(spec)
  const changed = (snapshot.services as { metadata: { name: string }; spec: object }[]).map((each) => ({
    ...each,
    spec: { ...each.spec, ...services[each.metadata.name] },
  }))
  return makePlan(readGroup({ ...snapshot, services: changed }, 'loan'), 'promote-all')
    .findings.filter(({ code }) => code === 'service-semantics')
    .map(({ severity, sentence }) => `${severity}: ${sentence.split(':').slice(0, 2).join(':')}`)
}

const ALL = ': what users meet was judged as if every caller reached every ready pod, and no other'

describe('where users are is not said for certain', () => {
  it('where a Service answers callers on its own node alone', () =>
    assert.deepEqual(told({ 'api-active': { internalTrafficPolicy: 'Local' } }), [
      'warning: Service api-active (internalTrafficPolicy: Local) may answer only callers on a node that has one of their pods',
    ]))
  it('where a Service sends requests to pods that are not ready', () =>
    assert.deepEqual(told({ 'api-preview': { publishNotReadyAddresses: true } }), [
      `warning: Service api-preview (publishNotReadyAddresses) may send requests to pods that are not ready${ALL}`,
    ]))
  it('where a Service keeps callers on the pods they were on', () =>
    assert.deepEqual(told({ 'web-active': { sessionAffinity: 'ClientIP' } }), [
      'warning: Service web-active (sessionAffinity: ClientIP) may keep a caller on the pod it was on before, for hours',
    ]))
  it('of two Services in one sentence', () =>
    assert.deepEqual(
      told({ 'web-active': { publishNotReadyAddresses: true }, 'api-active': { publishNotReadyAddresses: true } }),
      [
        `warning: Services api-active, web-active (publishNotReadyAddresses) may send requests to pods that are not ready${ALL}`,
      ],
    ))
  it('but not because of a Service that no user passes', () =>
    assert.deepEqual(told({ aside: { internalTrafficPolicy: 'Local' } }), []))

  const canary = (strategy: Record<string, unknown>): Partial<MemberSpec> => ({
    canary: { steps: [{ setWeight: 20 }, { pause: {} }], index: 1 },
    strategy,
  })
  it('where a mesh splits one host by subsets', () =>
    assert.deepEqual(told({}, canary({ trafficRouting: { istio: { destinationRule: { name: 'subsets' } } } })), [
      'warning: users of api may be elsewhere than is said: trafficRouting.istio.destinationRule splits one host by subsets, which selectors do not show',
    ]))
  it('while the own pods of a Deployment give way one by one (workloadRef.scaleDown)', () =>
    assert.deepEqual(
      told({}, { spec: { workloadRef: { kind: 'Deployment', name: 'api', scaleDown: 'progressively' } } }),
      [
        'warning: users of api may be elsewhere than is said: pods of deployment/api itself serve beside those of rollout/api until they go',
      ],
    ))
  it('but not where they went at once, or stand behind no Service of the Rollout', () =>
    assert.deepEqual(
      ['onsuccess', 'never', undefined].map((scaleDown) =>
        told({}, { spec: { workloadRef: { kind: 'Deployment', name: 'api', scaleDown } } }),
      ),
      [[], [], []],
    ))
})
