import type { Move } from '../actions/step.ts'
import type { Finding } from '../findings/finding.ts'
import type { Round } from '../checks/gates-ahead.ts'

/** What a verb would do, before anybody has proved it. */
export interface Draft {
  readonly waves: readonly (readonly Move[])[]
  /** Of each wave but the first, why it is not one with the wave before it; absent: the order of its action says so. */
  readonly apart?: readonly string[]
  /** The cutover that a gate before the last leads to: it is proved, too. */
  readonly later: readonly (readonly Move[])[]
  /** Gate after gate to the end, this one first; none where a verb passes no gates. */
  readonly rounds: readonly Round[]
  readonly skipped: readonly { readonly member: string; readonly why: string }[]
  readonly findings: readonly Finding[]
}
