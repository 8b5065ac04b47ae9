import type { OptionTable } from '../command.ts'
import { BAKING } from './bake-options.ts'
import { DEPLOYING, flag, JUDGED, LAYERED, PINNING, RUN, RUNNING, text } from './options.ts'

/** What only settle takes. */
export const SETTLING = {
  yes: RUNNING.yes,
  'dry-run': RUNNING['dry-run'],
  timeout: RUNNING.timeout,
  'break-lock': RUNNING['break-lock'],
  drain: RUNNING.drain,
  here: DEPLOYING.here,
  'on-failure': text('stop|abort: what follows a failed step (default abort)', RUN),
} as const satisfies OptionTable

/** What only release takes. */
export const RELEASING = {
  yes: RUNNING.yes,
  'dry-run': RUNNING['dry-run'],
  timeout: text('longest time for one phase, e.g. 90s, 1h30m; 0: no limit (default 10m)', RUN),
  'break-lock': RUNNING['break-lock'],
  drain: RUNNING.drain,
  here: DEPLOYING.here,
  include: DEPLOYING.include,
  ...LAYERED,
  wiring: DEPLOYING.wiring,
  release: PINNING.release,
  'trust-host': PINNING['trust-host'],
  smoke: text('a command that tests what waits, once it stands at its gates', RUN),
  'smoke-timeout': text('how long it may take, e.g. 90s; 0: no limit (default 5m)', RUN),
  forward: flag('ports of this machine for the smoke test', RUN),
  approve: flag('ask a person before users are switched over; where none is there, exit with 7', RUN),
  ...BAKING,
  'on-failure': text('stop|abort|rollback: what follows a failure (default abort)', RUN),
  assume: JUDGED.assume,
  'trust-depends-on': JUDGED['trust-depends-on'],
  'settings-only': JUDGED['settings-only'],
  'allow-version-mismatch': DEPLOYING['allow-version-mismatch'],
  'allow-mixed-window': DEPLOYING['allow-mixed-window'],
  'allow-small-preview': DEPLOYING['allow-small-preview'],
} as const satisfies OptionTable
