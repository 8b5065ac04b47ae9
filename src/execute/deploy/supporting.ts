import { ClusterError } from '../../cluster/port.ts'
import { leftAsItIs } from '../../domain/actions/actions.ts'
import type { Step } from '../../domain/actions/step.ts'
import { few } from '../../domain/checks/say.ts'
import { changeOf } from '../../domain/deploy/changes.ts'
import { besideMembers, type Wanted } from '../../domain/deploy/desired.ts'
import type { Plan } from '../../domain/plan/plan.ts'
import type { Report } from '../../domain/run/outcome.ts'
import { at } from '../../domain/objects/fields.ts'
import { HASH_LABEL } from '../../domain/objects/labels.ts'
import { type RunContext, tell } from '../context.ts'
import { ended } from '../result.ts'
import { type Bounds, cutting } from '../waiting.ts'

/**
 * Applies what the pods of a release need before any of them is there: one object after the other, in the order of the
 * files. What is so already is left alone, so that a run made again goes on.
 * @returns what went wrong, as reports of that object and of every member; empty where all of it is in
 */
export async function applySupporting(context: RunContext, plan: Plan, bounds: Bounds): Promise<readonly Report[]> {
  const steps = plan.waves.flat()
  const objects = besideMembers(context.deployment!.desired, new Set(steps.map((step) => step.member)))
  const changing = objects.filter((each) => changeOf(each) !== undefined)
  for (const [index, each] of changing.entries()) {
    let sent = false
    try {
      bounds.check()
      sent = true
      const answer = await context.deployment!.applier.apply(each.given, { signal: cutting(context, bounds) })
      mustBePointed(each, answer)
      tell(context, {
        type: 'applied',
        kind: each.kind,
        name: each.name,
        how: each.was === undefined ? 'created' : 'configured',
      })
    } catch (error) {
      const itself = sent && !isRefused(error) ? 'it was being applied and may be in' : 'nothing of it was applied'
      const others = [...named('in', changing.slice(0, index)), ...named('not in', changing.slice(index + 1))]
      const failed = ended(error, [{ member: nameOf(each) }], itself)
      return [
        ...failed.map((report) => ({ ...report, detail: [report.detail, ...others].join('; ') })),
        ...steps.map((step) => notStarted(step)),
      ]
    }
  }
  return []
}

/** Whether the API server has said no, so that nothing of it is stored. */
function isRefused(error: unknown): boolean {
  return error instanceof ClusterError && error.status !== undefined && error.status >= 400 && error.status < 500
}

function nameOf({ kind, name }: Wanted): string {
  return `${kind.toLowerCase()}/${name}`
}

function named(where: string, objects: readonly Wanted[]): string[] {
  return objects.length === 0 ? [] : [`${where}: ${few(objects.map(nameOf))}`]
}

function notStarted(step: Step): Report {
  return { member: step.member, outcome: 'not-started', detail: leftAsItIs(step) }
}

/** A Service that its controller has pointed stays so. @throws ClusterError */
function mustBePointed({ was, name }: Wanted, answer: unknown): void {
  const [before, now] = [was, answer].map((each) => at(each, 'spec', 'selector', HASH_LABEL))
  if (before === undefined || now !== undefined) return
  throw new ClusterError(
    'Invalid',
    `Service ${name} has lost the pod template hash of its selector, and selects every revision until its controller ` +
      'has looked again',
  )
}
