import type { Colours } from '../colour.ts'
import { finding, type Code, type Finding, type Said, type Severity } from '../findings.ts'
import type { Graph } from '../graph.ts'
import type { Group } from '../group.ts'
import type { Member } from '../member.ts'
import type { PlanOptions, Verb } from '../plan.ts'
import type { Scene } from '../trace.ts'

/** What every check looks at. */
export interface CheckContext {
  readonly group: Group
  readonly graph: Graph
  readonly colours: Colours
  readonly scene: Scene
  readonly verb: Verb
  readonly options: PlanOptions
  /** Members with a next revision that the verb would act on. */
  readonly changing: readonly Member[]
}

/** What is to be done in modern mode about requests that meet two versions. */
export const OWN_AFFAIR = 'nothing, if each version understands the other, as modern mode takes for granted'

/** What users make of an error by an option. */
const ALLOWED: { readonly [code in Code]?: { readonly by: (options: PlanOptions) => boolean | undefined; readonly as: Severity } } = {
  'version-mismatch': { by: ({ allow }) => allow?.has('version-mismatch'), as: 'warning' },
  'mixed-window': { by: ({ allow }) => allow?.has('mixed-window'), as: 'warning' },
  'wire-follows-role': { by: ({ allow }) => allow?.has('mixed-window'), as: 'warning' },
  'small-preview': { by: ({ allow }) => allow?.has('small-preview'), as: 'warning' },
  'wire-unknown': { by: ({ trustDependsOn }) => trustDependsOn, as: 'info' },
}

/** A finding of the group's mode, and of the options. */
export function say(context: CheckContext, code: Code, said: Said, varies?: Severity): Finding {
  const found = finding(context.group.mode, code, said, varies)
  const allowed = ALLOWED[code]
  return found.severity === 'error' && allowed?.by(context.options) === true ? { ...found, severity: allowed.as } : found
}

/** Whether a member has a next revision that a promotion could still bring to users; one that was aborted only lies there. */
export function isWaiting(member: Member): boolean {
  return member.next !== undefined && !member.status.abort
}

export function memberOf(context: CheckContext, name: string): Member | undefined {
  return context.group.members.find((each) => each.name === name)
}

/** ` -n NAMESPACE`, for commands in remedies. */
export function inNamespace(context: CheckContext): string {
  return `-n ${context.group.namespace}`
}
