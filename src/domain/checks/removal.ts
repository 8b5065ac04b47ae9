import type { Call } from '../findings/remedy.ts'
import { callsOf } from '../group/member.ts'
import type { CheckContext } from './context.ts'
import { kubectl, listed } from './say.ts'

/** What came later than a release that comes back has no place beside it, once nobody calls it. */
export function removalOf(context: CheckContext, names: readonly string[]): (string | Call)[] {
  const callers = context.group.members.flatMap(({ name, live }) =>
    live !== undefined && !names.includes(name) && callsOf(live).some((each) => names.includes(each)) ? [name] : [],
  )
  const later = `what came later than the release that comes back (${listed(names)})`
  return [
    callers.length === 0
      ? `lead users elsewhere from ${later}, then remove it: `
      : `first release ${listed(callers)} without calls to ${later}, then remove it: `,
    kubectl(context, 'delete', 'rollout', ...names),
  ]
}
