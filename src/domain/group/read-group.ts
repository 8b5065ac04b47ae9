import type { Finding } from '../findings/finding.ts'
import type { Mode } from '../findings/mode.ts'
import type { Configs } from '../objects/config-map.ts'
import { ENTRY, MODE, VERSIONS } from '../objects/labels.ts'
import { configMapsOf } from '../objects/pod-template.ts'
import { type FrontDoors, frontDoorsIn } from '../objects/front-door.ts'
import type { ReplicaSet } from '../objects/replica-set.ts'
import { refusalOf } from '../objects/refusal.ts'
import { type Malformed, parseRollout, type Rollout } from '../objects/rollout.ts'
import { parseServices, selects, type Service } from '../objects/service.ts'
import { liveService, nextService } from '../objects/strategy.ts'
import { badAnnotations, modesOf } from './annotations.ts'
import { declaredFor, secretsIn, settingOf, unreadOf, weigh } from './declared.ts'
import { directoryOf } from './hosts.ts'
import type { Member, Revision, Role, Wire } from './member.ts'
import { type ConstantSource, type Naming, namingOf, toldApart, type Unnamed } from './naming.ts'
import { outsideServices } from './outside-services.ts'
import { roleOf, staleness } from './roles.ts'
import { byOwner } from './running-pods.ts'
import { settingChanges } from './settings-change.ts'
import type { Snapshot } from './snapshot.ts'
import { unsureOf } from './stale-config.ts'
import { FIRST_SOURCES, versionConfig } from './version.ts'
import { addressesOf, type Around, evidenceOf, outsideOf } from './wires.ts'

/** The Rollouts of one namespace that are released together. */
export interface Group {
  /** What it was read from. */
  readonly snapshot: Snapshot
  readonly namespace: string
  readonly name: string
  readonly mode: Mode
  /** By name. */
  readonly members: readonly Member[]
  /** Every Service of the namespace, by name. */
  readonly services: ReadonlyMap<string, Service>
  /** The members whose pods a Service selects. */
  readonly owners: ReadonlyMap<string, readonly string[]>
  /** The Services that belong to Rollouts outside the group, with their Rollout. */
  readonly outside: ReadonlyMap<string, string>
  readonly fronts: FrontDoors
  readonly configs: Configs
  /** What would say versions, and is the same for each release. */
  readonly constant: readonly ConstantSource[]
  /** What could not be read. */
  readonly problems: readonly Finding[]
}

/** Makes a group of a snapshot. Pure and total: what is malformed becomes a finding about that member. */
export function readGroup(snapshot: Snapshot, name: string, mode?: Mode): Group {
  const parsed = snapshot.rollouts.map((raw) => parseRollout(raw))
  const rollouts = parsed.filter((each): each is Rollout => 'uid' in each).sort((a, b) => (a.name < b.name ? -1 : 1))
  const malformed = parsed.filter((each): each is Malformed => !('uid' in each))
  const sets = byOwner(snapshot)
  const owned = new Map(rollouts.map((rollout) => [rollout.name, setsOf(rollout, sets)]))
  const services = new Map(parseServices(snapshot.services, snapshot.endpointSlices).map((each) => [each.name, each]))
  const owners = ownersOf(rollouts, owned, services)
  const outside = outsideServices([...services.values()], new Set(parsed.map((each) => each.name)), owners)
  const used = rollouts.map((rollout) => inUse(rollout, owned.get(rollout.name) ?? []))
  const naming = namingOf(used, snapshot.configs)
  const around = {
    configs: snapshot.configs,
    owners,
    services,
    outside,
    directory: directoryOf(snapshot.namespace, services, new Set([...owners.keys(), ...outside.keys()])),
    names: new Set(parsed.map((each) => each.name)),
    naming,
  }
  const members = rollouts.map((rollout) => toMember(rollout, owned.get(rollout.name) ?? [], around))
  const modes = modesOf(members)
  return {
    snapshot,
    namespace: snapshot.namespace,
    name,
    members,
    services,
    owners,
    outside,
    fronts: frontDoorsIn(snapshot.fronts),
    configs: snapshot.configs,
    constant: naming.constant,
    mode: mode ?? (modes.length === 1 ? modes[0]! : 'legacy'),
    problems: [
      ...malformed.map(
        (each): Finding => ({
          code: 'malformed',
          severity: 'error',
          members: [each.name],
          sentence: `rollout/${each.name} cannot be read: ${each.why}`,
          remedy: 'mend it, or take it out of the group: remove the label that selects it',
        }),
      ),
      ...snapshot.unreadable.map(
        (sentence): Finding => ({
          code: 'unreadable',
          severity: 'error',
          members: [],
          sentence,
          remedy: 'ask for the permissions listed under Permissions in the README',
        }),
      ),
      ...members.flatMap(badAnnotations),
      ...(mode === undefined && modes.length > 1
        ? [
            {
              code: 'malformed' as const,
              severity: 'error' as const,
              members: [],
              sentence: `the members do not agree on ${MODE}: some say legacy, some modern`,
              remedy: 'give all members the same value, or say --mode',
            },
          ]
        : []),
    ],
  }
}

/** Names of the ConfigMaps that the live, next and lingering revisions' environments and files are made of. */
export function configMapNames(
  snapshot: Pick<Snapshot, 'rollouts' | 'replicaSets' | 'pods'>,
  named: (role: Role) => boolean = (role) => role !== 'old',
): string[] {
  const rollouts = snapshot.rollouts.map((raw) => parseRollout(raw)).filter((each): each is Rollout => 'uid' in each)
  const sets = byOwner(snapshot)
  const names = rollouts.flatMap((rollout) => {
    const own = setsOf(rollout, sets)
    const stable = stableIn(own, rollout)
    return own
      .filter((set) => named(roleOf(set, rollout, stable)))
      .flatMap((set) => configMapsOf(set.template).map((each) => each.name))
  })
  return [...new Set(names)].sort()
}

/** The ReplicaSets of a Rollout, and which of them are live and next. */
function inUse({ name, status: { stableRS, currentPodHash } }: Rollout, sets: readonly ReplicaSet[]): Unnamed {
  const live = sets.find((each) => each.hash === stableRS)
  const next = currentPodHash === stableRS ? undefined : sets.find((each) => each.hash === currentPodHash)
  return { name, sets, live, next }
}

/**
 * The ReplicaSets of a Rollout. One whose workload is gone has no selector any more, so that the controller lets go of
 * those it has (rollout/replicaset.go, ClaimReplicaSets); their pods serve on.
 */
function setsOf(rollout: Rollout, sets: ReadonlyMap<string | undefined, ReplicaSet[]>): readonly ReplicaSet[] {
  const { name, uid, workloadRef, status } = rollout
  const own = sets.get(uid) ?? []
  if (own.length > 0 || workloadRef === undefined || refusalOf(rollout)?.of !== 'spec') return own
  return (sets.get(undefined) ?? []).filter(
    (set) => set.name === `${name}-${set.hash}` && (set.hash === status.stableRS || set.hash === status.currentPodHash),
  )
}

/** The revision that users are on; 0 where there is none. */
function stableIn(sets: readonly ReplicaSet[], { status }: Rollout): number {
  return sets.find((set) => set.hash === status.stableRS)?.revision ?? 0
}

function toMember(
  rollout: Rollout,
  sets: readonly ReplicaSet[],
  around: Pick<Group, 'configs' | 'services' | 'outside'> & Around & { readonly naming: Naming },
): Member {
  const { configs, owners, services, outside, naming } = around
  const names = [...around.names]
  const stable = stableIn(sets, rollout)
  const { name, namespace, strategy, status, restartAt } = rollout
  const restarted = restartAt !== undefined && status.restartedAt === restartAt ? restartAt : 0
  const read = sets.map((set) => ({ set, addresses: addressesOf(set.template, strategy, configs, around) }))
  const newest = read.find(({ set }) => set.hash === status.currentPodHash)
  const said = new Set(
    newest && [...newest.addresses, ...secretsIn(newest.set.template, names)].map((each) => settingOf(each.where)),
  )
  const used = inUse(rollout, sets)
  const { live, next } = used
  const settings =
    live && next && naming.agree(live, next) ? settingChanges(live, next, { namespace, owners, configs }) : undefined
  const versions = toldApart(used, naming, settings !== undefined)
  const revisions = read.map(({ set, addresses }): Revision => {
    const { template, hash } = set
    const version = versions.get(set)!
    const role = roleOf(set, rollout, stable, services)
    const holding = {
      addresses: new Set(addresses.flatMap((each) => (each.strength === 'named' ? [] : (each.configMap ?? [])))),
      version: versionConfig(template, version, configs),
      unversioned: !FIRST_SOURCES.has(version.source),
    }
    const unsure = role === 'old' ? [] : unsureOf(set, Math.max(set.started, restarted), configs, holding)
    const changed = new Set(unsure.flatMap((each) => (each.calls ? [each.configMap] : [])))
    const declared = declaredFor(set, rollout)
    const shared = (where: string) => said.has(settingOf(where))
    const { wires, weak } = weigh(evidenceOf(name, addresses, owners), declared, shared)
    const isBelieved = ({ configMap }: Wire) => configMap !== undefined && changed.has(configMap)
    return {
      ...set,
      id: `${name}/${hash}`,
      member: name,
      role,
      version,
      wires: wires.filter((each) => !isBelieved(each)),
      believed: wires.filter(isBelieved),
      weak,
      unread: unreadOf(template, declared, shared, names),
      declared: declared.calls,
      outside: outsideOf(addresses, outside),
      unsure,
    }
  })
  return {
    ...rollout,
    revisions,
    live: revisions.find((each) => each.role === 'live'),
    next: revisions.find((each) => each.role === 'next'),
    lingering: revisions.filter((each) => each.role === 'lingering'),
    settings,
    independent: rollout.annotations.get(VERSIONS) === 'independent',
    stale: staleness(rollout, sets, services),
    entry: rollout.annotations.get(ENTRY) === 'true',
    dependsOn: newest && declaredFor(newest.set, rollout).calls,
  }
}

/**
 * A Service belongs to the member whose strategy names it, and to every member whose pods its selector selects or asks
 * for.
 */
function ownersOf(
  rollouts: readonly Rollout[],
  owned: ReadonlyMap<string, readonly ReplicaSet[]>,
  services: ReadonlyMap<string, Service>,
): Map<string, string[]> {
  const owners = new Map<string, string[]>()
  for (const service of services.values()) {
    const members = rollouts.filter(
      (rollout) =>
        liveService(rollout.strategy) === service.name ||
        nextService(rollout.strategy) === service.name ||
        (owned.get(rollout.name) ?? []).some((set) => selects(service.base, set.template.labels)) ||
        selects(rollout.selector, service.base),
    )
    if (members.length > 0)
      owners.set(
        service.name,
        members.map((each) => each.name),
      )
  }
  return owners
}
