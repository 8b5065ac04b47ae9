import { type Code, finding, type Finding, type Said, type Severity } from '../findings/finding.ts'
import type { PlanOptions } from '../intent.ts'
import type { CheckContext } from './context.ts'

/** What is to be done in modern mode about requests that meet two versions. */
export const OWN_AFFAIR = 'nothing, if each version understands the other, as modern mode takes for granted'

/** What users make of an error by an option. */
const ALLOWED: {
  readonly [code in Code]?: { readonly by: (options: PlanOptions) => boolean | undefined; readonly as: Severity }
} = {
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
  return found.severity === 'error' && allowed?.by(context.options) === true
    ? { ...found, severity: allowed.as }
    : found
}

/** ` -n NAMESPACE`, for commands in remedies. */
export function inNamespace(context: CheckContext): string {
  return `-n ${context.group.namespace}`
}
