import type { Action } from '../actions/action.ts'
import type { Draining, Move } from '../actions/step.ts'
import { pointed, up } from '../actions/transition.ts'
import type { CheckContext } from '../checks/context.ts'
import { atLastGate, gateReplicas } from '../group/gate.ts'
import { type Member, memberNamed, type RevisionId } from '../group/member.ts'
import type { Group } from '../group/read-group.ts'
import { madeOnce } from '../objects/parse-once.ts'
import { nextService, scaleDownDelayOf } from '../objects/strategy.ts'
import { isReachedNow } from '../trace/doors.ts'
import type { Moment } from '../trace/moments.ts'
import type { Scene } from '../trace/requests.ts'
import type { Draft } from './draft.ts'
import { atOnceInModern, merged } from './merged.ts'
import { prove } from './prove.ts'
import { type Round, roundsOf } from '../checks/gates-ahead.ts'
import type { LaterGate } from './plan.ts'

/** The state in which a promotion begins: nothing is sent before every member stands at its gate with its pods. */
export const atGates = madeOnce(({ scene, changing }: CheckContext): Scene => {
  const waiting = new Map(
    changing.filter((each) => gateReplicas(each, each.status.stepIndex ?? 0) > 0).map((each) => [each.name, each]),
  )
  return {
    ...scene,
    state: new Map(
      [...scene.state].map(([name, moments]) => {
        const member = waiting.get(name)
        return [name, member === undefined ? moments : moments.map((each) => atGate(scene.group, member, each))]
      }),
    ),
  }
})

function atGate(group: Group, member: Member, moment: Moment): Moment {
  const { next, strategy } = member
  const at = up(member, moment, next!)
  if (strategy.kind === 'BlueGreen') return at
  const users = isReachedNow(group, member, strategy) ? [next!.id] : []
  return {
    ...at,
    selects: pointed(group, at, [strategy.canaryService], next!),
    carrying: new Set([...moment.carrying, ...users]),
  }
}

/**
 * One gate forward. `later` is the cutover that a gate before the last leads to: nobody should set out on a way whose
 * end is refused.
 */
export function forward(context: CheckContext): Draft {
  const rounds = roundsOf(context)
  const [now, end] = [rounds[0]!, rounds.at(-1)!]
  const names = new Set(now.waves.flat())
  const first = movesOf(context, now)
  const start = atGates(context)
  const isModern = context.group.mode === 'modern'
  const cutOver = () => (isModern ? atOnceInModern(context, start, first) : merged(context, start, first))
  const { waves, apart } = now.cutover ? cutOver() : { waves: first, apart: undefined }
  const isLast = now.cutover || isModern
  const later = isLast
    ? []
    : merged(context, { ...start, state: prove(start, waves).after }, movesOf(context, end)).waves
  const last = { ...end, waves: (now.cutover ? waves : later).map((wave) => wave.map(({ member }) => member)) }
  return {
    waves,
    ...(apart !== undefined && { apart }),
    later,
    rounds: isLast && !now.cutover ? rounds : [...rounds.slice(0, -1), last],
    skipped: context.changing
      .filter((each) => !names.has(each.name))
      .map((each) => ({ member: each.name, why: 'it waits at its gate for the others' })),
    findings: [],
  }
}

function movesOf({ options }: CheckContext, { waves, cutover }: Round): Move[][] {
  const action: Action = options.full === true ? 'promote-full' : cutover ? 'promote' : 'advance'
  return waves.map((wave) => wave.map((member) => ({ member, action })))
}

/** The wave (from 1) of a round after which two members joined by a role-named wire are both on their next revision. */
export function pointOfNoReturn(context: CheckContext, { waves, changing }: Round): number | undefined {
  const done = new Set(
    context.group.members
      .filter((each) => each.live !== undefined && context.releases.of.get(each.live.id) === 'new')
      .map((each) => each.name),
  )
  for (const [index, wave] of waves.entries()) {
    for (const member of wave) {
      const found = memberNamed(changing, member)!
      if (atLastGate(found) || context.options.full === true) done.add(member)
    }
    if (joined(context, done)) return index + 1
  }
  return undefined
}

function joined(context: CheckContext, done: ReadonlySet<string>): boolean {
  return context.group.members
    .filter((each) => done.has(each.name))
    .some(
      (consumer) =>
        (consumer.next ?? consumer.live)?.wires.some((wire) => {
          const dependency = memberNamed(context.changing, wire.to)
          return dependency !== undefined && done.has(wire.to) && wire.service === nextService(dependency.strategy)
        }) ?? false,
    )
}

export function laterGates(
  rounds: readonly Round[],
  points: readonly (number | undefined)[],
  group: Group,
  drains: readonly (readonly RevisionId[])[],
): LaterGate[] {
  return rounds.slice(1).map(({ gate, of, waves, cutover }, index) => ({
    gate,
    of,
    waves: waves.map((wave, at) => ({
      members: wave,
      drain: cutover
        ? drainingOf(group, drains[at] ?? [], new Set()).map(({ member, version }) => ({ member, version }))
        : [],
    })),
    ...(points[index + 1] !== undefined && { noWayBackAfter: points[index + 1]! }),
  }))
}

/** @param mixing as of a proof */
export function drainingOf(group: Group, ids: readonly RevisionId[], mixing: ReadonlySet<RevisionId>): Draining[] {
  const drained = new Set(ids)
  return group.members.flatMap((member) =>
    member.revisions
      .filter((each) => drained.has(each.id))
      .map((each) => ({
        member: member.name,
        hash: each.hash,
        version: each.version,
        deadline: each.deadline,
        delay: scaleDownDelayOf(member.strategy) ?? 0,
        ...(!mixing.has(each.id) && { empty: true as const }),
      })),
  )
}
