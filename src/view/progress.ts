import type { RunEvent } from '../domain/run-event.ts'
import { progressRow, type ProgressRow } from './run-rows.ts'
import type { Paint } from './theme.ts'
import { fit, truncate, widthOf } from './width.ts'

/** Where progress is drawn. */
export interface Screen {
  write(text: string): void
  /** Whether a line may be drawn over. */
  readonly live: boolean
  readonly width: number | undefined
  readonly paint: Paint
}

export interface Progress {
  /** The members that will be spoken of, so that their lines stand in columns. */
  align(members: readonly string[]): void
  show(event: RunEvent): void
  /** Removes what was only passing. */
  end(): void
}

/**
 * One row as a line.
 * @param names columns of the longest member's name
 * @param width columns of the screen that a passing row must not leave; undefined: as wide as it takes
 */
export function progressLine({ sign, tone, wave, member, words, after }: ProgressRow, names: number, paint: Paint, width?: number): string {
  const told = `${member === '' ? '' : `${fit(member, names)}   `}${words}`
  const timed = after === '' ? told : `${fit(told, names + 32)} ${after.padStart(6)}`
  const shown = paint({ text: sign, tone })
  return `${wave === '' ? `  ${shown}  ` : `${shown} ${fit(wave, 2)} `}${paint({ text: width === undefined ? timed : truncate(timed, width - 6) })}`
}

/** Draws a run as it goes on: a line an event; on a terminal what is only passing stays in one line that is drawn over. */
export function openProgress(screen: Screen): Progress {
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
      const line = progressLine(row, names, screen.paint, screen.live && row.passing ? (screen.width ?? 80) : undefined)
      screen.write(row.passing && screen.live ? line : `${line}\n`)
      passing = row.passing && screen.live
    },
    end: clear,
  }
}
