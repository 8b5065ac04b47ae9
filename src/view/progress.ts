import type { RunEvent } from '../domain/run-event.ts'
import { progressRow } from './run-rows.ts'
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
      const { sign, tone, wave, member, words, after } = row
      const columns = names + 32
      const told = `${member === '' ? '' : `${fit(member, names)}   `}${words}`
      const timed = after === '' ? told : `${fit(told, columns)} ${after.padStart(6)}`
      const room = screen.live && row.passing ? (screen.width ?? 80) - 6 : undefined
      const shown = screen.paint({ text: sign, tone })
      const line = `${wave === '' ? `  ${shown}  ` : `${shown} ${fit(wave, 2)} `}${screen.paint({ text: room === undefined ? timed : truncate(timed, room) })}`
      screen.write(row.passing && screen.live ? line : `${line}\n`)
      passing = row.passing && screen.live
    },
    end: clear,
  }
}
