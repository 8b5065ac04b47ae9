import type { Typed } from '../../domain/findings/remedy.ts'
import type { Paint } from './theme.ts'

/** How to draw: the width of the screen (undefined: as wide as it takes), the colours, and how a command is typed. */
export interface Drawing {
  readonly width: number | undefined
  readonly paint: Paint
  readonly typed: Typed
}
