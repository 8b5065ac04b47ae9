import type { Exit } from '../../domain/run/outcome.ts'
import type { Typed } from '../../domain/findings/remedy.ts'
import type { Plan } from '../../domain/plan/plan.ts'
import type { Group } from '../../domain/group/read-group.ts'
import type { PhaseAhead, RunPhase } from '../../domain/release/undo-ahead.ts'
import type { RunEvent } from '../../domain/run/event.ts'
import type { ForwardedPort } from '../../domain/run/forwarding.ts'
import type { GroupView, MemberRow } from '../words/group-view.ts'
import type { Tone } from '../draw/theme.ts'
import type { ProgressRow } from '../words/progress-row.ts'
import { passes } from './filter.ts'
import type { Asking, Dialog, GroupPlace, Run, RunEnd, Wish } from './running.ts'

/** Every page. */
export const ALL = ['groups', 'group', 'member', 'graph', 'difference', 'history', 'commands', 'log', 'help'] as const

export type ScreenPage = (typeof ALL)[number]

/** Where a person is: a page, what of it is filtered, and how far down. */
export interface ScreenPlace {
  readonly page: ScreenPage
  readonly filter: string
  /** Lines above the window; more than there are is the end, and stays there while lines are added. */
  readonly scroll: number
}

/** A row of the log with its time. */
export interface Logged {
  readonly at: number
  readonly row: ProgressRow
}

/** A request with what came back. */
export interface Requested {
  readonly at: number
  readonly method: string
  readonly url: string
  readonly body: string | undefined
  readonly result: string
  readonly took: number
}

/** All that the live screen remembers; what it shows of the cluster is in the model. */
export interface ScreenState extends ScreenPlace {
  /** Where esc leads, the last place first. */
  readonly behind: readonly ScreenPlace[]
  /** The group that is open or selected, as `keyOf` makes it. */
  readonly group: string | undefined
  /** Name of the selected member. */
  readonly member: string | undefined
  /** The filter is being typed. */
  readonly typing: boolean
  /** What is typed of the group to go to; undefined: nobody is asked. */
  readonly place: string | undefined
  /** A person has allowed writing in production. */
  readonly unlocked: boolean
  /** Only what is wrong is listed. */
  readonly onlyWrong: boolean
  /** Which of what can be copied is selected. */
  readonly chosen: number
  /** Which past release is selected; undefined: the first that users have left. */
  readonly past: number | undefined
  /** What is forwarded to ports of this machine. */
  readonly forwarding: Forwarding | undefined
  readonly order: 'worst first' | 'by name'
  readonly dialog: Dialog | undefined
  /** Runs whose first plan is being made, or asked about. */
  readonly asking: Asking | undefined
  readonly run: Run | undefined
  /** What all runs of this session told. */
  readonly log: readonly Logged[]
  /** Why there is no plan that was asked for: a yes to it is told so. */
  readonly unplanned: string
  /** Why the last key did nothing. */
  readonly notice: string
}

/**
 * What else is known of the member that is open; undefined while it is not read yet, a sentence where it may not be.
 */
export interface Extra {
  readonly events: readonly unknown[] | string | undefined
  readonly analysisRuns: readonly unknown[] | string | undefined
}

/**
 * What is known of the pods of the group that is open; undefined while it is not read yet, a sentence where it may not
 * be.
 */
export interface Surroundings {
  readonly pods: readonly unknown[] | string | undefined
  /** Events that warn. */
  readonly warnings: readonly unknown[] | string | undefined
  /** What containers wrote last before they ended, by `logKey`. */
  readonly logs: ReadonlyMap<string, readonly string[]>
}

/** The name of a container's log among those that were read. */
export function logKey({ pod, container }: { readonly pod: string; readonly container: string }): string {
  return `${pod}/${container}`
}

/** A group whose sides are forwarded, with a member besides those where users come in. */
export interface Forwarding extends GroupPlace {
  readonly member: string
}

/** Ports of this machine that lead to a group, and what is wrong with them. */
export interface PortsShown {
  readonly ports: readonly ForwardedPort[]
  readonly trouble: string | undefined
}

/** What the live screen knows of the cluster and of itself. */
export interface Model {
  /** Worst first; undefined until the first lists are in. */
  readonly views: readonly GroupView[] | undefined
  readonly extra: Extra
  readonly around: Surroundings
  readonly forwarded: PortsShown | undefined
  /** The group whose past is open, with all that its earlier revisions rest on; a sentence where that may not be read. */
  readonly past: Group | string | undefined
  /** Since when nothing new comes, milliseconds since the epoch, and why. */
  readonly lost: { readonly since: number; readonly reason: string } | undefined
  /** What changed a moment ago, as `marks` names it. */
  readonly changed: ReadonlySet<string>
  readonly requests: readonly Requested[]
  readonly readOnly: boolean
  /** The context is marked as production: it is for reading until a person says otherwise. */
  readonly guarded: boolean
  readonly typed: Typed
  readonly now: number
  /** The largest scroll that the last frame had lines for; infinite while a plan was not drawn yet. */
  readonly deepest: number
  /** Lines of what can be scrolled, or rows of a list, that the last frame had room for. */
  readonly sight: number
}

export type Input =
  | { readonly type: 'key'; readonly key: string }
  /** What was pasted: it never acts. */
  | { readonly type: 'text'; readonly text: string }
  /** What is seen of the cluster is another than before. */
  | { readonly type: 'seen' }
  | { readonly type: 'event'; readonly event: RunEvent }
  /** The plan of a run among several is made: the first is asked about, the others go on. */
  | { readonly type: 'planned'; readonly plan: Plan }
  /** What several runs are to do; and each that is for something else, when its turn comes. */
  | { readonly type: 'foreseen'; readonly ahead: readonly PhaseAhead[] }
  | { readonly type: 'phase'; readonly phase: RunPhase }
  /** What a run says besides what happens. */
  | { readonly type: 'said'; readonly words: string }
  /** Without an end where no run had anything to do. */
  | { readonly type: 'over'; readonly end: RunEnd | undefined }

/** What a key asks of the world outside. */
export type Effect =
  | { readonly type: 'quit'; readonly exit: Exit }
  | { readonly type: 'suspend' | 'redraw' }
  /** Once: start nothing new; twice: end now. */
  | { readonly type: 'stop' }
  | { readonly type: 'run'; readonly plan: Plan }
  | { readonly type: 'phases'; readonly wish: Wish; readonly place: GroupPlace }
  /** To the plan of a run among several. */
  | { readonly type: 'answer'; readonly yes: boolean }
  | { readonly type: 'copy'; readonly text: string }

/** What an input leads to. */
export interface Reduced {
  readonly state: ScreenState
  readonly effect?: Effect
}

/** Rows of the log that are kept. */
export const LOG = 1000

/** The first state; `group` is the one that is shown where only one is. */
export function startAt(page: 'groups' | 'group', group?: string): ScreenState {
  return {
    page,
    filter: '',
    scroll: 0,
    behind: [],
    group,
    member: undefined,
    typing: false,
    place: undefined,
    unlocked: false,
    onlyWrong: false,
    chosen: 0,
    past: undefined,
    forwarding: undefined,
    order: 'worst first',
    dialog: undefined,
    asking: undefined,
    run: undefined,
    log: [],
    unplanned: '',
    notice: '',
  }
}

export function keyOf({ namespace, name }: GroupPlace): string {
  return `${namespace}/${name}`
}

export function isRunning(state: ScreenState): state is ScreenState & { readonly run: Run } {
  return state.run !== undefined && state.run.state !== 'over'
}

/** The groups that pass the filter, in the chosen order. */
export function shownGroups(state: ScreenState, model: Model): readonly GroupView[] {
  const found = (model.views ?? []).filter((view) => state.page !== 'groups' || isListed(state, view))
  return state.order === 'worst first' ? found : found.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
}

function isListed({ filter, onlyWrong }: ScreenState, view: GroupView): boolean {
  const labels = () => view.rows.map((row) => row.member.labels)
  return (!onlyWrong || isWrong(view.verdict.tone)) && (filter === '' || passes(filter, keyOf(view), labels()))
}

function isWrong(tone: Tone | undefined): boolean {
  return tone === 'bad' || tone === 'warn'
}

/** The selected group of the list, the first where none is; on other pages the one that is open. */
export function currentGroup(state: ScreenState, model: Model): GroupView | undefined {
  const shown = shownGroups(state, model)
  const found = shown.find((view) => keyOf(view) === state.group)
  return state.page === 'groups' ? (found ?? shown[0]) : found
}

/** The members of a group that pass the filter. */
export function shownRows(state: ScreenState, view: GroupView): readonly MemberRow[] {
  if (state.page !== 'group') return view.rows
  return view.rows.filter(
    ({ member, status, note }) =>
      passes(state.filter, member.name, [member.labels]) &&
      (!state.onlyWrong || isWrong(status.tone) || isWrong(note.tone)),
  )
}

/** The selected member, the first where none is; where one is open, that one or none. */
export function currentRow(state: ScreenState, view: GroupView): MemberRow | undefined {
  const rows = shownRows(state, view)
  const found = rows.find((row) => row.member.name === state.member)
  return state.page === 'member' ? found : (found ?? rows[0])
}
