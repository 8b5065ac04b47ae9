import { createInterface } from 'node:readline'
import { VERBS } from '../../domain/intent.ts'
import type { Plan } from '../../domain/plan/plan.ts'
import { printable } from '../../text/printable.ts'
import type { CliContext } from '../context.ts'

/**
 * Asks a person for a yes; for a protected group (annotation `rollouts-group/protected`), and in a context that is
 * marked as production, for the group's name.
 * @param production such a context @param deed what is asked for, where it is not the plan's own @param at on what,
 * where the plan's heading may have left the screen
 * @returns false for anything else, the end of the input, or an interruption
 */
export async function askToConfirm(
  context: CliContext,
  plan: Plan,
  signal: AbortSignal,
  {
    production,
    deed = VERBS[plan.verb].words.asks,
    at = '',
  }: { readonly production?: string | undefined; readonly deed?: string; readonly at?: string } = {},
): Promise<boolean> {
  const byName = plan.protected || production !== undefined
  const question =
    production !== undefined
      ? `Context ${printable(production)} is production. ${deed}? Type the name of the group: `
      : plan.protected
        ? `Group ${plan.group} is protected. ${deed}? Type its name: `
        : `${deed}${at}? [y/N] `
  const answer = await ask(context, question, signal)
  return answer !== undefined && (byName ? answer.trim() === plan.group : /^y(es)?$/i.test(answer.trim()))
}

/** Asks a person something. @returns undefined at the end of the input, or where somebody interrupts */
export async function ask(context: CliContext, question: string, signal: AbortSignal): Promise<string | undefined> {
  context.stderr.write(question)
  const answer = await nextLine(context, signal)
  if (answer === undefined) context.stderr.write('\n')
  return answer
}

function nextLine(context: CliContext, signal: AbortSignal): Promise<string | undefined> {
  const { promise, resolve } = Promise.withResolvers<string | undefined>()
  const lines = createInterface({ input: context.stdin.stream, terminal: false })
  const leave = (): void => lines.close()
  lines.once('line', (line) => {
    resolve(line)
    lines.close()
  })
  lines.once('close', () => resolve(undefined))
  signal.addEventListener('abort', leave, { once: true })
  return promise.finally(() => signal.removeEventListener('abort', leave))
}
