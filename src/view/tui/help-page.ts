import { printable } from '../../text/printable.ts'
import type { Drawing } from '../draw/drawing.ts'
import { flow } from '../draw/flow.ts'
import { type Cell, SIGNS } from '../draw/theme.ts'
import { fit, truncate } from '../draw/width.ts'
import { keysOf } from './keys.ts'
import { beside } from './layout.ts'
import type { Model } from './state.ts'

const LEGEND: readonly Cell[] = [
  { text: `${SIGNS.good} good`, tone: 'good' },
  { text: `${SIGNS.bad} wrong`, tone: 'bad' },
  { text: `${SIGNS.warn} beware`, tone: 'warn' },
  { text: `${SIGNS.paused} waits for you`, tone: 'wait' },
  { text: `${SIGNS.wait} under way`, tone: 'wait' },
  { text: `${SIGNS.unknown} unknown`, tone: 'warn' },
  { text: '▸ selected' },
  { text: '* has just changed' },
  { text: '↑ ↓ more' },
]

/** Columns of a key, and of a block of keys with what they do. */
const KEY = 9
const BLOCK = 38

/** Every key with what it does, in as many blocks beside each other as there is room for. */
export function helpLines(model: Model, { width = Infinity, paint }: Drawing): string[] {
  const blocks = Math.max(1, Math.min(3, Math.floor(width / BLOCK)))
  const column = blocks === 1 ? width : Math.floor(width / blocks)
  const rows = keysOf(model).map(
    ({ shown, does }) =>
      paint({ text: fit(shown, KEY), tone: 'strong' }) + truncate(printable(does), Math.max(1, column - KEY - 1)),
  )
  const each = Math.ceil(rows.length / blocks)
  const [first = [], ...others] = Array.from({ length: blocks }, (_, index) =>
    rows.slice(index * each, (index + 1) * each),
  )
  return [
    ...others.reduce((before, next, index) => beside(before, next, (index + 1) * column), first),
    '',
    ...flow(LEGEND, '   ', '', width, paint),
  ]
}
