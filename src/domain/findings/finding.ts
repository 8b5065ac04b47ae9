import type { Mode } from './mode.ts'

export type Severity = 'error' | 'warning' | 'info'

/** One thing a check has to say. */
export interface Finding {
  readonly code: Code
  readonly severity: Severity
  /** The member it is about; absent where it is about the group. */
  readonly member?: string
  readonly sentence: string
  /** What to do, with the command to type where there is one. */
  readonly remedy: string
  /** A manifest that the remedy speaks of. */
  readonly yaml?: string
}

/** What a check says before its severity is known. */
export type Said = Omit<Finding, 'severity' | 'code'>

/**
 * Every finding and its severity by mode. In modern mode order, colour and versions are the members' own affair.
 * `varies`: the check that finds it decides, by the verb.
 */
export const FINDINGS = {
  malformed: { legacy: 'error', modern: 'error' },
  unreadable: { legacy: 'error', modern: 'error' },
  'next-wired-to-live': { legacy: 'error', modern: 'info' },
  'live-wired-to-next': { legacy: 'varies', modern: 'varies' },
  'wire-follows-role': { legacy: 'varies', modern: 'info' },
  'wired-to-both': { legacy: 'error', modern: 'info' },
  'mixed-window': { legacy: 'error', modern: 'info' },
  'dead-end': { legacy: 'error', modern: 'error' },
  'already-mixed': { legacy: 'warning', modern: 'info' },
  'already-dead': { legacy: 'warning', modern: 'warning' },
  'unchanged-between': { legacy: 'error', modern: 'info' },
  'left-behind': { legacy: 'error', modern: 'info' },
  'version-mismatch': { legacy: 'error', modern: 'info' },
  'half-or-leak': { legacy: 'error', modern: 'info' },
  'no-entry': { legacy: 'error', modern: 'info' },
  'wire-unknown': { legacy: 'error', modern: 'info' },
  'outside-group': { legacy: 'varies', modern: 'info' },
  'unknown-dependency': { legacy: 'error', modern: 'error' },
  'declared-differs': { legacy: 'warning', modern: 'info' },
  cycle: { legacy: 'info', modern: 'info' },
  'auto-promotion': { legacy: 'error', modern: 'info' },
  'small-preview': { legacy: 'error', modern: 'info' },
  'stable-gap': { legacy: 'error', modern: 'error' },
  'not-at-gate': { legacy: 'info', modern: 'info' },
  'preview-not-ready': { legacy: 'info', modern: 'info' },
  'manually-paused': { legacy: 'error', modern: 'error' },
  degraded: { legacy: 'error', modern: 'error' },
  aborted: { legacy: 'error', modern: 'error' },
  inconclusive: { legacy: 'error', modern: 'error' },
  lost: { legacy: 'error', modern: 'error' },
  'unequal-steps': { legacy: 'error', modern: 'info' },
  'canary-capacity': { legacy: 'varies', modern: 'info' },
  'partial-release': { legacy: 'error', modern: 'info' },
  'half-way': { legacy: 'warning', modern: 'info' },
  'no-way-back-after': { legacy: 'warning', modern: 'info' },
  'scale-down-window': { legacy: 'varies', modern: 'warning' },
  'missing-config': { legacy: 'varies', modern: 'warning' },
  'config-changed': { legacy: 'varies', modern: 'info' },
  'post-promotion-analysis': { legacy: 'varies', modern: 'warning' },
  'promote-full': { legacy: 'warning', modern: 'warning' },
  drain: { legacy: 'varies', modern: 'info' },
  rbac: { legacy: 'error', modern: 'error' },
  gitops: { legacy: 'warning', modern: 'warning' },
  unowned: { legacy: 'error', modern: 'error' },
  'stale-status': { legacy: 'error', modern: 'error' },
} as const satisfies Record<string, Record<Mode, Severity | 'varies'>>

export type Code = keyof typeof FINDINGS

/** A finding with the severity of the table; `varies` where the check decides. */
export function finding(mode: Mode, code: Code, said: Said, varies?: Severity): Finding {
  const severity = FINDINGS[code][mode]
  return { code, severity: severity === 'varies' ? (varies ?? 'warning') : severity, ...said }
}

/** Errors first, then warnings, then information; inside these as they were found. */
export function bySeverity(findings: readonly Finding[]): Finding[] {
  const rank: Record<Severity, number> = { error: 0, warning: 1, info: 2 }
  return [...findings].sort((a, b) => rank[a.severity] - rank[b.severity])
}
