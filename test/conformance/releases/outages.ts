import assert from 'node:assert/strict'
import { plane } from '../plane.ts'
import type { World } from './manifests.ts'
import { Run } from './run.ts'
import { said, Scene, type Probe } from './scene.ts'

/** A release under way, watched from outside. */
export interface UnderWay {
  readonly scene: Scene
  readonly probe: Probe
  readonly run: Run
}

/** Releases that all are promoted at once, on a control plane of which parts go and come back. */
export async function underWay(
  worlds: Readonly<Record<string, readonly [World, ...args: string[]]>>,
): Promise<readonly UnderWay[]> {
  const prepared = await Promise.all(
    Object.entries(worlds).map(async ([name, [world, ...args]]) => {
      const scene = await Scene.open(name, plane(), world)
      await scene.running()
      const probe = await scene.probe()
      await scene.waiting()
      return { scene, probe, args }
    }),
  )
  return prepared.map(({ scene, probe, args }) => ({ scene, probe, run: new Run(scene, 'promote-all', ...args) }))
}

/** All of them come to their end, and no request has noticed. */
export async function arrive(releases: readonly UnderWay[]): Promise<void> {
  for (const { scene, probe, run } of releases) {
    const end = await run.ended
    assert.equal(end.code, 0, `${scene.name}: ${said(end)}`)
    await scene.isOn('2.0')
    await probe.clean()
  }
}

/** Lets the cluster's own time pass: a pod becomes ready so late. */
export async function pass(scene: Scene, delay: string): Promise<void> {
  const annotations = { 'pod-ready.stage.kwok.x-k8s.io/delay': delay }
  await scene.apply({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'clock', annotations },
    spec: { containers: [{ name: 'clock', image: 'clock' }] },
  })
  await scene.until('pods', 'clock', ({ status }) =>
    status?.conditions?.some(({ type, status }: any) => type === 'Ready' && status === 'True'),
  )
}
