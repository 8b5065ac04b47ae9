import type { Cluster } from '../cluster/port.ts'
import { at, strings, text } from '../domain/parse.ts'
import { printable } from '../domain/printable.ts'
import { UsageError } from './command.ts'
import { NoGroup } from './errors.ts'
import { nearest } from './suggest.ts'
import type { Target } from './target.ts'

/** More names than this are not worth a line. */
const MOST = 10

/**
 * Why there is no such group, and what to do: one more LIST, of the namespace's Rollouts.
 * @throws ClusterError where the Rollouts may not be listed
 */
export async function noSuchGroup({ cluster, scope, group }: Target, label: string): Promise<NoGroup> {
  const rollouts = await rolloutsIn(cluster, scope.namespace)
  if (rollouts.length === 0) return new NoGroup(`error: no group ${group}: there are no rollouts in namespace ${scope.namespace}`)
  const groups = [...new Set(rollouts.flatMap((each) => each.labels.get(label) ?? []))].map(printable).sort()
  if (scope.selector !== `${label}=${group}`) return new NoGroup(`error: no rollout in namespace ${scope.namespace} has the labels ${scope.selector}`)
  if (groups.length === 0) return new NoGroup(ungrouped(scope.namespace, rollouts.map((each) => each.name), label, group).join('\n'))
  const meant = nearest(group, groups)
  return new NoGroup(`error: no group ${group} in namespace ${scope.namespace}; its groups are: ${few(groups)}${meant === undefined ? '' : `; did you mean ${meant}?`}`)
}

/** Who `--only` names though nobody is called so. */
export function noSuchMember(group: string, { unknown, members }: { readonly unknown: readonly string[]; readonly members: readonly string[] }): UsageError {
  const meant = [...new Set(unknown.flatMap((each) => nearest(each, members) ?? []))]
  return new UsageError(`no member ${unknown.join(', ')} in group ${group}; its members are ${few(members)}${meant.length === 0 ? '' : `; did you mean ${meant.join(', ')}?`}`)
}

/** Why no namespace has such a group. @throws ClusterError where the Rollouts may not be listed */
export async function nowhere(cluster: Cluster, group: string, label: string): Promise<NoGroup> {
  const rollouts = await rolloutsIn(cluster, undefined)
  if (rollouts.length === 0) return new NoGroup(`error: no group ${group}: there are no rollouts in any namespace`)
  const groups = [...new Set(rollouts.flatMap(({ namespace, labels }) => (labels.has(label) ? [`${namespace}/${printable(labels.get(label)!)}`] : [])))].sort()
  if (groups.length === 0) return new NoGroup(ungrouped(undefined, rollouts.map((each) => each.name), label, group).join('\n'))
  const meant = nearest(group, groups.map((each) => each.slice(each.indexOf('/') + 1)))
  return new NoGroup(`error: no group ${group} in any namespace; its groups are: ${few(groups)}${meant === undefined ? '' : `; did you mean ${meant}?`}`)
}

/** What is said in place of an empty list of groups. */
export async function noGroups(cluster: Cluster, namespace: string | undefined, label: string): Promise<string[]> {
  const rollouts = await rolloutsIn(cluster, namespace)
  if (rollouts.length === 0) return [`No resources found${namespace === undefined ? '' : ` in ${namespace} namespace.`}`]
  return ungrouped(namespace, rollouts.map((each) => each.name), label, 'GROUP')
}

function ungrouped(namespace: string | undefined, rollouts: readonly string[], label: string, group: string): string[] {
  const where = namespace === undefined ? 'any namespace' : `namespace ${namespace}`
  const none = rollouts.length === 1 ? 'its one rollout lacks' : `none of its ${rollouts.length} rollouts has`
  return [
    `No groups in ${where}: ${none} the label ${label}.`,
    `Group them:  kubectl label rollout ${rollouts.length <= MOST ? rollouts.join(' ') : 'ROLLOUT…'} ${label}=${group} -n ${namespace ?? 'NAMESPACE'}`,
  ]
}

async function rolloutsIn(cluster: Cluster, namespace: string | undefined): Promise<{ namespace: string; name: string; labels: ReadonlyMap<string, string> }[]> {
  const { items } = await cluster.list('rollouts', namespace === undefined ? {} : { namespace })
  return items.map((raw) => ({
    namespace: printable(text(at(raw, 'metadata', 'namespace')) ?? ''),
    name: printable(text(at(raw, 'metadata', 'name')) ?? ''),
    labels: strings(at(raw, 'metadata', 'labels')),
  }))
}

function few(names: readonly string[]): string {
  return names.length <= MOST ? names.join(', ') : `${names.slice(0, MOST).join(', ')}, …`
}
