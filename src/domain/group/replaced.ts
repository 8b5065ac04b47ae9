import type { Span } from './hosts.ts'

/** A string with another text in each of some places of it. */
export function replacedIn(value: string, changes: readonly { readonly span: Span; readonly to: string }[]): string {
  const sorted = [...new Map(changes.map((each) => [each.span[0], each])).values()].sort(
    (one, other) => other.span[0] - one.span[0],
  )
  return sorted.reduce((text, { span: [start, end], to }) => text.slice(0, start) + to + text.slice(end), value)
}
