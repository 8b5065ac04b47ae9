import { kubectl, listed } from '../checks/say.ts'
import { finding, type Finding } from '../findings/finding.ts'
import type { Call } from '../findings/remedy.ts'
import { type Member, memberNamed } from '../group/member.ts'
import type { Group } from '../group/read-group.ts'
import { at, list, text } from '../objects/fields.ts'
import type { Desired } from './desired.ts'

/** A member with pods that users are on, as it is and as the files make it. */
interface Shrunk {
  readonly was: Member
  readonly is: Member
}

/**
 * Members whose live pods the files take away, all or some: their number is that of all revisions, and holds at once.
 * What somebody has scaled by the subresource is no matter of files (src/cluster/apply.ts leaves it as it is).
 */
export function fewerPods(present: Group, ground: Group, desired: Desired): Finding[] {
  const behind = new Set([...present.owners.values()].flat())
  const shrunk = ground.members.flatMap((is): Shrunk[] => {
    const was = memberNamed(present.members, is.name)
    return was?.live === undefined || was.live.pods === 0 || is.replicas >= was.replicas ? [] : [{ was, is }]
  })
  const isEmptied = ({ is }: Shrunk) => is.replicas === 0 && behind.has(is.name)
  const fewer = shrunk.filter((each) => !isEmptied(each))
  return [
    ...shrunk.filter(isEmptied).map((each) => emptied(present, each)),
    ...(fewer.length === 0 ? [] : [lessened(present, fewer, desired)]),
  ]
}

function emptied({ mode }: Group, { was, is }: Shrunk): Finding {
  return finding(mode, 'dead-end', {
    member: is.name,
    sentence: `the files give ${is.name} no pods (replicas: 0), which takes those away, too, that users are on`,
    remedy:
      `leave replicas out of its file, or write what it has: ${was.replicas}; ` +
      'where nobody is to use it any more, scale it down after the release',
  })
}

function lessened(present: Group, shrunk: readonly Shrunk[], desired: Desired): Finding {
  const [first, ...others] = shrunk as [Shrunk, ...Shrunk[]]
  const numbers = [first, ...others].map(({ was, is }, index) => {
    const of = index > 0 ? '' : is.replicas === 1 ? ' pod' : ' pods'
    return `${is.name} ${is.replicas}${of} in place of ${was.replicas}`
  })
  const scaling = shrunk.flatMap(({ is }) => scalersOf(is.name, desired).map((each) => `${each} scales ${is.name}`))
  return finding(present.mode, 'fewer-pods', {
    members: shrunk.map(({ is }) => is.name),
    sentence: [
      `the files give ${listed(numbers)}`,
      'users lose the others at once, before anything is promoted',
      ...scaling,
    ].join('; '),
    remedy: [
      others.length === 0
        ? `write replicas: ${first.was.replicas} into its file`
        : 'write the numbers that they have into their files',
      ...elsewhere(present, shrunk, desired),
    ],
  })
}

/**
 * What else is to be done where it is not the files that say how many. Who leaves out what he has applied takes it
 * away, and the controller's default is one pod: that is forgotten first; what is applied server-side has no such way.
 */
function elsewhere(present: Group, shrunk: readonly Shrunk[], { objects }: Desired): (string | Call)[] {
  const now = new Map(objects.flatMap(({ kind, name, was }) => (kind === 'Rollout' ? [[name, was] as const] : [])))
  const names = shrunk.map(({ is }) => is.name)
  const remembered = names.filter((name) => REMEMBERED.test(lastApplied(now.get(name)) ?? ''))
  if (remembered.length > 0)
    return [
      '; where something else is to say how many, let client-side apply forget the number, and leave it out then: ',
      kubectl({ group: present }, 'apply', 'edit-last-applied', 'rollout', ...remembered),
    ]
  return names.some((name) => isApplied(now.get(name)))
    ? []
    : ['; where something else is to say how many, leave it out']
}

/** `replicas` stands in no other place of a Rollout as a key with a number. */
const REMEMBERED = /"replicas":\s*\d/

function lastApplied(rollout: unknown): string | undefined {
  return text(at(rollout, 'metadata', 'annotations', 'kubectl.kubernetes.io/last-applied-configuration'))
}

/** Whether the number there is now was applied server-side. */
function isApplied(rollout: unknown): boolean {
  return list(at(rollout, 'metadata', 'managedFields')).some(
    (each) => at(each, 'operation') === 'Apply' && at(each, 'fieldsV1', 'f:spec', 'f:replicas') !== undefined,
  )
}

/** The autoscalers of a member that the files have: no others are looked for. */
function scalersOf(member: string, { objects }: Desired): string[] {
  return objects.flatMap(({ kind, name, will }) => {
    const target = at(will, 'spec', 'scaleTargetRef')
    return kind === 'HorizontalPodAutoscaler' && at(target, 'kind') === 'Rollout' && at(target, 'name') === member
      ? [`${kind} ${name}`]
      : []
  })
}
