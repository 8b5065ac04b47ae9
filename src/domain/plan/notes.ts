import type { Move } from '../actions/step.ts'
import { type CheckContext, isAborted, isWaiting } from '../checks/context.ts'
import { circleRemedy } from '../checks/circle.ts'
import { madeAnew } from '../checks/gone-service.ts'
import { backFirst, ours, say } from '../checks/say.ts'
import { type Finding, findingKey, rowOf } from '../findings/finding.ts'
import { VERBS } from '../intent.ts'
import { called, type Member } from '../group/member.ts'
import type { Violation } from '../trace/violations.ts'
import { meet } from '../trace/words.ts'
import type { Skipped } from './plan.ts'

/**
 * In modern mode: the members that have trouble of their own, which is no reason to refuse another's promotion. Where
 * it leaves nobody to promote, what would forbid it otherwise does.
 */
export function heldBack({ group, acting }: CheckContext, findings: readonly Finding[]): Map<string, Skipped> {
  if (group.mode === 'legacy') return new Map()
  const names = new Set(acting.map((each) => each.name))
  const holding = findings.flatMap((finding) =>
    rowOf(finding.code).holds
      ? finding.members.filter((each) => names.has(each)).map((member) => ({ member, finding }))
      : [],
  )
  const all = new Set(holding.map(({ member }) => member)).size === names.size
  const forbidden = ({ severity, code }: Finding) => severity === 'error' || (all && rowOf(code).refuses === true)
  return new Map(
    holding.map(({ member, finding }): [string, Skipped] => [
      member,
      { member, why: finding.sentence, ...(forbidden(finding) && { refused: true }) },
    ]),
  )
}

export function resting(context: CheckContext): { member: string; why: string }[] {
  return context.group.members
    .filter((each) => !context.acting.includes(each))
    .map((each) => ({ member: each.name, why: whyResting(context, each) }))
}

function whyResting({ verb, options }: CheckContext, { name, live, next, status }: Member): string {
  const { on } = VERBS[verb]
  if (next === undefined && on !== 'all') return `it is on ${live?.version.text ?? 'no version'} and nothing waits`
  return on === 'aborted' && !status.abort && options.only?.includes(name) !== false
    ? 'it was not aborted'
    : 'it is not named in --only'
}

export function unsafeStep(
  context: CheckContext,
  wave: readonly Move[],
  violation: Parameters<typeof meet>[0],
): Finding {
  const names = wave.map((each) => each.member).join(', ')
  return say(context, violation.kind === 'mixed' ? 'mixed-window' : 'dead-end', {
    member: violation.root.member,
    sentence: `while ${names} ${wave.length === 1 ? 'is' : 'are'} under way, users ${meet(violation)}`,
    remedy:
      backFirst(context) ??
      (violation.kind === 'dead'
        ? (madeAnew(context, [violation]) ?? 'bring pods behind that Service, or point its callers elsewhere')
        : comesBack(violation)
          ? circleRemedy(context, circleOf(context, violation))
          : 'wire each version to its own version only (preview Service, or a ' +
            'Service per version), and include every member in between in the release'),
  })
}

/** Whether a request comes back to a member that it has passed: right wires alone do not help there. */
function comesBack({ path }: Pick<Violation, 'path'>): boolean {
  return new Set(path.map(({ revision }) => revision.member)).size < path.length
}

/** The members of the circle that it comes back in. */
function circleOf({ graph }: CheckContext, { root, path }: Pick<Violation, 'root' | 'path'>): readonly string[] {
  const passed = new Set([root.member, ...path.map(({ revision }) => revision.member)])
  return graph.cycles.find((each) => each.some((name) => passed.has(name))) ?? [...passed]
}

/** Each finding once. */
export function distinct(findings: readonly Finding[]): Finding[] {
  return findings.filter(
    (each, index) => findings.findIndex((other) => findingKey(other) === findingKey(each)) === index,
  )
}

/** `--only` that leaves a part of the release where it is. */
export function halfway(context: CheckContext, waves: readonly (readonly Move[])[]): Finding[] {
  const { group, acting, verb, options } = context
  const { on, words } = VERBS[verb]
  // Whom that brings back is not all of it: the same run goes on with the others.
  if (on === 'all' || options.undoPromoted === true) return []
  const left = group.members
    .filter((each) => (on === 'aborted' ? isAborted(each) : isWaiting(each)) && !acting.includes(each))
    .map((each) => called(each.next!))
  if (waves.length === 0 || left.length === 0) return []
  const where = on === 'aborted' ? 'aborted' : left.length === 1 ? 'where it waits' : 'where they wait'
  return [
    say(context, 'half-way', {
      sentence: `--only leaves ${left.join(', ')} ${where}, ` + `and the group half ${words.done}`,
      remedy: ['then finish it: ', ours(context, verb)],
    }),
  ]
}
