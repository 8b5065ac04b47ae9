import { at, text } from './fields.ts'
import { isUnseen } from './phase.ts'
import type { Rollout } from './rollout.ts'
import type { Service } from './service.ts'

/** Why the controller does not do what a Rollout asks, in its own words. */
export interface Refusal {
  /**
   * `spec`: it does nothing at all for the Rollout (argo-rollouts, rollout/controller.go, InvalidSpec). `pods`: the API
   * server takes no pods of it, for a quota or a policy (rollout/sync.go, ReplicaFailure).
   */
  readonly of: 'spec' | 'pods'
  readonly sentence: string
}

/** What the conditions of a Rollout say of a refusal; undefined where there is none. */
export function refusalOf({ status: { conditions } }: Rollout): Refusal | undefined {
  const found = (type: string) => conditions.find((each) => each.type === type && each.status === 'True')
  const spec = found('InvalidSpec')
  if (spec !== undefined) return { of: 'spec', sentence: unended(spec.message) }
  const pods = found('ReplicaFailure')
  return pods === undefined ? undefined : { of: 'pods', sentence: unended(pods.message) }
}

/** Whether the controller does nothing for a Rollout until its spec, or what that names, is another. */
export function isRefused(rollout: Rollout): boolean {
  return refusalOf(rollout)?.of === 'spec'
}

/**
 * The Service that the controller did not find when it last looked, and that is there by now: it looks again by itself,
 * 20 s after it has refused (argo-rollouts 1.10.1, rollout/controller.go, createInvalidRolloutCondition).
 */
export function comeSince(refusal: Refusal, services: Pick<ReadonlySet<string>, 'has'>): string | undefined {
  const missed = /\bservice "([^"]+)" not found$/.exec(refusal.sentence)?.[1]
  return refusal.of === 'spec' && missed !== undefined && services.has(missed) ? missed : undefined
}

/** The Service that selects by a label which the pod template has not, as the controller says it (ValidateService). */
export function unmatchedIn({ sentence }: Refusal): { readonly service: string; readonly key: string } | undefined {
  const [, service, key] = /\bService "([^"]+)" has unmatch label "([^"]+)" in rollout$/.exec(sentence) ?? []
  return service === undefined || key === undefined ? undefined : { service, key }
}

/**
 * Milliseconds after which the controller has looked again at what it refuses, which it does after 20 s
 * (rollout/controller.go, syncHandler), as long as what it names may only not have come to it yet.
 */
export const LOOKS_AGAIN = 30_000

/**
 * Whether a refusal stands: by what can be seen, a label that a Service asks for is not in the pod template; of all
 * else once the controller has looked again.
 */
export function stands(refusal: Refusal, rollout: Rollout, services: Services, lookedAgain: boolean): boolean {
  if (refusal.of !== 'spec' || isUnseen(rollout) || comeSince(refusal, services) !== undefined) return false
  const { service = '', key = '' } = unmatchedIn(refusal) ?? {}
  const wanted = services.get(service)?.base.get(key)
  // Of a workload its labels are not at hand.
  const isSeen = rollout.workloadRef === undefined && wanted !== undefined
  return lookedAgain || (isSeen && text(at(rollout.template, 'metadata', 'labels', key)) !== wanted)
}

type Services = ReadonlyMap<string, Pick<Service, 'base'>>

/** Others' words are the middle of a sentence here; some end theirs with a full stop. */
export function unended(message: string): string {
  return message.replace(/[.\s]+$/, '')
}

/** Why its pods do not come, as the end of a sentence that counts them. */
export function whyNoPods(rollout: Rollout): string {
  const refusal = refusalOf(rollout)
  return refusal === undefined ? '' : `: ${refusal.sentence}`
}
