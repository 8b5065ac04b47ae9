import type { Draining, Step } from '../actions/step.ts'
import { type Finding, forbids } from '../findings/finding.ts'
import type { Mode } from '../findings/mode.ts'
import type { Verb } from '../intent.ts'

/** A gate that --to-end passes after the waves of a plan; it is planned again, and proved, when its turn comes. */
export interface LaterGate {
  /** Counted from 1. */
  readonly gate: number
  readonly of: number
  /** Who passes it, in order, and whose old pods must be gone before. */
  readonly waves: readonly {
    readonly members: readonly string[]
    readonly drain: readonly Pick<Draining, 'member' | 'version'>[]
  }[]
  /** After this wave of it (counted from 1) no member can be undone without mixing versions. */
  readonly noWayBackAfter?: number
}

/** A member that a plan leaves alone. */
export interface Skipped {
  readonly member: string
  readonly why: string
  /** It would take part, if an error did not keep it where it is. */
  readonly refused?: true
}

/** An object that a deploy makes, or changes. */
export interface PlannedObject {
  readonly kind: string
  readonly name: string
  /** The file and document it stands in. */
  readonly where: string
  readonly change: 'created' | readonly ObjectChange[]
}

/** One difference that applying an object makes. */
export interface ObjectChange {
  /** `spec.template.spec.containers[main].env[APP_VERSION].value` */
  readonly path: string
  /** As a person reads it; empty where there is nothing. */
  readonly from: string
  readonly to: string
}

/** Everything a verb would do, in order; steps of one wave may run at the same time. */
export interface Plan {
  readonly apiVersion: 'rollouts-group/v1'
  readonly kind: 'Plan'
  readonly group: string
  readonly namespace: string
  readonly verb: Verb
  readonly mode: Mode
  readonly waves: readonly (readonly Step[])[]
  /** Of each wave (counted from 1) but the first, why it is not one with the wave before it. */
  readonly apart?: readonly { readonly wave: number; readonly why: string }[]
  readonly skipped: readonly Skipped[]
  readonly findings: readonly Finding[]
  /** After this wave (counted from 1) no member can be undone without mixing versions. */
  readonly noWayBackAfter: number | undefined
  /** Of a deploy: the objects that it makes, or changes. */
  readonly objects?: readonly PlannedObject[]
  /** Of a deploy: how it is wired, for people. */
  readonly wiring?: string
  /** Of a deploy: the promotion that follows it, in one line. */
  readonly then?: string
  /** Of that promotion, what `apart` says of a plan. */
  readonly thenApart?: Plan['apart']
  /** With --to-end, where further gates follow. */
  readonly later?: readonly LaterGate[]
  /** A member asks that a person types the group's name before anything is written. */
  readonly protected: boolean
}

/** Whether findings forbid the plan. */
export function refused(plan: Pick<Plan, 'findings' | 'mode' | 'waves'>): boolean {
  return refusing(plan).length > 0
}

/**
 * The findings that forbid a plan, the gravest first. In modern mode one about members that the plan leaves alone
 * forbids nothing to the others.
 */
export function refusing({ findings, mode, waves }: Pick<Plan, 'findings' | 'mode' | 'waves'>): readonly Finding[] {
  if (mode === 'legacy') return findings.filter(forbids)
  const acting = new Set(waves.flat().map((step) => step.member))
  const touches = ({ members }: Finding) =>
    acting.size === 0 || members.length === 0 || members.some((each) => acting.has(each))
  return findings.filter((each) => each.severity === 'error' && forbids(each) && touches(each))
}

/**
 * Whether waves do the same to the same revisions, in an order that both allow: the proof of a wave covers every order
 * in it, so that what one of them does at once the other may do one after the other.
 */
export function sameSteps(one: Plan['waves'], other: Plan['waves']): boolean {
  const places = new Map(other.flatMap((wave, place) => wave.map((step) => [stepKey(step), place] as const)))
  let least = 0
  for (const wave of one) {
    const found = wave.map((step) => places.get(stepKey(step)) ?? -1)
    if (found.some((each) => each < least)) return false
    least = Math.max(least, ...found)
  }
  return one.flat().length === places.size
}

function stepKey({ action, member, from, to }: Step): string {
  return [action, member, from.hash, to.hash].join(' ')
}

/** The steps of waves in words. */
export function stepsIn(waves: Plan['waves']): string {
  return waves
    .map((wave) =>
      wave
        .map(
          ({ action, member, from, to }) =>
            `${action} ${member} ${from.version.text} → ${to.version.text} (${to.hash})`,
        )
        .join(', '),
    )
    .join('; then ')
}
