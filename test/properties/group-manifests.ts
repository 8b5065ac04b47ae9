import { blueGreen, canary, configMap, env, envFrom, service } from '../../src/sim/scenarios/manifests.ts'
import type { Manifest } from '../../src/sim/scenarios/scenario.ts'
import type { EdgeSpec, GroupSpec, MemberSpec } from './group-spec.ts'
import { RELEASE } from './judge/raw.ts'
import type { Entry } from './judge/judge.ts'

export const GROUP = 'group'
export type Side = 'old' | 'new'

const NAMES = ['alpha', 'beta', 'gamma', 'delta', 'epsilon'] as const

export function nameOf(index: number): string {
  return NAMES[index]!
}

/** The ConfigMap of a member's revision. */
export function configOf(index: number, side: Side): string {
  return `${nameOf(index)}-settings-${side}`
}

/** Everything that is applied for one member's revision of a side. */
export function manifestsOf(spec: GroupSpec, index: number, side: Side): readonly Manifest[] {
  const member = spec.members[index]!
  const name = nameOf(index)
  const edges = spec.edges.filter((each) => each.consumer === index)
  const variables = {
    ...(spec.versions !== 'none' && spec.versions !== 'chart' && { APP_VERSION: versionOf(spec, index, side) }),
    ...(member.release === 'shared' && { PROTOCOL: side }),
    ...Object.fromEntries(
      edges
        .filter((each) => each.wiring !== 'follows')
        .map((each) => [`${nameOf(each.dependency).toUpperCase()}_URL`, `http://${addressOf(spec, each, side)}:8080`]),
    ),
  }
  const config = configOf(index, side)
  const following = edges.filter((each) => each.wiring === 'follows')
  const made = {
    name,
    group: GROUP,
    replicas: member.replicas,
    image: imageOf(spec, index, side),
    templateLabels: { release: side, ...(spec.versions === 'chart' && { 'app.kubernetes.io/version': '1.16.0' }) },
    templateAnnotations: { [RELEASE]: truthOf(spec, member, side) },
    settings: member.configured ? envFrom(config) : env(variables),
    annotations: annotationsOf(spec, index),
    ...(following.length > 0 && {
      pod: {
        volumes: [
          { name: 'podinfo', downwardAPI: { items: [{ path: 'labels', fieldRef: { fieldPath: 'metadata.labels' } }] } },
        ],
      },
    }),
    strategy: { ...strategyOf(member), ...metadataOf(spec, member, following) },
  }
  return [
    ...(member.configured ? [configMap(config, variables)] : []),
    service(`${name}-all`, name),
    ...(['old', 'new'] as const).map(
      (each): Manifest => ({
        ...service(`${name}-${each}`, name),
        spec: { selector: { app: name, release: each }, ports: [{ port: 8080 }] },
      }),
    ),
    ...(member.strategy === 'blue-green' ? blueGreen(made) : canary(made)),
  ]
}

/** As whoever knows the group would say it: of a member that has to do with no other, that it calls none. */
function annotationsOf({ annotated, edges }: GroupSpec, index: number): Record<string, string> {
  const alone = !edges.some((each) => each.consumer === index || each.dependency === index)
  return {
    ...(annotated && index === 0 && { 'rollouts-group/entry': 'true' }),
    ...(alone && { 'rollouts-group/depends-on': '' }),
  }
}

function strategyOf(member: MemberSpec): Manifest {
  return member.strategy === 'canary'
    ? { maxUnavailable: member.maxUnavailable }
    : {
        scaleDownDelaySeconds: member.scaleDownDelay,
        abortScaleDownDelaySeconds: member.scaleDownDelay,
        ...(member.previewReplicas !== undefined && { previewReplicaCount: member.previewReplicas }),
      }
}

/**
 * The release a revision really belongs to. A member that changes nothing but addresses works in either, and so does
 * one that alone changes more; of a member that rests, only versions tell, where those of all that change do.
 */
export function truthOf({ versions, members }: GroupSpec, member: MemberSpec, side: Side): 'old' | 'new' | 'both' {
  const telling = members.filter((each) => each.changes && each.release !== 'own')
  if (member.changes)
    return member.release === 'version' || (member.release === 'shared' && telling.length > 1) ? side : 'both'
  const told = telling.length > 0 && telling.every((each) => each.release === 'version')
  return told && (versions === 'common' || versions === 'chart') ? member.rests : 'both'
}

function versionOf(spec: GroupSpec, index: number, side: Side): string {
  const member = spec.members[index]!
  const truth = truthOf(spec, member, side)
  if (member.changes && member.release !== 'version') return `${index + 3}.1`
  return spec.versions === 'own' || truth === 'both'
    ? `${index + 3}.${side === 'old' ? 1 : 2}`
    : truth === 'old'
      ? '1.0'
      : '2.0'
}

/** Pinned where it tells a version, or that the version stays. */
function imageOf(spec: GroupSpec, index: number, side: Side): string {
  const { changes, release } = spec.members[index]!
  return spec.versions === 'chart' || (changes && release !== 'version')
    ? `example.com/app:${versionOf(spec, index, side)}`
    : 'example.com/app:latest'
}

/** The Service that a consumer's revision names for a dependency. */
function addressOf(spec: GroupSpec, { consumer, dependency, wiring }: EdgeSpec, side: Side): string {
  const [live, next] = rolesOf(spec, dependency)
  switch (wiring) {
    case 'role':
      return spec.members[consumer]!.changes && side === 'new' && spec.members[dependency]!.changes ? next : live
    case 'left':
      return next
    case 'pinned':
      return `${nameOf(dependency)}-${spec.members[dependency]!.changes ? side : 'old'}`
    case 'plain':
      return `${nameOf(dependency)}-all`
    case 'miswired':
    case 'follows':
      return live
  }
}

function rolesOf(spec: GroupSpec, index: number): [live: string, next: string] {
  const name = nameOf(index)
  return spec.members[index]!.strategy === 'blue-green'
    ? [`${name}-active`, `${name}-preview`]
    : [`${name}-stable`, `${name}-canary`]
}

function metadataOf(spec: GroupSpec, member: MemberSpec, following: readonly EdgeSpec[]): Manifest {
  if (following.length === 0) return {}
  const labels = (role: 0 | 1) => ({
    labels: Object.fromEntries(
      following.map((each) => [`${nameOf(each.dependency)}Host`, rolesOf(spec, each.dependency)[role]]),
    ),
  })
  return member.strategy === 'blue-green'
    ? { activeMetadata: labels(0), previewMetadata: labels(1) }
    : { stableMetadata: labels(0), canaryMetadata: labels(1) }
}

/** Where users come in: at members that no other one calls, and at the annotated one. */
export function entriesOf(spec: GroupSpec): Entry[] {
  return spec.members.flatMap((member, index) => {
    const called = spec.edges.some((each) => each.dependency === index)
    if (called && !(spec.annotated && index === 0)) return []
    const name = nameOf(index)
    return [{ rollout: name, doors: member.strategy === 'blue-green' ? [`${name}-active`] : [`${name}-all`] }]
  })
}
