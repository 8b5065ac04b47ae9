import type { Applier, Cluster } from '../cluster/port.ts'
import type { Desired } from '../domain/deploy/desired.ts'
import type { Mode } from '../domain/findings/mode.ts'
import type { PlanOptions, Verb } from '../domain/intent.ts'
import type { Plan } from '../domain/plan/plan.ts'
import type { RunEvent } from '../domain/run/event.ts'
import type { Mark } from './marks.ts'
import type { Scope } from '../watch/discover.ts'

/** Time as a run sees it. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number
  /** Resolves after so many milliseconds; rejects with the signal's reason when that ends first. */
  after(milliseconds: number, signal: AbortSignal): Promise<void>
}

/** An event before its time is put on it. */
export type Told = RunEvent extends infer Event ? (Event extends RunEvent ? Omit<Event, 'at'> : never) : never

/** A person's files, and how they get into the cluster. */
export interface Deployment {
  readonly desired: Desired
  readonly applier: Applier
}

/** How what users are on first is looked at, before the rest follows. */
export interface Bake {
  readonly milliseconds: number
  /** What somebody's own check finds wrong; undefined: nothing. */
  readonly check?: (signal: AbortSignal) => Promise<string | undefined>
}

/** Everything a run is given; it reads nothing else of the world. */
export interface RunContext {
  readonly cluster: Cluster
  readonly scope: Scope
  readonly group: string
  readonly verb: Verb
  readonly options: PlanOptions
  readonly mode?: Mode | undefined
  /** For the whole run, milliseconds; 0 is none. */
  readonly timeoutMs: number
  readonly onFailure?: 'stop' | 'abort' | 'rollback'
  /** What is deployed is promoted in the same go: what that needs is looked for before anything is deployed. */
  readonly leadsOn?: boolean
  /** How what was promoted first is looked at, before the rest follows. */
  readonly bake?: Bake | undefined
  /** Have the server check the writes without storing them. */
  readonly dryRun?: 'client' | 'server' | undefined
  /** What a deploy is of. */
  readonly deployment?: Deployment | undefined
  /** A plan saved earlier: it runs only if nothing it expects has changed. */
  readonly saved?: Plan | undefined
  readonly breakLock?: boolean
  /** Who runs it, `user@host`. */
  readonly user: string
  readonly runId: string
  readonly clock: Clock
  /** Shows the plan; false: nothing is done. */
  confirm(plan: Plan): Promise<boolean>
  emit(event: RunEvent): void
  /** Told of the rare branches that the run takes. */
  readonly mark?: (mark: Mark) => void
  /** Aborted by the first interruption: start nothing new. */
  readonly stopping: AbortSignal
  /** Aborted by the second: end now. */
  readonly stopped: AbortSignal
}

/** Tells an event, with its time. */
export function tell(context: Pick<RunContext, 'clock' | 'emit'>, event: Told): void {
  context.emit({ at: context.clock.now(), ...event } as RunEvent)
}

/** Why a wait ended without what it waited for: the run's time is up. */
export class TimedOut extends Error {
  override readonly name = 'TimedOut'
  /** What kept it, as a sentence goes on; undefined where the run tells that itself. */
  readonly why: string | undefined

  constructor(why?: string) {
    super('--timeout')
    this.why = why
  }
}
/** Why a wait ended without what it waited for: a person wants it to. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted'
}
/** Another run holds the group, or has taken it away. */
export class Locked extends Error {
  override readonly name = 'Locked'
}
