import assert from 'node:assert/strict'
import { openCluster } from '../../src/cluster/kube.ts'
import type { Cluster, ClusterErrorReason, WatchEvent } from '../../src/cluster/port.ts'
import type { Tuning } from '../../src/cluster/tuning.ts'
import type { UserName } from '../../src/sim/api/access.ts'
import { failure } from '../support/scripted.ts'
import { Serving } from './serving.ts'

const IN = { namespace: 'legacy' }
const A = { ...IN, name: 'a' }
const nameOf = (object: any): string => object.metadata.name

describe('the adapter on the simulated API server', () => {
  let at: Serving
  let cluster: Cluster
  let pauses: number[]
  /** Called before each request is carried out. */
  let before: () => void
  beforeEach(async () => {
    before = () => undefined
    let handled = 0
    at = await Serving.start(() => {
      if (at?.server.requests.length === handled + 1) {
        handled += 1
        before()
      }
      return 0
    })
    await open()
  })
  afterEach(async () => {
    await cluster.close()
    await at.close()
  })

  const open = async (
    tuning: Partial<Tuning> = {},
    flags: { as?: UserName; requestTimeoutMs?: number; chunkSize?: number } = {},
  ): Promise<void> => {
    await cluster?.close()
    pauses = []
    cluster = await openCluster(
      { ...flags, server: at.server.url, env: {}, homedir: '/nonexistent' },
      {
        pause: async (milliseconds) => void pauses.push(milliseconds),
        random: () => 1,
        ...tuning,
      },
    )
  }
  const rollout = (name: string, more: object = {}): any =>
    at.store.create('rollouts', 'legacy', { metadata: { name, labels: { app: 'x' } }, spec: { replicas: 3 }, ...more })
  const touch = (name: string): void =>
    void at.store.patch('rollouts', 'legacy', name, { type: 'merge', body: { spec: { touched: at.store.version } } })
  const asked = (): (readonly [string, number | undefined])[] =>
    at.server.requests.map(({ method, status }) => [method, status])

  it('reads and writes all there is', async () => {
    const { metadata } = rollout('a')
    const patched: any = await cluster.patch(
      'rollouts',
      A,
      [
        { op: 'test', path: '/metadata/uid', value: metadata.uid },
        { op: 'test', path: '/metadata/generation', value: 1 },
        { op: 'test', path: '/spec/paused', value: null },
        { op: 'add', path: '/status', value: { abort: true } },
      ],
      { subresource: 'status' },
    )
    assert.deepEqual([patched.status, await cluster.get('rollouts', A)], [{ abort: true }, patched])
    const lease: any = await cluster.create('leases', 'legacy', {
      metadata: { name: 'l' },
      spec: { holderIdentity: 'me' },
    })
    const taken: any = await cluster.replace(
      'leases',
      { ...IN, name: 'l' },
      { ...lease, spec: { holderIdentity: 'you' } },
    )
    await cluster.remove('leases', { ...IN, name: 'l' }, { resourceVersion: taken.metadata.resourceVersion })
    const review: any = await cluster.create('selfsubjectaccessreviews', undefined, {
      spec: {
        resourceAttributes: {
          verb: 'patch',
          group: 'argoproj.io',
          resource: 'rollouts',
          subresource: 'status',
          namespace: 'legacy',
        },
      },
    })
    assert.deepEqual(
      [taken.spec.holderIdentity, (await cluster.list('leases', IN)).items, review.status.allowed],
      ['you', [], true],
    )
  })

  it('stores nothing in a dry run', async () => {
    rollout('a')
    const { version } = at.store
    await cluster.patch('rollouts', A, [{ op: 'add', path: '/spec/paused', value: true }], { dryRun: true })
    await cluster.create('leases', 'legacy', { metadata: { name: 'l' } }, { dryRun: true })
    await cluster.replace(
      'rollouts',
      A,
      { metadata: { name: 'a', resourceVersion: at.store.get('rollouts', 'legacy', 'a')!.metadata.resourceVersion } },
      { dryRun: true },
    )
    await cluster.remove('rollouts', A, { dryRun: true })
    assert.equal(at.store.version, version)
  })

  describe('is refused', () => {
    const stale = { metadata: { name: 'a', resourceVersion: '1' } }
    for (const [reason, sentence, request, as] of [
      [
        'NotFound',
        'get rollout/b in legacy: rollouts.argoproj.io "b" not found',
        () => cluster.get('rollouts', { ...IN, name: 'b' }),
      ],
      [
        'NotFound',
        'create configmap/x in nowhere: namespaces "nowhere" not found',
        () => cluster.create('configmaps', 'nowhere', { metadata: { name: 'x' } }),
      ],
      [
        'AlreadyExists',
        'create rollout/a in legacy: rollouts.argoproj.io "a" already exists',
        () => cluster.create('rollouts', 'legacy', { metadata: { name: 'a' } }),
      ],
      [
        'Conflict',
        'update rollout/a in legacy: Operation cannot be fulfilled on rollouts.argoproj.io "a": the object has been modified; please apply your changes to the latest version and try again',
        () => cluster.replace('rollouts', A, stale),
      ],
      [
        'Conflict',
        /^delete rollout\/a in legacy: .* the ResourceVersion in the precondition \(1\) does not match/,
        () => cluster.remove('rollouts', A, { resourceVersion: '1' }),
      ],
      [
        'Invalid',
        'patch status of rollout/a in legacy: the server rejected our request due to an error in our request',
        () =>
          cluster.patch('rollouts', A, [{ op: 'test', path: '/status/abort', value: true }], { subresource: 'status' }),
      ],
      [
        'BadRequest',
        'list rollouts in namespace legacy: unable to parse requirement: a b',
        () => cluster.list('rollouts', { ...IN, labelSelector: 'a b' }),
      ],
      [
        'Forbidden',
        'patch status of rollout/a in legacy: rollouts.argoproj.io "a" is forbidden: User "viewer" cannot patch resource "rollouts/status" in API group "argoproj.io" in the namespace "legacy"; to see what you may do: kubectl auth can-i patch rollouts.argoproj.io/a --subresource=status -n legacy',
        () => cluster.patch('rollouts', A, [], { subresource: 'status' }),
        'viewer',
      ],
      [
        'Forbidden',
        /at the cluster scope; to see what you may do: kubectl auth can-i list rollouts.argoproj.io --all-namespaces$/,
        () => cluster.list('rollouts', {}),
        'promoter',
      ],
    ] as const satisfies readonly (readonly [
      ClusterErrorReason,
      string | RegExp,
      () => Promise<unknown>,
      UserName?,
    ])[]) {
      it(`as ${reason}, when it tries to ${String(sentence).replace(/^\/\^?|:.*/g, '')}`, async () => {
        rollout('a')
        await open({}, as && { as })
        const error = await failure(request())
        assert.equal(error.reason, reason)
        if (typeof sentence === 'string') assert.equal(error.message, sentence)
        else assert.match(error.message, sentence)
        assert.deepEqual([at.server.requests.length, pauses], [1, []])
      })
    }
  })

  describe('lists', () => {
    const many = (count: number): void => {
      for (let each = 0; each < count; each += 1)
        rollout(`rollout-${String(each).padStart(5, '0')}`, { filler: 'x'.repeat(300) })
    }

    it('five thousand objects in pages of one moment, each once, though they come and go meanwhile', async () => {
      await open({}, { chunkSize: 500 })
      many(5000)
      const from = at.store.version
      let page = 0
      before = () => {
        page += 1
        at.store.remove('rollouts', 'legacy', `rollout-${String(5000 - 7 * page).padStart(5, '0')}`)
        rollout(`rollout-${String(500 * page).padStart(5, '0')}-new`)
      }
      const { items, resourceVersion } = await cluster.list('rollouts', { ...IN, labelSelector: 'app=x' })
      const names = items.map(nameOf)
      assert.deepEqual(
        [
          names.length,
          new Set(names).size,
          names.filter((name) => name.endsWith('-new')),
          names.includes('rollout-04993'),
        ],
        [5000, 5000, ['rollout-00500-new'], false],
      )
      assert.deepEqual([resourceVersion, at.server.requests.length], [String(from + 2), 10])
      assert.deepEqual(names, names.toSorted())
    })

    it('all over again where the server forgets what it showed, and follows from there', async () => {
      await open({}, { chunkSize: 500 })
      many(1200)
      let requests = 0
      before = () => {
        requests += 1
        if (requests !== 2 && requests !== 4) return
        touch('rollout-00000')
        at.faults.compact()
      }
      const { items, resourceVersion } = await cluster.list('rollouts', IN)
      assert.deepEqual(
        [items.length, resourceVersion, asked().map(([, status]) => status)],
        [1200, String(at.store.version), [200, 410, 200, 410, 200]],
      )
    })

    it('what it selects alone, also nothing', async () => {
      rollout('a')
      rollout('b', { metadata: { name: 'b', labels: { app: 'y' } } })
      const names = async (labelSelector: string): Promise<string[]> =>
        (await cluster.list('rollouts', { ...IN, labelSelector })).items.map(nameOf)
      assert.deepEqual([await names('app in (x)'), await names('app!=x'), await names('!app')], [['a'], ['b'], []])
    })
  })

  describe('when a request meets a fault', () => {
    beforeEach(() => void rollout('a'))
    const conditional = (): Promise<unknown> =>
      cluster.patch('rollouts', A, [
        { op: 'test', path: '/spec/paused', value: null },
        { op: 'add', path: '/spec/paused', value: true },
      ])
    const paused = (): unknown => at.store.get('rollouts', 'legacy', 'a')!.spec.paused

    for (const fault of [
      { status: 429, retryAfter: 2 },
      { status: 500 },
      { status: 503 },
      { status: 504 },
      { lose: 'request' },
      { half: 'cut' },
    ] as const) {
      it(`reads again after ${JSON.stringify(fault)}`, async () => {
        await cluster.get('rollouts', A)
        at.faults.fail({}, fault, 2)
        assert.equal(nameOf(await cluster.get('rollouts', A)), 'a')
        assert.deepEqual(pauses, 'retryAfter' in fault ? [2000, 2000] : [250, 500])
      })
    }

    for (const fault of [{ status: 429 }, { status: 409 }, { status: 500 }, { lose: 'request' }] as const) {
      it(`patches on a condition again after ${JSON.stringify(fault)}, once in effect`, async () => {
        at.faults.fail({ method: 'PATCH' }, fault)
        await conditional()
        assert.deepEqual(
          [paused(), at.store.get('rollouts', 'legacy', 'a')!.metadata.generation, pauses],
          [true, 2, [250]],
        )
      })
    }

    for (const fault of [{ lose: 'answer' }, { half: 'cut' }] as const) {
      it(`learns that a conditional patch has been carried out whose answer met ${JSON.stringify(fault)}: its condition holds no more`, async () => {
        at.faults.fail({ method: 'PATCH' }, fault)
        const { reason } = await failure(conditional())
        assert.deepEqual(
          [reason, paused(), at.store.get('rollouts', 'legacy', 'a')!.metadata.generation],
          ['Invalid', true, 2],
        )
      })

      it(`creates nothing twice where the answer met ${JSON.stringify(fault)}`, async () => {
        await cluster.get('rollouts', A)
        at.faults.fail({ method: 'POST' }, fault)
        const { reason } = await failure(cluster.create('events', 'legacy', { metadata: { generateName: 'e-' } }))
        assert.deepEqual([reason, [...at.store.all('events')].length, pauses], ['Unreachable', 1, []])
      })

      it(`finds its own write in the way where the answer to a renewal met ${JSON.stringify(fault)}`, async () => {
        const lease: any = await cluster.create('leases', 'legacy', { metadata: { name: 'l' }, spec: {} })
        at.faults.fail({ method: 'PUT' }, fault)
        const { reason } = await failure(
          cluster.replace('leases', { ...IN, name: 'l' }, { ...lease, spec: { holderIdentity: 'me' } }),
        )
        assert.deepEqual([reason, at.store.get('leases', 'legacy', 'l')!.spec.holderIdentity], ['Conflict', 'me'])
      })
    }

    for (const [status, reason] of [
      [401, 'Unauthorized'],
      [403, 'Forbidden'],
      [404, 'NotFound'],
      [410, 'Expired'],
      [422, 'Invalid'],
    ] as const) {
      it(`takes ${status} for an answer`, async () => {
        at.faults.fail({}, { status, message: 'no' })
        const error = await failure(conditional())
        assert.deepEqual([error.reason, error.status, pauses, paused()], [reason, status, [], undefined])
        assert.match(error.message, /^patch rollout\/a in legacy: no/)
      })
    }

    it('gives up where the server fails for good, and says what it said', async () => {
      at.faults.fail({}, { status: 500, message: 'etcd is away' }, 99)
      const { reason, message } = await failure(cluster.list('rollouts', IN))
      assert.deepEqual(
        [reason, message, at.server.requests.length],
        ['ServerError', 'list rollouts in namespace legacy: etcd is away', 6],
      )
    })

    it('waits for a slow answer, and no longer than --request-timeout', async () => {
      at.faults.fail({}, { delay: 60 }, 2)
      assert.equal(nameOf(await cluster.get('rollouts', A)), 'a')
      await open({}, { requestTimeoutMs: 20 })
      assert.equal((await failure(cluster.get('rollouts', A))).reason, 'Timeout')
    })

    it('takes half an answer and then silence for a lost connection', async () => {
      await open({ silenceMs: 50 })
      await cluster.get('rollouts', A)
      at.faults.fail({}, { half: 'silent' })
      assert.equal(nameOf(await cluster.get('rollouts', A)), 'a')
      assert.deepEqual([asked().length, pauses], [3, [250]])
    })

    it('does not take a login page for an answer', async () => {
      at.faults.fail({}, { body: '<!doctype html>' })
      const { reason, message } = await failure(cluster.get('rollouts', A))
      assert.equal(reason, 'Malformed')
      assert.match(message, /is a web page, not JSON/)
    })
  })

  describe('watches', () => {
    let stop: AbortController
    let events: AsyncIterator<WatchEvent>
    beforeEach(() => {
      stop = new AbortController()
      rollout('a')
    })
    afterEach(() => stop.abort())

    const watch = (labelSelector?: string): void => {
      events = cluster
        .watch('rollouts', { ...IN, ...(labelSelector && { labelSelector }) }, stop.signal)
        [Symbol.asyncIterator]()
    }
    /** The next events in short: `listed a b`, `added c`, `disconnected`, … */
    const told = async (count: number): Promise<string[]> => {
      const said: string[] = []
      while (said.length < count) {
        const { value } = await events.next()
        said.push(
          'object' in value
            ? `${value.type} ${nameOf(value.object)}`
            : 'items' in value
              ? ['listed', ...value.items.map(nameOf)].join(' ')
              : value.type,
        )
      }
      return said
    }
    const watching = async (count = 1): Promise<void> => {
      while (
        at.server.requests.filter(({ query, status }) => query['watch'] === 'true' && status === 200).length < count
      )
        await new Promise(setImmediate)
    }
    /** What is listed, and a watch that is open. */
    const begin = async (labelSelector?: string): Promise<void> => {
      watch(labelSelector)
      assert.deepEqual(await told(1), ['listed a'])
      const next = told(1)
      await watching()
      touch('a')
      assert.deepEqual(await next, ['modified a'])
    }
    /** How many requests of each kind there were: lists, watches. */
    const counts = (): readonly [number, number] => {
      const watches = at.server.requests.filter(({ query }) => query['watch'] === 'true').length
      return [at.server.requests.length - watches, watches]
    }

    it('what happens after its list, an object that loses its label included', async () => {
      await begin('app=x')
      rollout('b')
      at.store.patch('rollouts', 'legacy', 'a', { type: 'merge', body: { metadata: { labels: { app: 'y' } } } })
      touch('a')
      at.store.remove('rollouts', 'legacy', 'b')
      assert.deepEqual(
        [await told(3), counts()],
        [
          ['added b', 'deleted a', 'deleted b'],
          [1, 1],
        ],
      )
    })

    it('on after it is cut, from where it was: it misses nothing and lists nothing again', async () => {
      await begin()
      at.faults.cutWatches()
      touch('a')
      rollout('b')
      at.store.remove('rollouts', 'legacy', 'a')
      assert.deepEqual(
        [await told(3), counts()],
        [
          ['modified a', 'added b', 'deleted a'],
          [1, 2],
        ],
      )
    })

    it('on after it has expired, from a new list', async () => {
      await begin()
      at.faults.expireWatches()
      rollout('b')
      assert.deepEqual([await told(1), counts()], [['listed a b'], [2, 1]])
    })

    it('on from a new list where what it missed has been compacted', async () => {
      await begin()
      at.faults.cutWatches()
      rollout('b')
      at.faults.compact()
      assert.deepEqual(await told(1), ['listed a b'])
      rollout('c')
      assert.deepEqual([await told(1), counts()], [['added c'], [2, 3]])
    })

    it('on from a bookmark, though all before it has been compacted', async () => {
      await begin()
      const next = told(1)
      for (let each = 0; each < 3; each += 1) at.create(`other-${each}`)
      at.faults.sendBookmarks()
      const marked = at.store.version
      at.faults.compact()
      at.faults.cutWatches()
      await watching(2)
      rollout('b')
      assert.deepEqual(
        [await next, counts()[0], at.server.requests.at(-1)?.query['resourceVersion']],
        [['added b'], 1, String(marked)],
      )
    })

    it('on where it has heard nothing for too long, and says that there was a gap', async () => {
      await open({ silenceMs: 60 })
      at.faults.withoutBookmarks()
      watch()
      assert.deepEqual(await told(3), ['listed a', 'disconnected', 'connected'])
      touch('a')
      assert.deepEqual(await told(1), ['modified a'])
      assert.equal(counts()[0], 1)
    })

    it('on after half an event', async () => {
      at.faults.fail({ path: 'watch=true' }, { half: 'cut' })
      watch()
      assert.deepEqual(await told(3), ['listed a', 'disconnected', 'connected'])
      touch('a')
      assert.deepEqual(await told(1), ['modified a'])
    })

    it('on when the server is back, however often it fails', async () => {
      await begin()
      at.faults.fail({ path: 'watch=true' }, { status: 503 }, 5)
      at.faults.cutWatches()
      touch('a')
      assert.deepEqual(await told(3), ['disconnected', 'connected', 'modified a'])
      assert.deepEqual(pauses, [250, 500, 1000, 2000, 4000])
    })

    for (const [status, reason] of [
      [401, 'Unauthorized'],
      [403, 'Forbidden'],
    ] as const) {
      it(`no longer where it is told ${status}`, async () => {
        await begin()
        at.faults.fail({ path: 'watch=true' }, { status })
        at.faults.cutWatches()
        assert.equal((await failure(events.next())).reason, reason)
      })
    }

    it('nothing where it may not', async () => {
      await open({}, { as: 'nobody' })
      watch()
      assert.equal((await failure(events.next())).reason, 'Forbidden')
    })

    it('five thousand objects from their list on, without asking again', async () => {
      for (let each = 0; each < 5000; each += 1) rollout(`r-${each}`)
      watch()
      const { value } = await events.next()
      assert.equal(value.items.length, 5001)
      const next = told(5000)
      await watching()
      for (let each = 0; each < 5000; each += 1) touch(`r-${each}`)
      assert.deepEqual([(await next).at(-1), counts()], ['modified r-4999', [3, 1]])
    })
  })
})
