import { type Member, memberNamed, type Revision, type Role } from '../../domain/group/member.ts'
import { phaseOf } from '../../domain/objects/phase.ts'
import { behind } from '../../domain/trace/doors.ts'
import { printable } from '../../text/printable.ts'
import type { CanaryStep } from '../../domain/objects/canary-step.ts'
import { gates, weightAt } from '../../domain/objects/strategy.ts'
import type { GroupView, MemberRow } from '../words/group-view.ts'
import type { Drawing } from '../draw/drawing.ts'
import { flow } from '../draw/flow.ts'
import { findingLines } from '../words/finding.ts'
import { type Column, drawTable } from '../draw/table.ts'
import { type Cell, SIGNS } from '../draw/theme.ts'
import { age } from '../draw/time.ts'
import { wrap } from '../draw/width.ts'
import { differenceLines } from './difference.ts'
import { analysisLines, eventLines } from './member-events.ts'
import { besides, LABEL, labelled } from './labelled.ts'
import { podLines, whyLines } from './pods.ts'
import type { Model } from './state.ts'

/** A member in short, for below the members of its group: revisions, weight, steps, calls, analyses. */
export function memberSummary(
  { member, status, note }: MemberRow,
  view: GroupView,
  now: number,
  drawing: Drawing,
): string[] {
  const inner = { ...drawing, width: drawing.width && drawing.width - 2 }
  const lines = [
    ...essentials(member, view, now, inner),
    ...calls(member, false, inner),
    ...labelled('Analysis', analysisLines(member, undefined), inner),
  ]
  return [...title(member, status, note, now, drawing), ...lines.map((line) => `  ${line}`)]
}

/** Everything that is known of one member, its findings and last events included. */
export function memberDetail(
  row: MemberRow,
  view: GroupView,
  { extra, around, now }: Pick<Model, 'extra' | 'around' | 'now'>,
  drawing: Drawing,
): string[] {
  const { member, status, note } = row
  const { message } = phaseOf(member)
  return [
    ...title(member, status, note, now, drawing),
    ...(message === ''
      ? []
      : wrap(printable(message), drawing.width ?? Infinity).map((text) => drawing.paint({ text, tone: 'dim' }))),
    '',
    ...essentials(member, view, now, drawing),
    ...apart(whyLines(view, around, drawing, member.name)),
    ...apart(calls(member, true, drawing)),
    ...apart(labelled('Analysis', analysisLines(member, extra.analysisRuns), drawing)),
    ...apart(
      view.findings.filter((each) => each.members.includes(member.name)).flatMap((each) => findingLines(each, drawing)),
    ),
    ...apart(labelled('Events', eventLines(extra.events), drawing)),
    ...apart(podLines(row, around, now, drawing)),
    ...apart(member.next === undefined ? [] : differenceLines(row, view, drawing)),
  ]
}

function title(member: Member, status: Cell, note: Cell, now: number, { width = Infinity, paint }: Drawing): string[] {
  const { pausedSince } = member.status
  const waits: Cell = { text: pausedSince === undefined ? '' : `for ${age(now - pausedSince)}`, tone: status.tone }
  const parts: Cell[] = [{ text: member.name, tone: 'strong' }, { text: member.strategy.kind }, status, waits, note]
  return flow(
    parts.filter((each) => each.text !== ''),
    '   ',
    '  ',
    width,
    paint,
  )
}

function essentials(member: Member, view: GroupView, now: number, drawing: Drawing): string[] {
  return [...revisionTable(member, view, now, drawing), ...weights(member, drawing), ...steps(member, drawing)]
}

const RANK: Record<Role, number> = { live: 0, next: 1, lingering: 2, old: 3 }

const REVISIONS: readonly (Column & { cell(revision: Revision, view: GroupView, now: number): Cell })[] = [
  { title: 'REVISION', keep: 9, shrinksTo: 8, cell: ({ role, revision }) => ({ text: `${role} ${revision}` }) },
  { title: 'VERSION', keep: 8, shrinksTo: 8, cell: ({ version }) => ({ text: version.text }) },
  {
    title: 'PODS',
    keep: 7,
    shrinksTo: 4,
    cell: ({ available, desired }) => ({
      text: `${available}/${desired}`,
      tone: available < desired ? 'wait' : undefined,
    }),
  },
  { title: 'BEHIND', keep: 5, shrinksTo: 12, cell: (revision, view) => ({ text: behindWhich(revision, view) }) },
  {
    title: 'IMAGE',
    keep: 4,
    shrinksTo: 16,
    cell: ({ template }) => ({ text: template.containers.map((each) => each.image).join(', ') }),
  },
  { title: 'HASH', keep: 1, cell: ({ hash }) => ({ text: hash }) },
  { title: 'VERSION FROM', keep: 0, cell: ({ version }) => ({ text: version.source }) },
  { title: '', keep: 6, shrinksTo: 8, cell: (revision, _view, now) => ({ text: goes(revision, now), tone: 'wait' }) },
]

/** The revisions that matter: live and next ones, and others that have pods. */
function revisionTable(member: Member, view: GroupView, now: number, { width, paint }: Drawing): string[] {
  const shown = member.revisions
    .filter((each) => each.role === 'live' || each.role === 'next' || each.pods > 0)
    .toSorted((a, b) => RANK[a.role] - RANK[b.role])
  return drawTable(
    REVISIONS,
    shown.map((each) => REVISIONS.map((column) => column.cell(each, view, now))),
    { width, paint },
  )
}

/** The Services that select its pods now. */
function behindWhich({ id, member }: Revision, { group }: GroupView): string {
  const of = memberNamed(group.members, member)
  return [...group.owners.keys()]
    .filter((name) => of !== undefined && behind(group, of, name).some((each) => each.id === id))
    .sort()
    .join(', ')
}

function goes({ deadline, pods, desired }: Revision, now: number): string {
  if (pods === 0 || (deadline === undefined && desired > 0)) return ''
  const left = Math.ceil(((deadline ?? 0) - now) / 1000)
  return left > 0 ? `goes in ${left}s` : `going: ${pods} left`
}

const BAR = 20

/** The weight that is set beside the one that is there: a router's, or the share of the pods. */
function weights(member: Member, drawing: Drawing): string[] {
  const { strategy, status, live, next } = member
  if (strategy.kind !== 'Canary' || next === undefined) return []
  const set = status.abort ? 0 : weightAt(strategy, status.stepIndex ?? 0)
  const all = (live?.available ?? 0) + next.available
  const actual = status.routedWeight ?? (all === 0 ? 0 : Math.round((100 * next.available) / all))
  const bar = (percent: number) => {
    const full = Math.round((Math.min(100, percent) * BAR) / 100)
    return `${'█'.repeat(full)}${'░'.repeat(BAR - full)} ${percent}%`
  }
  const how = status.routedWeight === undefined ? `  (${next.available} of ${all} pods)` : '  (traffic router)'
  return labelled(
    'Weight',
    [
      { text: `set     ${bar(set)}` },
      { text: `actual  ${bar(actual)}${how}`, tone: actual === set ? undefined : 'wait' },
    ],
    drawing,
  )
}

/** All steps in a row, the one it stands at marked. */
function steps({ strategy, status, next }: Member, { width = Infinity, paint }: Drawing): string[] {
  if (strategy.kind !== 'Canary' || strategy.steps.length === 0) return []
  const at = next === undefined ? strategy.steps.length : (status.stepIndex ?? 0)
  const gate = new Set(gates(strategy))
  const words = strategy.steps.map(
    (step, index): Cell => ({
      text:
        `${index < at ? SIGNS.good : index === at ? '▸' : SIGNS.note} ` +
        `${stepWords(step)}${gate.has(index) ? ' (gate)' : ''}`,
      tone: index === at ? 'strong' : 'dim',
    }),
  )
  return besides('Steps', flow(words, '  ', '', Math.max(1, width - LABEL), paint), paint)
}

function stepWords(step: CanaryStep): string {
  switch (step.kind) {
    case 'setWeight':
      return `set weight ${step.weight}%`
    case 'pause':
      return step.seconds === undefined ? 'pause' : `pause ${step.seconds}s`
    case 'setCanaryScale':
      return `scale canary to ${step.replicas ?? `${step.weight ?? 0}%`}`
    case 'route':
      return `${step.on ? '' : 'no '}${step.of} route ${step.name}`
    case 'analysis':
    case 'experiment':
    case 'plugin':
      return step.kind
    case 'other':
      return step.name
  }
}

/** Whom its revisions call, and where that is said. */
function calls({ revisions }: Member, where: boolean, drawing: Drawing): string[] {
  return labelled(
    'Calls',
    revisions
      .filter((each) => each.role !== 'old')
      .toSorted((a, b) => RANK[a.role] - RANK[b.role])
      .flatMap((each) =>
        each.wires.map(
          (wire): Cell => ({
            text:
              `${each.role} ${each.version.text}: ${wire.to} through ` +
              `${wire.service}${where ? ` (${wire.where})` : ''}`,
          }),
        ),
      ),
    drawing,
  )
}

function apart(lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', ...lines]
}
