import type { Command } from '../command.ts'
import { RUN_FORMATS } from '../line/formats.ts'
import { ABORTING, GROUPING, outputOption, RUNNING } from '../line/options.ts'

/** `abort-all GROUP`: withdraws what waits, in the way that takes nothing from users. */
export const abortAll: Command = {
  options: { ...GROUPING, ...RUNNING, ...ABORTING, ...outputOption(RUN_FORMATS) },
  examples: [
    ['abort-all loan -n legacy', 'show the plan, ask, and withdraw'],
    ['abort-all loan --undo-promoted', 'half promoted: bring users back, and withdraw the rest'],
    ['abort-all loan --to-stable --yes', 'put the stable pod templates back instead of aborting'],
  ],
  notes:
    'A member whose preview carries users is put back to its stable ' +
    'pod template: an abort would take the pods from under them.\n' +
    'With --undo-promoted users who were promoted come back first: at once while their old pods run; later, and with ' +
    'canaries, as a release of their old pod templates (1.0-u1) through the gates. Then their pods are waited for, ' +
    'and the rest is withdrawn. Run it again after a crash: it goes on.',
  run: async (args, context) => (await import('../release/run-abort.ts')).runAbort(args, context),
}
