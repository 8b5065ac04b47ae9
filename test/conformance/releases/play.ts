import { plane } from '../plane.ts'
import type { World } from './manifests.ts'
import { Scene } from './scene.ts'

/** A group, and what is done to it and must follow. */
export type Case = readonly [world: World, played: (scene: Scene) => Promise<void>]

/** Cases by the sentence that says what it is about. */
export type Cases = Readonly<Record<string, Case>>

/** Registers every case as a test; from the first test on they are played `width` at a time. */
export function play(cases: Cases, width: number): void {
  const played = new Map<string, Promise<void>>()
  before(() => {
    const lanes: Promise<unknown>[] = []
    Object.entries(cases).forEach(([name, [world, act]], index) => {
      const turn = Promise.resolve(lanes[index % width]).then(async () => act(await Scene.open(name, plane(), world)))
      lanes[index % width] = turn.catch(() => undefined)
      played.set(name, turn)
    })
  })
  for (const name of Object.keys(cases)) it(name, () => played.get(name))
}
