import { gateOf, podsWanted } from '../group/gate.ts'
import type { Member, Revision } from '../group/member.ts'
import type { Group } from '../group/read-group.ts'
import { phaseOf } from '../objects/phase.ts'
import { whyNoPods } from '../objects/refusal.ts'
import { readyBehind } from '../objects/service.ts'
import type { Expectation } from './step.ts'

/** Where a step stands by what the cluster shows. */
export type Progress =
  | { readonly state: 'done' }
  | { readonly state: 'waiting'; readonly waitingFor: string }
  /**
   * The controller put the member back to the gate it was promoted from; `again`: the promote may be sent again once
   * that gate is whole.
   */
  | { readonly state: 'lost'; readonly why: string; readonly again: boolean }
  | { readonly state: 'failed'; readonly why: string }
  /** Somebody else changed what the step was decided on. */
  | { readonly state: 'changed'; readonly why: string }

/** The cluster shows it. */
export const done: Progress = { state: 'done' }
/** The cluster does not show it yet. */
export const waiting = (waitingFor: string): Progress => ({ state: 'waiting', waitingFor })

/** Whether the member left the way to this revision. */
export function goneForward(hash: string, member: Member): Progress | undefined {
  const { status } = member
  if (status.currentPodHash !== hash) return newerRevision(member)
  if (status.abort && status.stableRS !== hash)
    return { state: 'failed', why: `${member.name} was aborted: ${phaseWords(member)}` }
  return undefined
}

/** Whether something else came in place of the revision that was to be withdrawn. */
export function overtaken(stable: string, member: Member, expect: Expectation | undefined): Progress | undefined {
  const { currentPodHash } = member.status
  return expect === undefined || currentPodHash === expect.currentPodHash || currentPodHash === stable
    ? undefined
    : newerRevision(member)
}

function newerRevision({ name, revisions, status }: Member): Progress {
  const other = revisions.find((each) => each.hash === status.currentPodHash)
  return {
    state: 'changed',
    why: `a newer revision of ${name} was applied meanwhile (${other?.version.text ?? status.currentPodHash})`,
  }
}

/** A withdrawn canary must carry no users any more. */
export function withdrawn(member: Member): Progress | undefined {
  const { strategy, status } = member
  if (strategy.kind !== 'Canary') return undefined
  if (strategy.routed)
    return (status.routedWeight ?? 0) === 0
      ? undefined
      : waiting(`waiting for the canary's weight to fall from ${status.routedWeight} %`)
  const left = member.revisions.filter((each) => each.role !== 'live').reduce((sum, each) => sum + each.pods, 0)
  return left === 0 ? undefined : waiting(`waiting for ${left} canary pod${left === 1 ? '' : 's'} to go`)
}

/** What a Service still lacks to serve one revision with all its pods, and nothing else; undefined where it does. */
export function serving(name: string | undefined, hash: string, member: Member, group: Group): Progress | undefined {
  const revision: Revision | undefined = member.revisions.find((each) => each.hash === hash)
  if (revision === undefined) return waiting('waiting for its ReplicaSet')
  const wanted = podsWanted(member, revision)
  if (revision.available < wanted)
    return waiting(`${revision.available} of ${wanted} pods of ${revision.version.text} available${whyNoPods(member)}`)
  const service = name === undefined ? undefined : group.services.get(name)
  if (service === undefined || member.replicas === 0) return undefined
  if (service.hash !== undefined && service.hash !== hash)
    return waiting(`waiting for Service ${service.name} to select ${revision.version.text}`)
  if (service.endpoints === undefined) return undefined
  const { own, others } = readyBehind(service, revision.name)
  if (own < wanted) return waiting(`${own} of ${wanted} endpoints of ${service.name} ready`)
  return others === 0
    ? undefined
    : waiting(`waiting for ${others} endpoint${others === 1 ? '' : 's'} of ${service.name} to leave`)
}

/** The controller did not take the promote: the gate is there again, or will be when somebody un-pauses the member. */
export function cameBack(member: Member, expect: Expectation | undefined): Progress | undefined {
  const { name, status } = member
  const notSeenYet = status.promoteFull || (status.controllerPause && status.pauses.length === 0)
  if (
    expect === undefined ||
    notSeenYet ||
    (status.stepIndex ?? null) !== expect.stepIndex ||
    status.scaleUpPreviewCheckPoint
  )
    return undefined
  if (member.paused)
    return { state: 'lost', why: `${name} did not leave its gate: it is paused by hand (spec.paused)`, again: false }
  if (status.pauses[0] === undefined || status.pauses[0] !== expect.pause) return undefined
  const gate = gateOf(member)
  return {
    state: 'lost',
    why: `${name} came back to its gate${gate.waitingFor === '' ? '' : `: ${gate.waitingFor}`}`,
    again: true,
  }
}

/** A member's phase and what its controller says of it. */
export function phaseWords(member: Member): string {
  const { name, message } = phaseOf(member)
  return message === '' ? name : `${name}, ${message}`
}
