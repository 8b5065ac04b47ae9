import { at, text } from './fields.ts'

/** The run of an analysis, as the status of a Rollout tells of it. */
export interface Analysis {
  readonly name: string
  /** The controller's word; empty before the run has begun (seen on 1.10.1). */
  readonly phase: string
  readonly message: string
}

/** Undefined where the status names no run. */
export function parseAnalysis(raw: unknown): Analysis | undefined {
  const name = text(at(raw, 'name'))
  if (name === undefined) return undefined
  return { name, phase: text(at(raw, 'status')) ?? '', message: text(at(raw, 'message')) ?? '' }
}

/** Every end without success (argo-rollouts, analysis_types.go); in any other phase a run is still open. */
const FAILURES: ReadonlySet<string> = new Set(['Failed', 'Error', 'Inconclusive'])

/** How a run stands: `open` where its result is still to come. */
export function resultOf({ phase }: Analysis): 'passed' | 'failed' | 'open' {
  return phase === 'Successful' ? 'passed' : FAILURES.has(phase) ? 'failed' : 'open'
}

/** `web-5d-2 has not begun`, `web-5d-2: Running`, `web-5d-2: Failed, metric "errors" assessed Failed`. */
export function analysisWords({ name, phase, message }: Analysis): string {
  return phase === '' ? `${name} has not begun` : `${name}: ${phase}${message === '' ? '' : `, ${message}`}`
}
