import assert from 'node:assert/strict'
import { ageOf } from '../../../src/sim/api/columns.ts'
import { wantsTable } from '../../../src/sim/api/table.ts'
import { type ResourceName, RESOURCES } from '../../../src/sim/objects.ts'
import { Api, NOW, ROLLOUTS } from './api.ts'

const KUBECTL =
  'application/json;as=Table;v=v1;g=meta.k8s.io,application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json'
const headers = { accept: KUBECTL }

describe('a table', () => {
  let api: Api
  beforeEach(() => {
    api = new Api()
  })

  /** Header and cells of a resource's only object; the wide columns in brackets. */
  const table = (resource: ResourceName, object: any): string[] => {
    api.store.create(resource, resource === 'namespaces' ? undefined : 'shown', {
      ...object,
      metadata: { name: 'x', ...object.metadata },
    })
    const stored = api.store.get(resource, resource === 'namespaces' ? undefined : 'shown', 'x')!
    if (object.status !== undefined) api.store.put(resource, { ...stored, status: object.status })
    const { group, version } = RESOURCES[resource]
    const base = group === '' ? `/api/${version}` : `/apis/${group}/${version}`
    const { columnDefinitions, rows } = api.ask(
      'GET',
      `${base}/${resource === 'namespaces' ? '' : 'namespaces/shown/'}${resource}/x`,
      { headers },
    ).body
    const wide = (text: unknown, index: number): string =>
      columnDefinitions[index].priority > 0 ? `[${text}]` : String(text)
    return [
      columnDefinitions.map(({ name }: any, index: number) => wide(name, index)).join(' '),
      rows[0].cells.map(wide).join(' '),
    ]
  }
  const template = {
    spec: {
      containers: [
        { name: 'a', image: 'one:1' },
        { name: 'b', image: 'two:2' },
      ],
    },
  }

  for (const [resource, object, expected] of [
    [
      'rollouts',
      { spec: { replicas: 3 }, status: { replicas: 4, updatedReplicas: 2, availableReplicas: 1 } },
      ['Name Desired Current Up-to-date Available Age', 'x 3 4 2 1 0s'],
    ],
    ['rollouts', {}, ['Name Desired Current Up-to-date Available Age', 'x null null null null 0s']],
    ['analysisruns', { status: { phase: 'Running' } }, ['Name Status Age', 'x Running 0s']],
    [
      'replicasets',
      { spec: { replicas: 3, template, selector: { matchLabels: { a: '1', b: '2' } } }, status: { replicas: 2 } },
      ['Name Desired Current Ready Age [Containers] [Images] [Selector]', 'x 3 2 0 0s [a,b] [one:1,two:2] [a=1,b=2]'],
    ],
    [
      'deployments',
      { spec: { replicas: 2, template }, status: { readyReplicas: 1, updatedReplicas: 2, availableReplicas: 1 } },
      [
        'Name Ready Up-to-date Available Age [Containers] [Images] [Selector]',
        'x 1/2 2 1 0s [a,b] [one:1,two:2] [<none>]',
      ],
    ],
    [
      'pods',
      {
        spec: { ...template.spec, nodeName: 'n1' },
        status: { phase: 'Running', podIP: '10.0.0.1', conditions: [{ type: 'Ready', status: 'True' }] },
      },
      ['Name Ready Status Restarts Age [IP] [Node]', 'x 2/2 Running 0 0s [10.0.0.1] [n1]'],
    ],
    [
      'pods',
      { spec: template.spec, status: { conditions: [{ type: 'Ready', status: 'False' }] } },
      ['Name Ready Status Restarts Age [IP] [Node]', 'x 0/2 Pending 0 0s [<none>] [<none>]'],
    ],
    [
      'pods',
      { spec: template.spec, status: { containerStatuses: [{ ready: true }, { ready: false }] } },
      ['Name Ready Status Restarts Age [IP] [Node]', 'x 1/2 Pending 0 0s [<none>] [<none>]'],
    ],
    [
      'pods',
      { metadata: { deletionTimestamp: '2026-01-01T12:00:30Z' }, status: { phase: 'Running' } },
      ['Name Ready Status Restarts Age [IP] [Node]', 'x 0/0 Terminating 0 0s [<none>] [<none>]'],
    ],
    [
      'services',
      {
        spec: {
          type: 'ClusterIP',
          clusterIP: '10.96.0.1',
          ports: [{ port: 80 }, { port: 53, protocol: 'UDP' }],
          selector: { app: 'x' },
        },
      },
      [
        'Name Type Cluster-IP External-IP Port(s) Age [Selector]',
        'x ClusterIP 10.96.0.1 <none> 80/TCP,53/UDP 0s [app=x]',
      ],
    ],
    [
      'endpointslices',
      {
        addressType: 'IPv4',
        ports: [{ port: 80 }],
        endpoints: [{ addresses: ['10.0.0.1'] }, { addresses: ['10.0.0.2'] }],
      },
      ['Name AddressType Ports Endpoints Age', 'x IPv4 80 10.0.0.1,10.0.0.2 0s'],
    ],
    ['configmaps', { data: { a: '1', b: '2' } }, ['Name Data Age', 'x 2 0s']],
    ['secrets', {}, ['Name Type Data Age', 'x Opaque 0 0s']],
    ['namespaces', {}, ['Name Status Age', 'x Active 0s']],
    ['leases', { spec: { holderIdentity: 'me@here' } }, ['Name Holder Age', 'x me@here 0s']],
    [
      'events',
      {
        type: 'Normal',
        reason: 'Promoted',
        message: 'it is',
        lastTimestamp: '2026-01-01T11:58:30Z',
        involvedObject: { kind: 'Rollout', name: 'my-backend' },
      },
      ['Last Seen Type Reason Object Message [Name]', '90s Normal Promoted rollout/my-backend it is [x]'],
    ],
  ] as const) {
    it(`of ${resource} shows ${expected[1]}`, () => assert.deepEqual(table(resource, object), expected))
  }

  it('shows whatever somebody has written where lists belong', () => {
    for (const resource of ['replicasets', 'deployments', 'pods', 'services', 'endpointslices'] as const) {
      for (const odd of ['x', 7, true, { a: 1 }, [null, 7], [{}]]) {
        const part = {
          template: { spec: { containers: odd } },
          containers: odd,
          ports: odd,
          selector: odd,
          containerStatuses: odd,
          conditions: odd,
        }
        assert.equal(
          table(resource, { metadata: { name: 'x' }, spec: part, status: part, ports: odd, endpoints: odd }).length,
          2,
          resource,
        )
        api = new Api()
      }
    }
  })

  it('is for those who take one', () => {
    assert.deepEqual(
      [
        KUBECTL,
        'application/json; as=Table;g=meta.k8s.io;v=v1',
        'application/json',
        'text/html, application/json;q=1',
        'application/json;q=1, text/html;as=Table',
        undefined,
      ].map(wantsTable),
      [true, true, false, false, false, false],
    )
  })

  it('carries the metadata of its objects, or the objects, or nothing, as it is asked', () => {
    const rows = (query: string) => api.ask('GET', `${ROLLOUTS}${query}`, { headers }).body.rows
    const stored = api.store.get('rollouts', 'legacy', 'my-backend')!
    assert.deepEqual(rows('')[0].object, {
      kind: 'PartialObjectMetadata',
      apiVersion: 'meta.k8s.io/v1',
      metadata: stored.metadata,
    })
    assert.deepEqual(rows('?includeObject=Object')[0].object, stored)
    assert.equal('object' in rows('?includeObject=None')[0], false)
  })

  it('of a list has its pages', () => {
    api.store.create('rollouts', 'legacy', { metadata: { name: 'my-frontend' } })
    const { kind, metadata, rows } = api.ask('GET', `${ROLLOUTS}?limit=1`, { headers }).body
    assert.deepEqual(
      [kind, rows.length, typeof metadata.continue, metadata.resourceVersion],
      ['Table', 1, 'string', String(api.store.version)],
    )
  })
})

describe('an age', () => {
  const [minute, hour, day] = [60, 3600, 86_400]
  for (const [seconds, text] of [
    [0, '0s'],
    [119, '119s'],
    [2 * minute, '2m'],
    [2 * minute + 5, '2m5s'],
    [10 * minute - 1, '9m59s'],
    [10 * minute + 5, '10m'],
    [3 * hour - 1, '179m'],
    [3 * hour, '3h'],
    [3 * hour + minute, '3h1m'],
    [8 * hour - 1, '7h59m'],
    [8 * hour + minute, '8h'],
    [2 * day - 1, '47h'],
    [2 * day, '2d'],
    [2 * day + hour, '2d1h'],
    [8 * day - 1, '7d23h'],
    [8 * day + hour, '8d'],
    [2 * 365 * day - 1, '729d'],
    [2 * 365 * day, '2y'],
    [800 * day, '2y70d'],
  ] as const) {
    it(`of ${seconds} seconds is ${text}`, () =>
      assert.equal(ageOf(new Date(NOW - seconds * 1000).toISOString(), NOW), text))
  }

  it('of what is yet to come is none, and of what never was is unknown', () =>
    assert.deepEqual([ageOf('2027-01-01T00:00:00Z', NOW), ageOf(undefined, NOW)], ['0s', '<unknown>']))
})
