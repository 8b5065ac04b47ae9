import type { Action } from '../actions/action.ts'
import { ACTIONS } from '../actions/actions.ts'
import { wavesOf } from '../actions/order.ts'
import { progressOf } from '../actions/goals.ts'
import type { Move } from '../actions/step.ts'
import type { CheckContext } from '../checks/context.ts'
import { backFirst, ours, say } from '../checks/say.ts'
import type { Finding } from '../findings/finding.ts'
import { called, type Member } from '../group/member.ts'
import { nextService } from '../objects/strategy.ts'
import { behind } from '../trace/doors.ts'
import { type State, without } from '../trace/moments.ts'
import { roots, type Scene, targets } from '../trace/requests.ts'
import { meet } from '../trace/words.ts'
import { type Violation, violationKey } from '../trace/violations.ts'
import { merged } from './merged.ts'
import { isStruckBack, promotedBack, promotedIn } from './promoted.ts'
import { knownIn, prove } from './prove.ts'

export interface WayBack {
  readonly waves: readonly (readonly Move[])[]
  /** Of each wave but the first, why it is not one with the wave before it. */
  readonly apart?: readonly string[]
  readonly skipped: readonly { readonly member: string; readonly why: string }[]
  readonly findings: readonly Finding[]
}

/**
 * How to withdraw a release, consumers first. For each member the first action of this table that the trace proves:
 *
 * | situation | actions |
 * |---|---|
 * | active Service not on stable (post-promotion analysis running, or stuck) | restore-stable, never abort (1) |
 * | `promoteFull` set: the controller ignores an abort | restore-stable |
 * | `scaleUpPreviewCheckPoint` set (2) | restore-stable |
 * | a user-carrying revision that is not about to go reaches its preview or canary Service | restore-stable |
 * | `--to-stable` | restore-stable |
 * | aborted already, and the cluster shows it | nothing |
 * | otherwise | abort, else restore-stable |
 *
 * (1) With one unready pod Argo scales the live Service's pods to 0.
 * (2) It outlives an abort, and the next revision would go live without a gate (seen on 1.10.1).
 *
 * A promoted consumer that uses the next revision lets neither be proved: `partial-release`. With `--undo-promoted` it
 * goes back first, while its old pods still run: later it comes back through a gate (release/bring-back.ts).
 */
export function wayBack(context: CheckContext): WayBack {
  const waves: Move[][] = []
  const skipped: { member: string; why: string }[] = []
  const findings: Finding[] = []
  const names = namesOf(context.changing)
  // What nobody could mend is told once, of the member that brings it about: others have no part in it.
  const known = knownIn(context.scene)
  let before = context.scene
  for (const layer of wavesOf(context.graph, namesOf(comingBack(context)), ACTIONS.undo.order)) {
    const wave = layer.map((member): Move => ({ member, action: 'undo' }))
    waves.push(wave)
    before = afterwards(before, wave, known)
  }
  const layers = wavesOf(context.graph, names, ACTIONS.abort.order)
  const plain = waves.length > 0 ? undefined : atOnce(context, layers, known)
  if (plain !== undefined) return { ...plain, ...merged(context, context.scene, plain.waves) }
  for (const layer of layers) {
    const wave: Move[] = []
    for (const name of layer) {
      const member = context.changing.find((each) => each.name === name)!
      const brings = (moves: readonly Move[]) =>
        prove(before, [moves], false, known).broken.map((each) => each.violation)
      const actions = candidates(context, member, afterwards(before, wave, known))
      if (typeof actions === 'string') {
        skipped.push({ member: name, why: actions })
        continue
      }
      const proved = actions.find((action) => brings([...wave, { member: name, action }]).length === 0)
      wave.push({ member: name, action: proved ?? actions[0]! })
      if (proved === undefined) {
        const found = brings(wave)
        findings.push(noWay(context, member, found[0]!))
        for (const each of found) known.add(violationKey(each))
      } else findings.push(...held(context, member, proved))
    }
    if (wave.length === 0) continue
    waves.push(wave)
    before = afterwards(before, wave, known)
  }
  return { ...(findings.length > 0 ? { waves } : merged(context, context.scene, waves)), skipped, findings }
}

/**
 * The way back where nobody uses what waits, and all of it may go at once: then it may go layer after layer, too, and
 * no layer has to be proved by itself.
 */
function atOnce(
  context: CheckContext,
  layers: readonly (readonly string[])[],
  known: ReadonlySet<string>,
): WayBack | undefined {
  const members = new Map(context.changing.map((each) => [each.name, each]))
  if (context.changing.some((each) => usedByLive(context.scene, each))) return undefined
  const skipped: { member: string; why: string }[] = []
  const findings: Finding[] = []
  let plain = true
  const waves = layers.map((layer) =>
    layer.flatMap((name): Move[] => {
      const member = members.get(name)!
      const actions = candidates(context, member, context.scene)
      if (typeof actions === 'string') {
        skipped.push({ member: name, why: actions })
        return []
      }
      if (actions[0] !== 'abort') plain = false
      findings.push(...held(context, member, actions[0]!))
      return [{ member: name, action: actions[0]! }]
    }),
  )
  if (!plain || prove(context.scene, [waves.flat()], false, known).broken.length > 0) return undefined
  return { waves: waves.filter((each) => each.length > 0), skipped, findings }
}

function namesOf(members: readonly Member[]): Set<string> {
  return new Set(members.map((each) => each.name))
}

function comingBack(context: CheckContext): readonly Member[] {
  const { only, undoPromoted } = context.options
  return undoPromoted === true && only === undefined ? promotedBack(context) : []
}

/** The actions to try for a member, or why it needs none. */
function candidates(context: CheckContext, member: Member, scene: Scene): readonly Action[] | string {
  const { live, next, strategy, status } = member
  if (live === undefined) return 'its first revision is still being deployed; there is nothing to go back to'
  if (strategy.kind === 'BlueGreen') {
    const active = behind(context.group, member, strategy.activeService)
    if (active.length > 0 && !active.some((each) => each.id === live.id)) return ['restore-stable']
  }
  if (status.promoteFull || status.scaleUpPreviewCheckPoint || usedByLive(scene, member)) return ['restore-stable']
  if (context.options.toStable === true) return ['restore-stable']
  return isWithdrawn(context, member) ? `${called(next!)} is aborted already` : ['abort', 'restore-stable']
}

/** An abort that was only asked for is none: the controller may be down, or users still on the pods that are to go. */
function isWithdrawn({ group, options }: CheckContext, member: Member): boolean {
  if (!member.status.abort) return false
  return progressOf(ACTIONS.abort.goal(member, options.since ?? 0), member, group).state === 'done'
}

/**
 * What `spec.paused` holds up: the pods of a paused canary are not scaled, the Services of a paused blue/green stay
 * where they are (rollout/context.go, haltProgress). A router's weights are set all the same.
 */
function held(context: CheckContext, member: Member, action: Action): Finding[] {
  const lost = ACTIONS[action].heldByPause(member.strategy)
  if (!member.paused || lost === undefined) return []
  return [
    say(context, 'manually-paused', {
      member: member.name,
      sentence: `rollout/${member.name} is paused by hand (spec.paused), so ${lost}`,
      remedy: ['un-pause it first: ', ours(context, 'resume-all')],
    }),
  ]
}

/**
 * Whether users come through the Service in front of the next revision, and will go on to; who is leaving is waited
 * for.
 */
function usedByLive(scene: Scene, { name, strategy }: Member): boolean {
  const known = used.get(scene.state) ?? usedBy(scene)
  used.set(scene.state, known)
  return known.has(`${name} ${nextService(strategy)}`)
}

const used = new WeakMap<State, ReadonlySet<string>>()

/** The members that users reach, and will go on to, each with the Service through which they do. */
function usedBy(scene: Scene): Set<string> {
  const staying = {
    ...scene,
    state: new Map([...scene.state].map(([name, moments]) => [name, moments.map((each) => without(each, each.held))])),
  }
  const reached = new Set(roots(staying))
  const found = new Set<string>()
  for (const from of reached)
    for (const wire of from.wires) {
      if (wire.role === undefined) found.add(`${wire.to} ${wire.service}`)
      for (const to of targets(staying, from, wire)) reached.add(to)
    }
  return found
}

function afterwards(scene: Scene, wave: readonly Move[], known: ReadonlySet<string>): Scene {
  return wave.length === 0 ? scene : { ...scene, state: prove(scene, [wave], false, known).after }
}

function noWay(context: CheckContext, member: Member, broken: Violation): Finding {
  const path = broken.path.map((hop) => hop.revision)
  const consumer = path.findLast((each) => each.member !== member.name && context.releases.of.get(each.id) === 'new')
  if (consumer === undefined) {
    return say(context, broken.kind === 'mixed' ? 'mixed-window' : 'dead-end', {
      member: member.name,
      sentence: `withdrawing ${called(member.next!)} would make users ${meet(broken)}`,
      remedy: ['go forward instead: ', ours(context, 'promote-all')],
    })
  }
  return say(context, 'partial-release', {
    member: member.name,
    sentence:
      `users are on ${called(consumer)} already, which uses ` +
      `${called(member.next!)}: withdrawing that would make them ${meet(broken)}`,
    remedy: backFirst(context) ?? [
      'finish the release: ',
      ours(context, 'promote-all'),
      ...(promotedIn(context).some((each) => each.name === consumer.member) && !isStruckBack(context)
        ? ['; or bring users back first: ', ours(context, 'abort-all', '--undo-promoted')]
        : ['; from there the release before is a way back: ', ours(context, 'undo-all')]),
    ],
  })
}
