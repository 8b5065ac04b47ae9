import type { Clock } from '../../execute/context.ts'
import { whyNotReadyNow } from '../../execute/why.ts'
import type { Drawing } from '../../view/draw/drawing.ts'
import { whyText } from '../../view/words/why-lines.ts'
import type { Target } from './target.ts'

/** Milliseconds that the reasons may take: whoever hears that the time was up is not kept waiting for them. */
const PATIENCE = 1000

/** Why pods of a group are not ready now, and what their containers wrote last; no line where all are. */
export async function whyPods(
  { cluster, scope, group }: Target,
  drawing: Drawing,
  clock: Clock,
  only?: readonly string[],
): Promise<string[]> {
  const [read, late] = [new AbortController(), new AbortController()]
  clock.after(PATIENCE, read.signal).then(
    () => late.abort(),
    () => undefined,
  )
  try {
    const found = await whyNotReadyNow(cluster, scope, group, late.signal, only)
    return found.flatMap(({ sentence, log }) => whyText(sentence, log, drawing))
  } finally {
    read.abort()
  }
}
