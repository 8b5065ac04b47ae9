import type { Cluster } from '../../cluster/port.ts'
import type { Mode } from '../../domain/findings/mode.ts'
import { readGroup } from '../../domain/group/read-group.ts'
import type { Snapshot } from '../../domain/group/snapshot.ts'
import { printable } from '../../text/printable.ts'
import { type Breadth, discover, discoverNamespaces } from '../../watch/discover.ts'
import { openGroupStore, openNamespacesStore } from '../../watch/group-store.ts'
import { groupsOf } from '../../watch/groups.ts'
import { groupView, type GroupView } from '../../view/words/group-view.ts'
import { groupDocument, groupList } from '../../view/documents/documents.ts'
import { overviewTable, worstFirst } from '../../view/words/overview.ts'
import { groupScreen } from '../../view/words/group-screen.ts'
import { choice, flag, text } from '../line/arguments.ts'
import { type Arguments, type Command, UsageError } from '../command.ts'
import type { CliContext } from '../context.ts'
import { viewOf } from '../group/group-view.ts'
import { listenForInterrupts } from '../interrupt.ts'
import type { Subject } from '../watch/subject.ts'
import { liveTerminal, type LiveTerminal } from '../terminal/live-terminal.ts'
import { noGroups, noSuchGroup, nowhere } from '../group/not-found.ts'
import { GROUPING, outputOption, READING } from '../line/options.ts'
import { documentText, drawingOn, type Format, formatOf, writeLines } from '../terminal/output.ts'
import { groupLabel, type Target, withCluster, withGroup } from '../group/target.ts'
import { follow } from '../watch/follow.ts'

const FORMATS = ['wide', 'json', 'yaml', 'name', 'ndjson', 'jsonpath=TEMPLATE'] as const
type Shown = Format<(typeof FORMATS)[number]>

/** `get-group [GROUP]`: one group with its pairs, traces and findings, or all groups, worst first. */
export const getGroup: Command = {
  options: { ...GROUPING, ...READING, ...outputOption(FORMATS) },
  examples: [
    ['get-group', 'the groups of the namespace, worst first'],
    ['get-group loan -n legacy', 'one group: what users have, what waits'],
    ['get-group loan -w', 'the same, live; on a terminal the group can be promoted and aborted there'],
    ["get-group loan -o jsonpath='{.verdict.state}'", 'one word for a script'],
  ],
  async run(args, context) {
    const format = formatOf(args, FORMATS)
    const everywhere = flag(args, 'all-namespaces')
    if (everywhere && text(args, 'selector') !== undefined)
      throw new UsageError('-l makes one group of one namespace; it cannot be joined with -A')
    if (flag(args, 'watch') && format.name !== 'text' && format.name !== 'ndjson')
      throw new UsageError(`-w shows what changes as text or -o ndjson, not as ${format.name}`)
    const one = !everywhere && (text(args, 'group') ?? text(args, 'selector')) !== undefined
    const live = flag(args, 'watch') && format.name === 'text' ? liveTerminal(context) : undefined
    return one
      ? showGroup(args, live?.context ?? context, format, live)
      : showGroups(args, live?.context ?? context, format, live)
  },
}

async function showGroup(
  args: Arguments,
  context: CliContext,
  format: Shown,
  live: LiveTerminal | undefined,
): Promise<number> {
  return withGroup(args, context, async (target) => {
    const render = async (snapshot: Snapshot) =>
      groupText(await viewOf(snapshot, target, args, context), format, args, context)
    if (live !== undefined)
      return (await import('../watch/live-screen.ts')).showLive(
        args,
        live,
        onlyGroup(target, async () => {
          throw await noSuchGroup(target, groupLabel(args, context))
        }),
      )
    if (flag(args, 'watch'))
      return follow(
        context,
        (signal) => openGroupStore(target.cluster, target.scope, signal),
        async (seen) => (await render(seen)).trimEnd().split('\n'),
      )
    using interruption = listenForInterrupts(context)
    context.stdout.write(await render(await discover(target.cluster, target.scope, interruption.stopping)))
    return 0
  })
}

async function showGroups(
  args: Arguments,
  context: CliContext,
  format: Shown,
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
      groupsText(viewsOf(snapshots, label, mode, context.clock.now()), format, args, context)
    if (live !== undefined)
      return (await import('../watch/live-screen.ts')).showLive(args, live, allGroups(cluster, breadth, label, mode))
    if (flag(args, 'watch'))
      return follow(
        context,
        (signal) => openNamespacesStore(cluster, breadth, signal),
        async (seen) => (await render(seen)).trimEnd().split('\n'),
      )
    using interruption = listenForInterrupts(context)
    const snapshots = await discoverNamespaces(cluster, breadth, interruption.stopping)
    if (snapshots.length === 0 && name !== undefined) throw await nowhere(cluster, name, label)
    const silent = snapshots.length === 0 && ['text', 'wide', 'name'].includes(format.name)
    if (silent) writeLines(context.stderr, await noGroups(cluster, breadth.namespace, label))
    else context.stdout.write(await render(snapshots))
    return 0
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

/** Every group of what was read, worst first. */
function viewsOf(snapshots: readonly Snapshot[], label: string, mode: Mode | undefined, now: number): GroupView[] {
  return worstFirst(
    snapshots
      .flatMap((snapshot) => groupsOf(snapshot, label))
      .map((each) => groupView(readGroup(each.snapshot, each.name, mode), now)),
  )
}

async function groupText(view: GroupView, format: Shown, args: Arguments, context: CliContext): Promise<string> {
  const drawing = drawingOn(context.stdout, args, context)
  switch (format.name) {
    case 'text':
    case 'wide':
      return lines(groupScreen(view, drawing, { wide: format.name === 'wide', headers: !flag(args, 'no-headers') }))
    case 'name':
      return lines(view.rows.map((row) => `rollout.argoproj.io/${printable(row.member.name)}`))
    default:
      return documentText(groupDocument(view, drawing.typed), format.name, format.template)
  }
}

async function groupsText(
  views: readonly GroupView[],
  format: Shown,
  args: Arguments,
  context: CliContext,
): Promise<string> {
  const drawing = drawingOn(context.stdout, args, context)
  const allNamespaces = flag(args, 'all-namespaces')
  switch (format.name) {
    case 'text':
    case 'wide':
      return lines(
        overviewTable(
          views,
          { ...drawing, headers: !flag(args, 'no-headers') },
          { allNamespaces, wide: format.name === 'wide' },
        ),
      )
    case 'name':
      return lines(views.map((view) => printable(allNamespaces ? `${view.namespace}/${view.name}` : view.name)))
    case 'ndjson':
      return (await Promise.all(views.map((view) => documentText(groupDocument(view, drawing.typed), 'ndjson')))).join(
        '',
      )
    default:
      return documentText(groupList(views, drawing.typed), format.name, format.template)
  }
}

function lines(of: readonly string[]): string {
  return of.map((line) => `${line}\n`).join('')
}
