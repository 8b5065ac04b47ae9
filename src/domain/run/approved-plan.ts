import type { Step } from '../actions/step.ts'
import type { Group } from '../group/read-group.ts'
import { type Plan, sameSteps, stepsIn } from '../plan/plan.ts'
import { undone } from './confirmed.ts'
import type { Report } from './outcome.ts'

/** How a group stands to a plan that was saved. */
export type Comparison =
  /** What is left of it is what would be done now. */
  | { readonly state: 'same' }
  /** All of it is done. */
  | { readonly state: 'over'; readonly reports: readonly Report[] }
  /** Something else would be done now: what, told of each member that differs. */
  | { readonly state: 'outdated'; readonly reports: readonly Report[] }

/**
 * Compares a plan that was saved with what would be done now. A run of it may have been interrupted, so waves at its
 * beginning may be done.
 * @param toEnd it was saved to be carried out gate after gate: then the same revisions may go further
 */
export function compared(saved: Plan, now: Plan, group: Group, toEnd = false): Comparison {
  const other =
    saved.namespace !== now.namespace
      ? `the plan is one of namespace ${saved.namespace}`
      : saved.mode !== now.mode
        ? `the plan was made in ${saved.mode} mode, and the group is in ${now.mode} mode`
        : (saved.waves
            .flat()
            .map((step) => replaced(step, group))
            .find((each) => each !== undefined) ?? unplanned(saved, now))
  if (other !== undefined) return { state: 'outdated', reports: toldOfFirst(saved, other) }
  const left = remaining(saved, group)
  const due = now.waves
    .map((wave) => wave.filter((step) => undone(step, group) !== undefined))
    .filter((wave) => wave.length > 0)
  if (left.length === 0) {
    const further = toEnd && due.length > 0
    if (!further)
      return {
        state: 'over',
        reports: saved.waves.flat().map((step) => ({
          member: step.member,
          outcome: 'already-done',
          detail: `it is on ${step.to.version.text} already`,
        })),
      }
    const known = due
      .flat()
      .every((step) => saved.waves.flat().some((each) => each.member === step.member && each.to.hash === step.to.hash))
    return known ? { state: 'same' } : { state: 'outdated', reports: differences(saved, due, now) }
  }
  return sameSteps(left, due)
    ? { state: 'same' }
    : { state: 'outdated', reports: differences({ ...saved, waves: left }, due, now) }
}

/** An object that the files change otherwise than a plan says; what is in already is not changed any more. */
function unplanned({ objects: saved = [] }: Plan, { objects: now = [] }: Plan): string | undefined {
  const words = ({ kind, name, change }: (typeof now)[number]) => JSON.stringify([kind, name, change])
  const known = new Set(saved.map(words))
  const found = now.find((each) => !known.has(words(each)))
  return found === undefined
    ? undefined
    : `the plan says nothing of what ${found.where} changes of ${found.kind} ${found.name}`
}

/** A member that a plan means, and that is another one by now. */
function replaced({ member, expect }: Step, group: Group): string | undefined {
  const found = group.members.find((each) => each.name === member)
  // It was to be made.
  if (expect.uid === '') return undefined
  if (found === undefined) return `rollout/${member} is not in the group any more`
  return found.uid === expect.uid
    ? undefined
    : `rollout/${member} is not the one that the plan was made for: it was deleted and made anew`
}

/** A plan without the steps of its first waves that are done. */
function remaining(saved: Plan, group: Group): Plan['waves'] {
  const isDone = (step: Step) => undone(step, group) === undefined
  const first = saved.waves.findIndex((wave) => !wave.every(isDone))
  return first < 0 ? [] : [saved.waves[first]!.filter((step) => !isDone(step)), ...saved.waves.slice(first + 1)]
}

function toldOfFirst(saved: Plan, why: string): Report[] {
  return saved.waves
    .flat()
    .map((step, index) =>
      index === 0 ? { member: step.member, outcome: 'changed', detail: why } : unsent(step.member),
    )
}

function unsent(member: string): Report {
  return { member, outcome: 'not-started', detail: 'nothing was sent, since the plan is out of date' }
}

/** What differs, once: of each member what differs of it; of the first the order, where only that does. */
function differences(saved: Plan, due: Plan['waves'], { skipped }: Plan): Report[] {
  const [was, is] = [saved.waves, due].map((waves) => new Map(waves.flat().map((step) => [step.member, step])))
  const names = [...new Set([...was!.keys(), ...is!.keys()])]
  const told = names.map((name): Report => {
    const [before, now] = [was!.get(name), is!.get(name)]
    const why = differs(before, now, skipped.find((each) => each.member === name)?.why)
    return why === undefined ? unsent(name) : { member: name, outcome: 'changed', detail: why }
  })
  if (told.some((each) => each.outcome === 'changed')) return told
  return toldOfFirst(saved, `the order is another one now: ${stepsIn(due)}; the plan says ${stepsIn(saved.waves)}`)
}

function differs(before: Step | undefined, now: Step | undefined, resting: string | undefined): string | undefined {
  if (before === undefined) return `the plan knows nothing of it, and it would be done now: ${words(now!)}`
  if (now === undefined)
    return (
      `the plan says ${words(before)}; now ` +
      `${resting ?? `it is on ${before.to.version.text} already, before its turn`}`
    )
  const hashes = words(before) === words(now)
  const same = before.action === now.action && before.from.hash === now.from.hash && before.to.hash === now.to.hash
  return same ? undefined : `the plan says ${words(before, hashes)}; now it would be ${words(now, hashes)}`
}

function words({ action, from, to }: Step, hashes = false): string {
  const named = ({ hash, version }: Step['from']) => (hashes ? `${version.text} (${hash})` : version.text)
  return `${action} ${named(from)} → ${named(to)}`
}
