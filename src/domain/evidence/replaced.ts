import type { Span } from './hosts.ts'

/** A string with another text in each of some places of it. */
export function replacedIn(value: string, changes: readonly { readonly span: Span; readonly to: string }[]): string {
  const sorted = [...new Map(changes.map((each) => [each.span[0], each])).values()].sort(
    (one, other) => one.span[0] - other.span[0],
  )
  const endBefore = (index: number) => sorted[index - 1]?.span[1] ?? 0
  const parts = sorted.map(({ span: [start], to }, index) => value.slice(endBefore(index), start) + to)
  return parts.join('') + value.slice(endBefore(sorted.length))
}
