import type { Configs } from '../objects/config-map.ts'
import { ENTRY, RELEASE, VERSIONS } from '../objects/labels.ts'
import type { ReplicaSet } from '../objects/replica-set.ts'
import type { Rollout } from '../objects/rollout.ts'
import type { Service } from '../objects/service.ts'
import { declaredFor, secretsIn, settingOf, unreadOf, weigh } from './declared.ts'
import type { Member, Revision, Wire } from './member.ts'
import { type Naming, toldApart } from './naming.ts'
import { inUse, stableIn } from './own-sets.ts'
import { roleOf, staleness } from './roles.ts'
import { settingChanges } from './settings-change.ts'
import { unsureOf } from './stale-config.ts'
import { FIRST_SOURCES, type Version, versionConfig } from './version.ts'
import type { Around } from '../evidence/value-evidence.ts'
import { type Address, addressesOf, evidenceOf, outsideOf } from './wires.ts'

/** What a member is read with: all that its namespace holds besides. */
export interface MemberContext extends Around {
  readonly configs: Configs
  readonly services: ReadonlyMap<string, Service>
  /** The Services that belong to Rollouts outside the group, with their Rollout. */
  readonly outside: ReadonlyMap<string, string>
  readonly naming: Naming
}

/** Makes a member of a Rollout and its ReplicaSets. */
export function readMember(rollout: Rollout, sets: readonly ReplicaSet[], around: MemberContext): Member {
  const { configs, owners, services, naming } = around
  const { namespace, strategy, status } = rollout
  const read = sets.map((set): Read => ({ set, addresses: addressesOf(set.template, strategy, configs, around) }))
  const newest = read.find(({ set }) => set.hash === status.currentPodHash)
  const said = new Set(
    newest &&
      [...newest.addresses, ...secretsIn(newest.set.template, around.names)].map((each) => settingOf(each.where)),
  )
  const used = inUse(rollout, sets)
  const { live, next } = used
  const settings =
    live && next && naming.agree(live, next) ? settingChanges(live, next, { namespace, owners, configs }) : undefined
  const versions = toldApart(used, naming, settings !== undefined)
  const stable = stableIn(sets, rollout)
  const isSaid = (where: string) => said.has(settingOf(where))
  const revisions = read.map((each) =>
    toRevision(each, { rollout, around, stable, version: versions.get(each.set)!, isSaid }),
  )
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

/** A ReplicaSet, and the addresses in its pod template. */
interface Read {
  readonly set: ReplicaSet
  readonly addresses: readonly Address[]
}

/** What is known of a Rollout when its revisions are read. */
interface Known {
  readonly rollout: Rollout
  readonly around: MemberContext
  /** The number of the revision that users are on. */
  readonly stable: number
  readonly version: Version
  /** Whether the newest revision says something at this place. */
  readonly isSaid: (where: string) => boolean
}

function toRevision({ set, addresses }: Read, { rollout, around, stable, version, isSaid }: Known): Revision {
  const { configs, owners, services, outside, names } = around
  const { name, restartAt, status } = rollout
  const { template, hash } = set
  const role = roleOf(set, rollout, stable, services)
  const restarted = restartAt !== undefined && status.restartedAt === restartAt ? restartAt : 0
  const holding = {
    addresses: new Set(addresses.flatMap((each) => (each.strength === 'named' ? [] : (each.configMap ?? [])))),
    version: versionConfig(template, version, configs),
    unversioned: !FIRST_SOURCES.has(version.source),
  }
  const unsure = role === 'old' ? [] : unsureOf(set, Math.max(set.started, restarted), configs, holding)
  const changed = new Set(unsure.flatMap((each) => (each.calls ? [each.configMap] : [])))
  const declared = declaredFor(set, rollout)
  const { wires, weak } = weigh(evidenceOf(name, addresses, owners), declared, isSaid, template.labels.has(RELEASE))
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
    unread: unreadOf(template, declared, isSaid, names),
    declared: declared.calls,
    outside: outsideOf(addresses, outside),
    unsure,
  }
}
