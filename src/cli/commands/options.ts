import type { Command } from '../command.ts'

/** `options`: the flags that every verb takes, as `kubectl options` has kubectl's. */
export const options: Command = {
  options: {},
  examples: [['options', 'where the cluster is, who asks, and what is taken beside it']],
  run: (_args, context) => context.run(['options', '--help'], context),
}
