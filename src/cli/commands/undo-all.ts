import type { Command } from '../command.ts'
import { RUN_FORMATS } from '../line/formats.ts'
import { GROUPING, outputOption } from '../line/options.ts'
import { UNDOING } from '../line/undo-options.ts'

/** `undo-all GROUP`: back to a release that users were on before. */
export const undoAll: Command = {
  options: { ...GROUPING, ...UNDOING, ...outputOption(RUN_FORMATS) },
  examples: [
    ['undo-all loan -n legacy', 'back to the release before'],
    ['undo-all loan --to=1.0 --yes', 'to a certain one; history tells which there are'],
    ['undo-all loan --fast', 'half promoted: at once, to pods that still run'],
  ],
  notes:
    'A release like any other, of the old pod templates under a fresh name (1.0-u1): proved, deployed to the gates, ' +
    'promoted consumers first. Its pods are new: put back unchanged, some would go live without a gate, and in the ' +
    'wrong order.\n' +
    'Phases: settle → deploy → promote → settle. Run it again after a crash: it goes on. Once users are back it ' +
    'stays there, however often it is run, and says how to leave it again (--to); what it has brought back is known ' +
    'by the end of its release ID, -u1.',
  run: async (args, context) => (await import('../release/run-undo.ts')).runUndo(args, context),
}
