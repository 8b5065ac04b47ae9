import type { Simulation } from '../../src/sim/simulation.ts'
import type { Scenario } from '../../src/sim/scenarios.ts'
import { deploy, LIFE, type RawManifest } from '../../src/sim/scenarios/scenario.ts'
import { EXIT } from '../../src/domain/run/outcome.ts'
import type { VirtualCluster } from '../support/virtual-cluster.ts'
import { virtualCli } from '../support/virtual-cli.ts'
import { isWrite, type Sent } from '../support/virtual-request.ts'
import { living } from '../support/virtual-run.ts'
import { chances, dice } from './chance.ts'
import { entriesOf, filesOf, GROUP, liveOf, REVISION } from './release-files.ts'
import { RELEASES, type ReleasesSpec } from './release-spec.ts'
import { watchUsers } from './users.ts'

/** How often the tool is struck dead: in its n-th run after its n-th write; or twice, after any write. */
export type Kills = 'after every write' | 'twice'

/** What came of one release, run again and again until it ended. */
export interface ReleaseCourse {
  readonly words: readonly string[]
  /** Of the run that came to an end. */
  readonly exit: number
  readonly told: string
  /** Runs that were killed. */
  readonly kills: number
  /** What was written, but for locks and events. */
  readonly writes: readonly string[]
  /** Members that users do not have as the files say, or that are not at rest. */
  readonly behind: readonly string[]
  /** What the same command tells and writes when all is over; empty where it writes nothing. */
  readonly again: string
}

/** What came of a group and its releases. */
export interface ReleasesCourse {
  readonly releases: readonly ReleaseCourse[]
  /** What users met, by its key. */
  readonly troubles: ReadonlyMap<string, string>
}

const HOUR = 3_600_000
export const NAMESPACE = 'random'

/** Lives through a group's history, and through its releases, one after the other. */
export async function releasesOf(spec: ReleasesSpec, kills: Kills): Promise<ReleasesCourse> {
  const troubles = new Map<string, string>()
  const chance = dice(spec.seed)
  let release = 0
  const world = living(
    scenarioOf(spec, (simulation) =>
      watchUsers(simulation, NAMESPACE, entriesOf(spec), (met) => {
        const at = new Date(simulation.now).toISOString()
        for (const { key, story } of met)
          if (!troubles.has(key)) troubles.set(key, `in release ${release}, ${at}: ${story}`)
      }),
    ),
    {
      ...chances(spec),
      next: (turns) =>
        turns.length > 1 && chance() < 0.05 ? turns.length - 1 : Math.floor(chance() * Math.max(1, turns.length - 1)),
    },
  )
  const releases: ReleaseCourse[] = []
  while (release++ < RELEASES) releases.push(await releaseOf(world, spec, release, kills, chance))
  return { releases, troubles }
}

async function releaseOf(
  world: VirtualCluster,
  spec: ReleasesSpec,
  release: number,
  kills: Kills,
  chance: () => number,
): Promise<ReleaseCourse> {
  const files = filesOf(spec, release)
  const wiring = spec.wirings[release - 1]
  const words = [
    'release',
    GROUP,
    '-f',
    '-',
    '--yes',
    '--timeout=0',
    ...(wiring === undefined ? [] : [`--wiring=${wiring}`]),
  ]
  const input = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: files })
  const begin = world.requests.length
  const writes = () => written(world.requests.slice(begin))
  const vouched: string[] = []
  for (let run = 1; ; run++) {
    const last =
      kills === 'after every write' ? run : run > 2 ? undefined : 1 + Math.floor(chance() * (run === 1 ? 20 : 8))
    const { exit, told } = await virtualCli(world, [...words, ...vouched], last, input)
    await world.time.pass(Math.floor(chance() * 40_000))
    if (exit === undefined && run < 100) continue
    if (isLeftToTell(told) && vouched.length === 0 && writes().length > 0) {
      vouched.push('--assume=half-promoted')
      continue
    }
    await world.time.pass(HOUR)
    const { length } = writes()
    const behind = behindOf(world, files)
    const after = exit === EXIT.done ? await virtualCli(world, words, undefined, input) : undefined
    const all = writes()
    return {
      words,
      exit: exit ?? -1,
      told,
      kills: run - 1,
      writes: all.slice(0, length),
      behind,
      again: all.length > length ? `${after?.told}\n${all.slice(length).join('\n')}` : '',
    }
  }
}

/** Where no version tells, and the files are deployed as they are, whoever ran it has to say that it was killed. */
function isLeftToTell(told: string): boolean {
  const codes = told.matchAll(/^✖ (\S+)/gm).toArray()
  return codes.length > 0 && codes.every(([, code]) => code === 'half-or-leak')
}

function written(requests: readonly Sent[]): string[] {
  return requests
    .filter((each) => isWrite(each) && !['leases', 'events'].includes(each.resource))
    .map(({ verb, resource, name, status }) => `${verb} ${resource} ${name} (${status})`)
}

function behindOf({ store }: VirtualCluster, files: readonly RawManifest[]): string[] {
  const wanted = new Map(
    files.filter((each) => each['kind'] === 'Rollout').map((each) => [each['metadata'].name, revisionIn(each)]),
  )
  return store
    .list('rollouts')
    .filter(({ metadata: { name }, status }) => {
      const live = store.get('replicasets', NAMESPACE, `${name}-${status.stableRS}`)
      return status.stableRS !== status.currentPodHash || live === undefined || revisionIn(live) !== wanted.get(name)
    })
    .map(({ metadata }) => metadata.name)
}

function revisionIn(object: RawManifest): string | undefined {
  return object['spec'].template.metadata.annotations[REVISION]
}

/** The first version has been live for days. */
export function scenarioOf(spec: ReleasesSpec, watch: (simulation: Simulation) => void): Scenario {
  return {
    name: 'random',
    namespace: NAMESPACE,
    group: GROUP,
    summary: '',
    build: (simulation) => {
      const end = simulation.now + LIFE
      simulation.store.create('namespaces', undefined, { metadata: { name: NAMESPACE } })
      for (const index of spec.members.keys().toArray().reverse()) deploy(simulation, NAMESPACE, liveOf(spec, index))
      simulation.advanceTo(end)
      watch(simulation)
    },
  }
}
