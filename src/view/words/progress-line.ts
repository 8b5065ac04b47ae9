import type { RunEvent } from '../../domain/run/event.ts'
import { printable } from '../../text/printable.ts'
import type { Paint } from '../draw/theme.ts'
import { fit, truncate, widthOf, wrap } from '../draw/width.ts'
import { type ProgressRow, progressRow } from './progress-row.ts'

/** Where progress is drawn. */
export interface Screen {
  write(text: string): void
  /** Whether a line may be drawn over. */
  readonly live: boolean
  readonly width: number | undefined
  readonly paint: Paint
}

export interface ProgressLines {
  /** The members that will be spoken of, so that their lines stand in columns. */
  align(members: readonly string[]): void
  show(event: RunEvent): void
  /** Removes what was only passing. */
  end(): void
}

/**
 * One row as a line.
 * @param names columns of the longest member's name
 * @param width columns of the screen that it must not leave; undefined: as wide as it takes
 */
export function progressLine(row: ProgressRow, names: number, paint: Paint, width?: number): string {
  const text = wordsOf(row, names)
  return markOf(row, paint) + paint({ text: width === undefined ? text : truncate(printable(text), width - INDENT) })
}

/** One row in as many lines as it takes on a screen of so many columns. */
export function progressLines(row: ProgressRow, names: number, paint: Paint, width: number): string[] {
  return wrap(printable(wordsOf(row, names)), width - INDENT).map(
    (text, index) => (index === 0 ? markOf(row, paint) : ' '.repeat(INDENT)) + paint({ text }),
  )
}

/** Columns of a row's sign and number. */
const INDENT = 5

function markOf({ sign, tone, wave }: ProgressRow, paint: Paint): string {
  const shown = paint({ text: sign, tone })
  return wave === '' ? `  ${shown}  ` : `${shown} ${fit(wave, 2)} `
}

/** The member, what is told of it, and in a column of its own how long it took. */
function wordsOf({ member, words, after }: ProgressRow, names: number): string {
  const told = `${member === '' ? '' : `${fit(member, Math.max(names, widthOf(member)))}   `}${words}`
  if (after === '') return told
  return `${told}${' '.repeat(Math.max(0, names + 32 - widthOf(told)))} ${after.padStart(6)}`
}

/**
 * Draws a run as it goes on: a line an event; on a terminal what is only passing stays in one line that is drawn over.
 */
export function openProgress(screen: Screen): ProgressLines {
  let names = 0
  const patched = new Map<string, number>()
  let passing = false
  const clear = () => {
    if (passing) screen.write('\r\u001b[K')
    passing = false
  }
  return {
    align(members) {
      names = Math.max(0, ...members.map(widthOf))
    },
    show(event) {
      if (event.type === 'patched') patched.set(event.member, event.at)
      const row = progressRow(event, 'member' in event ? patched.get(event.member) : undefined)
      if (row === undefined) return
      clear()
      const { live, paint, width = 80 } = screen
      passing = row.passing && live
      // At the last column some terminals go to the next line, which is not drawn over.
      if (passing) screen.write(progressLine(row, names, paint, width - 1))
      else
        screen.write(
          `${(live ? progressLines(row, names, paint, width) : [progressLine(row, names, paint)]).join('\n')}\n`,
        )
    },
    end: clear,
  }
}
