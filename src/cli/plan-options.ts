import { readFile } from 'node:fs/promises'
import { at, list, text as textOf } from '../domain/parse.ts'
import type { Allowance, Drain, Plan, PlanOptions, Verb } from '../domain/plan.ts'
import { choice, duration, flag, names, text } from './arguments.ts'
import { UsageError, type Arguments } from './command.ts'

const ALLOWANCES: readonly Allowance[] = ['version-mismatch', 'mixed-window', 'small-preview']

/** What the command line adds to a plan. @throws UsageError */
export function planOptions(args: Arguments): PlanOptions {
  const only = names(args, 'only')
  const assume = choice(args, 'assume', ['half-promoted', 'leak'])
  return {
    ...(only !== undefined && { only }), ...(assume !== undefined && { assume }),
    trustDependsOn: flag(args, 'trust-depends-on'), full: flag(args, 'full'), toEnd: flag(args, 'to-end'), toStable: flag(args, 'to-stable'),
    drain: drainOf(args), allow: new Set(ALLOWANCES.filter((each) => flag(args, `allow-${each}`))),
  }
}

function drainOf(args: Arguments): Drain {
  const value = text(args, 'drain')
  if (value === undefined || value === 'pods' || value === 'endpoints') return value ?? 'pods'
  return duration(args, 'drain')!
}

/**
 * The plan of `--plan FILE`, as `--dry-run -o json|yaml` saved it; `-` is standard input.
 * @throws UsageError where the file is none, or of another verb
 */
export async function savedPlan(args: Arguments, verb: Verb): Promise<Plan | undefined> {
  const file = text(args, 'plan')
  if (file === undefined) return undefined
  const plan = await parsed(file)
  if (at(plan, 'apiVersion') !== 'rollouts-group/v1' || at(plan, 'kind') !== 'Plan' || !list(at(plan, 'waves')).every((wave) => list(wave).every(isStep))) {
    throw new UsageError(`${file} is no plan; save one with --dry-run -o json`)
  }
  const found = plan as Plan
  if (found.verb !== verb) throw new UsageError(`${file} is a plan of ${String(found.verb)}, not of ${verb}`)
  if (found.group !== (text(args, 'group') ?? text(args, 'selector'))) throw new UsageError(`${file} is a plan of group ${String(found.group)}`)
  return found
}

function isStep(step: unknown): boolean {
  return [['member'], ['action'], ['from', 'version', 'text'], ['to', 'version', 'text'], ['to', 'hash']].every((path) => textOf(at(step, ...path)) !== undefined)
}

async function parsed(file: string): Promise<unknown> {
  try {
    const content = await readFile(file === '-' ? '/dev/stdin' : file, 'utf8')
    const { load } = await import('js-yaml')
    return load(content)
  } catch (error) {
    throw new UsageError(`${file} cannot be read as a plan: ${(error as Error).message.split('\n')[0]}`)
  }
}
