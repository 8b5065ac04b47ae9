import type { Configs } from '../objects/config-map.ts'
import { areTwoImages, parseImage } from '../objects/image.ts'
import type { PodTemplate } from '../objects/pod-template.ts'
import type { ReplicaSet } from '../objects/replica-set.ts'
import { saidBy, type Source, type Version } from './version.ts'

/** A member's ReplicaSets before their versions are known. */
export interface Unnamed {
  readonly name: string
  /** Newest first. */
  readonly sets: readonly ReplicaSet[]
  readonly live: ReplicaSet | undefined
  readonly next: ReplicaSet | undefined
}

/** A source that has one value on two images of a member, so that it says nothing of a release. */
export interface ConstantSource {
  readonly source: Source
  readonly value: string
  readonly members: readonly string[]
  /** What says the versions of these members in its place. */
  readonly instead: Source
}

/** What says the versions of a group's revisions. */
export interface Naming {
  readonly of: (set: ReplicaSet) => Omit<Version, 'text'>
  /** Whether every source says the same of two revisions of one member. */
  readonly agree: (one: ReplicaSet, other: ReplicaSet) => boolean
  readonly constant: readonly ConstantSource[]
}

interface Told extends Unnamed {
  readonly said: ReadonlyMap<ReplicaSet, ReadonlyMap<Source, string>>
  /** The revisions that are compared: what users have, and what comes or came before. */
  readonly pair: readonly ReplicaSet[]
  /** Sources with one value on two images. */
  readonly constant: readonly Source[]
  /** These, and what only one of the two revisions has where both have another. */
  readonly fallen: readonly Source[]
}

/**
 * Finds what says the versions of a group: of each revision the first source that has one.
 *
 * A source with one value on two images says nothing: charts write their own version into the label, once for ever.
 * Nor does one that only the next revision has compare it with the live one. What would be first and falls counts for
 * nobody in the group, and in its place comes the first one that all members have; where there is none, the first one
 * that all have that had it; else each member's own. So who was forgotten still has the same source as the others.
 */
export function namingOf(members: readonly Unnamed[], configs: Configs): Naming {
  const told = members.map((each) => tell(each, configs))
  const fallen = new Set(told.flatMap((each) => each.fallen))
  const missed = new Set(told.flatMap((each) => firsts(each).filter((source) => each.fallen.includes(source))))
  const shared = (among: readonly Told[]) => among.map(sharedBy).reduce((all, each) => all.intersection(each))
  const usable = (among: readonly Told[]) =>
    among.length === 0 ? undefined : [...shared(among)].find((each) => !fallen.has(each) && each !== 'digest')
  const hadIt = told.filter((each) => firsts(each).some((source) => missed.has(source)))
  const everybody = missed.size === 0 ? undefined : usable(told.filter((each) => each.pair.length > 0))
  const some = everybody === undefined ? usable(hadIt) : undefined
  const named = new Map(
    told.flatMap((member) => {
      const common = everybody ?? (hadIt.includes(member) ? some : undefined)
      const own = common ?? (member.fallen.length > 0 ? ownSource(member) : undefined)
      return member.sets.map((set) => [set, nameOf(member, set, own)] as const)
    }),
  )
  const said = new Map(told.flatMap((each) => [...each.said]))
  const all = (set: ReplicaSet) => JSON.stringify([...said.get(set)!])
  return {
    of: (set) => named.get(set)!,
    agree: (one, other) => all(one) === all(other),
    constant: constantSources(told, named),
  }
}

/**
 * The versions of a member's revisions as they are shown: where two are called the same, the live one keeps its name.
 * @param settings whether the next revision changes nothing but settings
 */
export function toldApart(
  { sets, live, next }: Unnamed,
  { of }: Pick<Naming, 'of'>,
  settings: boolean,
): ReadonlyMap<ReplicaSet, Version> {
  const taken = new Set<string>()
  const first = [live, next].filter((each) => each !== undefined)
  return new Map(
    [...first, ...sets.filter((each) => !first.includes(each))].map((set) => {
      const { value, source } = of(set)
      const apart = set === next && settings ? ' (settings)' : `·r${set.revision}`
      const text = taken.has(value) ? `${value}${apart}` : value
      taken.add(value)
      return [set, { text, value, source }]
    }),
  )
}

/** Where nothing is under way, the revision before the live one tells as much as the live one did of it. */
function tell({ name, sets, live, next }: Unnamed, configs: Configs): Told {
  const before = next === undefined ? sets.find((each) => live !== undefined && each.revision < live.revision) : next
  const pair = [live, before].filter((each) => each !== undefined)
  const said = new Map(sets.map((set) => [set, saidBy(set.template, name, configs)]))
  const [one, other] = pair
  const differ =
    one !== undefined && other !== undefined && areTwoImages(imageOf(one.template), imageOf(other.template))
  const constant = differ
    ? [...said.get(one)!].flatMap(([source, value]) => (said.get(other)!.get(source) === value ? [source] : []))
    : []
  const [has, hasToo] = [one, other].map((each) => new Set(each === undefined ? [] : said.get(each)!.keys()))
  const both = [...has!.intersection(hasToo!)].filter((each) => !constant.includes(each) && each !== 'digest')
  const lone = next === undefined || both.length === 0 ? [] : [...has!.symmetricDifference(hasToo!)]
  return { name, sets, live, next, said, pair, constant, fallen: [...constant, ...lone] }
}

/** What would say the version of each revision that is compared. */
function firsts({ pair, said }: Told): Source[] {
  return pair.flatMap((each) => [...said.get(each)!.keys()].slice(0, 1))
}

/** The sources that all revisions have that are compared, in their order. */
function sharedBy({ pair, said }: Told): ReadonlySet<Source> {
  return pair
    .map((each): ReadonlySet<Source> => new Set(said.get(each)!.keys()))
    .reduce((all, each) => all.intersection(each), new Set<Source>(said.get(pair[0]!)?.keys() ?? []))
}

function ownSource(member: Told): Source | undefined {
  return [...sharedBy(member)].find((each) => !member.fallen.includes(each))
}

function nameOf({ said, fallen }: Told, set: ReplicaSet, source: Source | undefined): Omit<Version, 'text'> {
  const all = said.get(set)!
  const wanted = source === undefined ? undefined : all.get(source)
  if (source !== undefined && wanted !== undefined) return { value: wanted, source }
  const [first, value] = [...all].find(([each]) => !fallen.includes(each)) ?? []
  return first === undefined || value === undefined
    ? { value: `rev ${set.revision}`, source: 'revision' }
    : { value, source: first }
}

/** A source that fell is worth a word only where it would have been the one. */
function constantSources(
  told: readonly Told[],
  named: ReadonlyMap<ReplicaSet, Omit<Version, 'text'>>,
): ConstantSource[] {
  const found = told.flatMap(({ name, pair, said, constant }) => {
    const [first, value] = [...(said.get(pair[0]!) ?? [])][0] ?? []
    return first !== undefined && value !== undefined && constant.includes(first)
      ? [{ name, source: first, value, instead: named.get(pair[0]!)!.source }]
      : []
  })
  return [...Map.groupBy(found, (each) => [each.source, each.value, each.instead].join('\n')).values()].map((all) => {
    const { source, value, instead } = all[0]!
    return { source, value, instead, members: all.map((each) => each.name) }
  })
}

function imageOf(template: PodTemplate) {
  return parseImage(template.containers[0]?.image ?? '')
}
