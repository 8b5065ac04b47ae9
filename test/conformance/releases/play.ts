import { inLanes, isAskedFor, upTo } from '../lanes.ts'
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
  let played: ReadonlyMap<Case, Promise<void>>
  before(function () {
    const all = Object.entries(chapters).flatMap(([chapter, cases]) =>
      Object.entries(cases)
        .filter(([name]) => isAskedFor(`${this.test?.parent?.fullTitle()} ${chapter} ${name}`))
        .map(
          ([name, each]) =>
            [each, () => upTo(2, async () => each[1](await Scene.open(name, plane(), each[0])))] as const,
        ),
    )
    played = inLanes(new Map(all), width)
  })
  for (const [chapter, cases] of Object.entries(chapters)) {
    describe(chapter, () => {
      for (const [name, each] of Object.entries(cases)) it(name, () => played.get(each))
    })
  }
}
