import assert from 'node:assert/strict'
import type { Cluster } from '../../src/cluster/port.ts'
import { readGroup } from '../../src/domain/group/read-group.ts'
import { MANAGED_BY } from '../../src/domain/objects/labels.ts'
import { discover } from '../../src/watch/discover.ts'
import { type MemberSpec, world, type WorldSpec } from '../support/objects.ts'
import { fill } from '../support/stored.ts'
import { those } from '../support/virtual-request.ts'
import { VirtualCluster } from '../support/virtual-cluster.ts'

const SCOPE = { namespace: 'legacy', selector: 'app.kubernetes.io/part-of=loan' }

/** A Service of others. */
interface Other {
  readonly name: string
  readonly labels?: Record<string, string>
  readonly annotations?: Record<string, string>
  readonly spec?: Record<string, unknown>
}

/** A namespace in which so many Services of nobody come first by name, and a group's after them. */
function crowded(spec: WorldSpec, others: readonly Other[] = [], nobodys = 100): VirtualCluster {
  const made = new VirtualCluster({ controllers: [], start: Date.UTC(2026, 0, 5) }, 'legacy')
  fill(made.store, world(spec))
  const first = Array.from({ length: nobodys }, (_, index) => ({ name: `a-${index}` }))
  for (const { name, labels, annotations, spec: more } of [...first, ...others] as Other[])
    made.store.create('services', 'legacy', {
      metadata: { name, ...(labels && { labels }), ...(annotations && { annotations }) },
      spec: { type: 'ClusterIP', selector: { app: name }, ports: [{ port: 80 }], ...more },
    })
  return made
}

const calling = (url: string): MemberSpec => ({
  name: 'web',
  live: { version: '1.0', env: { ORDERS_URL: url } },
  next: { version: '2.0', env: { ORDERS_URL: url } },
})

/** Its strategy's Services, by their names. */
const NAMED_BY_WEB = ['whole 10000 metadata.name=web-active', 'whole 10000 metadata.name=web-preview']

function chain(length: number): MemberSpec[] {
  return Array.from({ length }, (_, index) => ({
    name: `member-${index}`,
    live: { version: '1.0' },
    next: { version: '2.0' },
  }))
}

/** What is asked of Services early, and whether the group is then what it is when all of them are read whole. */
async function early(made: VirtualCluster, change: (cluster: Cluster) => Cluster = (each) => each) {
  const { cluster } = made.connect()
  const whole = readGroup(await made.time.until(discover(cluster, SCOPE)), 'loan')
  made.requests.length = 0
  const snapshot = await made.time.until(discover(change(cluster), SCOPE, undefined, { early: true }))
  const group = readGroup(snapshot, 'loan')
  assert.deepEqual(group.members, whole.members)
  assert.deepEqual(group.owners, whole.owners)
  const asked = made.requests
    .filter(those({ verb: 'list', resource: 'services' }))
    .map(({ query, status }) =>
      [
        query['includeObject'] === 'None' ? 'rows' : 'whole',
        query['limit'],
        query['labelSelector'] ?? query['fieldSelector'],
        status === 200 ? undefined : `(${status})`,
      ]
        .filter((each) => each !== undefined)
        .join(' '),
    )
  return { asked, group }
}

describe('of the Services of a crowded namespace a look', () => {
  it('reads all whole where they are one page', async () => {
    const { asked } = await early(crowded({ members: [calling('http://a-7')] }, [], 90))
    assert.deepEqual(asked, ['whole 100'])
  })

  it('reads a page whole, of the others rows, and whole those that members name', async () => {
    const { asked, group } = await early(crowded({ members: [calling('http://web-active')] }))
    assert.deepEqual(asked, ['whole 100', 'rows 10000', ...NAMED_BY_WEB])
    assert.deepEqual(
      group.services.get('web-active')!.ports.map((each) => each.get('port')),
      [8080],
    )
  })

  it('reads all whole where members name many', async () => {
    const { asked } = await early(crowded({ members: chain(13) }))
    assert.deepEqual(asked, ['whole 100', 'whole 10000'])
  })

  it('reads all whole where many select the pods of members', async () => {
    const alike = Array.from({ length: 30 }, (_, index) => ({
      name: `other-${index}`,
      spec: { selector: { app: 'web', of: `other-${index}` } },
    }))
    const { asked } = await early(crowded({ members: [{ name: 'web', live: { version: '1.0' } }] }, alike))
    assert.deepEqual(asked, ['whole 100', 'rows 10000', ...NAMED_BY_WEB, 'whole 10000'])
  })

  it('asks for none that has but some labels of a member', async () => {
    const alike = Array.from({ length: 30 }, (_, index) => ({
      name: `other-${index}`,
      spec: { selector: { tier: 'shown', of: `other-${index}` } },
    }))
    const web = { name: 'web', live: { version: '1.0', labels: { tier: 'shown' } } }
    const made = crowded({ members: [web] }, alike)
    const { asked } = await early(made)
    assert.equal(asked.at(-1), 'whole 10000 metadata.name=web-preview')
  })

  const NAMED: readonly [how: string, url: string, other: Other][] = [
    ['name', 'http://orders:8080', { name: 'orders' }],
    ['name with its namespace', 'grpc://orders.legacy.svc.cluster.local', { name: 'orders' }],
    ['address', 'http://10.96.3.4:80', { name: 'orders', spec: { clusterIP: '10.96.3.4', clusterIPs: ['10.96.3.4'] } }],
    ['variable', 'http://$(ORDERS_SERVICE_HOST)', { name: 'orders' }],
  ]
  for (const [how, url, other] of NAMED)
    it(`reads one whole that is called by its ${how}`, async () => {
      const { asked } = await early(crowded({ members: [calling(url)] }, [other]))
      assert.ok(asked.includes('whole 10000 metadata.name=orders'), asked.join('\n'))
    })

  it('follows aliases to whom they lead', async () => {
    const alias = { name: 'shop', spec: { type: 'ExternalName', externalName: 'orders.legacy', selector: undefined } }
    const { asked } = await early(crowded({ members: [calling('http://shop')] }, [alias, { name: 'orders' }]))
    assert.ok(asked.includes('whole 10000 metadata.name=orders'), asked.join('\n'))
  })

  it('reads all whole where a call leads to a Rollout outside, whose Services may be any', async () => {
    const made = crowded({ members: [calling('http://orders')] }, [
      { name: 'orders', spec: { selector: { app: 'orders' } } },
      { name: 'stable', annotations: { [MANAGED_BY]: 'orders' }, spec: { selector: { app: 'orders' } } },
    ])
    const { asked, group } = await early(made)
    assert.equal(asked.at(-1), 'whole 10000')
    assert.deepEqual(
      group.members[0]!.live!.outside.map((each) => each.rollout),
      ['orders'],
    )
  })

  it('asks for the rows again where the server forgets them between two pages', async () => {
    const made = crowded({ members: [calling('http://web-active')] })
    made.fail(({ query }) => query['includeObject'] === 'None', { status: 410 })
    const { asked } = await early(made)
    assert.deepEqual(
      asked.filter((each) => each.startsWith('rows')),
      ['rows 10000 (410)', 'rows 10000'],
    )
  })

  it('takes objects where the server makes no tables, and all where its tables are others', async () => {
    const objects = await early(crowded({ members: [calling('http://web-active')] }), (cluster) => ({
      ...cluster,
      listTable: async (...of) => ({ items: (await cluster.list(...of)).items, columns: [], rows: [] }),
    }))
    assert.deepEqual(objects.asked, ['whole 100', 'whole 10000', ...NAMED_BY_WEB])
    const others = await early(crowded({ members: [calling('http://web-active')] }), (cluster) => ({
      ...cluster,
      listTable: async (...of) => ({ ...(await cluster.listTable(...of)), columns: ['Name', 'Kind'] }),
    }))
    assert.deepEqual(others.asked, ['whole 100', 'rows 10000', ...NAMED_BY_WEB, 'whole 10000'])
  })
})
