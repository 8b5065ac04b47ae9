import { unpin as unpinned } from '../../domain/rewire/unpin.ts'
import type { Command } from '../command.ts'
import { FILTERING, MANIFESTS } from '../line/options.ts'
import { filter } from '../rewire/filter.ts'

/** `unpin GROUP`: manifests back on active Services, without the labels, Services and copies of releases. */
export const unpin: Command = {
  options: { ...FILTERING, ...MANIFESTS },
  examples: [['unpin loan --local -f release.yaml', 'what pin printed, as it was before']],
  notes:
    'Every address of a Service of a release leads to the active or stable Service again. Each change is told on ' +
    'standard error. Nothing is written to the cluster.',
  run: (args, context) => filter(args, context, unpinned),
}
