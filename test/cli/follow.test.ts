import assert from 'node:assert/strict'
import type { CliContext } from '../../src/cli/context.ts'
import { follow } from '../../src/cli/watch/follow.ts'
import type { CurrentStore } from '../../src/watch/current-store.ts'

/** Follows screens, one after the other, to the last one. @returns what was written */
async function followed(screens: readonly (readonly string[])[], changesOnly: boolean): Promise<string> {
  let written = ''
  let shown = 0
  let changed = (): void => {}
  const left = new AbortController()
  const store: CurrentStore<readonly string[]> = {
    subscribe: (listener) => {
      changed = listener
      return () => {}
    },
    getSnapshot: () => screens[shown]!,
    connection: () => ({ state: 'connected' }),
    failure: () => undefined,
  }
  const output = { write: (text: string) => (written += text), isTTY: false, columns: undefined, closed: left.signal }
  const context = { stdout: output, stderr: output, onInterrupt: () => () => {} } as unknown as CliContext
  const over = follow(
    context,
    () => store,
    async (lines) => {
      // Once it is written, the next one is there.
      setImmediate(() => {
        shown += 1
        if (shown < screens.length) changed()
        else left.abort()
      })
      return lines
    },
    changesOnly,
  )
  await over
  return written
}

describe('what is followed', () => {
  const screens = [
    ['a', '', 'b'],
    ['a', '', 'c'],
    ['a', '', 'c'],
    ['d', '', 'c'],
  ]

  it('is shown whole, and then each line that changes', async () =>
    assert.equal(await followed(screens, false), 'a\n\nb\nc\nd\n'))

  it('is shown from its first change on with --watch-only', async () =>
    assert.equal(await followed(screens, true), 'c\nd\n'))

  it('that begins with nothing is shown whole when it comes, without --watch-only', async () =>
    assert.equal(await followed([[], ['a']], false), 'a\n'))
})
