import type { Model, Page, State, Step } from './state.ts'

/** A key: where it acts, what it does, and how help says so. */
export interface KeyRow {
  /** As the terminal names them. */
  readonly keys: readonly string[]
  /** As help and the last line of the screen show it. */
  readonly shown: string
  readonly does: string
  readonly pages: readonly Page[]
  /** Which stay on a narrow screen: the higher the longer; 0 is shown by help alone. */
  readonly keep: number
  /** What the last line of the screen says instead, where that is shorter. */
  readonly short?: string
  /** Whether the last line names it now, on its pages; absent: always. */
  named?(state: State, model: Model): boolean
  /** Why it does nothing now; undefined where it acts. */
  blocked?(state: State, model: Model): string | undefined
  act(state: State, model: Model): Step
}

/** Pages on which one selects. */
export const LISTS: readonly Page[] = ['groups', 'group']
/** Pages of one group. */
export const OPEN: readonly Page[] = ['group', 'member', 'graph']
export const ALL: readonly Page[] = ['groups', 'group', 'member', 'graph', 'log', 'help']
