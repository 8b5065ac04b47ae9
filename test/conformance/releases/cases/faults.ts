import assert from 'node:assert/strict'
import { startFaultProxy, type Asked, type Fault, type FaultProxy } from '../fault-proxy.ts'
import type { Cases } from '../play.ts'
import { Run } from '../run.ts'
import { said, type Scene } from '../scene.ts'
import { chain, pair } from '../worlds.ts'

const nothing = undefined

/**
 * What goes wrong with each request of one method and path, in turns: never so often in a row that a tool has to give
 * up.
 */
const TURNS: Readonly<Record<string, readonly (Fault | undefined)[]>> = {
  GET: [500, nothing, nothing, 429, nothing, 'cut', nothing, nothing],
  PATCH: [500, 409, 'lost', 429, nothing],
  PUT: [409, nothing, 'lost', 500, nothing],
  DELETE: [500, nothing],
  // What was sent once and may have been carried out is not sent again: only what the server turns away at the door.
  POST: [429, nothing, nothing],
}

function inTurns({ method, isWatch, earlier }: Asked): Fault | undefined {
  const turns = TURNS[method] ?? []
  return isWatch ? undefined : turns[earlier % turns.length]
}

/** A release through a proxy at which requests fail, and every second all watches break. */
async function throughFaults(scene: Scene): Promise<void> {
  await scene.running()
  const probe = await scene.probe()
  await scene.waiting()
  await using proxy = await startFaultProxy(scene.plane, inTurns)
  const cutting = setInterval(() => proxy.cutWatches(), 1000)
  const end = await new Run(scene.by(proxy.kubeconfig), 'promote-all').ended
  clearInterval(cutting)
  assert.equal(end.code, 0, said(end))
  for (const fault of [409, 429, 500, 'cut', 'lost', 'watch cut'] as const)
    assert.ok((proxy.injected.get(fault) ?? 0) > 0, `no fault of kind ${fault}`)
  await scene.isOn('2.0')
  await probe.clean()
}

/** Does something when the promote of the frontend is on its way, and lets it pass. */
const beforePromote = (scene: Scene, act: () => Promise<unknown>): Promise<FaultProxy> =>
  startFaultProxy(scene.plane, async ({ method, path, earlier }) => {
    if (method === 'PATCH' && path.endsWith('/frontend/status') && earlier === 0) await act()
    return nothing
  })

export const faults: Cases = {
  'a pair, over 409, 429, 500, lost answers and broken watches': [pair(), throughFaults],
  'a chain of five, over 409, 429, 500, lost answers and broken watches': [chain, throughFaults],

  'a pod lost between the last look and the promote: users stay until it is back': [
    pair(),
    async (scene) => {
      await scene.running()
      const probe = await scene.probe()
      await scene.waiting()
      const [pod] = await scene.pods('frontend', '2.0')
      const { name: set } = pod!.metadata.ownerReferences![0]!
      await using proxy = await beforePromote(scene, async () => {
        await scene.setReady(pod!, false)
        await scene.until('replicasets', set, ({ status }) => status.availableReplicas === 1)
      })
      const run = new Run(scene.by(proxy.kubeconfig), 'promote-all')
      const waits = await run.tells(
        ({ type, waitingFor }) => type === 'progress' && /cutover pending|sent again/.test(waitingFor),
      )
      assert.ok(waits, 'it ended without a word')
      await scene.isOn('1.0')
      await scene.setReady(pod!, true)
      const end = await run.ended
      assert.equal(end.code, 0, said(end))
      await scene.isOn('2.0')
      await probe.clean()
    },
  ],

  'a newer frontend applied between the last look and the promote: refused as changed, and nothing is promoted': [
    pair(),
    async (scene) => {
      await scene.running()
      const probe = await scene.probe()
      await scene.waiting()
      await using proxy = await beforePromote(scene, () => scene.deploy('3.0', { members: ['frontend'] }))
      const end = await new Run(scene.by(proxy.kubeconfig), 'promote-all').ended
      assert.equal(end.code, 5, said(end))
      assert.match(end.stdout, /"outcome":"changed"/)
      assert.deepEqual(await scene.writes(), ['rollouts/status frontend'])
      await scene.atGates(['frontend'])
      await scene.isOn('1.0')
      await probe.clean()
    },
  ],
}
