import { gateOf, podsWanted } from '../group/gate.ts'
import type { Member, Revision } from '../group/member.ts'
import type { Group } from '../group/read-group.ts'
import { analysisWords, resultOf } from '../objects/analysis.ts'
import { phaseOf } from '../objects/phase.ts'
import { whyNoPods } from '../objects/refusal.ts'
import { readyBehind } from '../objects/service.ts'
import type { Expectation, Goal } from './step.ts'

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

const done: Progress = { state: 'done' }
const waiting = (waitingFor: string): Progress => ({ state: 'waiting', waitingFor })

/**
 * What the cluster shows of a goal.
 * @param expect what the member looked like before the write; with it a gate that came back is told from one not yet
 *   left
 */
export function progressOf(goal: Goal, member: Member, group: Group, expect?: Expectation): Progress {
  const { status } = member
  switch (goal.kind) {
    case 'live':
      return (
        goneForward(goal.hash, member) ??
        live(goal, member, group) ??
        cameBack(member, expect) ??
        waiting(phaseWords(member))
      )
    case 'gate': {
      const gone = goneForward(goal.hash, member)
      if (gone !== undefined) return gone
      const index = status.stepIndex ?? 0
      if (index > goal.stepIndex || status.stableRS === goal.hash) return done
      if (index < goal.stepIndex) return cameBack(member, expect) ?? waiting(phaseWords(member))
      const gate = gateOf(member)
      return gate.state === 'ready' ? done : waiting(gate.waitingFor)
    }
    case 'aborted': {
      if (status.stableRS !== goal.hash)
        return { state: 'changed', why: `${member.name} has another stable revision now` }
      const newer = overtaken(goal.hash, member, expect)
      if (newer !== undefined) return newer
      if (status.currentPodHash === goal.hash) return serving(goal.service, goal.hash, member, group) ?? done
      if (!status.abort || status.abortedAt === undefined) return waiting('waiting for the controller to abort it')
      return withdrawn(member) ?? serving(goal.service, goal.hash, member, group) ?? done
    }
    case 'stable': {
      if (status.currentPodHash !== goal.hash)
        return (
          overtaken(goal.hash, member, expect) ??
          waiting(`waiting for ${member.name} to go back to its stable pod template`)
        )
      if (status.stableRS !== goal.hash) return waiting('waiting for the stable revision to be stable again')
      const behind = goal.services.find(
        (name) => group.services.get(name)?.hash !== goal.hash && group.services.has(name),
      )
      if (behind !== undefined) return waiting(`waiting for Service ${behind} to select the stable pods`)
      return serving(goal.services[0], goal.hash, member, group) ?? withdrawn(member) ?? done
    }
  }
}

/** Whether the member left the way to this revision. */
function goneForward(hash: string, member: Member): Progress | undefined {
  const { status } = member
  if (status.currentPodHash !== hash) return newerRevision(member)
  if (status.abort && status.stableRS !== hash)
    return { state: 'failed', why: `${member.name} was aborted: ${phaseWords(member)}` }
  return undefined
}

/** Whether something else came in place of the revision that was to be withdrawn. */
function overtaken(stable: string, member: Member, expect: Expectation | undefined): Progress | undefined {
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

function live(goal: Goal & { kind: 'live' }, member: Member, group: Group): Progress | undefined {
  const service = goal.service === undefined ? undefined : group.services.get(goal.service)
  const switched = service === undefined || service.hash === goal.hash
  if (!switched) return undefined
  const missing = serving(goal.service, goal.hash, member, group)
  if (missing !== undefined) return missing
  if (member.status.stableRS === goal.hash) return unfinished(member) ?? done
  const analysis = member.status.postPromotion
  const result = analysis === undefined ? 'passed' : resultOf(analysis)
  if (result !== 'passed') {
    const words = `post-promotion analysis ${analysisWords(analysis!)}`
    return result === 'open' ? waiting(words) : { state: 'failed', why: words }
  }
  return service === undefined ? undefined : waiting('waiting for the controller to make it stable')
}

/** An un-routed canary's users are all on the new revision only when the old pods are gone. */
function unfinished(member: Member): Progress | undefined {
  const { strategy } = member
  if (strategy.kind !== 'Canary' || strategy.routed) return undefined
  const left = member.revisions
    .filter((each) => each.role !== 'live' && each.pods > 0)
    .reduce((sum, each) => sum + each.pods, 0)
  return left === 0 ? undefined : waiting(`waiting for ${left} old pod${left === 1 ? '' : 's'} to go`)
}

/** A withdrawn canary must carry no users any more. */
function withdrawn(member: Member): Progress | undefined {
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
function serving(name: string | undefined, hash: string, member: Member, group: Group): Progress | undefined {
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
function cameBack(member: Member, expect: Expectation | undefined): Progress | undefined {
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

function phaseWords(member: Member): string {
  const { name, message } = phaseOf(member)
  return message === '' ? name : `${name}, ${message}`
}
