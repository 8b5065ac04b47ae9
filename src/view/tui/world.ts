import type { Plan } from '../../domain/plan/plan.ts'
import type { PhaseAhead, RunPhase } from '../../domain/release/undo-ahead.ts'
import type { RunEvent } from '../../domain/run/event.ts'
import type { GroupView } from '../words/group-view.ts'
import type { Look } from './frame.ts'
import type { GroupPlace, RunEnd, Wish } from './running.ts'
import type { Extra, Forwarding, Model, PortsShown, Requested, Surroundings } from './state.ts'

/** Something that changes by itself. */
export interface Watched {
  /** Calls back after changes, until the answer is called. */
  subscribe(listener: () => void): () => void
}

/** The groups as they are now. */
export interface WatchedGroups extends Watched {
  /** Worst first; the same objects for groups that have not changed; undefined until all is read. */
  views(): readonly GroupView[] | undefined
  lost(): { readonly reason: string } | undefined
}

/** Something that is watched until it is closed. */
export interface Closable extends Watched {
  close(): void
}

/** One member's events and analyses, watched while it is open. */
export interface WatchedExtra extends Closable {
  extra(): Extra
}

/** The pods of one group, watched while it is open. */
export interface WatchedSurroundings extends Closable {
  around(): Surroundings
}

/** The past of one group, kept current while it is open. */
export interface WatchedPast extends Closable {
  past(): Model['past']
}

/** Ports of this machine, led to a group until they are closed. */
export interface WatchedPorts extends Closable {
  ports(): PortsShown
}

/** Who is told of several runs that follow upon each other, and asked. */
export interface Audience {
  /** Shown each plan when its turn comes; false: it ends there. */
  confirm(plan: Plan): Promise<boolean>
  emit(event: RunEvent): void
  say(words: string): void
  /** What is to come, phase after phase, before anything is asked. */
  foresee(ahead: readonly PhaseAhead[]): void
  /** Each phase when its turn comes. */
  begins(phase: RunPhase): void
}

/** What a session may do outside of the screen. */
export interface World extends Look {
  readonly groups: WatchedGroups
  readonly readOnly: boolean
  readonly guarded: boolean
  readonly now: () => number
  /** Resolves after so many milliseconds; rejects when the signal ends that first. */
  readonly after: (milliseconds: number, signal: AbortSignal) => Promise<void>
  /** The last requests that were sent. */
  requests(): readonly Requested[]
  watchMember(namespace: string, name: string): WatchedExtra
  watchGroup(namespace: string, name: string): WatchedSurroundings
  /** Reads what earlier revisions of a group rest on. */
  watchPast(place: GroupPlace): WatchedPast
  /** Opens ports of this machine, those where users come in and of one member. */
  forward(what: Forwarding): WatchedPorts
  /** Carries a plan out. Never throws. */
  run(plan: Plan, emit: (event: RunEvent) => void): Promise<RunEnd>
  /** Carries several runs out, one after the other; no end where none had anything to do. Never throws. */
  inPhases(wish: Wish, place: GroupPlace, audience: Audience): Promise<RunEnd | undefined>
  /** Called first: start nothing new; called again: end the run now. */
  stop(): void
  /** Puts text where a terminal pastes from. */
  copy(text: string): void
  /** Stops this process until it is brought back. */
  suspend(): void
}
