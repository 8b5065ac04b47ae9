import { whyNotReadyNow } from '../../execute/why.ts'
import type { Drawing } from '../../view/draw/drawing.ts'
import { whyText } from '../../view/words/why-lines.ts'
import type { Target } from './target.ts'

/** Why pods of a group are not ready now, and what their containers wrote last; no line where all are. */
export async function whyPods(
  { cluster, scope, group }: Target,
  drawing: Drawing,
  only?: readonly string[],
): Promise<string[]> {
  const found = await whyNotReadyNow(cluster, scope, group, only)
  return found.flatMap(({ sentence, log }) => whyText(sentence, log, drawing))
}
