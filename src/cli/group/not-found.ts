import type { Cluster } from '../../cluster/port.ts'
import { at, strings, text } from '../../domain/objects/fields.ts'
import { printable } from '../../text/printable.ts'
import { UsageError } from '../command.ts'
import { NoGroup } from '../errors.ts'
import { didYouMean, nearest } from '../line/suggest.ts'
import type { Target } from './target.ts'

/** More names than this are not worth a line. */
const MOST = 10

/**
 * Why there is no such group, and what to do: one more LIST, of the namespace's Rollouts.
 * @throws ClusterError where the Rollouts may not be listed
 */
export async function noSuchGroup({ cluster, scope, group }: Target, label: string): Promise<NoGroup> {
  const rollouts = await rolloutsIn(cluster, scope.namespace)
  if (rollouts.length > 0 && scope.selector !== `${label}=${group}`)
    return new NoGroup(`error: no rollout in ${place(scope.namespace)} has the labels ${scope.selector}`)
  return missing(rollouts, group, label, scope.namespace)
}

/** Why no namespace has such a group. @throws ClusterError where the Rollouts may not be listed */
export async function nowhere(cluster: Cluster, group: string, label: string): Promise<NoGroup> {
  return missing(await rolloutsIn(cluster, undefined), group, label, undefined)
}

function missing(rollouts: readonly Found[], group: string, label: string, namespace: string | undefined): NoGroup {
  if (rollouts.length === 0)
    return new NoGroup(`error: no group ${group}: there are no rollouts in ${place(namespace)}`)
  const labelled = rollouts
    .filter((each) => each.labels.has(label))
    .map((each) => ({ name: printable(each.labels.get(label)!), within: each.namespace }))
  if (labelled.length === 0)
    return new NoGroup(
      ungrouped(
        namespace,
        rollouts.map((each) => each.name),
        label,
        group,
      ).join('\n'),
    )
  const shown = [
    ...new Set(labelled.map(({ name, within }) => (namespace === undefined ? `${within}/${name}` : name))),
  ].sort()
  return new NoGroup(
    `error: no group ${group} in ${place(namespace)}; its groups are: ${few(shown)}${didYouMean(
      group,
      labelled.map((each) => each.name),
    )}`,
  )
}

/** Who `--only` names though nobody is called so. */
export function noSuchMember(
  group: string,
  { unknown, members }: { readonly unknown: readonly string[]; readonly members: readonly string[] },
): UsageError {
  const meant = [...new Set(unknown.flatMap((each) => nearest(each, members) ?? []))]
  return new UsageError(
    `no member ${unknown.join(', ')} in group ${group}; its members are ` +
      `${few(members)}${meant.length === 0 ? '' : `; did you mean ${meant.join(', ')}?`}`,
  )
}

/** What is said in place of an empty list of groups. */
export async function noGroups(cluster: Cluster, namespace: string | undefined, label: string): Promise<string[]> {
  const rollouts = await rolloutsIn(cluster, namespace)
  if (rollouts.length === 0)
    return [`No resources found${namespace === undefined ? '' : ` in ${namespace} namespace.`}`]
  return ungrouped(
    namespace,
    rollouts.map((each) => each.name),
    label,
    'GROUP',
  )
}

function ungrouped(namespace: string | undefined, rollouts: readonly string[], label: string, group: string): string[] {
  const none = rollouts.length === 1 ? 'its one rollout lacks' : `none of its ${rollouts.length} rollouts has`
  return [
    `No groups in ${place(namespace)}: ${none} the label ${label}.`,
    `Group them:  kubectl label rollout ${rollouts.length <= MOST ? rollouts.join(' ') : 'ROLLOUT…'} ` +
      `${label}=${group} -n ${namespace ?? 'NAMESPACE'}`,
  ]
}

interface Found {
  readonly namespace: string
  readonly name: string
  readonly labels: ReadonlyMap<string, string>
}

async function rolloutsIn(cluster: Cluster, namespace: string | undefined): Promise<Found[]> {
  const { items } = await cluster.list('rollouts', namespace === undefined ? {} : { namespace })
  return items.map((raw) => ({
    namespace: printable(text(at(raw, 'metadata', 'namespace')) ?? ''),
    name: printable(text(at(raw, 'metadata', 'name')) ?? ''),
    labels: strings(at(raw, 'metadata', 'labels')),
  }))
}

function place(namespace: string | undefined): string {
  return namespace === undefined ? 'any namespace' : `namespace ${namespace}`
}

function few(names: readonly string[]): string {
  return names.length <= MOST ? names.join(', ') : `${names.slice(0, MOST).join(', ')}, …`
}
