import { type Code, finding, type Finding, rowOf, type Said, type Severity, type Vouched } from '../findings/finding.ts'
import { type Call, callOn } from '../findings/remedy.ts'
import type { PlanOptions } from '../intent.ts'
import { MODE } from '../objects/labels.ts'
import type { CheckContext } from './context.ts'

/** What is to be done in modern mode about requests that meet two versions. */
export const OWN_AFFAIR = 'nothing, if each version understands the other, as modern mode takes for granted'

/** A finding of the group's mode, and of the options. */
export function say(context: CheckContext, code: Code, said: Said, varies?: Severity): Finding {
  const found = finding(context.group.mode, code, said, varies)
  const { allowed } = rowOf(code)
  return found.severity === 'error' && allowed !== undefined && isVouched(allowed.by, context.options)
    ? { ...found, severity: allowed.as }
    : found
}

function isVouched(by: Vouched, { allow, trustDependsOn }: PlanOptions): boolean {
  return by === 'trust-depends-on' ? trustDependsOn === true : allow?.has(by) === true
}

/** A verb of ours on the group at hand, for remedies. */
export function ours({ group }: Pick<CheckContext, 'group'>, verb: string, ...words: readonly string[]): Call {
  return callOn({ group: group.name, namespace: group.namespace }, verb, ...words)
}

/** The way on where members go back while others wait: no order is safe for all of them. */
export function backFirst(context: Pick<CheckContext, 'group' | 'releases'>): readonly (string | Call)[] | undefined {
  const { back } = context.releases
  if (back.length === 0) return undefined
  const alone = ours(context, 'promote-all', `--only=${back.join(',')}`)
  return [`let ${listed(back)} go back alone: `, alone, '; then withdraw the others: ', ours(context, 'abort-all')]
}

/** A command of kubectl's, or of a plugin of its, in the group's namespace, for remedies. */
export function kubectl({ group }: Pick<CheckContext, 'group'>, ...words: readonly string[]): Call {
  return { tool: 'kubectl', words, namespace: group.namespace }
}

/** Names as a sentence lists them: `a, b and c`. */
export function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join() : `${names.slice(0, -1).join(', ')} and ${names.at(-1)!}`
}

/** So many names of many are told. */
const FEW = 3

/** Names of what may be many: `a, b, c and 997 more`. */
export function few(names: readonly string[]): string {
  return names.length <= FEW + 1 ? listed(names) : `${names.slice(0, FEW).join(', ')} and ${names.length - FEW} more`
}

/** The way out for groups whose members work with every version of each other, as the end of a remedy. */
export function orModern(context: Pick<CheckContext, 'group'>): readonly (string | Call)[] {
  const names = context.group.members.map((each) => each.name)
  return [
    '; or, if every version works with every version of the others: ',
    kubectl(context, 'annotate', '--overwrite', 'rollout', ...names, `${MODE}=modern`),
    ' (for one run --mode modern)',
  ]
}
