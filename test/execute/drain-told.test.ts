import assert from 'node:assert/strict'
import type { Draining } from '../../src/domain/actions/step.ts'
import type { Group } from '../../src/domain/group/read-group.ts'
import type { RunEvent } from '../../src/domain/run/event.ts'
import type { RunContext } from '../../src/execute/context.ts'
import { drainPods } from '../../src/execute/drain.ts'
import type { Bounds } from '../../src/execute/waiting.ts'
import type { GroupStore } from '../../src/watch/current-store.ts'

const pod = (name: string, owner: string) => ({ metadata: { name, ownerReferences: [{ name: owner }] }, status: {} })
const old = (hash: string, text: string) =>
  ({
    member: 'web',
    hash,
    version: { text, source: 'APP_VERSION' },
    deadline: undefined,
    delay: 30,
  }) as unknown as Draining

describe('the old pods of a member that has left two revisions', () => {
  it('are called gone when those of both are', async () => {
    const pods = [pod('a', 'web-one'), pod('b', 'web-two')]
    const events: RunEvent[] = []
    const context = {
      clock: { now: () => 0, after: () => new Promise(() => {}) },
      cluster: {
        async *watch() {
          yield { type: 'listed', items: pods }
          yield { type: 'deleted', object: pods[0] }
          yield { type: 'deleted', object: pods[1] }
        },
      },
      scope: { namespace: 'legacy', selector: '' },
      options: { drain: 60_000 },
      emit: (event: RunEvent) => events.push(event),
    } as unknown as RunContext
    const store = { getSnapshot: () => undefined, subscribe: () => () => {} } as unknown as GroupStore
    const bounds = { signal: new AbortController().signal } as unknown as Bounds
    await drainPods(context, store, bounds, 1, [old('one', '1.0'), old('two', '0.9')], {} as Group)
    assert.deepEqual(
      events.map((each) => each.type),
      ['draining', 'draining', 'drained'],
    )
  })
})
