import { rowOf } from '../../domain/findings/finding.ts'
import { readGroup } from '../../domain/group/read-group.ts'
import type { Snapshot } from '../../domain/group/snapshot.ts'
import { groupView, type GroupView } from '../../view/words/group-view.ts'
import { MemberNotFound, mustKnow } from '../../execute/not-found.ts'
import { discover, withPods } from '../../watch/discover.ts'
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

/**
 * Reads a group once. What is told of versions by a template is told by its pods where it would be bad news: a template
 * may have been edited under them.
 * @param fronts look at what leads in from outside, too: that is two requests more
 * @throws UsageError, ClusterError, NoGroup
 */
export async function readView(
  target: Target,
  args: Arguments,
  context: CliContext,
  signal: AbortSignal,
  fronts = false,
): Promise<GroupView> {
  const snapshot = await discover(target.cluster, target.scope, signal, { early: true, fronts })
  const view = await viewOf(snapshot, target, args, context)
  return view.plan.findings.some((each) => rowOf(each.code).versions === true)
    ? viewOf(await withPods(target.cluster, target.scope, snapshot, signal), target, args, context)
    : view
}

/** Reads the group named on the command line once, and hands it over. @throws UsageError, ClusterError, NoGroup */
export function withView(
  args: Arguments,
  context: CliContext,
  use: (view: GroupView) => Promise<number>,
): Promise<number> {
  return withGroup(args, context, async (target) => {
    using interruption = listenForInterrupts(context)
    return use(await readView(target, args, context, interruption.stopping, true))
  })
}
