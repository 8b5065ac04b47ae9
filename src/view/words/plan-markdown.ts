import { versionsIn } from '../../domain/actions/step.ts'
import type { Finding } from '../../domain/findings/finding.ts'
import { callOn, remedyText, type Typed } from '../../domain/findings/remedy.ts'
import { type Drain, VERBS } from '../../domain/intent.ts'
import { type Plan, refused, refusing } from '../../domain/plan/plan.ts'
import { printable } from '../../text/printable.ts'
import { SEVERITIES } from './group-view.ts'
import { apartWords, laterWords, numberWords, orderWords, proofWords, stepWords } from './plan-screen.ts'

/** A plan for a pull request or a chat: what happens to whom, what was proved, what must be known, and the command. */
export function planMarkdown(plan: Plan, context: string, drain: Drain, typed: Typed): string[] {
  const steps = plan.waves.flat()
  const title = `## ${VERBS[plan.verb].words.asks} group ${code(plan.group)} in ${code(plan.namespace)}`
  const shown = refused(plan) ? refusing(plan) : plan.findings
  const rollouts = `${steps.length} rollout${steps.length === 1 ? '' : 's'}`
  return [
    `${title} (context ${code(context)})`,
    '',
    steps.length === 0 ? 'Nothing to do.' : `${rollouts}, ${prose(orderWords(plan))}:`,
    ...(steps.length === 0 ? [] : ['', ...table(plan, drain)]),
    ...[...numberWords(plan), ...apartWords(plan)].map((each) => `\n${prose(each)}`),
    ...(plan.later ?? []).map((each) => `\n${prose(laterWords(each))}`),
    ...plan.skipped.map((each) => `\n${code(each.member)} is left alone: ${prose(each.why)}`),
    '',
    refused(plan) ? '**Refused**: as it is now, nothing would be sent.' : `${prose(proofWords(plan, drain))}.`,
    ...(shown.length === 0 ? [] : ['', ...shown.map((each) => told(each, typed))]),
    '',
    '```sh',
    printable(typed(callOn(plan, plan.verb))),
    '```',
  ]
}

function table(plan: Plan, drain: Drain): string[] {
  return [
    '| | rollout | versions | what happens |',
    '|---|---|---|---|',
    ...plan.waves.flatMap((wave, index) =>
      wave.map((step) => {
        const words = stepWords(plan, step, index, drain).join(' ')
        return `| ${index + 1} | ${code(step.member)} | ${prose(versionsIn(step))} | ${prose(words)} |`
      }),
    ),
  ]
}

function told({ code: name, severity, sentence, remedy }: Finding, typed: Typed): string {
  const mend = remedyText(remedy, typed)
  return `- ${SEVERITIES[severity].sign} **${name}** ${prose(sentence)}.${mend === '' ? '' : ` ${prose(mend)}`}`
}

/** Text that no renderer takes for a mark. */
function prose(text: string): string {
  return printable(text).replaceAll(/[\\`*_[\]<>|#~]/g, '\\$&')
}

function code(text: string): string {
  return `\`${printable(text).replaceAll('`', "'").replaceAll('|', '\\|')}\``
}
