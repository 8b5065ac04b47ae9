import type { Cluster } from '../../cluster/port.ts'
import type { Call, Typed } from '../../domain/findings/remedy.ts'
import type { Mode } from '../../domain/findings/mode.ts'
import { GROUP_LABEL, LABEL_KEY, LABEL_VALUE } from '../../domain/objects/labels.ts'
import type { Scope } from '../../watch/discover.ts'
import { type Arguments, UsageError } from '../command.ts'
import type { CliContext } from '../context.ts'
import { choice, connectionFlags, flag, text } from '../line/arguments.ts'

/** A group a verb is about: how to find it and what it is called. */
export interface Target {
  readonly cluster: Cluster
  readonly scope: Scope
  readonly group: string
  readonly mode: Mode | undefined
}

/** Where a group is, for the commands that are named to a person. */
export function placeOf({ group, scope }: Target): { readonly group: string; readonly namespace: string } {
  return { group, namespace: scope.namespace }
}

/**
 * The label that makes a group: --group-label, ROLLOUTS_GROUP_LABEL, or Kubernetes' own. @throws UsageError where it is
 * no label
 */
export function groupLabel(args: Arguments, context: CliContext): string {
  const label = text(args, 'group-label') ?? (context.env.ROLLOUTS_GROUP_LABEL || GROUP_LABEL)
  if (!LABEL_KEY.test(label))
    throw new UsageError(`${JSON.stringify(label)} is no label key (--group-label, ROLLOUTS_GROUP_LABEL)`)
  return label
}

/** The group named on the command line, by its label or by -l. @throws UsageError where neither or both say it */
export function groupSelector(
  args: Arguments,
  context: CliContext,
): { readonly group: string; readonly selector: string } {
  const group = text(args, 'group')
  const selector = text(args, 'selector')
  if (group !== undefined && selector !== undefined)
    throw new UsageError('a group is given by its name or by -l, not by both')
  if (selector !== undefined) return { group: groupIn(selector, groupLabel(args, context)) ?? selector, selector }
  if (group === undefined) throw new UsageError('which group? name it, or give labels with -l')
  if (!LABEL_VALUE.test(group))
    throw new UsageError(`${JSON.stringify(group)} cannot be a group: it is no label value (letters, digits, - _ .)`)
  return { group, selector: `${groupLabel(args, context)}=${group}` }
}

/** The group that a selector asks for by its label alone: it is the one of that name, with one lock. */
function groupIn(selector: string, label: string): string | undefined {
  const labels = labelsIn(selector)
  const group = labels?.size === 1 ? labels.get(label) : undefined
  return group !== undefined && LABEL_VALUE.test(group) ? group : undefined
}

/** The labels that a selector asks for; undefined where it says more than labels. */
export function labelsIn(selector: string): ReadonlyMap<string, string> | undefined {
  const parts = selector.split(',').map((each) => /^([^=!\s()]+)={1,2}([^=\s()]*)$/.exec(each.trim()))
  return parts.every((each) => each !== null) ? new Map(parts.map((each) => [each![1]!, each![2]!])) : undefined
}

/**
 * Opens the cluster, hands over the group, and closes the cluster again whatever happens.
 * @throws UsageError, ClusterError
 */
export async function withGroup<Result>(
  args: Arguments,
  context: CliContext,
  use: (target: Target) => Promise<Result>,
): Promise<Result> {
  const { group, selector } = groupSelector(args, context)
  const mode = choice(args, 'mode', ['legacy', 'modern'])
  return withCluster(args, context, (cluster) =>
    use({ cluster, scope: { namespace: cluster.namespace, selector }, group, mode }),
  )
}

/** Opens the cluster and closes it again whatever happens. */
export async function withCluster<Result>(
  args: Arguments,
  context: CliContext,
  use: (cluster: Cluster) => Promise<Result>,
): Promise<Result> {
  const cluster = await context.openCluster(connectionFlags(args, context))
  try {
    return await use(cluster)
  } finally {
    await cluster.close()
  }
}

/** The same process for a verb that is a part of another: what it opens is the cluster that is open, and stays so. */
export function on(cluster: Cluster, context: CliContext): CliContext {
  return { ...context, openCluster: async () => ({ ...cluster, close: async () => {} }) }
}

/** Options that lead to the cluster, of kubectl and of all its plugins. */
const REACHING = ['context', 'cluster', 'user', 'kubeconfig', 'server', 'as'] as const

/** Options of ours that make of a group what it is. */
const GROUPED = ['group-label', 'mode'] as const

/** How a command is typed that reaches the same cluster, namespace and group: what the screens propose. */
export function typedAs(args: Arguments): Typed {
  const insecure = flag(args, 'insecure-skip-tls-verify') ? ' --insecure-skip-tls-verify' : ''
  return (call) => {
    const namespace = call.namespace === undefined ? '' : ` -n ${call.namespace}`
    const own = call.tool === 'kubectl' ? '' : repeated(args, GROUPED)
    return `${wordsTyped(call, text(args, 'selector'))}${namespace}${repeated(args, REACHING)}${own}${insecure}`
  }
}

/** The same, where the command line itself says how the cluster is reached: in a demo. */
export function typedIn(reached: Typed, args: Arguments): Typed {
  return (call) => reached(call) + (call.tool === 'kubectl' ? '' : repeated(args, ['mode']))
}

/** The words of a call, its group the last of them. */
export function wordsOf({ words, group }: Call): readonly string[] {
  return group === undefined ? words : [...words, group]
}

function wordsTyped(call: Call, selector: string | undefined): string {
  const words = call.group !== undefined && call.group === selector ? [...call.words, '-l', selector] : wordsOf(call)
  return ['kubectl', ...(call.tool === 'kubectl' ? [] : [call.tool]), ...words].map(quoted).join(' ')
}

function repeated(args: Arguments, names: readonly string[]): string {
  return names
    .map((name) => {
      const value = text(args, name)
      return value === undefined ? '' : ` --${name} ${quoted(value)}`
    })
    .join('')
}

/** A word as a shell takes it. */
export function quoted(value: string): string {
  return /^[\w@%+=:,./-]+$/.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`
}
