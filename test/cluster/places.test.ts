import assert from 'node:assert/strict'
import { places } from '../../src/cluster/places.ts'

describe('places', () => {
  const signal = new AbortController().signal

  it('are taken by so many at a time, the others in the order in which they came', async () => {
    const enter = places(2)
    const entered: number[] = []
    const ways = [1, 2, 3, 4].map(async (each) => {
      const leave = await enter(signal)
      entered.push(each)
      return leave
    })
    const [first, second] = await Promise.all(ways.slice(0, 2))
    assert.deepEqual(entered, [1, 2])
    first!()
    await ways[2]
    assert.deepEqual(entered, [1, 2, 3])
    second!()
    await ways[3]
    assert.deepEqual(entered, [1, 2, 3, 4])
  })

  it('are left once, however often that is said', async () => {
    const enter = places(1)
    const leave = await enter(signal)
    leave()
    leave()
    await enter(signal)
    const stop = new AbortController()
    const third = enter(stop.signal)
    stop.abort(new Error('enough'))
    await assert.rejects(third, /enough/)
  })

  it('are not waited for by who has left, and go to the next one', async () => {
    const enter = places(1)
    const leave = await enter(signal)
    const stop = new AbortController()
    const second = enter(stop.signal)
    const third = enter(signal)
    stop.abort(new Error('enough'))
    await assert.rejects(second, /enough/)
    leave()
    await third
  })

  it('are not given to who had left before', async () => {
    const enter = places(1)
    await assert.rejects(enter(AbortSignal.abort(new Error('gone'))), /gone/)
    await enter(signal)
  })
})
