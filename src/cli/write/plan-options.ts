import type { Allowance, Drain, PlanOptions } from '../../domain/intent.ts'
import type { Arguments } from '../command.ts'
import { choice, duration, flag, names, text } from '../line/arguments.ts'

const ALLOWANCES: readonly Allowance[] = ['version-mismatch', 'mixed-window', 'small-preview']

/** What the command line adds to a plan. @throws UsageError */
export function planOptions(args: Arguments): PlanOptions {
  const only = names(args, 'only')
  const assume = choice(args, 'assume', ['half-promoted', 'leak'])
  return {
    ...(only !== undefined && { only }),
    ...(assume !== undefined && { assume }),
    ...(flag(args, 'settings-only') && { settingsOnly: true }),
    trustDependsOn: flag(args, 'trust-depends-on'),
    full: flag(args, 'full'),
    toEnd: flag(args, 'to-end'),
    toStable: flag(args, 'to-stable'),
    ...(flag(args, 'undo-promoted') && { undoPromoted: true }),
    ...(flag(args, 'one-by-one') && { oneByOne: true }),
    ...(flag(args, 'here') && { here: true }),
    drain: drainOf(args),
    allow: new Set(ALLOWANCES.filter((each) => flag(args, `allow-${each}`))),
  }
}

function drainOf(args: Arguments): Drain {
  const value = text(args, 'drain')
  if (value === undefined || value === 'pods' || value === 'endpoints') return value ?? 'pods'
  return duration(args, 'drain', ['pods', 'endpoints'])!
}
