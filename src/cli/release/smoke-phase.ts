import { createHash } from 'node:crypto'
import { isWaiting } from '../../domain/checks/context.ts'
import { releaseName } from '../../domain/release/release-name.ts'
import { smokeEnvironment } from '../../domain/release/smoke-environment.ts'
import { isVouched, type Vouching } from '../../domain/release/vouched.ts'
import { EXIT, type Exit } from '../../domain/run/outcome.ts'
import { nextLines } from '../../view/words/finding.ts'
import { placeOf } from '../group/target.ts'
import { duration, flag, text } from '../line/arguments.ts'
import { drawingOn, writeLines } from '../terminal/output.ts'
import { again } from '../write/again.ts'
import { forwarded } from './forwarded.ts'
import { readAgain, type Releasing } from './releasing.ts'
import { goBack, vouchFor } from './vouching.ts'
import { runSmoke, type Smoked } from './smoke.ts'

/** Milliseconds after which a smoke test counts as hanging. */
const LONGEST = 300_000

/** The smoke test of what waits, unless this very one has passed on these very revisions. */
export async function smokeTest(releasing: Releasing): Promise<Exit | undefined> {
  const { args, context, target, interruption, verb } = releasing
  const command = text(args, 'smoke')
  if (command === undefined) return undefined
  const group = await readAgain(releasing)
  if (!group.members.some(isWaiting)) return undefined
  const vouching: Vouching = {
    of: 'smoke',
    command: createHash('sha256').update(command).digest('hex').slice(0, 12),
  }
  const say = (line: string) => writeLines(context.stderr, [line])
  if (isVouched(group, vouching)) {
    say('smoke test: it has passed on these revisions before')
    return undefined
  }
  await using ports = flag(args, 'forward') ? await forwarded(releasing) : undefined
  say(`smoke test: ${command}`)
  let smoked: Smoked
  try {
    smoked = await (context.runCommand ?? runSmoke)(command, {
      env: { ...context.env, ...smokeEnvironment(group, releaseName(group), ports?.addresses) },
      limit: duration(args, 'smoke-timeout') ?? LONGEST,
      after: context.clock.after,
      signalGroup: context.signalGroup,
      stopping: interruption.stopping,
      say: (line) => say(`  ${line}`),
    })
  } catch (error) {
    if (!interruption.stopping.aborted) throw error
    writeLines(context.stderr, [
      'interrupted: the smoke test was ended, and the release stays at its gates; run the same command again to go on',
      ...nextLines(again(args, verb, placeOf(target)), drawingOn(context.stderr, args, context)),
    ])
    return EXIT.interrupted
  }
  if (smoked.ended !== 'passed') return goBack(releasing, `the smoke test has failed: ${smoked.why}`)
  say('smoke test: passed')
  await vouchFor(releasing, group, vouching)
  return undefined
}
