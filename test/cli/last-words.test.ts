import assert from 'node:assert/strict'
import { setImmediate } from 'node:timers/promises'
import { openLastWords } from '../../src/cli/watch/last-words.ts'

/** A pod whose container has ended so many times. */
const crashing = (name: string, restartCount: number) => ({
  metadata: { name },
  status: {
    conditions: [{ type: 'Ready', status: 'False' }],
    containerStatuses: [{ name: 'app', restartCount, state: { waiting: { reason: 'CrashLoopBackOff' } } }],
  },
})

describe('what containers wrote last', () => {
  const asked: string[] = []
  const cluster = {
    async log({ name }: { readonly name: string }, { container }: { readonly container: string }) {
      asked.push(`${name}/${container}`)
      return `said ${asked.length}\n\n`
    },
  }
  let heard = 0
  const open = (signal = new AbortController().signal) => {
    asked.length = heard = 0
    return openLastWords(cluster, 'legacy', () => void (heard += 1), signal)
  }

  it('is read once for each time that one has ended', async () => {
    const words = open()
    for (const restarts of [1, 1, 2]) {
      words.look([crashing('one', restarts)])
      await setImmediate()
    }
    assert.deepEqual([asked, heard, [...words.known()]], [['one/app', 'one/app'], 2, [['one/app', ['said 2']]]])
  })

  it('is not read of pods that are ready, or have not begun', async () => {
    const words = open()
    const [ready, starting] = [crashing('ready', 3), crashing('starting', 0)]
    ready.status.conditions[0]!.status = 'True'
    starting.status.containerStatuses[0]!.state.waiting.reason = 'ImagePullBackOff'
    words.look([ready, starting])
    assert.deepEqual(asked, [])
  })

  it('is read of no more than five', () => {
    open().look(['a', 'b', 'c', 'd', 'e', 'f'].map((each) => crashing(each, 1)))
    assert.equal(asked.length, 5)
  })

  it('is not told any more once it is closed', async () => {
    const over = new AbortController()
    open(over.signal).look([crashing('one', 1)])
    over.abort()
    await setImmediate()
    assert.equal(heard, 0)
  })
})
