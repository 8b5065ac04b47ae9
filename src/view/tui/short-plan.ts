import type { Finding } from '../../domain/findings/finding.ts'
import { ACTIONS } from '../../domain/actions/actions.ts'
import { type Step, versionsIn, weightWords } from '../../domain/actions/step.ts'
import type { Plan } from '../../domain/plan/plan.ts'
import { printable } from '../../text/printable.ts'
import { hanging, type Hanging } from '../draw/hanging.ts'
import { aheadLines } from '../words/phases-ahead.ts'
import { laterWords, orderWords, proofWords } from '../words/plan-screen.ts'
import type { Drawing } from '../draw/drawing.ts'
import { findingLines } from '../words/finding.ts'
import { SIGNS } from '../draw/theme.ts'
import { wrap } from '../draw/width.ts'
import { type Dialog, unasked } from './running.ts'

/**
 * A plan as it is confirmed on the live screen: where, a line a step, what is proved, and what must be known; the
 * command shows it in full.
 */
export function shortPlan(dialog: Dialog, context: string, drawing: Drawing): string[] {
  const { plan, deed, said, byName } = dialog
  const { paint, width = Infinity, typed } = drawing
  const told = (text: string, tone?: 'strong' | 'dim') =>
    wrap(printable(text), width).map((line) => paint({ text: line, ...(tone && { tone }) }))
  return [
    ...said.flatMap((each) => told(each, 'strong')),
    ...told(`${whom(dialog)}: group ${plan.group} in ${plan.namespace} (context ${context})`, 'strong'),
    ...stepLines(dialog, drawing),
    ...(deed.phases === undefined ? [] : told(deed.phases)),
    ...(plan.skipped.length === 0 || deed.phases !== undefined
      ? []
      : told(`${SIGNS.note} left alone: ${plan.skipped.map((each) => each.member).join(', ')}`, 'dim')),
    '',
    ...told(proofWords(plan, 'pods')),
    ...inShort(plan.findings).flatMap((each) => findingLines(each, drawing)),
    ...(byName ? [] : told(`e copies: ${typed(unasked({ plan, deed }))}`, 'dim')),
  ]
}

/** Of several runs that were foreseen: how many there are; else whom the plan moves, and in which order. */
function whom({ plan, deed, phases: { ahead } }: Dialog): string {
  if (ahead.length > 0) return `${ahead.length} phase${ahead.length === 1 ? '' : 's'}`
  const steps = plan.waves.flat().length
  return `${deed.phases === undefined ? '' : 'first '}${steps} rollout${steps === 1 ? '' : 's'}, ${orderWords(plan)}`
}

/** Every step: of several runs those of all, as they are foreseen. */
function stepLines({ plan, phases: { ahead } }: Dialog, drawing: Drawing): string[] {
  if (ahead.length > 0) return aheadLines(ahead, drawing)
  const { paint, width = Infinity } = drawing
  const then = plan.then === undefined || plan.then === '' ? [] : [`then promote-all: ${plan.then}`]
  return [
    ...hanging(
      plan.waves.flatMap((wave, index) => wave.map((step) => stepRow(plan, step, index))),
      drawing.width,
      paint,
    ),
    ...[...(plan.later ?? []).map(laterWords), ...then]
      .flatMap((each) => wrap(printable(each), width))
      .map((text) => paint({ text })),
  ]
}

function stepRow(plan: Plan, step: Step, index: number): Hanging {
  const first = index === 0 ? [...new Set(step.drain.map((each) => each.member))] : []
  const after = (plan.waves[index + 1] ?? []).flatMap((each) => each.drain).find((each) => each.member === step.member)
  const { inShort } = ACTIONS[step.action].words
  const weight = weightWords(step)
  return {
    head: [{ text: `${index + 1}  ${step.member}` }, { text: versionsIn(step) }],
    said: [
      [
        first.length === 0 ? '' : `once the old ${first.join(' and ')} pods are gone, `,
        inShort,
        weight === '' ? '' : `, ${weight}`,
        after === undefined ? '' : `; old pods go${after.delay === 0 ? '' : ` (${after.delay}s)`}`,
      ].join(''),
    ],
  }
}

/**
 * What cannot be taken back comes first, with how one goes back before that: it is said nowhere else. What is said of
 * several members alike is said once, with their names; other remedies stand below the members, and in `check`.
 */
function inShort(findings: readonly Finding[]): Finding[] {
  const alike = [...Map.groupBy(findings, (each) => each.code).values()].map(
    ([first, ...others]): Finding =>
      others.length === 0
        ? first!
        : {
            ...first!,
            sentence:
              `${others.length + 1} times, of ` +
              `${[...new Set([first!, ...others].flatMap((each) => each.members))].join(', ')}; ` +
              `first: ${first!.sentence}`,
          },
  )
  const [final = [], others = []] = [true, false].map((is) =>
    alike.filter((each) => (each.code === 'no-way-back-after') === is),
  )
  return [...final, ...others.map((each) => ({ ...each, remedy: '' }))]
}
