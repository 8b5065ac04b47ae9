import type { Cluster } from '../../cluster/port.ts'
import type { Mode } from '../../domain/findings/mode.ts'
import type { Snapshot } from '../../domain/group/snapshot.ts'
import { EXIT } from '../../domain/run/outcome.ts'
import { type Breadth, discoverNamespaces } from '../../watch/discover.ts'
import { groupsOf } from '../../watch/groups.ts'
import { choice, flag, text } from '../line/arguments.ts'
import { GROUP_FORMATS } from '../line/formats.ts'
import { type Arguments, UsageError } from '../command.ts'
import type { CliContext } from '../context.ts'
import { NoGroup } from '../errors.ts'
import { type GroupFormat, groupsText, groupText, viewsOf } from './group-output.ts'
import type { GroupView } from '../../view/words/group-view.ts'
import { readView, viewOf } from './group-view.ts'
import { listenForInterrupts } from '../interrupt.ts'
import type { Subject } from '../watch/subject.ts'
import { liveTerminal, type LiveTerminal } from '../terminal/live-terminal.ts'
import { noGroups, noSuchGroup, nowhere } from './not-found.ts'
import { formatOf } from '../terminal/format.ts'
import { writeLines } from '../terminal/output.ts'
import { groupLabel, type Target, withCluster, withGroup } from './target.ts'

/** Shows what `get-group` is asked for, once or as it changes. @throws UsageError, ClusterError, NoGroup */
export async function showAsked(args: Arguments, context: CliContext): Promise<number> {
  const asked = askedFor(args)
  const live = asked.watch && !asked.only && asked.format.name === 'text' ? liveTerminal(context) : undefined
  try {
    return await (asked.one ? showGroup : showGroups)(args, live?.context ?? context, asked, live)
  } catch (error) {
    if (error instanceof NoGroup && flag(args, 'ignore-not-found')) return EXIT.done
    throw error
  }
}

interface Asked {
  readonly format: GroupFormat
  readonly watch: boolean
  /** What changes only, not what is there. */
  readonly only: boolean
  /** One group, not a list of them. */
  readonly one: boolean
}

/** @throws UsageError where options do not go together */
function askedFor(args: Arguments): Asked {
  const format = formatOf(args, GROUP_FORMATS)
  const everywhere = flag(args, 'all-namespaces')
  const only = flag(args, 'watch-only')
  const watch = flag(args, 'watch') || only
  const one = !everywhere && (text(args, 'group') ?? text(args, 'selector')) !== undefined
  if (everywhere && text(args, 'selector') !== undefined)
    throw new UsageError('-l makes one group of one namespace; it cannot be joined with -A')
  if (watch && format.name !== 'text' && format.name !== 'ndjson')
    throw new UsageError(`-w shows what changes as text or -o ndjson, not as ${format.name}`)
  if (one && text(args, 'sort-by') !== undefined)
    throw new UsageError('--sort-by is for a list of groups; the members of one stand in their order of promotion')
  return { format, watch, only, one }
}

/** What only a look that goes on needs. */
async function goingOn() {
  return { ...(await import('../watch/follow.ts')), ...(await import('../../watch/group-store.ts')) }
}

async function showGroup(
  args: Arguments,
  context: CliContext,
  { format, watch, only }: Asked,
  live: LiveTerminal | undefined,
): Promise<number> {
  return withGroup(args, context, async (target) => {
    const render = (view: GroupView) => groupText(view, format, args, context)
    if (live !== undefined)
      return (await import('../watch/live-screen.ts')).showLive(
        args,
        live,
        onlyGroup(target, async () => {
          throw await noSuchGroup(target, groupLabel(args, context))
        }),
      )
    if (watch) {
      const { follow, openGroupStore } = await goingOn()
      return follow(
        context,
        (signal) => openGroupStore(target.cluster, target.scope, signal),
        async (seen) => (await render(await viewOf(seen, target, args, context))).trimEnd().split('\n'),
        only,
      )
    }
    using interruption = listenForInterrupts(context)
    context.stdout.write(await render(await readView(target, args, context, interruption.stopping)))
    return EXIT.done
  })
}

async function showGroups(
  args: Arguments,
  context: CliContext,
  { format, watch, only }: Asked,
  live: LiveTerminal | undefined,
): Promise<number> {
  const label = groupLabel(args, context)
  const name = text(args, 'group')
  const mode = choice(args, 'mode', ['legacy', 'modern'])
  return withCluster(args, context, async (cluster) => {
    const breadth = {
      namespace: flag(args, 'all-namespaces') ? undefined : cluster.namespace,
      selector: name === undefined ? label : `${label}=${name}`,
    }
    const render = (snapshots: readonly Snapshot[]) =>
      groupsText(viewsOf(snapshots, label, mode, args, context), format, args, context)
    if (live !== undefined)
      return (await import('../watch/live-screen.ts')).showLive(args, live, allGroups(cluster, breadth, label, mode))
    if (watch) {
      const { follow, openNamespacesStore } = await goingOn()
      return follow(
        context,
        (signal) => openNamespacesStore(cluster, breadth, signal),
        async (seen) => (await render(seen)).trimEnd().split('\n'),
        only,
      )
    }
    using interruption = listenForInterrupts(context)
    const snapshots = await discoverNamespaces(cluster, breadth, interruption.stopping, { early: true })
    if (snapshots.length === 0 && name !== undefined) throw await nowhere(cluster, name, label)
    const nothing = snapshots.length === 0 && (format.name === 'text' || format.name === 'wide')
    if (!nothing) context.stdout.write(await render(snapshots))
    else if (!flag(args, 'ignore-not-found'))
      writeLines(context.stderr, await noGroups(cluster, breadth.namespace, label))
    return EXIT.done
  })
}

function onlyGroup({ cluster, scope, group, mode }: Target, none: () => Promise<never>): Subject {
  return {
    cluster,
    breadth: scope,
    mode,
    group,
    none,
    selectorOf: () => scope.selector,
    groupsIn: (seen) => seen.filter((each) => each.rollouts.length > 0).map((snapshot) => ({ name: group, snapshot })),
  }
}

function allGroups(cluster: Cluster, breadth: Breadth, label: string, mode: Mode | undefined): Subject {
  // A namespace in which nothing has changed is divided once.
  const divided = new WeakMap<Snapshot, ReturnType<typeof groupsOf>>()
  return {
    cluster,
    breadth,
    mode,
    group: undefined,
    none: async () => {},
    selectorOf: (group) => `${label}=${group}`,
    groupsIn: (seen) =>
      seen.flatMap((each) => {
        const groups = divided.get(each) ?? groupsOf(each, label)
        divided.set(each, groups)
        return groups
      }),
  }
}
