import { isWaiting } from '../../domain/checks/context.ts'
import { listed } from '../../domain/checks/say.ts'
import { changeOf } from '../../domain/deploy/changes.ts'
import type { Desired } from '../../domain/deploy/desired.ts'
import { planDeploy } from '../../domain/deploy/plan-deploy.ts'
import { forbids } from '../../domain/findings/finding.ts'
import { called } from '../../domain/group/member.ts'
import type { Manifest } from '../../domain/manifests/manifest.ts'
import { type Plan, refused, refusing } from '../../domain/plan/plan.ts'
import { at } from '../../domain/objects/fields.ts'
import { RELEASE } from '../../domain/objects/labels.ts'
import { isPinned, liveVersions, releaseName } from '../../domain/release/release-name.ts'
import { isCuredBySettling, isHalfSettled, isSettling, isUnsettled } from '../../domain/release/settle.ts'
import { isVouched, type Vouching } from '../../domain/release/vouched.ts'
import { EXIT, type Exit } from '../../domain/run/outcome.ts'
import type { Deployment } from '../../execute/context.ts'
import { printable } from '../../text/printable.ts'
import { nextLines } from '../../view/words/finding.ts'
import { FILES_TO_RELEASE } from '../../view/words/files-to-release.ts'
import { releaseOutline } from '../../view/words/outlines.ts'
import type { Arguments } from '../command.ts'
import type { CliContext } from '../context.ts'
import { placeOf } from '../group/target.ts'
import { flag, text } from '../line/arguments.ts'
import { ask } from '../terminal/confirm.ts'
import { drawingOn, writeLines } from '../terminal/output.ts'
import { again } from '../write/again.ts'
import { bakeOf } from '../write/baking.ts'
import { deploymentOf, manifestsIn } from '../write/deployment.ts'
import { afterFailure, onFailure } from './on-failure.ts'
import {
  carryOut,
  outcomeOf,
  promoteToEnd,
  type ReleasePhase,
  readAgain,
  type Releasing,
  runPhases,
} from './releasing.ts'
import { settle } from './settle-phase.ts'
import { smokeTest } from './smoke-phase.ts'
import { goBack, vouchFor } from './vouching.ts'

/**
 * A whole release: what users are on is settled where it is not, the next one deployed to its gates, tested, approved,
 * promoted, and settled again where its wiring wants that.
 * @returns the exit code @throws UsageError, ClusterError, NoGroup
 */
export function runRelease(args: Arguments, context: CliContext): Promise<number> {
  const smoke = text(args, 'smoke')
  const phases = {
    before: [
      ...(smoke === undefined ? [] : [`smoke test (${printable(smoke)})`]),
      ...(flag(args, 'approve') ? ['approval'] : []),
    ],
    promotes:
      bakeOf(args, context) === undefined
        ? 'promote to the end'
        : `promote to the end (the first wave is looked at for ${text(args, 'bake')})`,
    after: text(args, 'wiring') === 'preview' ? ['settle'] : [],
  }
  const failure = afterFailure(args)
  let manifests: Promise<readonly Manifest[]> | undefined
  const read = ({ interruption }: Releasing) => (manifests ??= manifestsIn(args, context, interruption.stopping))
  const ofFiles =
    (phase: (releasing: Releasing, deployment: Deploys) => Promise<Exit | undefined>): ReleasePhase =>
    async (releasing) => {
      // Before anything is written: settling, too.
      const found = await read(releasing)
      return phase(releasing, async (wiring) =>
        deploymentOf({ ...args, wiring }, found, releasing.target, context, releasing.interruption.stopping),
      )
    }
  const concludes: ReleasePhase = async (releasing) => conclude(releasing, await read(releasing))
  return runPhases(
    args,
    context,
    [ofFiles(settleBefore), ofFiles(deploy), smokeTest, approve, promoteToEnd, settleAfter, concludes],
    { verb: 'release', deed: 'Release', outline: (plan) => releaseOutline(phases, failure, plan) },
  )
}

/** Where no phase had anything to do, it says so; else whether the files hold what pods were given. */
async function conclude(releasing: Releasing, files: readonly Manifest[]): Promise<Exit | undefined> {
  const group = await readAgain(releasing)
  if (releasing.isIdle())
    writeLines(outcomeOf(releasing), [
      printable(`Group ${group.name}: nothing to release, users are on ${liveVersions(group)}.`),
    ])
  else if (isPinned(group) && !files.some(isLabelled))
    writeLines(releasing.context.stderr, [printable(`Your files hold no address of this release. ${FILES_TO_RELEASE}`)])
  return undefined
}

/** Whether a manifest is of a release already, as pin prints it. */
function isLabelled({ object }: Manifest): boolean {
  return at(object, 'spec', 'template', 'metadata', 'labels', RELEASE) !== undefined
}

/** The files that were given, wired so, as a deployment of the group as it is now. */
type Deploys = (wiring: string | undefined) => Promise<Deployment>

/**
 * Consumers that the last release has left on preview Services would be struck by this one. Where nothing is to be
 * deployed, or would be refused all the same, they stay: a release that is refused has written nothing. What a run that
 * was killed has begun to settle is led to its end.
 */
async function settleBefore(releasing: Releasing, deployment: Deploys): Promise<Exit | undefined> {
  const { args, options } = releasing
  const group = await readAgain(releasing)
  if (group.members.some((each) => isWaiting(each) && !isSettling(each))) return undefined
  if (isUnsettled(group, options) && !group.members.some(isSettling) && !isHalfSettled(group, options)) {
    const asked = text(args, 'wiring')
    for (const wiring of asked === undefined ? [undefined, 'pinned'] : [asked]) {
      const { desired } = await deployment(wiring)
      if (changesNothing(desired)) return undefined
      if (isSettledFor(planDeploy(group, desired, options))) return settle(releasing)
    }
    return undefined
  }
  return settle(releasing)
}

/** Whether nothing forbids a plan but what settling cures. */
function isSettledFor(plan: Plan): boolean {
  return refusing(plan).every(isCuredBySettling)
}

function changesNothing({ objects, findings }: Desired): boolean {
  return !findings.some(forbids) && objects.every((each) => changeOf(each) === undefined)
}

async function settleAfter(releasing: Releasing): Promise<Exit | undefined> {
  return text(releasing.args, 'wiring') === 'preview' ? settle(releasing) : undefined
}

/**
 * Where somebody waited when it was looked whether to settle, the controller may have come to the end since of what a
 * run that was killed has begun: then that is settled first.
 */
async function deploy(releasing: Releasing, deploys: Deploys): Promise<Exit | undefined> {
  const { args } = releasing
  const run = async () => {
    const deployment = await deploys(text(args, 'wiring'))
    return releasing.run('deploy-all', { deployment, onFailure: onFailure(args), leadsOn: true })
  }
  return carryOut(releasing, await run(), async ({ plan, exit }) => {
    const isCured = exit === EXIT.refused && refused(plan) && isSettledFor(plan)
    if (!isCured || (await readAgain(releasing)).members.some(isWaiting)) return undefined
    return { exit: (await settle(releasing)) ?? (await carryOut(releasing, await run())) }
  })
}

/** A person's word, where it was asked for: given now, or kept on the revisions that wait. */
const approve: ReleasePhase = async (releasing) => {
  const { args, context, interruption } = releasing
  if (!flag(args, 'approve')) return undefined
  const group = await readAgain(releasing)
  const waiting = group.members.filter(isWaiting)
  const vouching: Vouching = { of: 'approval' }
  if (waiting.length === 0 || isVouched(group, vouching)) return undefined
  const who = listed(waiting.map((each) => called(each.next!)))
  const what = printable(`release ${releaseName(group)} of group ${group.name} (${who})`)
  if (!context.stdin.isTTY) {
    const why = `${what} waits for its approval`
    releasing.because(why)
    writeLines(context.stderr, [
      `${why}; users stay where they are`,
      ...nextLines(withoutApproval(releasing), drawingOn(context.stderr, args, context)),
    ])
    return EXIT.unapproved
  }
  const answer = await ask(context, `Approve ${what}? [y/N] `, interruption.stopping)
  if (interruption.stopping.aborted) {
    writeLines(context.stderr, [
      `interrupted: ${what} waits for its approval; users stay where they are`,
      ...nextLines(again(args, releasing.verb, placeOf(releasing.target)), drawingOn(context.stderr, args, context)),
    ])
    return EXIT.interrupted
  }
  if (!/^y(es)?$/i.test(answer?.trim() ?? '')) return goBack(releasing, `${what} was not approved`)
  await vouchFor(releasing, group, vouching, context.user)
  return undefined
}

/** The same release, as whoever approves it goes on with it. */
function withoutApproval({ args, target, verb }: Releasing) {
  const same = again({ ...args, approve: false, smoke: undefined, forward: false }, verb, placeOf(target))
  return { ...same, words: [...same.words, '--yes'] }
}
