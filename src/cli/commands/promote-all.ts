import { choice, duration, text } from '../line/arguments.ts'
import { BAKING } from '../line/bake-options.ts'
import { type Arguments, type Command, UsageError } from '../command.ts'
import type { CliContext } from '../context.ts'
import type { Bake } from '../../execute/context.ts'
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
    'check must pass, every 15 s. Users are brought back at once only while old pods run (scaleDownDelaySeconds, 30 ' +
    'by default): raise it before the promotion where the bake is longer.',
  run: async (args, context) =>
    (await import('../write/write.ts')).runWriting(args, context, 'promote-all', {
      onFailure: choice(args, 'on-failure', ['stop', 'abort', 'rollback']) ?? 'stop',
      bake: bakeOf(args, context),
    }),
}

/** @throws UsageError where a check has nothing to look at */
function bakeOf(args: Arguments, { env, clock, stderr }: CliContext): Bake | undefined {
  const milliseconds = duration(args, 'bake')
  const command = text(args, 'bake-check')
  if (milliseconds === undefined) {
    if (command !== undefined) throw new UsageError('--bake-check needs --bake, which says how long')
    return undefined
  }
  if (command === undefined || command === 'degraded') return { milliseconds }
  return {
    milliseconds,
    check: async (stopping) => {
      const { runSmoke } = await import('../release/smoke.ts')
      const say = (line: string) => stderr.write(`  ${line}\n`)
      const ended = await runSmoke(command, { env, limit: 60_000, after: clock.after, stopping, say })
      return ended.ended === 'passed' ? undefined : `the check of --bake-check has failed: ${ended.why}`
    },
  }
}
