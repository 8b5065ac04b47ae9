import { refused, type Plan, type Verb } from '../../domain/plan.ts'
import { printable } from '../../domain/printable.ts'
import { planScreen } from '../plan-rows.ts'
import { findingLines, type Drawing } from '../screen.ts'
import { SIGNS, type Cell } from '../theme.ts'
import { truncate, widthOf, wrap } from '../width.ts'
import { bare, scrolled, within, type Scrolled } from './layout.ts'
import type { Dialog } from './state.ts'

const DEEDS: Record<Verb, string> = { 'promote-all': 'Promote', 'abort-all': 'Abort' }

/** A plan in a frame, and what is asked about it; the plan is scrolled where it is too long, the question always stands. */
export function dialogBox({ plan, typed, scroll }: Dialog, room: number, drawing: Drawing, context: string): Scrolled {
  const { paint, width = 80 } = drawing
  const columns = Math.max(1, width - 4)
  const asked = question({ plan, typed })
  const below = room > 8 ? [''] : []
  const questions = wrap(asked.text, columns).slice(0, Math.max(1, room - 3)).map((text) => paint({ text, tone: asked.tone }))
  const planned = scrolled((refused(plan) ? refusalLines : planLines)(plan, context, { ...drawing, width: columns }), Math.max(0, room - 2 - below.length - questions.length), scroll)
  const line = (text: string) => { const shown = within(text, columns); return `│ ${shown}${' '.repeat(Math.max(0, columns - widthOf(bare(shown))))} │` }
  const title = truncate(` ${plan.verb} `, columns)
  return {
    lines: [
      `╭${title}${'─'.repeat(Math.max(0, columns + 2 - widthOf(title)))}╮`,
      ...[...planned.lines, ...below, ...questions].map(line),
      `╰${'─'.repeat(columns + 2)}╯`,
    ].map((each) => within(each, width)),
    deepest: planned.deepest,
  }
}

function planLines(plan: Plan, context: string, drawing: Drawing): string[] {
  return planScreen(plan, context, 'pods', drawing)
}

/** What forbids a plan; its steps are of no matter then. */
function refusalLines(plan: Plan, context: string, drawing: Drawing): string[] {
  const what = wrap(printable(`${DEEDS[plan.verb]} group ${plan.group} in ${plan.namespace} (context ${context}): refused, nothing can be sent`), drawing.width ?? Infinity)
  return [...what.map((text) => drawing.paint({ text, tone: 'strong' })), '', ...plan.findings.filter((each) => each.severity === 'error').flatMap((each) => findingLines(each, drawing))]
}

function question({ plan, typed }: Pick<Dialog, 'plan' | 'typed'>): Cell {
  const deed = DEEDS[plan.verb]
  if (refused(plan)) return { text: `${SIGNS.bad} Refused. Any key closes this.`, tone: 'bad' }
  if (plan.protected) return { text: `Group ${plan.group} is protected. ${deed}? Type its name, then enter: ${typed}▏`, tone: 'strong' }
  return { text: `${deed}?  y: yes   any other key: no`, tone: 'strong' }
}

/** The keys that act while a plan is shown. */
export function dialogKeys({ plan }: Dialog): string {
  const answer = refused(plan) ? 'any key closes' : plan.protected ? `type ${printable(plan.group)}, then ⏎   esc no` : 'y yes   esc no'
  return `${answer}   ↑↓ scroll`
}
