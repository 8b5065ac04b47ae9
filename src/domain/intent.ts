/** What a half-promoted release and a leak, which look the same, are taken for. */
export type Assumption = 'half-promoted' | 'leak'

/** What a verb does to a release: which checks bear on it. */
export type VerbKind = 'promotes' | 'withdraws' | 'retries' | 'restarts' | 'pauses' | 'resumes'

/** What a row says of a verb that writes; what it does is in the table of drafts. */
interface VerbRow {
  /** The revision that it leads users to; `same`: they stay. */
  readonly towards: 'next' | 'stable' | 'same'
  readonly deed: VerbKind
  /** Whom it acts on: members with a next revision, those of them that were aborted, or every member. */
  readonly on: 'changing' | 'aborted' | 'all'
  /** The verb that takes back what it has done, for --on-failure=abort. */
  readonly undoneBy: string | undefined
  /** Its key on the live screen, where it shows its plan; undefined: it has none. */
  readonly key: string | undefined
  readonly words: {
    /** `Promote`: the beginning of the question. */
    readonly asks: string
    /** `promoted`: what became of a group. */
    readonly done: string
    /** `nothing to promote`. */
    readonly none: string
    /** `p shows the plan`: what its key shows. */
    readonly shows: string
    /** `nothing waits to be promoted`: why there is no plan. */
    readonly idle: string
  }
}

/** Every verb that writes. */
export const VERBS = {
  'deploy-all': {
    towards: 'next',
    deed: 'promotes',
    on: 'changing',
    undoneBy: 'abort-all',
    key: undefined,
    words: {
      asks: 'Deploy',
      done: 'deployed',
      none: 'nothing to deploy',
      shows: 'what would be deployed',
      idle: 'nothing is to be deployed',
    },
  },
  'promote-all': {
    towards: 'next',
    deed: 'promotes',
    on: 'changing',
    undoneBy: 'abort-all',
    key: 'p',
    words: {
      asks: 'Promote',
      done: 'promoted',
      none: 'nothing to promote',
      shows: 'the plan',
      idle: 'nothing waits to be promoted',
    },
  },
  'abort-all': {
    towards: 'stable',
    deed: 'withdraws',
    on: 'changing',
    undoneBy: undefined,
    key: 'a',
    words: {
      asks: 'Abort',
      done: 'aborted',
      none: 'nothing to abort',
      shows: 'the way back',
      idle: 'nothing waits that could be withdrawn',
    },
  },
  'retry-all': {
    towards: 'next',
    deed: 'retries',
    on: 'aborted',
    undoneBy: 'abort-all',
    key: 'r',
    words: {
      asks: 'Retry',
      done: 'retried',
      none: 'nothing to retry',
      shows: 'how it is tried again',
      idle: 'nothing was aborted that could be tried again',
    },
  },
  'restart-all': {
    towards: 'same',
    deed: 'restarts',
    on: 'all',
    undoneBy: undefined,
    key: undefined,
    words: {
      asks: 'Restart',
      done: 'restarted',
      none: 'nothing to restart',
      shows: 'what is restarted',
      idle: 'there is nothing to restart',
    },
  },
  'pause-all': {
    towards: 'same',
    deed: 'pauses',
    on: 'all',
    undoneBy: 'resume-all',
    key: 'P',
    words: {
      asks: 'Pause',
      done: 'paused',
      none: 'nothing to pause',
      shows: 'what is paused',
      idle: 'all of it is paused already',
    },
  },
  'resume-all': {
    towards: 'same',
    deed: 'resumes',
    on: 'all',
    undoneBy: 'pause-all',
    key: 'R',
    words: {
      asks: 'Resume',
      done: 'resumed',
      none: 'nothing to resume',
      shows: 'what goes on',
      idle: 'nothing is paused by hand',
    },
  },
} as const satisfies Record<string, VerbRow>

export type Verb = keyof typeof VERBS

/** A verb that has a key on the live screen. */
export type KeyedVerb = { [Each in Verb]: (typeof VERBS)[Each]['key'] extends string ? Each : never }[Verb]

/** What a user may add to a verb; every `allow` turns one error into a warning. */
export interface PlanOptions {
  /** Members to act on; absent: all. */
  readonly only?: readonly string[]
  /** Skip every further gate and analysis. */
  readonly full?: boolean
  /** promote-all: the gates after this one are passed as well; the plan tells of them. */
  readonly toEnd?: boolean
  /** abort-all: who was promoted already comes back first. */
  readonly undoPromoted?: boolean
  /** abort-all: prefer putting the stable template back everywhere. */
  readonly toStable?: boolean
  readonly assume?: Assumption
  /** The run itself has begun: what it needed to know was known then. */
  readonly begun?: true
  /** When the run began, milliseconds since the epoch: restart-all replaces the pods that are older. */
  readonly since?: number
  readonly trustDependsOn?: boolean
  /** A member whose image and version stay works in either release, whatever settings it changes. */
  readonly settingsOnly?: boolean
  /** A wave for each layer of the graph; deploy-all: each member waits until those that it calls stand at their gates. */
  readonly oneByOne?: boolean
  /** deploy-all: write also what a GitOps tool owns. */
  readonly here?: boolean
  readonly drain?: Drain
  /** Milliseconds that the run may take, where there is a limit. */
  readonly limit?: number
  readonly allow?: ReadonlySet<Allowance>
}

export type Allowance = 'version-mismatch' | 'mixed-window' | 'small-preview'

/**
 * How long to wait for the pods of a revision that users have left. `pods`: until none is left, terminating ones
 * included. `endpoints`: not at all beyond the Service's switch. A number: so many milliseconds.
 */
export type Drain = 'pods' | 'endpoints' | number
