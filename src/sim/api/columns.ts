import type { KubeObject, ResourceName } from '../objects.ts'

export interface PrintedColumn {
  readonly name: string
  readonly type: 'string' | 'integer' | 'date'
  readonly format?: 'name'
  readonly description?: string
  /** Above 0 it is shown only with `-o wide`. */
  readonly priority?: number
  /** @param now milliseconds since the epoch */
  cell(object: KubeObject, now: number): string | number | undefined
}

const NAME: PrintedColumn = { name: 'Name', type: 'string', format: 'name', cell: ({ metadata }) => metadata.name }
const AGE: PrintedColumn = {
  name: 'Age',
  type: 'string',
  cell: ({ metadata }, now) => ageOf(metadata.creationTimestamp, now),
}

function text(name: string, cell: PrintedColumn['cell'], priority = 0): PrintedColumn {
  return { name, type: 'string', priority, cell }
}

function count(name: string, cell: PrintedColumn['cell'], description?: string): PrintedColumn {
  return { name, type: 'integer', ...(description !== undefined && { description }), cell }
}

/** The age in a table that a manifest of the kind describes. */
const CREATED: PrintedColumn = { ...AGE, type: 'date', description: 'Time since resource was created' }

/** What runs in the pods of a workload, and which pods are its own. */
const CONTENTS: readonly PrintedColumn[] = [
  text('Containers', (object) => containers(object, 'name'), 1),
  text('Images', (object) => containers(object, 'image'), 1),
  text('Selector', ({ spec }) => pairs(spec?.selector?.matchLabels), 1),
]

/**
 * The columns `kubectl get` prints: of the Rollout CRD as its manifest has them, of the others as the API server's
 * printers do.
 */
export const COLUMNS: Readonly<Partial<Record<ResourceName, readonly PrintedColumn[]>>> = {
  rollouts: [
    NAME,
    count('Desired', ({ spec }) => spec?.replicas, 'Number of desired pods'),
    count('Current', ({ status }) => status?.replicas, 'Total number of non-terminated pods targeted by this rollout'),
    count(
      'Up-to-date',
      ({ status }) => status?.updatedReplicas,
      'Total number of non-terminated pods targeted by this rollout that have the desired template spec',
    ),
    count(
      'Available',
      ({ status }) => status?.availableReplicas,
      'Total number of available pods (ready for at least minReadySeconds) targeted by this rollout',
    ),
    CREATED,
  ],
  analysisruns: [NAME, text('Status', ({ status }) => status?.phase), CREATED],
  replicasets: [
    NAME,
    count('Desired', ({ spec }) => spec?.replicas),
    count('Current', ({ status }) => status?.replicas ?? 0),
    count('Ready', ({ status }) => status?.readyReplicas ?? 0),
    AGE,
    ...CONTENTS,
  ],
  deployments: [
    NAME,
    text('Ready', ({ spec, status }) => `${status?.readyReplicas ?? 0}/${spec?.replicas ?? 1}`),
    count('Up-to-date', ({ status }) => status?.updatedReplicas ?? 0),
    count('Available', ({ status }) => status?.availableReplicas ?? 0),
    AGE,
    ...CONTENTS,
  ],
  pods: [
    NAME,
    text('Ready', readyOf),
    text('Status', ({ metadata, status }) =>
      metadata.deletionTimestamp === undefined ? (status?.phase ?? 'Pending') : 'Terminating',
    ),
    text('Restarts', () => '0'),
    AGE,
    text('IP', ({ status }) => status?.podIP ?? '<none>', 1),
    text('Node', ({ spec }) => spec?.nodeName ?? '<none>', 1),
  ],
  services: [
    NAME,
    text('Type', ({ spec }) => spec?.type ?? 'ClusterIP'),
    text('Cluster-IP', ({ spec }) => spec?.clusterIP || '<none>'),
    text('External-IP', ({ spec }) => (spec?.type === 'ExternalName' ? spec.externalName : '<none>')),
    text(
      'Port(s)',
      ({ spec }) =>
        entries(spec?.ports)
          .map((each) => `${each.port}/${each.protocol ?? 'TCP'}`)
          .join(',') || '<none>',
    ),
    AGE,
    text('Selector', ({ spec }) => pairs(spec?.selector), 1),
  ],
  endpointslices: [
    NAME,
    text('AddressType', ({ addressType }) => addressType),
    text(
      'Ports',
      ({ ports }) =>
        entries(ports)
          .map(({ port }) => port)
          .join(',') || '<unset>',
    ),
    text(
      'Endpoints',
      ({ endpoints }) =>
        entries(endpoints)
          .flatMap((each) => each.addresses)
          .join(',') || '<unset>',
    ),
    AGE,
  ],
  configmaps: [NAME, count('Data', ({ data }) => Object.keys(data ?? {}).length), AGE],
  secrets: [
    NAME,
    text('Type', ({ type }) => type ?? 'Opaque'),
    count('Data', ({ data }) => Object.keys(data ?? {}).length),
    AGE,
  ],
  namespaces: [NAME, text('Status', ({ status }) => status?.phase ?? 'Active'), AGE],
  leases: [NAME, text('Holder', ({ spec }) => spec?.holderIdentity ?? ''), AGE],
  events: [
    text('Last Seen', ({ lastTimestamp, eventTime }, now) => ageOf(lastTimestamp ?? eventTime, now)),
    text('Type', ({ type }) => type),
    text('Reason', ({ reason }) => reason),
    text(
      'Object',
      ({ involvedObject }) => `${String(involvedObject?.kind ?? '').toLowerCase()}/${involvedObject?.name ?? ''}`,
    ),
    text('Message', ({ message }) => message),
    { ...NAME, priority: 1 },
  ],
}

/** A list of objects, whatever somebody has written there. */
function entries(value: unknown): any[] {
  return Array.isArray(value) ? value.filter((each) => each !== null && typeof each === 'object') : []
}

function containers({ spec }: KubeObject, field: 'name' | 'image'): string {
  return entries(spec?.template?.spec?.containers)
    .map((each) => each[field])
    .join(',')
}

function pairs(labels: Readonly<Record<string, string>> | undefined): string {
  return (
    Object.entries(labels ?? {})
      .map(([key, value]) => `${key}=${value}`)
      .join(',') || '<none>'
  )
}

function readyOf({ spec, status }: KubeObject): string {
  const total = entries(spec?.containers).length
  const isReady = entries(status?.conditions).some((each) => each.type === 'Ready' && each.status === 'True')
  const ready =
    status?.containerStatuses === undefined
      ? isReady
        ? total
        : 0
      : entries(status.containerStatuses).filter((each) => each.ready).length
  return `${ready}/${total}`
}

/** An age as kubectl writes it (apimachinery, util/duration HumanDuration): two units while the first is small. */
export function ageOf(since: string | undefined, now: number): string {
  if (since === undefined) return '<unknown>'
  const seconds = Math.max(0, Math.floor((now - Date.parse(since)) / 1000))
  const [minutes, hours, days] = [Math.floor(seconds / 60), Math.floor(seconds / 3600), Math.floor(seconds / 86_400)]
  const two = (first: string, second: number, unit: string): string =>
    second === 0 ? first : `${first}${second}${unit}`
  if (seconds < 120) return `${seconds}s`
  if (minutes < 10) return two(`${minutes}m`, seconds % 60, 's')
  if (minutes < 180) return `${minutes}m`
  if (hours < 8) return two(`${hours}h`, minutes % 60, 'm')
  if (hours < 48) return `${hours}h`
  if (days < 8) return two(`${days}d`, hours % 24, 'h')
  if (days < 365 * 2) return `${days}d`
  return two(`${Math.floor(days / 365)}y`, days % 365, 'd')
}
