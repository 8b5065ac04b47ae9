import { type Cluster, ClusterError } from '../../cluster/port.ts'
import { readGroup } from '../../domain/group/read-group.ts'
import type { Snapshot } from '../../domain/group/snapshot.ts'
import type { Manifest } from '../../domain/manifests/manifest.ts'
import { at } from '../../domain/objects/fields.ts'
import { configMapsOf, parsePodTemplate } from '../../domain/objects/pod-template.ts'
import type { KnownCluster } from '../../domain/rewire/reading.ts'

/**
 * What rewiring needs of a cluster: the group, and the ConfigMaps that pod templates of manifests or of running
 * revisions name.
 * @throws ClusterError
 */
export async function knownOf(
  cluster: Cluster,
  snapshot: Snapshot,
  group: string,
  manifests: readonly Manifest[],
  signal: AbortSignal,
): Promise<KnownCluster> {
  const read = readGroup(snapshot, group)
  const templates = [
    ...manifests.map((each) => parsePodTemplate(at(each.object, 'spec', 'template'))),
    ...read.members.flatMap(({ revisions }) => revisions.flatMap((each) => (each.pods > 0 ? [each.template] : []))),
  ]
  const names = new Set(templates.flatMap((each) => configMapsOf(each).map(({ name }) => name)))
  const configMaps = await Promise.all(
    [...names].map((name) => found(cluster.get('configmaps', { namespace: snapshot.namespace, name }, signal))),
  )
  return { snapshot, group: read, configMaps: configMaps.filter((each) => each !== undefined) }
}

/** What is not there, or may not be read, is missing. */
async function found(asked: Promise<unknown>): Promise<unknown> {
  try {
    return await asked
  } catch (error) {
    if (error instanceof ClusterError && (error.reason === 'NotFound' || error.reason === 'Forbidden')) return undefined
    throw error
  }
}
