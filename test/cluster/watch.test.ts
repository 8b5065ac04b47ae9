import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { ClusterError, type WatchEvent } from '../../src/cluster/port.ts'
import type { Tuning } from '../../src/cluster/tuning.ts'
import type { Response } from '../support/api-server.ts'
import { list, never, no, scripted, stream, type Scripted, type Step } from '../support/scripted.ts'

const line = (type: string, name: string, resourceVersion: string): string =>
  `${JSON.stringify({ type, object: { metadata: { name, resourceVersion } } })}\n`
const expired = `${JSON.stringify({ type: 'ERROR', object: { kind: 'Status', code: 410, reason: 'Expired', message: 'too old resource version' } })}\n`

for (const protocol of ['h2', 'http'] as const) {
  describe(`a watch over ${protocol}`, () => {
    let at: Scripted
    let stop: AbortController
    beforeEach(() => {
      stop = new AbortController()
    })
    afterEach(async () => {
      stop.abort()
      await at.close()
    })

    const script = async (steps: readonly Step[], tuning: Partial<Tuning> = {}): Promise<AsyncIterator<WatchEvent>> => {
      at = await scripted(steps, tuning, {}, protocol)
      return at.cluster
        .watch('rollouts', { namespace: 'legacy', labelSelector: 'a=b' }, stop.signal)
        [Symbol.asyncIterator]()
    }
    /** The next events in short: `listed a b`, `added c`, `disconnected`, … */
    const next = async (events: AsyncIterator<WatchEvent>, count: number): Promise<string[]> => {
      const said: string[] = []
      while (said.length < count) {
        const { value, done } = await events.next()
        if (done) return [...said, 'done']
        const name = (object: unknown): string => (object as { metadata: { name: string } }).metadata.name
        said.push(
          'object' in value
            ? `${value.type} ${name(value.object)}`
            : 'items' in value
              ? ['listed', ...value.items.map(name)].join(' ')
              : value.type,
        )
      }
      return said
    }
    const versions = (): (string | null)[] =>
      at.server.seen.map(({ path }) => new URL(path, at.server.url).searchParams.get('resourceVersion'))

    it('lists, then tells what changes from that list on', async () => {
      const events = await script([
        list(['a'], '5'),
        stream([line('ADDED', 'b', '6'), line('MODIFIED', 'a', '7'), line('DELETED', 'a', '8')]),
      ])
      assert.deepEqual(await next(events, 4), ['listed a', 'added b', 'modified a', 'deleted a'])
      const { pathname, searchParams } = new URL(at.server.seen[1]!.path, at.server.url)
      assert.equal(pathname, '/apis/argoproj.io/v1alpha1/namespaces/legacy/rollouts')
      assert.deepEqual(Object.fromEntries(searchParams), {
        labelSelector: 'a=b',
        watch: 'true',
        allowWatchBookmarks: 'true',
        resourceVersion: '5',
        timeoutSeconds: '60',
      })
    })

    it('is resumed in silence from the last version seen, a bookmark being one, when the server ends it', async () => {
      const events = await script([
        list([], '5'),
        stream([line('ADDED', 'a', '6')], 'end'),
        stream([line('BOOKMARK', '', '9')], 'end'),
        stream([line('ADDED', 'b', '10')]),
      ])
      assert.deepEqual(await next(events, 3), ['listed', 'added a', 'added b'])
      assert.deepEqual(versions(), [null, '5', '6', '9'])
    })

    it('pauses before it resumes where the server ends it without a word', async () => {
      const events = await script([
        list([], '5'),
        stream([], 'end'),
        stream([], 'end'),
        stream([line('ADDED', 'a', '6')]),
      ])
      assert.deepEqual(await next(events, 2), ['listed', 'added a'])
      assert.deepEqual(at.pauses, [250, 250])
    })

    it('tells a lost connection, and resumes where it was', async () => {
      const events = await script([
        list([], '5'),
        stream([line('ADDED', 'a', '6')], 'cut'),
        no(503),
        stream([line('ADDED', 'b', '7')]),
      ])
      assert.deepEqual(await next(events, 5), ['listed', 'added a', 'disconnected', 'connected', 'added b'])
      assert.deepEqual(versions(), [null, '5', '6', '6'])
      assert.deepEqual(at.pauses, [250, 500])
    })

    it('backs off further and further while the server does not come back, but not for ever longer', async () => {
      const events = await script([list([], '5'), ...Array<Step>(8).fill(no(503)), stream([line('ADDED', 'a', '6')])])
      assert.deepEqual(await next(events, 4), ['listed', 'disconnected', 'connected', 'added a'])
      assert.deepEqual(at.pauses, [250, 500, 1000, 2000, 4000, 4000, 4000, 4000])
    })

    it('forgets the half line a lost connection leaves', async () => {
      const half = line('ADDED', 'b', '7').slice(0, 20)
      const events = await script([
        list([], '5'),
        stream([line('ADDED', 'a', '6'), half], 'end'),
        stream([line('ADDED', 'b', '7')]),
      ])
      assert.deepEqual(await next(events, 3), ['listed', 'added a', 'added b'])
      assert.deepEqual(versions(), [null, '5', '6'])
    })

    it('puts events together whatever pieces they come in, letters cut in two included', async () => {
      const bytes = Buffer.from(line('ADDED', 'größe', '6') + line('ADDED', 'b', '7'))
      const pieces = [...bytes].map((_, i) => bytes.subarray(i, i + 1))
      const events = await script([list([], '5'), stream(pieces)])
      assert.deepEqual(await next(events, 3), ['listed', 'added größe', 'added b'])
    })

    it('lists again where the version is gone, by an event or by the answer', async () => {
      const events = await script([
        list(['a'], '5'),
        stream([line('ADDED', 'b', '6'), expired]),
        list(['a', 'b'], '50'),
        no(410, 'Expired'),
        list(['c'], '60'),
        stream([line('ADDED', 'd', '61')]),
      ])
      assert.deepEqual(await next(events, 5), ['listed a', 'added b', 'listed a b', 'listed c', 'added d'])
      assert.deepEqual(versions(), [null, '5', null, '50', null, '60'])
    })

    it('says connected before it lists anew', async () => {
      const events = await script([
        list(['a'], '5'),
        stream([], 'cut'),
        no(410, 'Expired'),
        list(['b'], '9'),
        stream([]),
      ])
      assert.deepEqual(await next(events, 4), ['listed a', 'disconnected', 'connected', 'listed b'])
    })

    const failed = `${JSON.stringify({ type: 'ERROR', object: { kind: 'Status', code: 500, message: 'etcd is away' } })}\n`
    for (const [what, bad, reason] of [
      ['is not JSON', '{"type": "ADD\n', /not JSON/],
      ['is too large', `{"type": "${'x'.repeat(3000)}`, /larger than 2000 bytes/],
      ['reports a failure', failed, /etcd is away/],
    ] as const) {
      it(`is a lost connection where an event ${what}`, async () => {
        const events = await script([list([], '5'), stream([bad]), stream([line('ADDED', 'a', '6')])], {
          maxBodyBytes: 2000,
        })
        assert.deepEqual(await next(events, 1), ['listed'])
        const { value } = await events.next()
        assert.ok(value.type === 'disconnected')
        assert.match(value.reason, reason)
        assert.deepEqual(await next(events, 2), ['connected', 'added a'])
      })
    }

    it('takes silence for a lost connection', async () => {
      const events = await script([list([], '5'), stream([]), stream([line('ADDED', 'a', '6')])], { silenceMs: 50 })
      assert.deepEqual(await next(events, 4), ['listed', 'disconnected', 'connected', 'added a'])
    })

    it('waits for a server that is away at the start', async () => {
      const events = await script([no(503), list(['a'], '5'), stream([])])
      assert.deepEqual(await next(events, 3), ['disconnected', 'connected', 'listed a'])
    })

    for (const [code, reason] of [
      [401, 'Unauthorized'],
      [403, 'Forbidden'],
      [404, 'NotFound'],
    ] as const) {
      const isIt = (error: unknown): boolean => error instanceof ClusterError && error.reason === reason

      it(`throws what no retry mends: ${code} at the list`, async () => {
        await assert.rejects((await script([no(code, reason)])).next(), isIt)
      })

      it(`throws what no retry mends: ${code} at the watch`, async () => {
        const events = await script([list([], '5'), no(code, reason)])
        assert.deepEqual(await next(events, 1), ['listed'])
        await assert.rejects(events.next(), isIt)
      })
    }

    it('ends at once with its signal while it waits for an event', async () => {
      const events = await script([list([], '5'), stream([])])
      assert.deepEqual(await next(events, 1), ['listed'])
      const pending = next(events, 1)
      stop.abort()
      assert.deepEqual(await pending, ['done'])
    })

    it('ends at once with its signal while it waits for the server', async () => {
      assert.deepEqual(await next(await script([() => stop.abort()]), 1), ['done'])
    })

    it('ends at once with its signal while it waits for the next try', async () => {
      const events = await script([list([], '5'), no(503)], {
        pause: (_, signal) =>
          new Promise((_resolve, reject) => {
            signal!.addEventListener('abort', () => reject(signal!.reason))
            stop.abort()
          }),
      })
      assert.deepEqual(await next(events, 3), ['listed', 'disconnected', 'done'])
    })

    it('sends nothing where its signal is over already', async () => {
      const events = await script([list([], '5')])
      stop.abort()
      assert.deepEqual(await next(events, 1), ['done'])
      assert.equal(at.server.seen.length, 0)
    })

    it('closes its stream when its reader leaves', async () => {
      const left = Promise.withResolvers<void>()
      const events = await script([
        list([], '5'),
        (response) => {
          stream([line('ADDED', 'a', '6')])(response)
          void once(response as ServerResponse, 'close').then(() => left.resolve())
        },
      ])
      for await (const event of { [Symbol.asyncIterator]: () => events }) if (event.type === 'added') break
      await left.promise
    })
  })
}

describe('a watch with a request timeout', () => {
  it('outlives it once the server has accepted it', async () => {
    const opened = Promise.withResolvers<Response>()
    const { cluster, close } = await scripted(
      [
        list([], '5'),
        (response) => {
          stream([])(response)
          opened.resolve(response)
        },
      ],
      {},
      { requestTimeoutMs: 200 },
    )
    const stop = new AbortController()
    const events = cluster.watch('rollouts', {}, stop.signal)[Symbol.asyncIterator]()
    assert.equal((await events.next()).value?.type, 'listed')
    const added = events.next()
    const response = await opened.promise
    setTimeout(() => (response as ServerResponse).write(line('ADDED', 'late', '6')), 400)
    assert.equal((await added).value?.type, 'added')
    stop.abort()
    await close()
  })

  it('is a lost connection where the server does not accept it in time', async () => {
    const { cluster, close } = await scripted([list([], '5'), never], {}, { requestTimeoutMs: 50 })
    const stop = new AbortController()
    const events = cluster.watch('rollouts', {}, stop.signal)[Symbol.asyncIterator]()
    await events.next()
    const { value } = await events.next()
    assert.ok(value?.type === 'disconnected')
    assert.match(value.reason, /within the request timeout of 0.05 s/)
    stop.abort()
    await close()
  })
})
