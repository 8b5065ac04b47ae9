import { contextOf, findingsOf } from './check.ts'
import { inNamespace, isWaiting, say, type CheckContext } from './checks/context.ts'
import { meet } from './checks/meeting.ts'
import { canaryCapacity } from './checks/strategy.ts'
import { withWayOut } from './cure.ts'
import { bySeverity, type Code, type Finding } from './findings.ts'
import { atLastGate, gateReplicas } from './gate.ts'
import type { Group } from './group.ts'
import { PROTECTED } from './labels.ts'
import { called, type Member, type Revision, type RevisionId } from './member.ts'
import { ORDER } from './order.ts'
import { expectation, type Draining, type Goal, type LaterGate, type Plan, type PlannedRevision, type PlanOptions, type Step, type Verb } from './plan.ts'
import { prove, type Move } from './prove.ts'
import { roundsOf, type Round } from './rounds.ts'
import { gates, liveService, nextService, scaleDownDelayOf, weightAt } from './strategy.ts'
import type { Scene } from './trace.ts'
import { up, type Action } from './transitions.ts'
import { wayBack } from './way-back.ts'

/**
 * What a verb would do to a group, proved or refused. Pure and total: the same group and options give the same plan.
 * The plan is refused where one of its findings is an error.
 */
export function makePlan(group: Group, verb: Verb, options: PlanOptions = {}): Plan {
  const context = contextOf(group, verb, options)
  const draft = verb === 'promote-all' ? forward(context) : { ...wayBack(context), later: [], rounds: [] }
  const waves = [...draft.waves, ...draft.later]
  const proof = prove(verb === 'promote-all' ? atGates(context) : context.scene, waves)
  const checks = withWayOut(context, findingsOf(context))
  const errors = checks.filter((each) => each.severity === 'error').map((each) => each.code)
  const explained = { mixed: draft.findings.length > 0 || errors.some((each) => EXPLAINS.has(each) || each === 'aborted'), dead: errors.some((each) => each === 'aborted' || each === 'degraded') }
  const unsafe = proof.broken
    .filter(({ violation }) => !explained[violation.kind] && (violation.kind === 'dead' || group.mode === 'legacy'))
    .map(({ wave, violation }) => unsafeStep(context, waves[wave]!, violation))
  const passed = draft.rounds.slice(0, options.toEnd === true ? undefined : 1)
  const points = passed.map((round) => pointOfNoReturn(context, round))
  const later = laterGates(passed, points, context.group, proof.drains.slice(draft.waves.length))
  return {
    apiVersion: 'rollouts-group/v1', kind: 'Plan', group: group.name, namespace: group.namespace, verb, mode: group.mode,
    waves: draft.waves.map((wave, index) => wave.map((move) => toStep(context, move, drainingOf(group, proof.drains[index]!)))),
    skipped: [...draft.skipped, ...resting(context)],
    findings: bySeverity(distinct([
      ...checks, ...draft.findings, ...unsafe, ...capacityLater(context, passed), ...halfway(context, draft.waves), ...notable(context, passed, points, proof.drains),
    ])),
    noWayBackAfter: points[0], ...(later.length > 0 && { later }),
    protected: group.members.some((each) => each.annotations.get(PROTECTED) === 'true'),
  }
}

/** The state in which a promotion begins: nothing is sent before every member stands at its gate with its pods. */
function atGates({ scene, changing }: CheckContext): Scene {
  const waiting = new Map(changing.map((each) => [each.name, each.next!]))
  return { ...scene, state: new Map([...scene.state].map(([name, moments]) => [name, waiting.has(name) ? moments.map((each) => up(each, waiting.get(name)!)) : moments])) }
}

/** Errors that already say why versions would meet, as `aborted` and `degraded` do why Services go empty; the proof's own words would only repeat them. */
const EXPLAINS: ReadonlySet<Code> = new Set(['next-wired-to-live', 'wired-to-both', 'wire-follows-role', 'unchanged-between', 'left-behind', 'half-or-leak'])

/**
 * One gate forward. `later` is the cutover that a gate before the last leads to: nobody should set out on a way whose end is refused.
 */
function forward(context: CheckContext): { waves: Move[][]; later: Move[][]; rounds: readonly Round[]; skipped: { member: string; why: string }[]; findings: Finding[] } {
  const rounds = roundsOf(context)
  const now = rounds[0]!
  const action: Action = context.options.full === true ? 'promote-full' : 'promote'
  const names = new Set(now.waves.flat())
  return {
    waves: now.waves.map((wave) => wave.map((member) => ({ member, action }))),
    later: now.cutover || context.group.mode === 'modern' ? [] : rounds.at(-1)!.waves.map((wave) => wave.map((member) => ({ member, action, last: true }))),
    rounds,
    skipped: context.changing.filter((each) => !names.has(each.name)).map((each) => ({ member: each.name, why: 'it waits at its gate for the others' })),
    findings: [],
  }
}

function resting(context: CheckContext): { member: string; why: string }[] {
  return context.group.members.filter((each) => !context.changing.includes(each)).map((each) => ({
    member: each.name,
    why: each.next === undefined ? `it is on ${each.live?.version.text ?? 'no version'} and nothing waits` : 'it is not named in --only',
  }))
}

function unsafeStep(context: CheckContext, wave: readonly Move[], violation: Parameters<typeof meet>[0]): Finding {
  const names = wave.map((each) => each.member).join(', ')
  return say(context, violation.kind === 'mixed' ? 'mixed-window' : 'dead-end', {
    member: violation.root.member,
    sentence: `while ${names} ${wave.length === 1 ? 'is' : 'are'} under way, users ${meet(violation)}`,
    remedy: violation.kind === 'mixed'
      ? 'wire each version to its own version only (preview Service, or a Service per version), and include every member in between in the release'
      : 'bring pods behind that Service, or point its callers elsewhere',
  })
}

function distinct(findings: readonly Finding[]): Finding[] {
  return findings.filter((each, index) => findings.findIndex((other) => other.sentence === each.sentence) === index)
}

/** The wave (from 1) of a round after which two members joined by a role-named wire are both on their next revision. */
function pointOfNoReturn(context: CheckContext, { waves, changing }: Round): number | undefined {
  const done = new Set(context.group.members.filter((each) => each.live !== undefined && context.colours.of.get(each.live.id) === 'next').map((each) => each.name))
  for (const [index, wave] of waves.entries()) {
    for (const member of wave) {
      const found = changing.find((each) => each.name === member)!
      if (atLastGate(found) || context.options.full === true) done.add(member)
    }
    if (joined(context, done)) return index + 1
  }
  return undefined
}

function joined(context: CheckContext, done: ReadonlySet<string>): boolean {
  return context.group.members.filter((each) => done.has(each.name)).some((consumer) =>
    (consumer.next ?? consumer.live)?.wires.some((wire) => {
      const dependency = context.changing.find((each) => each.name === wire.to)
      return dependency !== undefined && done.has(wire.to) && wire.service === nextService(dependency.strategy)
    }) ?? false)
}

/** What the prompt should say before the first write. */
function notable(context: CheckContext, rounds: readonly Round[], points: readonly (number | undefined)[], drains: readonly (readonly RevisionId[])[]): Finding[] {
  const { drain } = context.options
  const hasty = drain !== undefined && drain !== 'pods' && drains.some((each) => each.length > 0)
  const last = points.findIndex((each) => each !== undefined)
  const names = last < 0 ? [] : rounds[last]!.waves[points[last]! - 1]!
  const old = context.group.members.filter((member) => drains.flat().some((id) => id.startsWith(`${member.name}/`)))
  const endless = old.filter((member) => scaleDownDelayOf(member.strategy) === 0)
  return [
    ...(last < 0 ? [] : [say(context, 'no-way-back-after', {
      sentence: `once ${names.join(', ')} ${names.length === 1 ? 'is' : 'are'} promoted, no member can be undone without mixing versions`,
      remedy: 'go back before that, or use a Service per version, with which there is always a way back',
    })]),
    ...(hasty ? [say(context, 'drain', {
      sentence: `--drain=${drain === 'endpoints' ? drain : `${drain / 1000}s`} goes on while old ${old.map((each) => each.name).join(', ')} pods may still hold connections: requests over these may meet two versions`,
      remedy: 'leave --drain out to wait until they are gone',
    }, 'warning')] : []),
    ...(hasty ? [] : endless).map((member) => say(context, 'drain', {
      member: member.name, sentence: `the old pods of ${member.name} are never scaled down (scaleDownDelaySeconds: 0), so waiting for them to go would not end`,
      remedy: `set scaleDownDelaySeconds, or say --drain=endpoints ${inNamespace(context)}`,
    }, 'error')),
  ]
}

/** `--only` that leaves a part of the release where it is. */
function halfway(context: CheckContext, waves: readonly (readonly Move[])[]): Finding[] {
  const { group, changing, verb } = context
  const left = group.members.filter((each) => isWaiting(each) && !changing.includes(each)).map((each) => called(each.next!))
  if (waves.length === 0 || left.length === 0) return []
  return [say(context, 'half-way', {
    sentence: `--only leaves ${left.join(', ')} where ${left.length === 1 ? 'it waits' : 'they wait'}, and the group half ${verb === 'promote-all' ? 'promoted' : 'aborted'}`,
    remedy: `then finish it: kubectl rollouts-group ${verb} ${group.name} ${inNamespace(context)}`,
  })]
}

/** Capacity at the gates after the first one. */
function capacityLater(context: CheckContext, rounds: readonly Round[]): Finding[] {
  return rounds.slice(1).flatMap(({ changing }) => canaryCapacity({ ...context, changing }))
}

function laterGates(rounds: readonly Round[], points: readonly (number | undefined)[], group: Group, drains: readonly (readonly RevisionId[])[]): LaterGate[] {
  return rounds.slice(1).map(({ gate, of, waves, cutover }, index) => ({
    gate, of, waves: waves.map((wave, at) => ({ members: wave, drain: cutover ? drainingOf(group, drains[at] ?? []).map(({ member, version }) => ({ member, version })) : [] })),
    ...(points[index + 1] !== undefined && { noWayBackAfter: points[index + 1]! }),
  }))
}

function drainingOf(group: Group, ids: readonly RevisionId[]): Draining[] {
  return group.members.flatMap((member) => member.revisions.filter((each) => ids.includes(each.id)).map((each) => ({
    member: member.name, hash: each.hash, version: each.version, deadline: each.deadline, delay: scaleDownDelayOf(member.strategy) ?? 0,
  })))
}

function toStep(context: CheckContext, move: Move, drain: readonly Draining[]): Step {
  const member = context.changing.find((each) => each.name === move.member)!
  const forwards = move.action === 'promote' || move.action === 'promote-full'
  const live = planned(member.live ?? member.next!)
  const next = planned(member.next!)
  const advancing = move.action === 'promote' && !atLastGate(member)
  return {
    member: member.name, action: move.action,
    from: forwards ? live : next, to: forwards ? next : live,
    expect: expectation(member), until: goal(member, move.action, advancing), drain,
    why: why(context, member, move.action, advancing),
  }
}

function why(context: CheckContext, member: Member, action: Action, advancing: boolean): string {
  const rule = ORDER[advancing ? 'advance' : action]
  const near = context.graph.edges.filter((edge) => (rule.direction === 'consumers-first' ? edge.dependency : edge.consumer) === member.name)
    .map((edge) => (rule.direction === 'consumers-first' ? edge.consumer : edge.dependency))
    .filter((name) => context.changing.some((each) => each.name === name))
  if (context.group.mode === 'modern') return 'modern mode: in any order'
  return near.length === 0 ? `${rule.direction}: ${called(member.next!)} comes first` : `${rule.direction}: after ${[...new Set(near)].join(', ')}; ${rule.reason}`
}

function goal(member: Member, action: Action, advancing: boolean): Goal {
  const { strategy, replicas } = member
  const service = liveService(strategy)
  const stable = (member.live ?? member.next!).hash
  switch (action) {
    case 'promote':
    case 'promote-full': {
      const hash = member.next!.hash
      if (!advancing || strategy.kind === 'BlueGreen') return { kind: 'live', service, hash, replicas }
      const all = gates(strategy)
      const stepIndex = all.find((each) => each > (member.status.stepIndex ?? 0))!
      const gate = { number: all.indexOf(stepIndex) + 1, count: all.length, weight: weightAt(strategy, stepIndex) }
      return { kind: 'gate', stepIndex, hash, replicas: gateReplicas(member, stepIndex), gate }
    }
    case 'abort':
      return { kind: 'aborted', service, hash: stable, replicas }
    case 'restore-stable':
      return { kind: 'stable', services: [service, nextService(strategy)].filter((each) => each !== undefined), hash: stable, replicas }
  }
}

function planned(revision: Revision): PlannedRevision {
  return { hash: revision.hash, revision: revision.revision, version: revision.version }
}
