import type { Command } from '../command.ts'
import { GROUP_FORMATS } from '../line/formats.ts'
import { GROUPING, outputOption, READING } from '../line/options.ts'

/** `get-group [GROUP]`: one group with its pairs, traces and findings, or all groups, worst first. */
export const getGroup: Command = {
  options: { ...GROUPING, ...READING, ...outputOption(GROUP_FORMATS) },
  examples: [
    ['get-group', 'the groups of the namespace, worst first'],
    ['get-group loan -n legacy', 'one group: what users have, what waits'],
    ['get-group loan -w', 'the same, live; on a terminal the group can be promoted and aborted there'],
    ["get-group loan -o jsonpath='{.verdict.state}'", 'one word for a script'],
    ['get-group loan -o html > loan.html', 'one file for whoever has no terminal at hand'],
    ['get-group -A --sort-by=.verdict.state', 'a list in an order of your own'],
  ],
  // Loaded only now: completion and help want no more than what stands above.
  run: async (args, context) => (await import('../group/show-asked.ts')).showAsked(args, context),
}
