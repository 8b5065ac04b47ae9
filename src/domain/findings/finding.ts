import type { Mode } from './mode.ts'
import type { Remedy } from './remedy.ts'

export type Severity = 'error' | 'warning' | 'info'

/** One thing a check has to say: once for a cause, whoever it is about. */
export interface Finding {
  readonly code: Code
  readonly severity: Severity
  /** The members it is about, by name; none where it is about the group. */
  readonly members: readonly string[]
  readonly sentence: string
  /** What to do, with the command to type where there is one. */
  readonly remedy: Remedy
  /** A manifest that the remedy speaks of. */
  readonly yaml?: string
}

/** What a check says before its severity is known. */
export interface Said extends Pick<Finding, 'sentence' | 'remedy' | 'yaml'> {
  /** The one member it is about. */
  readonly member?: string
  readonly members?: readonly string[]
}

/** What a row of the table of findings says of a code. */
interface FindingRow extends Record<Mode, Severity | 'varies'> {
  /** It refuses the plan, however grave it is by itself. */
  readonly refuses?: true
  /** It keeps the members it is about where they are; in modern mode the others go on. */
  readonly holds?: true
  /** Time may mend it: a run waits for that, up to its timeout. */
  readonly passes?: true
  /** It does not rest on a status, so that it holds while one is not current. */
  readonly final?: true
  /** It is so already, whatever is done: no plan is refused for it, since one may be the cure. */
  readonly already?: true
  /** It says already why versions meet, or Services go empty; the proof's own words would only repeat it. */
  readonly explains?: 'mixed' | 'dead' | 'both'
  /** With it nobody can tell what a request meets. */
  readonly untold?: true
  /** It is so whichever Services addresses name: it is no reason to wire otherwise. */
  readonly anyhow?: true
  /** What is so while nothing waits, in a word or two: it strikes users with the next deploy. */
  readonly trap?: string
  /**
   * Withdrawing the release leads out of it: if it is open at all, or if it is proved to mend what users meet, or to
   * keep from them what they are about to, or where nothing else leads on, by what may be open without a proof.
   */
  readonly endedBy?: 'withdrawing' | 'mending' | 'keeping' | 'knowing'
  /** Told of a release that has not begun it is less. */
  readonly atRest?: Severity
  /** A look at the group tells it, too, though it is no error: it is what waits. */
  readonly shown?: true
  /** It rests on what versions are: pods know it better than templates. */
  readonly versions?: true
  /** The option with which a user makes less of an error. */
  readonly allowed?: { readonly by: Vouched; readonly as: Severity }
}

/** What a user may vouch for. */
export type Vouched = 'version-mismatch' | 'mixed-window' | 'small-preview' | 'trust-depends-on'

/**
 * Every finding and its severity by mode. In modern mode order, release and versions are the members' own affair.
 * `varies`: the check that finds it decides, by the verb.
 */
export const FINDINGS = {
  malformed: { legacy: 'error', modern: 'error', final: true, anyhow: true },
  unreadable: { legacy: 'error', modern: 'error', final: true, anyhow: true },
  'next-wired-to-live': { legacy: 'error', modern: 'info', explains: 'mixed' },
  'live-wired-to-next': { legacy: 'varies', modern: 'info', trap: 'live calls previews' },
  'wire-follows-role': {
    legacy: 'varies',
    modern: 'info',
    explains: 'mixed',
    allowed: { by: 'mixed-window', as: 'warning' },
  },
  'wired-to-both': { legacy: 'error', modern: 'info', explains: 'mixed' },
  'half-pinned': { legacy: 'error', modern: 'info' },
  'mixed-window': { legacy: 'error', modern: 'info', allowed: { by: 'mixed-window', as: 'warning' } },
  'dead-end': { legacy: 'error', modern: 'error' },
  'already-mixed': { legacy: 'error', modern: 'info', already: true, endedBy: 'mending', versions: true },
  'already-dead': { legacy: 'error', modern: 'warning', already: true, endedBy: 'mending' },
  'unchanged-between': { legacy: 'error', modern: 'info', explains: 'mixed' },
  'left-behind': { legacy: 'varies', modern: 'info', refuses: true, explains: 'mixed', versions: true },
  'version-mismatch': {
    legacy: 'error',
    modern: 'info',
    anyhow: true,
    allowed: { by: 'version-mismatch', as: 'warning' },
  },
  'versions-differ': { legacy: 'warning', modern: 'info', trap: 'versions differ', versions: true },
  'version-source-constant': { legacy: 'info', modern: 'info' },
  'settings-change': { legacy: 'info', modern: 'info', shown: true, versions: true },
  'version-stays': { legacy: 'info', modern: 'info', shown: true, versions: true },
  unpinned: { legacy: 'warning', modern: 'info', shown: true },
  'template-edited': { legacy: 'varies', modern: 'warning', untold: true, anyhow: true },
  'goes-live-at-once': { legacy: 'varies', modern: 'info' },
  'labelled-there': { legacy: 'info', modern: 'info' },
  'left-out': { legacy: 'info', modern: 'info' },
  'unfit-files': { legacy: 'error', modern: 'error', final: true, anyhow: true },
  'apply-refused': { legacy: 'error', modern: 'error', final: true, anyhow: true },
  'owned-elsewhere': { legacy: 'error', modern: 'error', final: true, anyhow: true },
  'changes-live': { legacy: 'error', modern: 'warning' },
  'fewer-pods': { legacy: 'warning', modern: 'warning' },
  'release-in-progress': { legacy: 'varies', modern: 'varies', anyhow: true },
  'half-or-leak': { legacy: 'error', modern: 'info', explains: 'mixed' },
  'no-entry': { legacy: 'varies', modern: 'info', refuses: true, untold: true, final: true },
  'wire-unknown': {
    legacy: 'error',
    modern: 'info',
    atRest: 'warning',
    allowed: { by: 'trust-depends-on', as: 'info' },
    untold: true,
  },
  'wire-doubtful': {
    legacy: 'error',
    modern: 'info',
    atRest: 'warning',
    allowed: { by: 'trust-depends-on', as: 'info' },
    untold: true,
  },
  'service-semantics': { legacy: 'warning', modern: 'warning' },
  'outside-group': { legacy: 'varies', modern: 'info' },
  'unknown-dependency': { legacy: 'error', modern: 'info', final: true },
  'declared-differs': { legacy: 'error', modern: 'info', explains: 'mixed' },
  cycle: { legacy: 'varies', modern: 'info' },
  'auto-promotion': { legacy: 'error', modern: 'info', anyhow: true },
  'small-preview': { legacy: 'error', modern: 'info', allowed: { by: 'small-preview', as: 'warning' } },
  'stable-gap': { legacy: 'error', modern: 'error', explains: 'dead' },
  'not-at-gate': { legacy: 'info', modern: 'info', passes: true },
  'preview-not-ready': { legacy: 'info', modern: 'info', passes: true },
  'held-by-pause': { legacy: 'varies', modern: 'varies', anyhow: true },
  'manually-paused': { legacy: 'error', modern: 'error', holds: true, explains: 'both', anyhow: true },
  degraded: { legacy: 'error', modern: 'info', holds: true, explains: 'dead', anyhow: true },
  aborted: {
    legacy: 'varies',
    modern: 'info',
    refuses: true,
    holds: true,
    explains: 'both',
    anyhow: true,
    endedBy: 'withdrawing',
  },
  inconclusive: { legacy: 'error', modern: 'info', holds: true, anyhow: true },
  lost: { legacy: 'error', modern: 'error', anyhow: true },
  'unequal-steps': { legacy: 'error', modern: 'info' },
  'canary-capacity': { legacy: 'varies', modern: 'info' },
  'partial-release': { legacy: 'error', modern: 'info', explains: 'both' },
  'half-way': { legacy: 'warning', modern: 'info' },
  'no-way-back-after': { legacy: 'warning', modern: 'info' },
  'scale-down-window': { legacy: 'varies', modern: 'warning', endedBy: 'keeping' },
  'missing-config': { legacy: 'varies', modern: 'info' },
  'config-changed': { legacy: 'varies', modern: 'info', endedBy: 'knowing' },
  'post-promotion-analysis': { legacy: 'varies', modern: 'info' },
  'may-abort-itself': { legacy: 'varies', modern: 'info' },
  'promote-full': { legacy: 'warning', modern: 'info' },
  drain: { legacy: 'varies', modern: 'info' },
  quota: { legacy: 'error', modern: 'error', anyhow: true },
  rbac: { legacy: 'error', modern: 'error', anyhow: true },
  gitops: { legacy: 'warning', modern: 'info' },
  'unknown-field': { legacy: 'varies', modern: 'warning', anyhow: true },
  'invalid-spec': {
    legacy: 'varies',
    modern: 'varies',
    holds: true,
    explains: 'both',
    atRest: 'warning',
    anyhow: true,
  },
  unowned: { legacy: 'error', modern: 'error', final: true, anyhow: true },
  'stale-status': { legacy: 'error', modern: 'error', passes: true, anyhow: true },
  'bad-manifest': { legacy: 'error', modern: 'error' },
  'manifest-missing': { legacy: 'error', modern: 'error' },
  'cannot-rewire': { legacy: 'error', modern: 'error' },
  'shared-service': { legacy: 'error', modern: 'error' },
  'service-taken': { legacy: 'error', modern: 'error' },
  'config-too-large': { legacy: 'error', modern: 'error' },
  'host-sensitive': { legacy: 'varies', modern: 'warning' },
  'name-left': { legacy: 'warning', modern: 'info' },
  'on-plain-service': { legacy: 'warning', modern: 'info' },
  'pinned-upwards': { legacy: 'info', modern: 'info' },
  'config-copied': { legacy: 'info', modern: 'info' },
  'cluster-unknown': { legacy: 'info', modern: 'info' },
} as const satisfies Record<string, FindingRow>

export type Code = keyof typeof FINDINGS

/** The row of a code. */
export function rowOf(code: Code): FindingRow {
  return FINDINGS[code]
}

/** A finding with the severity of the table; `varies` where the check decides. */
export function finding(mode: Mode, code: Code, { member, members, ...said }: Said, varies?: Severity): Finding {
  const severity = rowOf(code)[mode]
  return {
    code,
    severity: severity === 'varies' ? (varies ?? 'warning') : severity,
    members: members ?? (member === undefined ? [] : [member]),
    ...said,
  }
}

/** What tells a finding from others: its code, whom it is about, and what it says of them. */
export function findingKey({ code, members, sentence }: Finding): string {
  return [code, ...members, sentence].join('\n')
}

/** Why, where a finding is the reason of something: what it says, and its code to look it up by. */
export function reasonOf({ sentence, code }: Pick<Finding, 'sentence' | 'code'>): string {
  return `${sentence} (${code})`
}

/** Whether a finding by itself forbids a plan in legacy mode. */
export function forbids({ code, severity }: Finding): boolean {
  const { already, refuses } = rowOf(code)
  return already !== true && (severity === 'error' || (severity === 'warning' && refuses === true))
}

/** Errors first, then warnings, then information; inside these what is so already, then as they were found. */
export function bySeverity(findings: readonly Finding[]): Finding[] {
  const rank: Record<Severity, number> = { error: 0, warning: 2, info: 4 }
  const of = ({ code, severity }: Finding) => rank[severity] + (rowOf(code).already === true ? 0 : 1)
  return [...findings].sort((a, b) => of(a) - of(b))
}
