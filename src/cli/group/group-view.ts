import { readGroup } from '../../domain/group/read-group.ts'
import type { Snapshot } from '../../domain/group/snapshot.ts'
import { groupView, type GroupView } from '../../view/words/group-view.ts'
import { MemberNotFound, mustKnow } from '../../execute/run.ts'
import { discover } from '../../watch/discover.ts'
import type { Arguments } from '../command.ts'
import type { CliContext } from '../context.ts'
import { listenForInterrupts } from '../interrupt.ts'
import { planOptions } from '../write/plan-options.ts'
import { noSuchGroup, noSuchMember } from './not-found.ts'
import { groupLabel, type Target, withGroup } from './target.ts'

/**
 * A group as it was read, ready to be shown. @throws NoGroup where it has no member, UsageError for a name that none
 * has
 */
export async function viewOf(
  snapshot: Snapshot,
  target: Target,
  args: Arguments,
  context: CliContext,
): Promise<GroupView> {
  const options = planOptions(args)
  if (snapshot.rollouts.length === 0) throw await noSuchGroup(target, groupLabel(args, context))
  const group = readGroup(snapshot, target.group, target.mode)
  try {
    mustKnow(options.only ?? [], { group })
  } catch (error) {
    throw error instanceof MemberNotFound ? noSuchMember(target.group, error) : error
  }
  return groupView(group, context.clock.now(), options)
}

/** Reads the group named on the command line once, and hands it over. @throws UsageError, ClusterError, NoGroup */
export function withView(
  args: Arguments,
  context: CliContext,
  use: (view: GroupView) => Promise<number>,
): Promise<number> {
  return withGroup(args, context, async (target) => {
    using interruption = listenForInterrupts(context)
    return use(await viewOf(await discover(target.cluster, target.scope, interruption.stopping), target, args, context))
  })
}
