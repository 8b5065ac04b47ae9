/** Something that is played, and gives a result or throws. */
export type Play<Result> = () => Promise<Result>

/**
 * Plays all, in their order, so many at a time: the next one as soon as one has ended.
 * @returns what comes of each, at once
 */
export function inLanes<Key, Result>(
  plays: ReadonlyMap<Key, Play<Result>>,
  width: number,
): ReadonlyMap<Key, Promise<Result>> {
  const outcomes = new Map([...plays.keys()].map((key) => [key, Promise.withResolvers<Result>()]))
  const waiting = plays.entries()
  const lane = async (): Promise<void> => {
    for (let next = waiting.next(); !next.done; next = waiting.next()) {
      const [key, play] = next.value
      const { promise, resolve } = outcomes.get(key)!
      resolve(play())
      // Whoever waits for it is told of its failure.
      await promise.catch(() => undefined)
    }
  }
  for (let index = 0; index < width; index++) void lane()
  return new Map([...outcomes].map(([key, { promise }]) => [key, promise]))
}

/**
 * Plays something again that has failed: on a real machine the watches of several processes race. What no try may hide
 * is in the ledger of the suite. @throws what the last play ended with
 */
export async function upTo<Result>(tries: number, play: Play<Result>): Promise<Result> {
  for (let left = tries - 1; ; left--) {
    try {
      return await play()
    } catch (error) {
      if (left === 0) throw error
      process.stderr.write(`played again: ${bothEnds(String(error))}\n`)
    }
  }
}

/** What a run has said is long, and ends with what went wrong. */
function bothEnds(text: string): string {
  return text.length <= 3000 ? text : `${text.slice(0, 1000)}\n…\n${text.slice(-2000)}`
}

/** Cases by chapter, and by the sentence that says what each is about. */
export type Chapters<Case> = Readonly<Record<string, Readonly<Record<string, Case>>>>

/**
 * Registers every case of each chapter as a test; from the first test on those that were asked for are played, `width`
 * at a time, and up to so many `tries` where they fail.
 */
export function playedInLanes<Case>(
  chapters: Chapters<Case>,
  { width, tries }: { readonly width: number; readonly tries: number },
  play: (each: Case, sentence: string) => Promise<void>,
): void {
  let played: ReadonlyMap<Case, Promise<void>>
  before(function () {
    const all = Object.entries(chapters).flatMap(([chapter, cases]) =>
      Object.entries(cases)
        .filter(([sentence]) => isAskedFor(`${this.test?.parent?.fullTitle()} ${chapter} ${sentence}`))
        .map(([sentence, each]) => [each, () => upTo(tries, () => play(each, sentence))] as const),
    )
    played = inLanes(new Map(all), width)
  })
  for (const [chapter, cases] of Object.entries(chapters))
    describe(chapter, () => {
      for (const [sentence, each] of Object.entries(cases)) it(sentence, () => played.get(each))
    })
}

/** Whether a test of this title is one that was asked for (`-g`, `--grep`): what is played for others is in vain. */
export function isAskedFor(title: string): boolean {
  const at = process.argv.findIndex((each) => each === '-g' || each === '--grep')
  return at === -1 || new RegExp(process.argv[at + 1] ?? '').test(title)
}
