import type { Case, Lab } from './lab.ts'

/** Cases by the sentence that says what must follow. */
export type Cases = Readonly<Record<string, Case>>

/** Registers every case as a test; they are played `width` at a time, from the first test on. */
export function play(open: () => Promise<Lab>, chapters: Readonly<Record<string, Cases>>, width: number): void {
  const played = new Map<Case, Promise<void>>()
  let lab: Lab | undefined

  before(async () => {
    lab = await open()
    const turns: Promise<unknown>[] = []
    Object.values(chapters).flatMap((cases) => Object.values(cases)).forEach((each, index) => {
      const turn = Promise.resolve(turns[index % width]).then(() => lab!.play(each))
      turns[index % width] = turn.catch(() => undefined)
      played.set(each, turn)
    })
  })
  after(() => lab?.close())

  for (const [chapter, cases] of Object.entries(chapters)) {
    describe(chapter, function () {
      this.timeout('5m')
      for (const [sentence, each] of Object.entries(cases)) it(sentence, () => played.get(each))
    })
  }
}
