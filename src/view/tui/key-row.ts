import type { Model, ScreenPage, ScreenState, Reduced } from './state.ts'

/** A key: where it acts, what it does, and how help says so. */
export interface KeyRow {
  /** As the terminal names them. */
  readonly keys: readonly string[]
  /** As help and the last line of the screen show it. */
  readonly shown: string
  readonly does: string
  readonly pages: readonly ScreenPage[]
  /** Which stay on a narrow screen: the higher the longer; 0 is shown by help alone. */
  readonly keep: number
  /** What the last line of the screen says instead, where that is shorter. */
  readonly short?: string | ((state: ScreenState, model: Model) => string)
  /** Help names it with another one. */
  readonly aside?: true
  /** Whether there is such a key at all on this screen; absent: yes. */
  there?(model: Model): boolean
  /** Whether the last line names it now, on its pages; absent: always. */
  named?(state: ScreenState, model: Model): boolean
  /** Why it does nothing now; undefined where it acts. */
  blocked?(state: ScreenState, model: Model): string | undefined
  act(state: ScreenState, model: Model): Reduced
}

/** Pages on which one selects. */
export const LISTS: readonly ScreenPage[] = ['groups', 'group']
/** Pages of one group. */
export const OPEN: readonly ScreenPage[] = ['group', 'member', 'graph', 'difference', 'history', 'commands']

/** Whether a key is one that is written. */
export function isCharacter(key: string): boolean {
  return [...key].length === 1
}
