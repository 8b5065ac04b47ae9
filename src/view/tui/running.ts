import { type Call, callOn } from '../../domain/findings/remedy.ts'
import { VERBS, type Verb } from '../../domain/intent.ts'
import type { Plan } from '../../domain/plan/plan.ts'
import type { Exit, Report } from '../../domain/run/outcome.ts'
import type { PhaseAhead, RunPhase } from '../../domain/release/undo-ahead.ts'
import { optionsOf } from '../words/report-screen.ts'
import { BACK_OUTLINE, SETTLE_OUTLINE, undoOutline } from '../words/outlines.ts'
import type { ProgressRow } from '../words/progress-row.ts'

/** Where a group is, and how it is called. */
export interface GroupPlace {
  readonly namespace: string
  readonly name: string
}

/** What a person wants done: a verb, or several runs of verbs that are one to whoever asks for it. */
export interface Wish {
  readonly name: string
  /** `Promote`: the beginning of the question. */
  readonly asks: string
  /** `promoted`: what became of a group. */
  readonly done: string
  /** The key that shows its plan. */
  readonly key: string
  /** Of several runs, which follow upon each other: these in a line. */
  readonly phases?: string
  /** The release to go back to, where it was chosen. */
  readonly to?: string
  /** Users who were promoted come back first. */
  readonly undoPromoted?: true
}

export function deedOf(verb: Verb): Wish {
  const { key, words } = VERBS[verb]
  return { name: verb, asks: words.asks, done: words.done, key: key ?? '' }
}

/** Back to the release that users were on before, or to another one. */
export const UNDO: Wish = {
  name: 'undo-all',
  asks: 'Undo',
  done: 'undone',
  key: 'u',
  phases: undoOutline('abort'),
}

/** Out of a release that is half promoted: back to the one that users were on. */
export const BRING_BACK: Wish = {
  name: 'abort-all',
  undoPromoted: true,
  asks: 'Bring back',
  done: 'brought back',
  key: 'u',
  phases: BACK_OUTLINE,
}

/** Live consumers back from Services in front of a next version. */
export const SETTLE: Wish = {
  name: 'settle',
  asks: 'Settle',
  done: 'settled',
  key: 'S',
  phases: SETTLE_OUTLINE,
}

/** `abort-all --undo-promoted` */
export function typedName(wish: Wish): string {
  return [wish.name, ...optionsOf(wish)].join(' ')
}

/** Several runs as they were foreseen, and the one that goes on. */
export interface Phases {
  readonly ahead: readonly PhaseAhead[]
  readonly at: { readonly name: RunPhase; readonly number: number | undefined } | undefined
}

export const NO_PHASES: Phases = { ahead: [], at: undefined }

/** The next phase of this name; without a number where none was foreseen. */
export function phaseBegun({ ahead, at }: Phases, name: RunPhase): Phases {
  const found = ahead.findIndex((each, index) => each.name === name && index >= (at?.number ?? 1) - 1)
  return { ahead, at: { name, number: found < 0 ? undefined : found + 1 } }
}

/** `settle, 1 of 4`; undefined of a run that has no phases. */
export function phaseWords({ ahead, at }: Phases): string | undefined {
  if (at === undefined) return undefined
  return at.number === undefined || ahead.length < 2 ? at.name : `${at.name}, ${at.number} of ${ahead.length}`
}

/** Runs whose first plan is being made, or asked about. */
export interface Asking {
  /** As `keyOf` makes it. */
  readonly group: string
  readonly deed: Wish
  readonly phases?: Phases
  /** What was said meanwhile, in order. */
  readonly said: readonly string[]
}

/** A plan that waits for a yes. */
export interface Dialog {
  /** Of the group, as `keyOf` makes it. */
  readonly group: string
  readonly deed: Wish
  readonly plan: Plan
  readonly phases: Phases
  /** What was said before it was made, in order. */
  readonly said: readonly string[]
  /** What was typed so far, where the group's name is asked for. */
  readonly typed: string
  readonly scroll: number
  /** Its end was in sight. */
  readonly seen: boolean
  /** The group's name is the only yes. */
  readonly byName: boolean
  /** It has become another plan since a person last saw it: that is to be read before there can be a yes. */
  readonly changed: boolean
}

/** A plan that nobody has looked at yet. */
export function dialogOf({ group, deed, said, phases = NO_PHASES }: Asking, plan: Plan, guarded: boolean): Dialog {
  const byName = plan.protected || guarded
  return { group, deed, plan, phases, said, typed: '', scroll: 0, seen: false, byName, changed: false }
}

/** Whether a plan was seen to its end, which is so many lines further down than its beginning. */
export function seenAt({ seen, scroll }: Dialog, deepest: number): boolean {
  return seen || scroll >= deepest
}

/** The command that does the same. */
export function sameAs({ plan, deed }: Pick<Dialog, 'plan' | 'deed'>, ...options: string[]): Call {
  return callOn(plan, deed.name, ...options, ...optionsOf(deed))
}

/** The same where nobody is there to be asked. */
export function unasked(dialog: Pick<Dialog, 'plan' | 'deed'>): Call {
  return sameAs(dialog, '--yes')
}

/** What a run came to; without reports where it could not even begin. */
export interface RunEnd {
  readonly plan: Plan
  readonly reports: readonly Report[]
  readonly exit: Exit
  /** Why it ended otherwise than by its reports. */
  readonly failure?: string
  /** Milliseconds since it was confirmed; of several runs, since the first was. */
  readonly took?: number
  /** Of several runs: steps that those before the last have done. */
  readonly before?: number
}

/** What was started here: the last one, or what goes on. */
export interface Run {
  readonly group: string
  readonly deed: Wish
  /** Of several runs that of the one that goes on. */
  readonly plan: Plan
  readonly phases: Phases
  /** `stopping`: nothing new is started. `ending`: it ends now. */
  readonly state: 'running' | 'stopping' | 'ending' | 'over'
  /** What was said before it was confirmed, in order. */
  readonly said: readonly string[]
  /** Milliseconds since the epoch. */
  readonly since: number
  /** What the runs before this one told. */
  readonly before: readonly ProgressRow[]
  readonly rows: readonly ProgressRow[]
  /** When each member's patch was sent. */
  readonly patched: ReadonlyMap<string, number>
  /** Milliseconds it took, once it is over. */
  readonly took: number | undefined
  readonly end: RunEnd | undefined
}

export function begun({ group, deed, plan, phases, said }: Dialog, since: number): Run {
  return {
    group,
    deed,
    plan,
    phases,
    state: 'running',
    said,
    since,
    before: [],
    rows: [],
    patched: new Map(),
    took: undefined,
    end: undefined,
  }
}
