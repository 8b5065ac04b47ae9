import type { Action } from '../actions/action.ts'
import type { Outcome, Report } from './outcome.ts'

/** What a run tells while it goes on, in order. Times are milliseconds since the epoch. */
export type RunEvent = { readonly at: number } /** `plan`: in one line. */ & (
  | { readonly type: 'started'; readonly runId: string; readonly waves: number; readonly plan: string }
  /** Nothing is sent yet; a wave, or the whole run, waits for this. */
  | {
      readonly type: 'waiting'
      readonly wave: number | undefined
      readonly member: string
      readonly waitingFor: string
    }
  | {
      readonly type: 'draining'
      readonly wave: number
      readonly member: string
      readonly version: string
      readonly pods: number
      readonly deadline: number | undefined
    }
  | {
      readonly type: 'drained'
      readonly wave: number
      readonly member: string
      readonly version: string
      readonly after: number
    }
  /** An object that no member's pods are of is in. */
  | { readonly type: 'applied'; readonly kind: string; readonly name: string; readonly how: 'created' | 'configured' }
  | { readonly type: 'patched'; readonly wave: number; readonly member: string; readonly action: Action }
  /** The patch is in; this is what the cluster does not show yet. */
  | { readonly type: 'progress'; readonly wave: number; readonly member: string; readonly waitingFor: string }
  | {
      readonly type: 'finished'
      readonly wave: number
      readonly member: string
      readonly outcome: Outcome
      readonly detail: string
      readonly after: number
    }
  | { readonly type: 'disconnected'; readonly reason: string }
  | { readonly type: 'connected' }
  | { readonly type: 'interrupted' }
  | { readonly type: 'warning'; readonly sentence: string }
  | { readonly type: 'ended'; readonly reports: readonly Report[]; readonly after: number }
)
