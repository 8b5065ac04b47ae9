import type { Paint } from './theme.ts'

/** How to draw: the width of the screen (undefined: as wide as it takes), the colours, and how a command is typed. */
export interface Drawing {
  readonly width: number | undefined
  readonly paint: Paint
  /** The words after `kubectl rollouts-group`, with the flags that lead to the same cluster and namespace. */
  typed(words: string, namespace: string): string
}
