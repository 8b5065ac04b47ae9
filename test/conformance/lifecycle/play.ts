import { playedInLanes } from '../lanes.ts'
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
  let lab: Lab | undefined
  before(async () => {
    lab = await open()
  })
  after(() => lab?.close())
  playedInLanes(chapters, { width, tries }, (each) => lab!.play(each))
}
