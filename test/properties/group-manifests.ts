import { blueGreen, canary, configMap, env, envFrom, service } from '../../src/sim/scenarios/manifests.ts'
import type { RawManifest } from '../../src/sim/scenarios/scenario.ts'
import type { EdgeSpec, GroupSpec, MemberSpec, Written } from './group-spec.ts'
import { DIALLED, NOT_DIALLED, RELEASE } from './judge/raw.ts'
import type { Entry } from './judge/judge.ts'

export const GROUP = 'group'
export type Side = 'old' | 'new'

const NAMES = ['alpha', 'beta', 'gamma', 'delta', 'epsilon'] as const

export function nameOf(index: number): string {
  return NAMES[index]!
}

/** The ConfigMap of a member's revision. */
export function configOf({ inPlace }: Pick<GroupSpec, 'inPlace'>, index: number, side: Side): string {
  return inPlace ? `${nameOf(index)}-settings` : `${nameOf(index)}-settings-${side}`
}

/** Everything that is applied for one member's revision of a side. */
export function manifestsOf(spec: GroupSpec, index: number, side: Side): readonly RawManifest[] {
  const member = spec.members[index]!
  const name = nameOf(index)
  const edges = spec.edges.filter((each) => each.consumer === index)
  const following = edges.filter((each) => each.wiring === 'follows')
  const named = edges.filter((each) => each.wiring !== 'follows')
  const mentions = mentionsOf(spec, index)
  const variables = {
    ...(spec.versions !== 'none' && spec.versions !== 'chart' && { APP_VERSION: versionOf(spec, index, side) }),
    ...(member.release === 'shared' && { PROTOCOL: side }),
    ...Object.fromEntries(
      named.flatMap((each) => {
        const value = valueOf(addressOf(spec, each, side), each.written)
        const key = `${nameOf(each.dependency).toUpperCase()}_${each.written === 'issuer' ? 'ISSUER' : 'URL'}`
        return value === undefined ? [] : [[key, value]]
      }),
    ),
    ...Object.fromEntries(mentions.map(({ name: key, value }) => [key, value])),
  }
  const hidden = named.filter((each) => each.written === 'secret').map((each) => addressOf(spec, each, side))
  const config = configOf(spec, index, side)
  const made = {
    name,
    group: GROUP,
    replicas: member.replicas,
    image: imageOf(spec, index, side),
    templateLabels: { release: side, ...(spec.versions === 'chart' && { 'app.kubernetes.io/version': '1.16.0' }) },
    templateAnnotations: {
      [RELEASE]: truthOf(spec, member, side),
      ...(hidden.length > 0 && { [DIALLED]: hidden.join() }),
      ...(mentions.length > 0 && { [NOT_DIALLED]: mentions.map((each) => each.name).join() }),
    },
    settings: withSecret(member.configured ? envFrom(config) : env(variables), hidden.length > 0),
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
  const services = [
    service(`${name}-all`, name),
    ...(['old', 'new'] as const).map(
      (each): RawManifest => ({
        ...service(`${name}-${each}`, name),
        spec: { selector: { app: name, release: each }, ports: [{ port: 8080 }] },
      }),
    ),
    ...(member.strategy === 'blue-green' ? blueGreen(made) : canary(made)),
  ]
  return [
    ...(member.configured ? [configMap(config, variables)] : []),
    ...named.filter((each) => each.written === 'alias').map((each) => alias(addressOf(spec, each, side))),
    ...services.map(addressed),
  ]
}

/** A Service of which the address is known beforehand. */
function addressed(manifest: RawManifest): RawManifest {
  return manifest['kind'] === 'Service'
    ? { ...manifest, spec: { ...manifest['spec'], clusterIP: ipOf(manifest['metadata'].name) } }
    : manifest
}

function alias(service: string): RawManifest {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: `${service}-alias` },
    spec: { type: 'ExternalName', externalName: `${service}.random.svc.cluster.local` },
  }
}

const SUFFIXES = ['all', 'old', 'new', 'active', 'preview', 'stable', 'canary'] as const

function ipOf(service: string): string {
  const [name, suffix] = service.split('-') as [(typeof NAMES)[number], (typeof SUFFIXES)[number]]
  return `10.96.${NAMES.indexOf(name)}.${SUFFIXES.indexOf(suffix) + 1}`
}

/** How an address of a Service is written; undefined where it stands in no variable that can be read. */
function valueOf(service: string, written: Written): string | undefined {
  switch (written) {
    case 'name':
      return `http://${service}:8080`
    case 'alias':
      return `http://${service}-alias:8080`
    case 'ip':
      return `http://${ipOf(service)}:8080`
    case 'variable':
      return `$(${service.toUpperCase().replaceAll('-', '_')}_SERVICE_HOST):8080`
    case 'srv':
      return `_http._tcp.${service}.random.svc.cluster.local`
    case 'issuer':
      return service
    case 'secret':
      return undefined
  }
}

/** Variables that name a member that is not called: under a key that says so, or where it is denied. */
function mentionsOf(
  { members, edges }: GroupSpec,
  index: number,
): { name: string; value: string; to: number; denied: boolean }[] {
  const found = members[index]!.mentions.map(({ to, key }) => ({ to: (index + to) % members.length, key }))
  return found
    .filter(({ to }) => to !== index && !edges.some((each) => each.consumer === index && each.dependency === to))
    .map(({ to, key }) => {
      const denied = key === 'URL'
      const service = `${nameOf(to)}-all`
      return {
        name: `NAMED_${nameOf(to).toUpperCase()}_${key}`,
        value: denied ? `http://${service}` : service,
        to,
        denied,
      }
    })
}

function withSecret(settings: RawManifest, secret: boolean): RawManifest {
  const urls = { secretRef: { name: 'urls', optional: true } }
  return secret ? { ...settings, envFrom: [...(settings['envFrom'] ?? []), urls] } : settings
}

/** As whoever knows the group would say it: of a member that has to do with no other, that it calls none. */
function annotationsOf(spec: GroupSpec, index: number): Record<string, string> {
  const { annotated, edges, members } = spec
  const alone = !edges.some((each) => each.consumer === index || each.dependency === index)
  const called = edges.filter((each) => each.consumer === index).map((each) => nameOf(each.dependency))
  const denied = mentionsOf(spec, index).filter((each) => each.denied)
  return {
    ...(annotated && index === 0 && { 'rollouts-group/entry': 'true' }),
    ...((alone || members[index]!.declared) && { 'rollouts-group/depends-on': called.join() }),
    ...(denied.length > 0 && { 'rollouts-group/calls-not': denied.map((each) => nameOf(each.to)).join() }),
  }
}

function strategyOf(member: MemberSpec): RawManifest {
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

function metadataOf(spec: GroupSpec, member: MemberSpec, following: readonly EdgeSpec[]): RawManifest {
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
