import fc from 'fast-check'

/** How a consumer finds a dependency, in its old and in its new revision. */
export type Wiring =
  /** The active (stable) Service, then the preview (canary) Service. */
  | 'role'
  /** The active Service in both: forgotten. */
  | 'miswired'
  /** The preview Service in both: left there by the release before. */
  | 'left'
  /** A Service for each release, which selects its version. */
  | 'pinned'
  /** One Service that selects everything. */
  | 'plain'
  /** Ephemeral metadata of the role, through a downwardAPI volume. */
  | 'follows'

/** How an address is written. The last two leave it open whether there is one. */
export type Written =
  | 'name'
  /** By a Service of type ExternalName. */
  | 'alias'
  | 'ip'
  /** By a variable that the kubelet sets for each Service. */
  | 'variable'
  | 'srv'
  /** A bare name under a key that speaks of an issuer, and is called all the same. */
  | 'issuer'
  /** In a Secret. */
  | 'secret'

/** What names another member's Service and is never called. */
export interface MentionSpec {
  /** Another member, counted from this one on. */
  readonly to: number
  readonly key: 'ISSUER' | 'TOPIC' | 'URL'
}

export interface MemberSpec {
  readonly strategy: 'blue-green' | 'canary'
  readonly replicas: number
  readonly changes: boolean
  /**
   * What changes where it changes: its version; nothing but addresses, its image and version stay (`own`); a setting,
   * too, on which members may have to agree (`shared`).
   */
  readonly release: 'version' | 'own' | 'shared'
  /** Of a member that does not change: it works with either release, or it belongs to one of the two. */
  readonly rests: 'both' | 'old' | 'new'
  /** Seconds. */
  readonly scaleDownDelay: number
  readonly previewReplicas: number | undefined
  readonly maxUnavailable: number | string
  /** Addresses stand in a ConfigMap. */
  readonly configured: boolean
  readonly mentions: readonly MentionSpec[]
  /** The annotations say whom it calls, and whom it does not. */
  readonly declared: boolean
}

export interface EdgeSpec {
  readonly consumer: number
  readonly dependency: number
  readonly wiring: Wiring
  readonly written: Written
}

/** What somebody did to a member by hand, before the tool is run, and how long ago the next deed or the run follows. */
export interface Deed {
  readonly member: number
  readonly deed: 'promote' | 'abort'
  /** Milliseconds. */
  readonly then: number
}

/** A group, how it came to where it stands, and what is asked of the tool. */
export interface GroupSpec {
  readonly members: readonly MemberSpec[]
  readonly edges: readonly EdgeSpec[]
  /** Users also come in at the first member, although another one calls it. */
  readonly annotated: boolean
  /**
   * `common`: the members share their versions; `chart`: in their image tags, while a chart writes its own into the
   * label; `own`: each has its own numbers; `none`: nothing tells a version.
   */
  readonly versions: 'common' | 'chart' | 'own' | 'none'
  readonly before: readonly Deed[]
  readonly verb: 'promote-all' | 'abort-all'
  /** The ConfigMaps of the old release were removed when the new one was deployed, as a GitOps tool does. */
  readonly pruned: boolean
  /** Both releases have ConfigMaps of the same names, as charts do: the new one changes them under running pods. */
  readonly inPlace: boolean
  /** Of everything that chance decides: interleavings, delays, pauses between runs. */
  readonly seed: number
}

const wiring = fc.oneof(
  { weight: 14, arbitrary: fc.constant<Wiring>('role') },
  { weight: 3, arbitrary: fc.constant<Wiring>('pinned') },
  { weight: 1, arbitrary: fc.constantFrom<Wiring>('miswired', 'left', 'plain', 'follows') },
)

const seen = fc.oneof(
  { weight: 6, arbitrary: fc.constant<Written>('name') },
  { weight: 4, arbitrary: fc.constantFrom<Written>('alias', 'ip', 'variable', 'srv') },
)
const written = fc.oneof(
  { weight: 18, arbitrary: seen },
  { weight: 1, arbitrary: fc.constantFrom<Written>('issuer', 'secret') },
)

const mention = fc.record({
  to: fc.integer({ min: 1, max: 4 }),
  key: fc.constantFrom('ISSUER' as const, 'TOPIC' as const, 'URL' as const),
})

const member = fc.record({
  strategy: fc.oneof(
    { weight: 5, arbitrary: fc.constant('blue-green' as const) },
    { weight: 1, arbitrary: fc.constant('canary' as const) },
  ),
  replicas: fc.integer({ min: 1, max: 3 }),
  changes: fc.oneof({ weight: 9, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
  release: fc.oneof(
    { weight: 8, arbitrary: fc.constant('version' as const) },
    { weight: 1, arbitrary: fc.constantFrom('own' as const, 'shared' as const) },
  ),
  rests: fc.constantFrom('both' as const, 'old' as const, 'new' as const),
  scaleDownDelay: fc.integer({ min: 1, max: 40 }),
  previewReplicas: fc.oneof({ weight: 8, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: fc.constant(1) }),
  maxUnavailable: fc.constantFrom<number | string>(0, 0, 0, '25%'),
  configured: fc.boolean(),
  mentions: fc.oneof(
    { weight: 6, arbitrary: fc.constant<readonly MentionSpec[]>([]) },
    { weight: 1, arbitrary: fc.array(mention, { minLength: 1, maxLength: 2 }) },
  ),
  declared: fc.oneof({ weight: 3, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
})

/** Any wiring, any half-way state. */
export const anyGroup: fc.Arbitrary<GroupSpec> = groups(member, wiring, written).chain((spec) =>
  fc
    .array(
      fc.record({
        member: fc.nat({ max: spec.members.length - 1 }),
        deed: fc.constantFrom('promote' as const, 'promote' as const, 'promote' as const, 'abort' as const),
        then: fc.integer({ min: 0, max: 60_000 }),
      }),
      { maxLength: 2 },
    )
    .map((before) => ({ ...spec, before })),
)

/**
 * Groups whose versions are hard to tell: a chart's constant label with who was forgotten, and settings that change.
 */
export const hardlyTold: fc.Arbitrary<GroupSpec> = fc.oneof(
  groups(
    memberWith({
      changes: fc.constantFrom(true, true, false),
      release: fc.constant('version' as const),
      rests: fc.constantFrom('old' as const, 'both' as const),
    }),
    fc.constant<Wiring>('role'),
    seen,
    false,
  ).map((spec) => ({ ...spec, versions: 'chart' as const, verb: 'promote-all' as const })),
  groups(
    memberWith({
      changes: fc.constant(true),
      release: fc.constantFrom('shared' as const, 'shared' as const, 'own' as const, 'version' as const),
    }),
    fc.constantFrom<Wiring>('role', 'role', 'role', 'miswired', 'left'),
    seen,
    false,
  ).map((spec) => ({ ...spec, verb: 'promote-all' as const })),
)

function memberWith(more: { [Key in keyof MemberSpec]?: fc.Arbitrary<MemberSpec[Key]> }): fc.Arbitrary<MemberSpec> {
  return fc.tuple(member, fc.record(more)).map(([each, other]) => ({ ...each, ...other }))
}

/**
 * Groups as the article wires them, or pinned: blue/green, everything changes, nothing was done by hand, and whoever
 * names another without calling it says so.
 */
export const rightGroup: fc.Arbitrary<GroupSpec> = groups(
  member.map((each) => ({
    ...each,
    strategy: 'blue-green' as const,
    changes: true,
    previewReplicas: undefined,
    declared: each.declared || each.mentions.length > 0,
  })),
  fc.constantFrom<Wiring>('role', 'role', 'pinned'),
  seen,
  false,
).map((spec) => ({ ...spec, verb: 'promote-all' as const }))

function groups(
  members: fc.Arbitrary<MemberSpec>,
  wirings: fc.Arbitrary<Wiring>,
  writings: fc.Arbitrary<Written>,
  cycles = true,
): fc.Arbitrary<GroupSpec> {
  return fc.array(members, { minLength: 1, maxLength: 5 }).chain((made) => {
    const pairs = made.flatMap((_, consumer) =>
      made.slice(consumer + 1).map((__, offset) => ({ consumer, dependency: consumer + 1 + offset })),
    )
    const back = made.length > 2 && cycles ? [{ consumer: made.length - 1, dependency: made.length - 2 }] : []
    const edge = (pair: { readonly consumer: number; readonly dependency: number }) =>
      fc.record({
        consumer: fc.constant(pair.consumer),
        dependency: fc.constant(pair.dependency),
        wiring: wirings,
        written: writings,
      })
    return fc
      .record({
        members: fc.constant(made),
        edges: fc
          .tuple(
            fc
              .subarray(pairs, { maxLength: Math.min(6, pairs.length) })
              .chain((chosen) => fc.tuple(...chosen.map(edge))),
            fc.subarray(back).chain((chosen) => fc.tuple(...chosen.map(edge))),
            fc.integer({ min: 0, max: 9 }),
          )
          .map(([down, up, chance]): EdgeSpec[] => [...down, ...(chance === 0 ? up : [])]),
        annotated: fc.integer({ min: 0, max: 9 }).map((each) => each === 0),
        versions: fc.constantFrom(
          'common' as const,
          'common' as const,
          'chart' as const,
          'own' as const,
          'none' as const,
        ),
        before: fc.constant<readonly Deed[]>([]),
        verb: fc.constantFrom('promote-all' as const, 'promote-all' as const, 'abort-all' as const),
        seed: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
      })
      .map((spec) => ({ ...spec, pruned: spec.seed % 4 === 0, inPlace: spec.seed % 4 === 1 }))
  })
}
