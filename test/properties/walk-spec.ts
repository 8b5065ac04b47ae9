import fc from 'fast-check'
import { anyReleases, RELEASES, type ReleasesSpec } from './release-spec.ts'

/** A verb that writes, run once. */
export interface Command {
  readonly deed: 'command'
  readonly verb: string
  readonly flags: readonly string[]
  /** Which release the files are of: the one after the last that was given, or that one again. */
  readonly files?: 'next' | 'same'
  /** Of which member the files name an image that never starts. */
  readonly broken?: number
  /** It is killed after so many writes. */
  readonly killedAfter?: number
  /** All controllers stand still for so many milliseconds, from its first write on. */
  readonly stall?: number
}

/** What somebody else does, past the tool: `kubectl apply` of files of some members, or `kubectl scale`. */
export type Foreign =
  | { readonly deed: 'apply'; readonly members: readonly number[]; readonly release: number }
  | { readonly deed: 'scale'; readonly member: number; readonly replicas: number }

/** One step of a walk, and the milliseconds that pass before the next one. */
export type Step = (Command | Foreign) & { readonly then: number }

export interface WalkSpec extends ReleasesSpec {
  readonly steps: readonly Step[]
}

/** Users are looked at for a while before there is no way back: by what the cluster shows, or by a command, too. */
const BAKES = [
  ...['--bake=20s', '--bake=3m'],
  ...['passes', 'fails', 'hangs', 'turns'].map((check) => `--bake=40s --bake-check=${check}`),
]

/** Flags of verbs; the same may come twice, and often comes none. */
const FLAGS: Readonly<Record<string, readonly string[]>> = {
  'deploy-all': ['--one-by-one', '--on-failure=abort', '--wiring=pinned', '--wiring=preview', '--wiring=as-is'],
  release: [
    ...['--one-by-one', '--wiring=pinned', '--wiring=preview', '--wiring=as-is'],
    ...['--on-failure=stop', '--on-failure=rollback', '--approve'],
    ...['--smoke=passes', '--smoke=fails', '--smoke=hangs', ...BAKES],
  ],
  'promote-all': [
    '--to-end',
    '--to-end',
    '--one-by-one',
    '--only',
    '--on-failure=abort',
    '--on-failure=rollback',
    ...BAKES,
  ],
  'abort-all': ['--undo-promoted', '--undo-promoted', '--to-stable', '--one-by-one', '--only'],
  'undo-all': ['--one-by-one', '--on-failure=stop'],
  settle: ['--on-failure=stop'],
  'retry-all': ['--only'],
  'restart-all': ['--only'],
  'pause-all': ['--only'],
  'resume-all': ['--only'],
}

const NAMES = ['alpha', 'beta', 'gamma', 'delta'] as const

function command(verb: string, members: number): fc.Arbitrary<Command> {
  const only = fc.subarray(NAMES.slice(0, members), { minLength: 1 }).map((names) => `--only=${names.join()}`)
  const flag = fc.constantFrom(...FLAGS[verb]!).chain((each) => (each === '--only' ? only : fc.constant(each)))
  const flags = fc
    .uniqueArray(flag, { maxLength: 3, selector: (each) => each.split('=')[0]! })
    .map((some) => some.flatMap((each) => each.split(' ')))
  const takesFiles = verb === 'deploy-all' || verb === 'release'
  return fc
    .record({
      flags: fc.oneof(fc.constant<string[]>([]), flags),
      files: fc.constantFrom('next' as const, 'next' as const, 'same' as const),
      broken: rarely(8, fc.nat({ max: members - 1 })),
      killedAfter: rarely(2, fc.integer({ min: 1, max: 12 })),
      stall: rarely(4, fc.integer({ min: 1000, max: 40_000 })),
    })
    .map(({ flags: words, files, broken, killedAfter, stall }) => ({
      deed: 'command' as const,
      verb,
      flags: words,
      ...(takesFiles && { files }),
      ...(takesFiles && broken !== undefined && { broken }),
      ...(killedAfter !== undefined && { killedAfter }),
      ...(stall !== undefined && { stall }),
    }))
}

/** One time in so many. */
function rarely<Value>(times: number, value: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> {
  return fc.oneof({ weight: times - 1, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: value })
}

/** Verbs that lead somewhere are drawn more often. */
const VERBS = [
  ...['release', 'release', 'deploy-all', 'deploy-all', 'deploy-all', 'promote-all', 'promote-all', 'promote-all'],
  ...[
    'abort-all',
    'abort-all',
    'undo-all',
    'undo-all',
    'retry-all',
    'restart-all',
    'pause-all',
    'resume-all',
    'settle',
  ],
]

const then = fc.oneof(fc.integer({ min: 0, max: 10_000 }), fc.integer({ min: 0, max: 120_000 }))

/** Walks of what the tool does alone: at first something is deployed. */
export const toolAlone: fc.Arbitrary<WalkSpec> = walks(false)

/** Walks in which others deploy and scale, too. */
export const amongOthers: fc.Arbitrary<WalkSpec> = walks(true)

function walks(others: boolean): fc.Arbitrary<WalkSpec> {
  return anyReleases
    .filter(({ calls }) => calls.length > 0)
    .chain((spec) => {
      const { length } = spec.members
      const verb = fc.constantFrom(...VERBS).chain((each) => command(each, length))
      const first = fc.constantFrom('release', 'deploy-all').chain((each) => command(each, length))
      const foreign: fc.Arbitrary<Foreign> = fc.oneof(
        fc.record({
          deed: fc.constant('apply' as const),
          members: fc.subarray([...spec.members.keys()], { minLength: 1 }),
          release: fc.integer({ min: 0, max: RELEASES }),
        }),
        fc.record({
          deed: fc.constant('scale' as const),
          member: fc.nat({ max: length - 1 }),
          replicas: fc.integer({ min: 1, max: 4 }),
        }),
      )
      const any = others ? fc.oneof({ weight: 3, arbitrary: verb }, { weight: 1, arbitrary: foreign }) : verb
      const step = (of: fc.Arbitrary<Command | Foreign>) =>
        fc.tuple(of, then).map(([each, pause]): Step => ({ ...each, then: pause }))
      return fc
        .tuple(step(first), fc.array(step(any), { minLength: 1, maxLength: 6 }))
        .map(([one, more]) => ({ ...spec, steps: [one, ...more] }))
    })
}
