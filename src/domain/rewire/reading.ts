import { directoryOf } from '../evidence/hosts.ts'
import { type Member, memberNamed, type Revision } from '../group/member.ts'
import { type Group, readGroup } from '../group/read-group.ts'
import type { Snapshot } from '../group/snapshot.ts'
import { type Address, addressesOf } from '../group/wires.ts'
import type { FieldPath } from '../manifests/edit.ts'
import type { Manifest } from '../manifests/manifest.ts'
import { parseConfigMap } from '../objects/config-map.ts'
import { at, fields, text } from '../objects/fields.ts'
import { HASH_LABEL, REVISION } from '../objects/labels.ts'
import { parseRollout } from '../objects/rollout.ts'
import { withSaid } from './said.ts'
import { objectsIn, type Working } from './working.ts'

/** What is known beside the manifests. */
export interface Surrounding {
  readonly group: string
  readonly namespace: string
  /** Whether a Rollout is a member of the group. */
  readonly belongs: (rollout: unknown) => boolean
  /** The group as it is now; undefined where there is no cluster to ask. */
  readonly cluster?: KnownCluster | undefined
}

/** A group in its cluster, and what of its objects only their own text tells. */
export interface KnownCluster {
  readonly snapshot: Snapshot
  readonly group: Group
  /** As the API server gives them: those that the manifests or running revisions name. */
  readonly configMaps: readonly unknown[]
}

/** A member whose manifests are at hand. */
export interface Given {
  readonly name: string
  readonly rollout: Manifest
  /** What holds its pod template, and where: itself, or its workload; undefined where that is not at hand. */
  readonly holder: Manifest | undefined
  readonly member: Member
  readonly revision: Revision
  readonly addresses: readonly Address[]
}

/** The group as manifests make it, on top of what the cluster has. */
export interface ManifestGroup {
  readonly group: Group
  readonly given: ReadonlyMap<string, Given>
  /** Services and ConfigMaps by kind and name, those of the manifests first. */
  readonly objects: ReadonlyMap<string, unknown>
}

/** Where a pod template stands in its Rollout or workload. */
export const TEMPLATE: FieldPath = ['spec', 'template']

/** What no controller has given what is not there yet. */
const HASH = 'files'

/**
 * Reads a group from manifests as it is read from a cluster: each member with the revision that it will have, and the
 * one that users are on.
 */
export function readManifestGroup(working: Working, around: Surrounding): ManifestGroup {
  const { namespace, cluster } = around
  const own = [...working.objects].filter(([manifest, object]) => isMember(manifest, object, around))
  const names = new Set(own.map(([{ name }]) => name))
  const objects = objectsIn(working)
  const others = (cluster?.snapshot.rollouts ?? []).filter((each) => !names.has(nameOf(each)))
  const rollouts = new Map((cluster?.snapshot.rollouts ?? []).map((each) => [nameOf(each), each]))
  const uids = new Set(others.map((each) => text(at(each, 'metadata', 'uid'))))
  const templates = own.map(([manifest, object]) => ({ manifest, object, ...templateOf(object, manifest, working) }))
  const services = merged(objects, cluster?.snapshot.services ?? [], 'Service')
  const configMaps = merged(objects, cluster?.configMaps ?? [], 'ConfigMap')
  const snapshot: Snapshot = {
    namespace,
    rollouts: [
      ...others,
      ...own.map(([{ name }, object]) =>
        withStatus(withSaid(object, rollouts.get(name)), namespace, liveOf(name, around)?.hash),
      ),
    ],
    replicaSets: [
      ...(cluster?.snapshot.replicaSets ?? []).filter((each) => ownersOf(each).some((uid) => uids.has(uid))),
      ...templates.flatMap(({ manifest: { name }, template }) => {
        const live = liveOf(name, around)
        return [
          replicaSet(name, namespace, HASH, (live?.revision ?? 0) + 1, template),
          ...(live === undefined ? [] : [replicaSet(name, namespace, live.hash, live.revision, live.rawTemplate)]),
        ]
      }),
    ],
    services: [...services.values()],
    endpointSlices: [],
    configs: new Map([
      ...(cluster?.snapshot.configs ?? []),
      ...[...configMaps.values()].map((each) => [nameOf(each), parseConfigMap(each)] as const),
    ]),
    unreadable: [],
  }
  const group = readGroup(snapshot, around.group)
  const directory = directoryOf(namespace, group.services, new Set(group.owners.keys()))
  const members = new Set(group.members.map((each) => each.name))
  const given = templates.flatMap(({ manifest, holder }): [string, Given][] => {
    const member = group.members.find((each) => each.name === manifest.name)
    const revision = member?.revisions.find((each) => each.hash === HASH)
    if (member === undefined || revision === undefined) return []
    const addresses = addressesOf(revision.template, member.strategy, group.configs, {
      directory,
      owners: group.owners,
      names: members,
    })
    return [[manifest.name, { name: manifest.name, rollout: manifest, holder, member, revision, addresses }]]
  })
  return {
    group,
    given: new Map(given),
    objects: new Map([...prefixed('Service', services), ...prefixed('ConfigMap', configMaps)]),
  }
}

/** Whether a manifest is a Rollout of the group. */
export function isMember({ kind, apiVersion }: Manifest, object: unknown, { belongs }: Surrounding): boolean {
  return kind === 'Rollout' && apiVersion.startsWith('argoproj.io/') && belongs(object)
}

/** Why a manifest of the group cannot be read as a Rollout. */
export function whyMalformed(object: unknown, namespace: string): string | undefined {
  const parsed = parseRollout(withStatus(object, namespace))
  return 'why' in parsed ? parsed.why : undefined
}

/** The pod template of a Rollout, and the manifest that it stands in. */
export function templateOf(
  object: unknown,
  manifest: Manifest,
  { objects }: Working,
): { readonly template: unknown; readonly holder: Manifest | undefined } {
  const reference = at(object, 'spec', 'workloadRef')
  if (reference === undefined) return { template: at(object, ...(TEMPLATE as string[])), holder: manifest }
  const [holder, workload] = [...objects].find(
    ([{ kind, name }]) => kind === at(reference, 'kind') && name === at(reference, 'name'),
  ) ?? [undefined, undefined]
  return { template: at(workload, ...(TEMPLATE as string[])), holder }
}

function liveOf(name: string, { cluster }: Surrounding): Revision | undefined {
  return cluster && memberNamed(cluster.group.members, name)?.live
}

function withStatus(object: unknown, namespace: string, live = HASH): unknown {
  const metadata = fields(at(object, 'metadata'))
  return {
    ...fields(object),
    metadata: { ...metadata, namespace, uid: `files-${String(metadata['name'])}`, generation: 1 },
    status: { currentPodHash: HASH, stableRS: live, observedGeneration: '1' },
  }
}

function replicaSet(name: string, namespace: string, hash: string, revision: number, template: unknown): unknown {
  return {
    metadata: {
      name: `${name}-${hash}`,
      namespace,
      labels: { [HASH_LABEL]: hash },
      annotations: { [REVISION]: String(revision) },
      ownerReferences: [{ controller: true, kind: 'Rollout', name, uid: `files-${name}` }],
    },
    // It has no pods: none was given anything else than what can be read now.
    spec: { replicas: 0, template },
  }
}

function ownersOf(set: unknown): (string | undefined)[] {
  const references = at(set, 'metadata', 'ownerReferences')
  return Array.isArray(references) ? references.map((each) => text(at(each, 'uid'))) : []
}

function merged(objects: readonly unknown[], known: readonly unknown[], kind: string): ReadonlyMap<string, unknown> {
  const own = objects.filter((each) => at(each, 'kind') === kind)
  return new Map([...known, ...own].map((each) => [nameOf(each), each]))
}

function prefixed(kind: string, found: ReadonlyMap<string, unknown>): [string, unknown][] {
  return [...found].map(([name, object]) => [`${kind} ${name}`, object])
}

function nameOf(object: unknown): string {
  return text(at(object, 'metadata', 'name')) ?? ''
}
