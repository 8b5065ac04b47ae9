import { contextOf } from '../checks/context.ts'
import { foreseenIn } from '../checks/table.ts'
import { type Finding, rowOf } from '../findings/finding.ts'
import { gateReplicas } from '../group/gate.ts'
import { isChanging, type Member, memberNamed, type Revision } from '../group/member.ts'
import type { Group } from '../group/read-group.ts'
import type { PlanOptions } from '../intent.ts'
import { RELEASE } from '../objects/labels.ts'
import { pointedTo, type Service } from '../objects/service.ts'
import { gates, liveService, nextService } from '../objects/strategy.ts'
import { isFirst } from '../trace/doors.ts'
import { doubtsForeseen } from './doubts.ts'
import { distinct } from './notes.ts'

/** The pod template hash of a revision that is only thought of; no real one has such letters. */
const THOUGHT_OF = 'NEXT'

/**
 * What follows from the specs of a group at rest for its next release, whatever that brings: it is told before anybody
 * deploys, all of it together. Nothing where a release is under way, or where each member's release is its own affair.
 */
export function foreseen(group: Group, options: PlanOptions = {}): Finding[] {
  if (group.mode === 'modern' || group.members.some(isChanging)) return []
  const context = { ...contextOf(rehearsal(group), 'promote-all', options), ahead: true } as const
  if (context.changing.length === 0) return []
  const found = [...foreseenIn(context), ...doubtsForeseen(context)].map((each) => {
    const { atRest } = rowOf(each.code)
    return atRest !== undefined && each.severity === 'error' ? { ...each, severity: atRest } : each
  })
  return distinct(found)
}

/** The group as it will stand when everything has a next revision at its first gate, wired as the live one is. */
function rehearsal(group: Group): Group {
  const members = group.members.map(withNext)
  const services = new Map(group.services)
  const point = (name: string | undefined, hash: string, when: (service: Service) => boolean) => {
    const service = services.get(name ?? '')
    if (service !== undefined && when(service)) services.set(service.name, pointedTo(service, hash))
  }
  for (const { name, strategy, live } of members) {
    if (live === undefined) continue
    // Those of a first version are pointed by then.
    const first = isFirst(memberNamed(group.members, name)!)
    if (first) point(liveService(strategy), live.hash, ({ hash }) => hash === undefined)
    point(nextService(strategy), THOUGHT_OF, ({ hash }) => first || hash !== undefined)
  }
  return { ...group, members, services }
}

function withNext(member: Member): Member {
  const { live, strategy, name, status } = member
  if (live === undefined) return member
  const stepIndex = strategy.kind === 'Canary' ? (gates(strategy)[0] ?? 0) : undefined
  const pods = gateReplicas(member, stepIndex ?? 0)
  const next: Revision = {
    ...live,
    id: `${name}/${THOUGHT_OF}`,
    hash: THOUGHT_OF,
    role: 'next',
    version: { ...live.version, text: 'next', value: 'next' },
    template: { ...live.template, labels: labelsOfNext(member, live) },
    revision: live.revision + 1,
    desired: pods,
    pods,
    available: pods,
  }
  return {
    ...member,
    next,
    revisions: [next, ...member.revisions],
    status: { ...status, currentPodHash: THOUGHT_OF, stepIndex },
  }
}

/**
 * The next release has the labels of the live one, but for those that tell versions apart: the release's own, and
 * others by what they say, or have said.
 */
function labelsOfNext({ revisions }: Member, live: Revision): ReadonlyMap<string, string> {
  const told = (key: string, value: string) =>
    key === RELEASE ||
    value === live.version.value ||
    revisions.some(({ template }) => (template.labels.get(key) ?? value) !== value)
  return new Map([...live.template.labels].map(([key, value]) => [key, told(key, value) ? THOUGHT_OF : value]))
}
