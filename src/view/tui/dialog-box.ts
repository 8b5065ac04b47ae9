import { forbids } from '../../domain/findings/finding.ts'
import { refused } from '../../domain/plan/plan.ts'
import { printable } from '../../text/printable.ts'
import type { Drawing } from '../draw/drawing.ts'
import { findingLines } from '../words/finding.ts'
import { type Cell, SIGNS } from '../draw/theme.ts'
import { truncate, widthOf, wrap } from '../draw/width.ts'
import { bare, scrolled, type Scrolled, within } from './layout.ts'
import { shortPlan } from './short-plan.ts'
import { type Dialog, seenAt, typedName } from './running.ts'

/**
 * A plan in a frame, and what is asked about it; the plan is scrolled where it is too long, the question always stands.
 */
export function dialogBox(dialog: Dialog, room: number, drawing: Drawing, context: string): Scrolled {
  const { deed, scroll } = dialog
  const { paint, width = 80 } = drawing
  const columns = Math.max(1, width - 4)
  const below = room > 12 ? [''] : []
  const lines = planLines(dialog, context, { ...drawing, width: columns })
  const asking = (seen: boolean) => {
    const asked = question(dialog, seen)
    const questions = wrap(asked.text, columns)
      .slice(0, Math.max(1, room - 3))
      .map((text) => paint({ text, tone: asked.tone }))
    const height = Math.max(0, room - 2 - below.length - questions.length)
    // What no line of is shown is never seen to its end.
    return {
      questions,
      planned: height === 0 ? { lines: [], deepest: Infinity, sight: 0 } : scrolled(lines, height, scroll),
    }
  }
  const first = asking(true)
  const { questions, planned } = seenAt(dialog, first.planned.deepest) ? first : asking(false)
  const line = (text: string) => {
    const shown = within(text, columns)
    return `│ ${shown}${' '.repeat(Math.max(0, columns - widthOf(bare(shown))))} │`
  }
  const title = truncate(printable(` ${typedName(deed)} `), columns)
  return {
    lines: [
      `╭${title}${'─'.repeat(Math.max(0, columns + 2 - widthOf(title)))}╮`,
      ...[...planned.lines, ...below, ...questions].map(line),
      `╰${'─'.repeat(columns + 2)}╯`,
    ].map((each) => within(each, width)),
    deepest: planned.deepest,
    sight: planned.sight,
  }
}

/** All that a plan says to the person who confirms it. */
export function planLines(dialog: Dialog, context: string, drawing: Drawing): string[] {
  return refused(dialog.plan) ? refusalLines(dialog, context, drawing) : shortPlan(dialog, context, drawing)
}

/** What forbids a plan; its steps are of no matter then. */
function refusalLines({ plan, deed: { asks, to } }: Dialog, context: string, drawing: Drawing): string[] {
  const what = wrap(
    printable(
      `${asks}${to === undefined ? '' : ','} group ${plan.group} in ` +
        `${plan.namespace} (context ${context}): refused, nothing can be sent`,
    ),
    drawing.width ?? Infinity,
  )
  return [
    ...what.map((text) => drawing.paint({ text, tone: 'strong' })),
    '',
    ...plan.findings.filter(forbids).flatMap((each) => findingLines(each, drawing)),
  ]
}

function question({ plan, deed: { asks: deed }, typed, byName, changed }: Dialog, seen: boolean): Cell {
  if (refused(plan)) return { text: `${SIGNS.bad} Refused.  esc: close`, tone: 'bad' }
  const no = byName ? 'esc' : 'esc, n or q'
  if (!seen)
    return {
      text: `${deed}?  ↓ to its end first, then ${byName ? 'its name' : 'y'}   ${no}: no`,
      tone: 'strong',
    }
  if (changed)
    return { text: `${SIGNS.warn} The group has changed: this is its plan now.  ⏎: read   ${no}: no`, tone: 'warn' }
  if (byName)
    return {
      text:
        `Group ${plan.group} is ${plan.protected ? 'protected' : 'in production'}. ` +
        `${deed}? Type its name, then enter: ${typed}▏   esc: no`,
      tone: 'strong',
    }
  return { text: `${deed}?  y: yes   esc, n or q: no`, tone: 'strong' }
}

/** The keys that act while a plan is shown; `deepest` as it was drawn. */
export function dialogKeys(dialog: Dialog, deepest: number): string {
  const { plan, byName, changed } = dialog
  const scrolls = deepest > 0 ? '   ↑↓ scroll' : ''
  if (refused(plan)) return `esc close${scrolls}`
  const no = byName ? 'esc no' : 'esc n q no'
  if (!seenAt(dialog, deepest)) return `↓ more, then ${byName ? 'the name' : 'y'}   ${no}`
  if (changed) return `⏎ read   ${no}${scrolls}`
  return `${byName ? `type ${printable(plan.group)}, then ⏎` : 'y yes'}   ${no}${scrolls}`
}
