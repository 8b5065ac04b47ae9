import { isWaiting } from '../../domain/checks/context.ts'
import { listed } from '../../domain/checks/say.ts'
import { callOn } from '../../domain/findings/remedy.ts'
import { called } from '../../domain/group/member.ts'
import { type Group, readGroup } from '../../domain/group/read-group.ts'
import type { Verb } from '../../domain/intent.ts'
import { releaseName } from '../../domain/release/release-name.ts'
import { isVouched, type Vouching } from '../../domain/release/vouched.ts'
import { EXIT, type Exit } from '../../domain/run/outcome.ts'
import type { Plan } from '../../domain/plan/plan.ts'
import type { RunContext } from '../../execute/context.ts'
import { vouch } from '../../execute/vouch.ts'
import { nextLines } from '../../view/words/finding.ts'
import { discover } from '../../watch/discover.ts'
import { type Arguments, UsageError } from '../command.ts'
import type { CliContext } from '../context.ts'
import { groupLabel, groupSelector, type Target, withGroup } from '../group/target.ts'
import { type Interruption, listenForInterrupts } from '../interrupt.ts'
import { choice, duration, flag, text, texts } from '../line/arguments.ts'
import { ask, askToConfirm } from '../terminal/confirm.ts'
import { drawingOn, writeLines } from '../terminal/output.ts'
import { deploymentOf } from '../write/deployment.ts'
import { planOptions } from '../write/plan-options.ts'
import { carriedOut, DEFAULT_TIMEOUT, report, shown, type Talk, talkTo } from '../write/write.ts'
import { smokeTest } from './smoke-phase.ts'

/** A release on its way from phase to phase. */
export interface Releasing {
  readonly args: Arguments
  readonly context: CliContext
  readonly target: Target
  readonly interruption: Interruption
  readonly talk: Talk
  /** What every run of a phase has in common. */
  run(verb: Verb, more?: Partial<RunContext>): RunContext
}

/** What a phase comes to: the release goes on, or ends with an exit code. */
type Phase = (releasing: Releasing) => Promise<Exit | undefined>

/**
 * A whole release: deployed to its gates, tested, approved, promoted. Each phase is planned from what the cluster shows
 * when its turn comes, so the same command made again goes on where the last one ended.
 * @returns the exit code @throws UsageError, ClusterError, NoGroup
 */
export async function runRelease(args: Arguments, context: CliContext): Promise<number> {
  groupSelector(args, context)
  const dryRun = choice(args, 'dry-run', ['none', 'client', 'server'])
  const mustAsk = !flag(args, 'yes') && (dryRun === undefined || dryRun === 'none')
  if (mustAsk && !context.stdin.isTTY)
    throw new UsageError('nobody can be asked: standard input is no terminal; give --yes, or --dry-run to see the plan')
  const timeoutMs = duration(args, 'timeout') ?? DEFAULT_TIMEOUT
  const options = { ...planOptions(args), ...(timeoutMs > 0 && { limit: timeoutMs }) }
  return withGroup(args, context, async (target) => {
    using interruption = listenForInterrupts(context)
    const talk = talkTo(args, context, target, false, interruption.stopping)
    let confirmed = !mustAsk
    const confirm = async (plan: Plan): Promise<boolean> => {
      await talk.ask(plan, options.drain ?? 'pods')
      if (!confirmed) writeLines(context.stderr, [`  ${phasesOf(args)}`, ''])
      confirmed ||= await askToConfirm(context, plan, interruption.stopping, 'Release')
      return confirmed
    }
    const releasing: Releasing = {
      args,
      context,
      target,
      interruption,
      talk,
      run: (verb, more) => ({
        cluster: target.cluster,
        scope: target.scope,
        group: target.group,
        mode: target.mode,
        verb,
        options,
        timeoutMs,
        dryRun: dryRun === 'none' ? undefined : dryRun,
        breakLock: flag(args, 'break-lock'),
        user: context.user,
        runId: context.newRunId(),
        clock: context.clock,
        stopping: interruption.stopping,
        stopped: interruption.stopped,
        emit: talk.show,
        confirm,
        ...more,
      }),
    }
    try {
      for (const phase of PHASES) {
        const exit = await phase(releasing)
        if (exit !== undefined) return exit
      }
      return EXIT.done
    } finally {
      talk.end()
    }
  })
}

const PHASES: readonly Phase[] = [deploy, smokeTest, approve, promote]

/** The phases in a line, for whoever confirms all of them at once. */
function phasesOf(args: Arguments): string {
  const smoke = text(args, 'smoke')
  const phases = [
    'deploy',
    ...(smoke === undefined ? [] : [`smoke test (${smoke})`]),
    ...(flag(args, 'approve') ? ['approval'] : []),
    'promote to the end',
  ]
  return `phases: ${phases.join(' → ')}; a failure ${onFailure(args) === 'abort' ? 'is withdrawn' : 'stops it'}`
}

/** What follows a failure: a release that nobody looks after does not stay half done. */
export function onFailure(args: Arguments): 'stop' | 'abort' {
  return choice(args, 'on-failure', ['stop', 'abort']) ?? 'abort'
}

async function deploy(releasing: Releasing): Promise<Exit | undefined> {
  const { args, context, target, interruption } = releasing
  const deployment = await deploymentOf(args, context, target, interruption.stopping)
  return carryOut(releasing, releasing.run('deploy-all', { deployment, onFailure: onFailure(args) }))
}

async function promote(releasing: Releasing): Promise<Exit | undefined> {
  const run = releasing.run('promote-all', { onFailure: onFailure(releasing.args) })
  return carryOut(releasing, { ...run, options: { ...run.options, toEnd: true } })
}

/** One run of a verb, reported; a dry run ends with the plan of the first. */
async function carryOut(releasing: Releasing, run: RunContext): Promise<Exit | undefined> {
  const { args, context, target, talk } = releasing
  const result = await carriedOut(run, target, groupLabel(args, context)).finally(() => talk.end())
  if (run.dryRun !== undefined) return (await shown(result, run, target, args, context)) as Exit
  await report(result, talk.took(), args, context)
  return result.exit === EXIT.done ? undefined : result.exit
}

/** A person's word, where it was asked for: given now, or kept on the revisions that wait. */
async function approve(releasing: Releasing): Promise<Exit | undefined> {
  const { args, context, target, interruption } = releasing
  if (!flag(args, 'approve')) return undefined
  const group = await readAgain(releasing)
  const waiting = group.members.filter(isWaiting)
  const vouching: Vouching = { of: 'approval' }
  if (waiting.length === 0 || isVouched(group, vouching)) return undefined
  const what = `release ${releaseName(group)} of group ${group.name} (${listed(waiting.map((each) => called(each.next!)))})`
  if (!context.stdin.isTTY) {
    const without = again(releasing)
    writeLines(context.stderr, [
      `${what} waits for its approval; users stay where they are`,
      ...nextLines(without, drawingOn(context.stderr, args, context)),
    ])
    return EXIT['approval-wanted']
  }
  const answer = await ask(context, `Approve ${what}? [y/N] `, interruption.stopping)
  if (/^y(es)?$/i.test(answer?.trim() ?? '')) {
    await vouch(target.cluster, group, vouching, `${context.user} ${timeOf(context)}`, (sentence) =>
      writeLines(context.stderr, [`warning: ${sentence}`]),
    )
    return undefined
  }
  if (interruption.stopping.aborted) return EXIT.interrupted
  return goBack(releasing, `${what} was not approved`)
}

/** The group as it is now. */
export async function readAgain({ target, interruption }: Releasing): Promise<Group> {
  return readGroup(
    await discover(target.cluster, target.scope, interruption.stopping),
    target.group,
    target.mode,
  )
}

export function timeOf({ clock }: CliContext): string {
  return new Date(clock.now()).toISOString()
}

/** Withdraws what waits, unless it is to stay: users have not left where they were. */
export async function goBack(releasing: Releasing, why: string): Promise<Exit> {
  const { args, context, target } = releasing
  if (onFailure(args) === 'stop') {
    const next = callOn({ group: target.group, namespace: target.scope.namespace }, 'abort-all')
    writeLines(context.stderr, [
      `error: ${why}; it stays at its gates (--on-failure=stop)`,
      ...nextLines(next, drawingOn(context.stderr, args, context)),
    ])
    return EXIT.failed
  }
  writeLines(context.stderr, [`error: ${why}; it is withdrawn`])
  await carryOut(releasing, { ...releasing.run('abort-all'), confirm: async () => true })
  return EXIT.failed
}

/** The same command, as whoever approves types it. */
function again({ args, target }: Releasing) {
  const words = [
    ...['filename', 'kustomize', 'wiring', 'release', 'on-failure', 'timeout'].flatMap((name) =>
      texts(args, name).map((value) => `--${name}=${value}`),
    ),
    '--yes',
  ]
  return callOn({ group: target.group, namespace: target.scope.namespace }, 'release', ...words)
}
