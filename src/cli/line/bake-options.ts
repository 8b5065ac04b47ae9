import type { OptionTable } from '../command.ts'

const text = (describe: string) => ({ type: 'string', requiresArg: true, describe, group: 'Run:' }) as const

/** How what was promoted first is looked at, before the rest follows. */
export const BAKING = {
  bake: text('how long to look at what was promoted first, before the rest follows, e.g. 20s'),
  'bake-check': text('degraded, or a command that fails where something is amiss (default degraded)'),
} as const satisfies OptionTable
