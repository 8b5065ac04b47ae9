import { choice } from '../line/arguments.ts'
import { BAKING } from '../line/bake-options.ts'
import type { Command } from '../command.ts'
import { RUN_FORMATS } from '../line/formats.ts'
import { GROUPING, outputOption, PROMOTING, RUNNING } from '../line/options.ts'

/** `promote-all GROUP`: one gate forward for the whole group; blue-green members are switched over. */
export const promoteAll: Command = {
  options: { ...GROUPING, ...RUNNING, ...PROMOTING, ...BAKING, ...outputOption(RUN_FORMATS) },
  examples: [
    ['promote-all loan -n legacy', 'show the plan, ask, and switch users over'],
    ['promote-all loan --yes -o ndjson', 'in a pipeline: nobody is asked, each event is a line'],
    ['promote-all loan --dry-run -o json > plan.json', 'what would happen, to be approved'],
    ['promote-all loan --plan plan.json --yes', 'exactly that, or nothing'],
    [
      'promote-all loan --bake 20s --on-failure=rollback --yes',
      'look at the first wave, and bring its users back where it is bad',
    ],
  ],
  notes:
    'Run it again after a crash, a timeout or an interruption: it continues with what the cluster shows.\n' +
    'With --bake the first wave is looked at before the second one: nothing may be Degraded or lack pods, and the ' +
    'check must pass, every 15 s; a run that goes on looks for the rest of the time. Users are brought back at once ' +
    'only while old pods run (scaleDownDelaySeconds, 30 by default): raise it before the promotion where the bake is ' +
    'longer.',
  async run(args, context) {
    const [{ runWriting }, { bakeOf }] = await Promise.all([import('../write/write.ts'), import('../write/baking.ts')])
    return runWriting(args, context, 'promote-all', {
      onFailure: choice(args, 'on-failure', ['stop', 'abort', 'rollback']) ?? 'stop',
      bake: bakeOf(args, context),
    })
  },
}
