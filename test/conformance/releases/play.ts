import { playedInLanes } from '../lanes.ts'
import { plane } from '../plane.ts'
import type { World } from './manifests.ts'
import { Scene } from './scene.ts'

/** A group, and what is done to it and must follow. */
export type Case = readonly [world: World, played: (scene: Scene) => Promise<void>]

/** Cases by the sentence that says what it is about. */
export type Cases = Readonly<Record<string, Case>>

/**
 * Registers every case of each chapter as a test; from the first test on they are played `width` at a time, and twice
 * where they fail, in a namespace of their own each time.
 */
export function play(chapters: Readonly<Record<string, Cases>>, width: number): void {
  playedInLanes(chapters, { width, tries: 2 }, async ([world, played], name) =>
    played(await Scene.open(name, plane(), world)),
  )
}
