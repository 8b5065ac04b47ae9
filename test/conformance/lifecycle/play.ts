import { inLanes, isAskedFor, upTo } from '../lanes.ts'
import type { Case, Lab } from './lab.ts'

/** Cases by the sentence that says what must follow. */
export type Cases = Readonly<Record<string, Case>>

/**
 * Registers every case as a test; they are played `width` at a time, from the first test on.
 * @param tries how often a case may be played, each time in a namespace of its own
 */
export function play(
  open: () => Promise<Lab>,
  chapters: Readonly<Record<string, Cases>>,
  width: number,
  tries = 1,
): void {
  let played: ReadonlyMap<Case, Promise<void>>
  let lab: Lab | undefined

  before(async function () {
    lab = await open()
    const all = Object.entries(chapters).flatMap(([chapter, cases]) =>
      Object.entries(cases)
        .filter(([sentence]) => isAskedFor(`${this.test?.parent?.fullTitle()} ${chapter} ${sentence}`))
        .map(([, each]) => [each, () => upTo(tries, () => lab!.play(each))] as const),
    )
    played = inLanes(new Map(all), width)
  })
  after(() => lab?.close())

  for (const [chapter, cases] of Object.entries(chapters)) {
    describe(chapter, function () {
      this.timeout('5m')
      for (const [sentence, each] of Object.entries(cases)) it(sentence, () => played.get(each))
    })
  }
}
