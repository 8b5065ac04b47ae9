import { namesIn } from '../../domain/group/membership.ts'
import { listed } from '../../domain/checks/say.ts'
import { settleRound, type Settling } from '../../domain/release/settle.ts'
import { EXIT, type Exit } from '../../domain/run/outcome.ts'
import type { Cluster } from '../../cluster/port.ts'
import { type Group, readGroup } from '../../domain/group/read-group.ts'
import { desire } from '../../execute/deploy/desire.ts'
import { knownOf } from '../../execute/rewire/surrounding.ts'
import { callOn } from '../../domain/findings/remedy.ts'
import { printable } from '../../text/printable.ts'
import { findingLines, nextLines } from '../../view/words/finding.ts'
import { discover } from '../../watch/discover.ts'
import { placeOf } from '../group/target.ts'
import { drawingOn, writeLines } from '../terminal/output.ts'
import { onFailure } from './on-failure.ts'
import { carryOut, mustBeThere, outcomeOf, type ReleasePhase, type Releasing } from './releasing.ts'

/**
 * Points live consumers back to live Services, round after round: each round is deployed, promoted, and its old pods
 * are waited for before what they call changes.
 */
export async function settle(releasing: Releasing): Promise<Exit | undefined> {
  const { args, context, target, interruption, options, run } = releasing
  const tried = new Set<string>()
  for (;;) {
    const snapshot = await discover(target.cluster, target.scope, interruption.stopping)
    const group = readGroup(snapshot, target.group, target.mode)
    const round = await nextRound(releasing, group)
    switch (round.state) {
      case 'settled':
        return undefined
      case 'refused': {
        const drawing = drawingOn(context.stderr, args, context)
        writeLines(
          context.stderr,
          round.findings.flatMap((each) => findingLines(each, drawing)),
        )
        return EXIT.refused
      }
      case 'round': {
        const { members, later, files } = round
        if (tried.has(members.join())) return settlesNothing(releasing, members)
        tried.add(members.join())
        releasing.begins('settle')
        const then = later.length === 0 ? '' : `; then ${later.map(listed).join('; then ')}`
        writeLines(context.stderr, [`settle: ${listed(members)} back to live Services${then}`])
        const { name, namespace, mode } = group
        const there = namesIn(snapshot.rollouts)
        const aim = { group: name, namespace, labels: undefined, there, mode, include: [] }
        const desired = await desire(target.cluster, target.cluster, files, aim, snapshot, interruption.stopping)
        const deployment = { desired, applier: target.cluster }
        const failure = { onFailure: onFailure(args) }
        const stopped =
          (await carryOut(releasing, run('deploy-all', { deployment, ...failure }))) ??
          (await carryOut(
            releasing,
            run('promote-all', { options: { ...options, only: members, toEnd: true }, ...failure }),
          ))
        if (stopped !== undefined) return stopped
      }
    }
  }
}

/** A round that has come to its end, and is to come once more, would come for ever. */
function settlesNothing({ args, context, target }: Releasing, members: readonly string[]): Exit {
  writeLines(context.stderr, [
    printable(`error: ${listed(members)} went through the round that points back to live Services, and are not there`),
    ...nextLines(callOn(placeOf(target), 'check'), drawingOn(context.stderr, args, context)),
  ])
  return EXIT.failed
}

/** Where no round was to be made, it says so. */
async function sayWhereSettled(releasing: Releasing): Promise<Exit | undefined> {
  const { target, isIdle } = releasing
  const words = 'nothing to settle, no live consumer calls a Service in front of a next version'
  if (isIdle()) writeLines(outcomeOf(releasing), [printable(`Group ${target.group}: ${words}.`)])
  return undefined
}

/** What points live consumers back. */
export const SETTLE_PHASES: readonly ReleasePhase[] = [mustBeThere, settle, sayWhereSettled]

async function nextRound({ target, interruption, options }: Releasing, group: Group): Promise<Settling> {
  const workloads = await workloadsOf(target.cluster, group, interruption.stopping)
  const known = await knownOf(target.cluster, group.snapshot, group.name, [], interruption.stopping)
  const around = { group: group.name, namespace: group.namespace, belongs: () => true, cluster: { ...known, group } }
  return settleRound(workloads, around, options)
}

/** The Deployments that members have their pod templates in. @throws ClusterError */
export async function workloadsOf(
  cluster: Cluster,
  { members, namespace }: Group,
  signal: AbortSignal,
): Promise<unknown[]> {
  const names = members.flatMap(({ workloadRef }) => (workloadRef?.kind === 'Deployment' ? [workloadRef.name] : []))
  return Promise.all(names.map((name) => cluster.get('deployments', { namespace, name }, signal)))
}
