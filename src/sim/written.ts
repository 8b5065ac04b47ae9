import { about, ApiFailure, fullName, type KubeObject, type ResourceName, RESOURCES } from './objects.ts'
import { afterUpdate } from './managed-fields.ts'
import { same } from './patch.ts'

/** Resources whose objects count their changes (pkg/registry, strategy.go of each). */
const COUNTED: ReadonlySet<ResourceName> = new Set([
  'rollouts',
  'analysisruns',
  'replicasets',
  'deployments',
  'pods',
  'endpointslices',
])

/** The generation of an object whose changes are counted. */
export function generation(resource: ResourceName, count: number): { generation?: number } {
  return COUNTED.has(resource) ? { generation: count } : {}
}

/** Metadata does not count, nor does a status that is written by itself. */
export function nextGeneration(resource: ResourceName, current: KubeObject, next: KubeObject): { generation?: number } {
  const counted = ({ metadata: _metadata, status, ...rest }: KubeObject): unknown =>
    RESOURCES[resource].status ? rest : { ...rest, status }
  return generation(resource, (current.metadata.generation ?? 1) + (same(counted(current), counted(next)) ? 0 : 1))
}

/**
 * Who wrote which fields, and when: where it is said who writes; else of the data of ConfigMaps alone, by whoever
 * applies manifests. What somebody writes into it himself is left as it is.
 */
export function written(
  resource: ResourceName,
  current: KubeObject | undefined,
  next: any,
  by: string | undefined,
  now: number,
): { managedFields?: unknown } {
  const before = (current?.metadata as any)?.managedFields
  const given = next.metadata?.managedFields
  if (given !== undefined && !same(given, before)) return { managedFields: given }
  const apiVersion = RESOURCES[resource].version
  if (by !== undefined) return { managedFields: afterUpdate(current, { apiVersion, ...next }, by, now) }
  if (resource !== 'configmaps') return before === undefined ? {} : { managedFields: before }
  const data = (object: any) =>
    object && { apiVersion, data: object.data, metadata: { managedFields: object.metadata?.managedFields } }
  return { managedFields: afterUpdate(data(current), data(next), 'kubectl-client-side-apply', now) }
}

/** What an update of an older version is told. */
export function conflict(resource: ResourceName, name: string): ApiFailure {
  return new ApiFailure(
    409,
    'Conflict',
    `Operation cannot be fulfilled on ${fullName(resource)} "${name}": the object has been ` +
      'modified; please apply your changes to the latest version and try again',
    about(resource, name),
  )
}
