import { printable } from '../../text/printable.ts'
import { flow } from './flow.ts'
import type { Cell, Paint } from './theme.ts'
import { fit, widthOf, wrap } from './width.ts'

/** What a row is about, in columns, and what is said of it, sentence by sentence. */
export interface Hanging {
  readonly head: readonly Cell[]
  readonly said: readonly string[]
}

const GAP = '   '
/** Fewer columns than these are no room for a sentence. */
const LEAST = 30

/** Rows of a head and sentences: these hang beside it, or beneath where the screen is too narrow. Nothing is cut. */
export function hanging(rows: readonly Hanging[], width: number | undefined, paint: Paint): string[] {
  const widths = (rows[0]?.head ?? []).map((_, column) =>
    Math.max(...rows.map((row) => widthOf(printable(row.head[column]!.text)))),
  )
  const beside = widths.reduce((sum, each) => sum + each + GAP.length, 2)
  const longest = Math.max(...rows.flatMap((row) => row.said.map((each) => widthOf(printable(each)))))
  const beneath = width !== undefined && width - beside < Math.min(LEAST, longest)
  const indent = ' '.repeat(beneath ? 7 : beside)
  return rows.flatMap(({ head, said }) => {
    const lines = said.flatMap((each) => wrap(printable(each), width === undefined ? Infinity : width - indent.length))
    const cells = head.map((cell, column): Cell => ({ ...cell, text: fit(printable(cell.text), widths[column]!) }))
    const heads = flow(beneath && width < beside ? head : cells, GAP, '   ', (width ?? Infinity) - 2, paint).map(
      (line) => `  ${line}`,
    )
    const [first = '', ...rest] = beneath ? ['', ...lines] : lines
    return [...heads.slice(0, -1), `${heads.at(-1)}${GAP}${first}`.trimEnd(), ...rest.map((line) => indent + line)]
  })
}
