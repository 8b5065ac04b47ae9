import { printable } from '../../text/printable.ts'
import type { Drawing } from '../draw/drawing.ts'
import { SIGNS } from '../draw/theme.ts'
import { wrap } from '../draw/width.ts'

/** Why something does not come, and below it what was written last. */
export function whyText(sentence: string, log: readonly string[], { width = Infinity, paint }: Drawing): string[] {
  const [first = '', ...rest] = wrap(printable(sentence), Math.max(1, width - 2))
  return [
    `${paint({ text: SIGNS.wait, tone: 'wait' })} ${paint({ text: first })}`,
    ...rest.map((line) => `  ${paint({ text: line })}`),
    ...log
      .flatMap((line) => wrap(printable(line), Math.max(1, width - 6)))
      .map((line) => `    │ ${paint({ text: line, tone: 'dim' })}`),
  ]
}
