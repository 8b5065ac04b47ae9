import type { Revision } from '../../domain/group/member.ts'
import { podsOf, whyNotReady } from '../../domain/group/why-not-ready.ts'
import type { PodState } from '../../domain/objects/pod-state.ts'
import type { Drawing } from '../draw/drawing.ts'
import { type Column, drawTable } from '../draw/table.ts'
import type { Cell } from '../draw/theme.ts'
import { age } from '../draw/time.ts'
import type { GroupView, MemberRow } from '../words/group-view.ts'
import { whyText } from '../words/why-lines.ts'
import { logKey, type Surroundings } from './state.ts'

/** A pod of one revision. */
interface PodRow {
  readonly pod: PodState
  readonly revision: Revision
}

const PODS: readonly (Column & { cell(row: PodRow, now: number): Cell })[] = [
  { title: 'POD', keep: 9, shrinksTo: 12, cell: ({ pod }) => ({ text: pod.name }) },
  { title: 'OF', keep: 5, cell: ({ revision: { role, version } }) => ({ text: `${role} ${version.text}` }) },
  {
    title: 'READY',
    keep: 8,
    shrinksTo: 3,
    cell: ({ pod }) => ({ text: `${pod.ready}/${pod.containers}`, tone: pod.isReady ? undefined : 'wait' }),
  },
  {
    title: 'STATUS',
    keep: 7,
    shrinksTo: 8,
    cell: ({ pod }) => ({ text: pod.doing, tone: pod.trouble === undefined ? undefined : 'bad' }),
  },
  { title: 'RESTARTS', keep: 4, cell: ({ pod }) => ({ text: String(pod.restarts) }) },
  { title: 'AGE', keep: 6, shrinksTo: 3, cell: ({ pod }, now) => ({ text: age(now - pod.created) }) },
  { title: 'NODE', keep: 3, cell: ({ pod }) => ({ text: pod.node === '' ? '-' : pod.node }) },
]

/** The pods of a member's revisions, with ages, restarts, and what each does. */
export function podLines({ member }: MemberRow, { pods }: Surroundings, now: number, drawing: Drawing): string[] {
  if (pods === undefined) return []
  if (typeof pods === 'string') return [drawing.paint({ text: pods, tone: 'dim' })]
  const rows = [member.next, member.live, ...member.lingering].flatMap((revision) =>
    revision === undefined ? [] : podsOf(revision, pods).map((pod): PodRow => ({ pod, revision })),
  )
  return rows.length === 0
    ? []
    : drawTable(
        PODS,
        rows.map((row) => PODS.map((column) => column.cell(row, now))),
        drawing,
      )
}

/** Why pods are not ready, of one member or of all, and what their containers wrote last. */
export function whyLines(
  view: GroupView,
  { pods, warnings, logs }: Surroundings,
  drawing: Drawing,
  only?: string,
): string[] {
  const members = view.group.members.filter((each) => only === undefined || each.name === only)
  const [seen, told] = [pods, warnings].map((each) => (typeof each === 'object' ? each : []))
  return whyNotReady(members, seen!, told!).flatMap(({ sentence, log }) =>
    whyText(sentence, (log && logs.get(logKey(log))) ?? [], drawing),
  )
}
