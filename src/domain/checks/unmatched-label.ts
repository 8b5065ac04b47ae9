import type { Finding } from '../findings/finding.ts'
import type { Remedy } from '../findings/remedy.ts'
import { called, type Member, type Revision } from '../group/member.ts'
import { type Refusal, refusalOf, unmatchedIn } from '../objects/refusal.ts'
import type { Service } from '../objects/service.ts'
import { type CheckContext, servicesOf } from './context.ts'
import { kubectl, listed, say } from './say.ts'

/** A label by which a Service selects, and that pods do not have, or have with another value. */
interface Unmatched {
  readonly service: Service
  readonly key: string
  readonly value: string
}

/**
 * Services that a strategy names, and that select by a label which the pod template has not: the controller does
 * nothing for such a Rollout. The pod template hash does not count (argo-rollouts 1.10.1, pkg/apis/rollouts/validation
 * ValidateService). What the controller has said itself is told as that.
 */
export function unmatchedLabels(context: CheckContext): Finding[] {
  return context.group.members.flatMap((member) => {
    if (refusalOf(member)?.of === 'spec') return []
    const found = Map.groupBy(unmatchedOf(context, member), ({ key, value }) => `${key}=${value}`)
    return [...found].map(([label, all]) => {
      const [services, select] = all.length === 1 ? ['Service', 'selects'] : ['Services', 'select']
      return say(
        context,
        'invalid-spec',
        {
          member: member.name,
          sentence:
            `${services} ${listed(all.map(({ service }) => service.name))} ${select} ${label}, ` +
            `${labelled(context, member, all[0]!.key)}: the controller refuses such a Rollout, and does nothing for it`,
          remedy: matching(context, all),
        },
        context.towards === 'next' || context.acting.includes(member) ? 'error' : 'warning',
      )
    })
  })
}

/** Of a release that is only thought of, what it alone does not match. */
function unmatchedOf(context: CheckContext, { strategy, next, live }: Member): Unmatched[] {
  const selected = servicesOf(context, strategy).flatMap((service) =>
    [...service.base].map(([key, value]) => ({ service, key, value })),
  )
  const has = (revision: Revision | undefined, { key, value }: Unmatched) =>
    revision === undefined || labelOf(revision, key) === value
  return selected.filter((each) => !has(next ?? live, each) && (context.ahead !== true || has(live, each)))
}

function labelled({ ahead }: CheckContext, { next, live, name }: Member, key: string): string {
  if (ahead === true) return `a label that is another with each version of ${name}`
  const revision = next ?? live!
  const value = labelOf(revision, key)
  const has = value === undefined ? `no label ${key}` : `${key}=${value}`
  return `and the pod template of ${called(revision)} has ${has}`
}

/** A label of the pod template itself: the controller writes more into that of a ReplicaSet (`activeMetadata`). */
function labelOf({ template, injected }: Revision, key: string): string | undefined {
  return injected.labels.has(key) ? undefined : template.labels.get(key)
}

/** What mends a refusal that the controller has given for it already; undefined where it is for something else. */
export function toMatch(context: CheckContext, { strategy }: Member, refusal: Refusal): Remedy | undefined {
  const { service, key = '' } = unmatchedIn(refusal) ?? {}
  const value = context.group.services.get(service ?? '')?.base.get(key)
  if (value === undefined) return undefined
  // It names the first one alone.
  const alike = servicesOf(context, strategy).filter(({ base }) => base.get(key) === value)
  return matching(
    context,
    alike.map((each) => ({ service: each, key, value })),
  )
}

/**
 * What brings Services and a pod template together with nobody cut off: a Service whose selector asks for another value
 * would leave the pods that users are on, and one that asks for less stays on them by its hash.
 */
function matching(context: CheckContext, unmatched: readonly Unmatched[]): Remedy {
  const [{ key, value }] = unmatched as [Unmatched]
  const names = unmatched.map(({ service }) => service.name)
  const pointed = names.filter((each) => {
    const now = context.present.services.get(each)
    return now?.hash !== undefined && now.base.get(key) === value
  })
  const where = `the ${names.length === 1 ? 'selector' : 'selectors'} of ${listed(names)}`
  const give = context.ahead === true ? '' : `give the pod template ${key}=${value}, or `
  const either = `${give}take ${key} out of ${where}`
  if (pointed.length === 0) return either
  return [
    `${either}, where the pod template hash alone tells the pods apart; in the files, and here: `,
    kubectl(
      { group: context.present },
      ...['patch', 'service', ...pointed, '--type', 'merge', '-p'],
      JSON.stringify({ spec: { selector: { [key]: null } } }),
    ),
  ]
}
