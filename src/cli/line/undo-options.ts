import type { OptionTable } from '../command.ts'
import { DEPLOYING, LAYERED, RUNNING } from './options.ts'
import { RELEASING } from './release-options.ts'

const PLANNED = 'Plan:'

const text = (describe: string) => ({ type: 'string', requiresArg: true, describe, group: PLANNED }) as const

/** What only undo-all takes. */
export const UNDOING = {
  yes: RUNNING.yes,
  'dry-run': RELEASING['dry-run'],
  timeout: RELEASING.timeout,
  'break-lock': RUNNING['break-lock'],
  drain: RUNNING.drain,
  here: DEPLOYING.here,
  ...LAYERED,
  'on-failure': RELEASING['on-failure'],
  fast: {
    type: 'boolean',
    describe: 'at once and unchanged, or not at all: while a release is half promoted and its old pods still run',
    group: PLANNED,
  },
  to: text('the release to go back to, as history names it (default: the one before)'),
  wiring: text('preview|pinned: how consumers find what changes (default: as the group is)'),
  'trust-host': RELEASING['trust-host'],
} as const satisfies OptionTable
