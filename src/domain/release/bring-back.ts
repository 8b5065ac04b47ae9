import { hasJustLeft } from '../actions/undo.ts'
import { contextOf, isAborted } from '../checks/context.ts'
import { broughtBack } from '../group/brought-back.ts'
import { labelOf, memberNamed } from '../group/member.ts'
import { lacksOf } from '../group/past-releases.ts'
import type { Group } from '../group/read-group.ts'
import type { PlanOptions } from '../intent.ts'
import type { Manifest } from '../manifests/manifest.ts'
import { hadBefore } from '../plan/had-before.ts'
import { makePlan } from '../plan/make-plan.ts'
import { refused } from '../plan/plan.ts'
import { isStruckBack, promotedBack, promotedIn } from '../plan/promoted.ts'
import { manifestsOf, withTemplate } from './applied.ts'
import { freshId } from './undo.ts'

/** What brings the users of a release that is half promoted back, before the rest of it is withdrawn. */
export type BringingBack =
  /** Nobody was promoted, or all of them go back at once with the rest (`abort-all --undo-promoted` by itself). */
  | { readonly state: 'none' }
  /** What they use was aborted under them: it comes up again first. */
  | { readonly state: 'aborted' }
  /** They call each other through Services in front of next versions: to bring one back would strike the others. */
  | { readonly state: 'struck'; readonly members: readonly string[] }
  /** Nothing tells what they were before. */
  | { readonly state: 'unknown'; readonly members: readonly string[] }
  /** What they were before had this, which is not there any more. */
  | { readonly state: 'lost'; readonly members: readonly string[]; readonly lacks: readonly string[] }
  /** Their old pods are gone: the old pod templates come to their gates, under a fresh name. */
  | {
      readonly state: 'gone'
      readonly members: readonly string[]
      readonly id: string
      readonly manifests: readonly Manifest[]
    }
  /** These stand at their gates, on the way back. */
  | { readonly state: 'at-gates'; readonly members: readonly string[] }

/** Whether the controller has yet to say how long the old pods of those who were promoted stay. */
export function haveJustLeft(group: Group, options: PlanOptions): boolean {
  return promotedIn(contextOf(group, 'abort-all', options)).some(hasJustLeft)
}

/** Whether who was promoted goes back at once to pods that still run (`undo-all --fast`). */
export function isBackAtOnce(group: Group, options: PlanOptions): boolean {
  const context = contextOf(group, 'abort-all', { ...options, undoPromoted: true })
  return context.changing.length > 0 && promotedBack(context).length > 0
}

/** What comes first of it now. Pure and total: asked again after each step it leads to the end. */
export function bringingBack(group: Group, options: PlanOptions, workloads: readonly unknown[] = []): BringingBack {
  const context = contextOf(group, 'abort-all', { ...options, undoPromoted: true })
  const { back } = context.releases
  const promoted = promotedIn(context)
  // Where a run was killed between two of these, who stands at its gate goes nowhere without those that call it.
  if (back.length > 0 && promoted.length === 0) return { state: 'at-gates', members: back }
  if (promoted.length === 0 || context.changing.length === 0) return { state: 'none' }
  if (isStruckBack(context)) return { state: 'struck', members: promoted.map(({ name }) => name) }
  if (promotedBack(context).length > 0) return { state: 'none' }
  if (group.members.some(isAborted) && !refused(makePlan(group, 'retry-all', options))) return { state: 'aborted' }
  const members = [...back, ...promoted.map(({ name }) => name)]
  const before = hadBefore(context)
  if (before === undefined) return { state: 'unknown', members }
  const lacks = lacksOf(group, before.revisions)
  if (lacks.length > 0) return { state: 'lost', members, lacks }
  const manifests = before.revisions.flatMap((revision) => {
    const member = memberNamed(group.members, revision.member)!
    return manifestsOf(member, group, workloads).flatMap((each) => withTemplate(each, member, revision))
  })
  const begun = context.changing.flatMap(({ name, next }) => (back.includes(name) ? [next!] : []))
  const id = begun.flatMap((each) => (broughtBack(each) === undefined ? [] : (labelOf(each) ?? [])))[0]
  return { state: 'gone', members, id: id ?? freshId(group, before.release), manifests }
}
