import type { Bake } from '../../execute/context.ts'
import { type Arguments, UsageError } from '../command.ts'
import type { CliContext } from '../context.ts'
import { duration, text } from '../line/arguments.ts'

/** How what is promoted first is looked at. @throws UsageError where a check has nothing to look at */
export function bakeOf(args: Arguments, { env, clock, stderr, signalGroup, runCommand }: CliContext): Bake | undefined {
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
      const run = runCommand ?? (await import('../release/smoke.ts')).runSmoke
      const say = (line: string) => stderr.write(`  ${line}\n`)
      const { after } = clock
      const ended = await run(command, { env, limit: 60_000, after, signalGroup, stopping, say })
      return ended.ended === 'passed' ? undefined : `the check of --bake-check has failed: ${ended.why}`
    },
  }
}
