import { type Group, readGroup } from '../group/read-group.ts'
import type { PlanOptions } from '../intent.ts'
import { bySeverity, type Code, type Finding, reasonOf } from '../findings/finding.ts'
import { makePlan } from '../plan/make-plan.ts'
import { distinct } from '../plan/notes.ts'
import { aheadLine } from '../plan/plan-line.ts'
import { type Plan, type PlannedObject, refusing } from '../plan/plan.ts'
import { deployFindings } from './findings.ts'
import { changeOf } from './changes.ts'
import type { Desired } from './desired.ts'
import { overlay } from './overlay.ts'
import { strays } from './strays.ts'

/**
 * What deploying a person's files would do to a group, proved or refused together with the promotion that follows:
 * nobody should deploy what cannot be promoted. Pure and total. The same files planned for a group in which a part of
 * them is in give what is left.
 */
export function planDeploy(group: Group, desired: Desired, options: PlanOptions = {}): Plan {
  const ground = groundOf(group, desired)
  const plan = makePlan(ground, 'deploy-all', options, group)
  const unfit = [...desired.findings, ...strays(desired, group.mode)]
  const [why] = refusing({ ...plan, findings: unfit })
  if (why !== undefined) return untouched(plan, group, unfit, why)
  const next = makePlan(ground, 'promote-all', options, group)
  const own = deployFindings(group, ground, desired, options)
  const strikes = own.some(
    ({ code, severity }) => severity === 'error' && (code === 'live-wired-to-next' || code === 'release-in-progress'),
  )
  const files = new Set(desired.objects.filter(({ kind }) => kind === 'Rollout').map(({ name }) => name))
  return {
    ...plan,
    skipped: plan.skipped.map((each) =>
      files.has(each.member) ? each : { ...each, why: `it is not in the files: ${each.why}` },
    ),
    findings: bySeverity(
      distinct([
        ...unfit,
        ...own,
        ...[...plan.findings, ...next.findings]
          .filter((each) => !strikes || !FOLLOWS.includes(each.code))
          .map((each) => (each.code === 'aborted' ? { ...each, remedy: GIVE_IT_TOO } : each)),
      ]),
    ),
    objects: objectsIn(desired),
    ...(desired.wiring !== undefined && { wiring: desired.wiring }),
    then: aheadLine(next, options.drain),
    ...(next.apart !== undefined && { thenApart: next.apart }),
  }
}

/** Of whom the files hold nothing stays aborted. */
const GIVE_IT_TOO = 'give the files of all members: what was aborted is tried again then, or replaced'

/** Files that cannot be meant: what they would make of the group is nothing that anybody wants to know. */
function untouched(plan: Plan, { members }: Group, findings: readonly Finding[], because: Finding): Plan {
  const stays = (version: string | undefined) => `it stays ${version === undefined ? 'as it is' : `on ${version}`}`
  return {
    ...plan,
    waves: [],
    apart: [],
    skipped: members.map(({ name, live }) => ({
      member: name,
      why: `${stays(live?.version.text)}: ${reasonOf(because)}`,
      refused: true,
    })),
    findings: bySeverity(distinct(findings)),
    noWayBackAfter: undefined,
    objects: [],
  }
}

/** What follows where users are on what is replaced, and is told with it. */
const FOLLOWS: readonly Code[] = ['dead-end', 'mixed-window', 'live-wired-to-next', 'no-way-back-after']

/** What is applied, and what that changes; what stays as it is is left out. */
function objectsIn(desired: Desired): PlannedObject[] {
  return desired.objects.flatMap((each) => {
    const change = each.given === undefined ? undefined : changeOf(each)
    return change === undefined ? [] : [{ kind: each.kind, name: each.name, where: each.where, change }]
  })
}

/** The group as it will stand once the files are in and every new revision is at its gate. */
export function groundOf(group: Group, desired: Desired): Group {
  return readGroup(overlay(group.snapshot, desired), group.name, group.mode)
}
