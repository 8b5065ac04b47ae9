import fc from 'fast-check'
import type { Wiring } from '../../src/domain/manifests/wiring.ts'

/** How a consumer finds a dependency. */
export type Address =
  /** Its active or stable Service, or the only one that it has. */
  | 'live'
  /** Its preview or canary Service, in both roles: left there by the release before. */
  | 'preview'
  /** A Service that selects every revision. */
  | 'plain'
  /** A Service for each version, which somebody writes into the files of each release. */
  | 'by-hand'
  /** A Service for each release, made by the tool; the files themselves name the live one. */
  | 'pinned'

export interface ReleasedMember {
  readonly strategy: 'blue-green' | 'canary'
  /** Whether each role has a Service, or one Service is all there is. */
  readonly services: 'by-role' | 'one'
  readonly replicas: number
  /** Seconds. */
  readonly scaleDownDelay: number
  /** Addresses stand in the pod template, or in a ConfigMap that keeps its name, or has another for each release. */
  readonly settings: 'literal' | 'in-place' | 'suffixed'
  /** In which releases it changes. One that is not in all of them works with every version of the others. */
  readonly changes: readonly boolean[]
}

export interface ReleasedCall {
  readonly consumer: number
  readonly dependency: number
  readonly address: Address
}

/** A group, what its next releases are, and how each is asked for. */
export interface ReleasesSpec {
  readonly members: readonly ReleasedMember[]
  readonly calls: readonly ReleasedCall[]
  /** Of each release; undefined: as the tool chooses. */
  readonly wirings: readonly (Wiring | undefined)[]
  /** Of everything that chance decides: interleavings, delays, pauses between runs, when a run is killed. */
  readonly seed: number
}

/** So many releases in a row. */
export const RELEASES = 3

const address = fc.constantFrom<Address>('live', 'live', 'preview', 'plain', 'by-hand', 'pinned')

const member: fc.Arbitrary<ReleasedMember> = fc.record({
  strategy: weighted<ReleasedMember['strategy']>([6, 'blue-green'], [1, 'canary']),
  services: weighted<ReleasedMember['services']>([3, 'by-role'], [1, 'one']),
  replicas: fc.integer({ min: 1, max: 3 }),
  scaleDownDelay: fc.integer({ min: 1, max: 40 }),
  settings: fc.constantFrom('literal', 'in-place', 'suffixed'),
  changes: fc.oneof(
    { weight: 5, arbitrary: fc.constant(Array.from({ length: RELEASES }, () => true)) },
    { weight: 1, arbitrary: fc.array(fc.boolean(), { minLength: RELEASES, maxLength: RELEASES }) },
  ),
})

/** Groups without circles: every wiring alone, or another for each call. */
export const anyReleases: fc.Arbitrary<ReleasesSpec> = fc
  .array(member, { minLength: 1, maxLength: 4 })
  .chain((members) => {
    const pairs = members.flatMap((_, consumer) =>
      members.slice(consumer + 1).map((__, offset) => ({ consumer, dependency: consumer + 1 + offset })),
    )
    return fc.record({
      members: fc.constant(members),
      calls: fc
        .tuple(fc.subarray(pairs, { maxLength: Math.min(5, pairs.length) }), fc.option(address))
        .chain(([chosen, common]) =>
          fc.tuple(
            ...chosen.map((pair) =>
              fc.record({
                consumer: fc.constant(pair.consumer),
                dependency: fc.constant(pair.dependency),
                address: common === null ? address : fc.constant(common),
              }),
            ),
          ),
        ),
      wirings: fc.array(
        fc.constantFrom(undefined, undefined, 'pinned' as const, 'preview' as const, 'as-is' as const),
        {
          minLength: RELEASES,
          maxLength: RELEASES,
        },
      ),
      seed: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
    })
  })

function weighted<Value>(...choices: readonly (readonly [weight: number, value: Value])[]): fc.Arbitrary<Value> {
  return fc.oneof(...choices.map(([weight, value]) => ({ weight, arbitrary: fc.constant(value) })))
}
