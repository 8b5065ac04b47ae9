/** What a half-promoted release and a leak, which look the same, are taken for. */
export type Assumption = 'half-promoted' | 'leak'

export type Verb = 'promote-all' | 'abort-all'

/** What a user may add to a verb; every `allow` turns one error into a warning. */
export interface PlanOptions {
  /** Members to act on; absent: all. */
  readonly only?: readonly string[]
  /** Skip every further gate and analysis. */
  readonly full?: boolean
  /** promote-all: the gates after this one are passed as well; the plan tells of them. */
  readonly toEnd?: boolean
  /** abort-all: prefer putting the stable template back everywhere. */
  readonly toStable?: boolean
  readonly assume?: Assumption
  readonly trustDependsOn?: boolean
  readonly drain?: Drain
  readonly allow?: ReadonlySet<Allowance>
}

export type Allowance = 'version-mismatch' | 'mixed-window' | 'small-preview'

/**
 * How long to wait for the pods of a revision that users have left. `pods`: until none is left, terminating ones
 * included. `endpoints`: not at all beyond the Service's switch. A number: so many milliseconds.
 */
export type Drain = 'pods' | 'endpoints' | number
