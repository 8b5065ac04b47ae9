import type { Finding } from '../findings/finding.ts'
import type { Mode } from '../findings/mode.ts'
import type { Configs } from '../objects/config-map.ts'
import { MODE } from '../objects/labels.ts'
import { configMapsOf } from '../objects/pod-template.ts'
import { type FrontDoors, frontDoorsIn } from '../objects/front-door.ts'
import { type Malformed, parseRollout, type Rollout } from '../objects/rollout.ts'
import { parseServices, type Service } from '../objects/service.ts'
import { badAnnotations, modesOf } from './annotations.ts'
import { type GoneService, goneServices } from './gone-services.ts'
import { directoryOf } from '../evidence/hosts.ts'
import { mainFirst } from './main-container.ts'
import type { Member, Role } from './member.ts'
import { type ConstantSource, namingOf } from './naming.ts'
import { outsideServices } from './outside-services.ts'
import { ownersOf } from './owners.ts'
import { inUse, setsOf, stableIn } from './own-sets.ts'
import { readMember } from './read-member.ts'
import { roleOf } from './roles.ts'
import { byOwner } from './running-pods.ts'
import type { Snapshot } from './snapshot.ts'

/** The Rollouts of one namespace that are released together. */
export interface Group {
  /** What it was read from. */
  readonly snapshot: Snapshot
  readonly namespace: string
  readonly name: string
  readonly mode: Mode
  /** By name. */
  readonly members: readonly Member[]
  /** The Services of the namespace, by name: all, or of thousands those that the group uses (services-used.ts). */
  readonly services: ReadonlyMap<string, Service>
  /** Those of them that are called, and are not there. */
  readonly gone: ReadonlyMap<string, GoneService>
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
  const owned = new Map(rollouts.map((rollout) => [rollout.name, mainFirst(rollout, setsOf(rollout, sets))]))
  const services = new Map(parseServices(snapshot.services, snapshot.endpointSlices).map((each) => [each.name, each]))
  const owners = ownersOf(rollouts, owned, services)
  const outside = outsideServices([...services.values()], new Set(parsed.map((each) => each.name)), owners)
  const used = rollouts.map((rollout) => inUse(rollout, owned.get(rollout.name) ?? []))
  const naming = namingOf(used, snapshot.configs)
  const readWith = (gone: Group['gone']) => {
    const wanted = new Set([...owners.keys(), ...outside.keys(), ...gone.keys()])
    const around = {
      configs: snapshot.configs,
      owners: withGone(owners, gone.values()),
      services,
      outside,
      directory: directoryOf(snapshot.namespace, new Map([...services, ...gone]), wanted),
      names: new Set(parsed.map((each) => each.name)),
      naming,
    }
    return rollouts.map((rollout) => readMember(rollout, owned.get(rollout.name) ?? [], around))
  }
  const { namespace, configs } = snapshot
  const whole = readWith(new Map())
  const gone = goneServices({ namespace, members: whole, services, owners, configs })
  const members = gone.size === 0 ? whole : readWith(gone)
  const modes = modesOf(members)
  return {
    snapshot,
    namespace: snapshot.namespace,
    name,
    members,
    services: gone.size === 0 ? services : new Map([...services, ...gone]),
    gone,
    owners: withGone(owners, gone.values()),
    outside,
    fronts: frontDoorsIn(snapshot.fronts),
    configs: snapshot.configs,
    constant: naming.constant,
    mode: mode ?? (modes.length === 1 ? modes[0]! : 'legacy'),
    problems: [...unread(malformed, snapshot), ...members.flatMap(badAnnotations), ...disagreeing(mode, modes)],
  }
}

function withGone(owners: Group['owners'], gone: Iterable<GoneService>): Group['owners'] {
  const more = [...gone].map(({ name, member }) => [name, [member]] as const)
  return more.length === 0 ? owners : new Map([...owners, ...more])
}

/** What could not be read, or not be understood. */
function unread(malformed: readonly Malformed[], { unreadable }: Snapshot): Finding[] {
  return [
    ...malformed.map(
      (each): Finding => ({
        code: 'malformed',
        severity: 'error',
        members: [each.name],
        sentence: `rollout/${each.name} cannot be read: ${each.why}`,
        remedy: 'mend it, or take it out of the group: remove the label that selects it',
      }),
    ),
    ...unreadable.map(
      (sentence): Finding => ({
        code: 'unreadable',
        severity: 'error',
        members: [],
        sentence,
        remedy: 'ask for the permissions listed under Permissions in the README',
      }),
    ),
  ]
}

/** Members that name two modes, where nobody says which it is. */
function disagreeing(mode: Mode | undefined, modes: readonly Mode[]): Finding[] {
  if (mode !== undefined || modes.length <= 1) return []
  return [
    {
      code: 'malformed',
      severity: 'error',
      members: [],
      sentence: `the members do not agree on ${MODE}: some say legacy, some modern`,
      remedy: 'give all members the same value, or say --mode',
    },
  ]
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
