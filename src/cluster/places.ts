/**
 * So many at a time, the others in the order in which they came.
 * @returns waits for a place, and gives the way to leave it; @throws the reason of the signal
 */
export function places(count: number): (signal: AbortSignal) => Promise<() => void> {
  let free = count
  const waiting = new Set<() => void>()
  /** Once, however often it is called. */
  const wayOut = (): (() => void) => {
    let isIn = true
    return () => {
      if (!isIn) return
      isIn = false
      const [next] = waiting
      if (next === undefined) free += 1
      else next()
    }
  }
  return async (signal) => {
    signal.throwIfAborted()
    if (free > 0) free -= 1
    else await inTurn(signal)
    return wayOut()
  }

  async function inTurn(signal: AbortSignal): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const enter = (): void => {
      waiting.delete(enter)
      signal.removeEventListener('abort', giveUp)
      resolve()
    }
    const giveUp = (): void => {
      waiting.delete(enter)
      reject(signal.reason)
    }
    waiting.add(enter)
    signal.addEventListener('abort', giveUp, { once: true })
    await promise
  }
}
