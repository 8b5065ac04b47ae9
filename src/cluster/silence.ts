import { HttpError } from './conversation.ts'

/** Runs while somebody waits to hear something of an answer. */
export interface Silence {
  start(): void
  stop(): void
}

/** @param fail is told once that nothing was heard for so long */
export function silence(milliseconds: number, fail: (error: HttpError) => void): Silence {
  let clock: NodeJS.Timeout | undefined
  const stop = (): void => clearTimeout(clock)
  return {
    stop,
    start() {
      stop()
      clock = setTimeout(() => fail(new HttpError('it went silent', 'SILENT')), milliseconds)
    },
  }
}

/** The pieces of a body, each waited for so long at most; how long its reader takes is no silence. */
export async function* heard(body: AsyncIterable<Buffer>, waiting: Silence): AsyncGenerator<Buffer> {
  waiting.start()
  try {
    for await (const piece of body) {
      waiting.stop()
      yield piece
      waiting.start()
    }
  } finally {
    waiting.stop()
  }
}
