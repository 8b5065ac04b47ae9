import { type Applier, type Cluster, ClusterError, type ClusterErrorReason } from '../../cluster/port.ts'
import { type Desired, type Wanted, wanted } from '../../domain/deploy/desired.ts'
import { type Aim, fit, type InFile } from '../../domain/deploy/fit.ts'
import { overlay } from '../../domain/deploy/overlay.ts'
import { losesLabel } from '../../domain/deploy/strangers.ts'
import { type Finding, forbids, finding } from '../../domain/findings/finding.ts'
import { configMapNames } from '../../domain/group/read-group.ts'
import type { Snapshot } from '../../domain/group/snapshot.ts'
import type { Config } from '../../domain/objects/config-map.ts'
import { at, text } from '../../domain/objects/fields.ts'
import { readConfig } from '../../watch/discover.ts'
import { inBatches } from '../../watch/in-batches.ts'
import { type Denied, deniedFindings } from './denied.ts'

/**
 * What a person's files would make of the cluster: each object as it is, and as the API server says that it would be
 * after the very apply that follows. What it refuses, or what cannot be meant, is among the findings.
 * @throws ClusterError where the server cannot be asked
 */
export async function desire(
  cluster: Cluster,
  applier: Applier,
  files: readonly InFile[],
  aim: Aim,
  snapshot: Snapshot,
  signal?: AbortSignal,
): Promise<Desired> {
  const { objects, findings } = fit(files, aim)
  if (findings.some(forbids)) return { objects: [], configs: new Map(), findings }
  const asked = await inBatches(objects, (each) => tried(applier, each, signal))
  const found = asked.filter((each): each is Wanted => 'will' in each)
  const desired: Desired = {
    objects: [...found, ...referring(found, snapshot)],
    configs: new Map(),
    findings: [
      ...findings,
      ...deniedFindings(
        asked.filter((each): each is Denied => 'error' in each),
        aim,
      ),
      ...found.filter(({ kind }) => kind === 'Rollout').flatMap((each) => unlabelled(each, aim)),
    ],
  }
  // Those that are known, too: once the pods that name one now are gone, nobody reads it for the group any more.
  const names = configMapNames(overlay(snapshot, desired)).filter(
    (name) => !found.some((each) => each.kind === 'ConfigMap' && each.name === name),
  )
  const configs = await Promise.all(
    names.map(
      async (name): Promise<[string, Config]> => [
        name,
        snapshot.configs.get(name) ?? (await readConfig(cluster, aim.namespace, name, signal)),
      ],
    ),
  )
  return { ...desired, configs: new Map(configs), quotas: await quotasOf(cluster, aim.namespace, signal) }
}

/** Nobody has to be able to read them: without, a quota is only met by the pods. @throws ClusterError */
async function quotasOf(cluster: Cluster, namespace: string, signal?: AbortSignal): Promise<readonly unknown[]> {
  try {
    return (await cluster.list('resourcequotas', { namespace }, signal)).items
  } catch (error) {
    if (error instanceof ClusterError && (error.reason === 'Forbidden' || error.reason === 'NotFound')) return []
    throw error
  }
}

async function tried(applier: Applier, { object, where }: InFile, signal?: AbortSignal): Promise<Wanted | Denied> {
  try {
    const was = await applier.look(object, signal)
    const will = await applier.apply(object, { dryRun: true, ...(signal !== undefined && { signal }) })
    return wanted({ given: object, was, will, where })
  } catch (error) {
    if (!(error instanceof ClusterError) || !REFUSALS.has(error.reason)) throw error
    return { object, where, error }
  }
}

const REFUSALS: ReadonlySet<ClusterErrorReason> = new Set([
  'Forbidden',
  'NotFound',
  'Invalid',
  'BadRequest',
  'Conflict',
])

/** A Rollout that is there, and no member yet: nobody could tell what its users have. Or it would be none any more. */
function unlabelled({ name, was, will, where }: Wanted, aim: Aim): Finding[] {
  const { group, labels, mode, there } = aim
  if (was === undefined) return []
  if (there.has(name)) return losesLabel(name, where, { was, will }, aim)
  const [label] = [...(labels ?? [])].map(([key, value]) => `${key}=${value}`)
  return [
    finding(mode, 'unfit-files', {
      member: name,
      sentence: `Rollout ${name} of ${where} is in the cluster, and no member of group ${group} there`,
      remedy:
        label === undefined
          ? 'give it the labels of the group first'
          : [
              'give it the label first: ',
              {
                tool: 'kubectl',
                words: ['label', 'rollout', name, label],
                namespace: text(at(was, 'metadata', 'namespace')),
              },
            ],
    }),
  ]
}

/** Rollouts that are not in the files, and whose workload is: they get its pod template. */
function referring(found: readonly Wanted[], { rollouts }: Snapshot): Wanted[] {
  return rollouts.flatMap((rollout) => {
    const reference = at(rollout, 'spec', 'workloadRef')
    const name = at(rollout, 'metadata', 'name')
    const has = (kind: unknown, called: unknown) => found.some((each) => each.kind === kind && each.name === called)
    return reference !== undefined && has(at(reference, 'kind'), at(reference, 'name')) && !has('Rollout', name)
      ? [{ ...wanted({ given: undefined, was: rollout, will: rollout, where: '' }), kind: 'Rollout' }]
      : []
  })
}
