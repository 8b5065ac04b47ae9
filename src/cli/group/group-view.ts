import { readGroup } from '../../domain/group/read-group.ts'
import type { Snapshot } from '../../domain/group/snapshot.ts'
import { groupView, type GroupView } from '../../view/words/group-view.ts'
import { discover } from '../../watch/discover.ts'
import type { Arguments } from '../command.ts'
import type { CliContext } from '../context.ts'
import { listenForInterrupts } from '../interrupt.ts'
import { noSuchGroup } from './not-found.ts'
import { groupLabel, type Target, withGroup } from './target.ts'

/** A group as it was read, ready to be shown. @throws NoGroup where it has no member */
export async function viewOf(
  snapshot: Snapshot,
  target: Target,
  args: Arguments,
  context: CliContext,
): Promise<GroupView> {
  if (snapshot.rollouts.length === 0) throw await noSuchGroup(target, groupLabel(args, context))
  return groupView(readGroup(snapshot, target.group, target.mode), context.clock.now())
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
