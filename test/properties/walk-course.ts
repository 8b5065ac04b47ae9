import type { Command, Foreign, WalkSpec } from './walk-spec.ts'
import type { RawManifest } from '../../src/sim/scenarios/scenario.ts'
import { virtualCli, type Said } from '../support/virtual-cli.ts'
import type { VirtualCluster } from '../support/virtual-cluster.ts'
import { isWrite } from '../support/virtual-request.ts'
import { living } from '../support/virtual-run.ts'
import { chances, dice } from './chance.ts'
import { configHistory } from './config-history.ts'
import { nameOf } from './group-manifests.ts'
import { NAMESPACE, scenarioOf } from './release-course.ts'
import { entriesOf, filesOf, GROUP } from './release-files.ts'
import { RELEASES } from './release-spec.ts'
import { watchUsers } from './users.ts'

const HOUR = 3_600_000

/** A command line, with what is done to it, and what came of it. */
export interface Played {
  /** As one would type it. */
  readonly line: string
  readonly said: Said
}

/** A trouble of users, when it began, and in which step of the walk. */
export interface Met {
  readonly key: string
  readonly step: number
  readonly story: string
}

/** A walk under way. */
export interface Walk {
  readonly world: VirtualCluster
  readonly played: readonly Played[]
  /** Every trouble, each time that it begins. */
  readonly met: readonly Met[]
  /** The troubles of this moment. */
  now(): readonly string[]
  /** The files that were given last. */
  files(): readonly RawManifest[]
  /** Puts ConfigMaps back as the pods that users are on were given them. */
  putBack(): void
  /** Runs one more command line, to its end. */
  run(words: readonly string[], input?: string): Promise<Said>
}

/** Walks the first so many steps of a walk. */
export async function walked(spec: WalkSpec, count = spec.steps.length): Promise<Walk> {
  const [met, played]: [Met[], Played[]] = [[], []]
  const chance = dice(spec.seed)
  let now: ReadonlySet<string> = new Set()
  let before: ReadonlySet<string> = new Set()
  let release = 0
  let files: readonly RawManifest[] = filesOf(spec, 0)
  let putBack = (): void => undefined
  const world = living(
    scenarioOf(spec, (simulation) => {
      putBack = configHistory(simulation, NAMESPACE)
      watchUsers(simulation, NAMESPACE, entriesOf(spec), (troubles) => {
        before = now
        now = new Set(troubles.map((each) => each.key))
        for (const { key, story } of troubles)
          if (!before.has(key))
            met.push({ key, step: played.length, story: `${new Date(simulation.now).toISOString()} ${story}` })
      })
    }),
    {
      ...chances(spec),
      slowest: 3000,
      next: (turns) =>
        turns.length > 1 && chance() < 0.05 ? turns.length - 1 : Math.floor(chance() * Math.max(1, turns.length - 1)),
    },
  )
  const run = (words: readonly string[], input = '', killedAfter?: number) =>
    virtualCli(world, words, killedAfter, input)
  for (const step of spec.steps.slice(0, count)) {
    if (step.deed === 'command') {
      if (step.files === 'next') release = Math.min(release + 1, RELEASES)
      if (step.files !== undefined) files = broken(filesOf(spec, release), step.broken)
      const words = wordsOf(step)
      if (step.stall !== undefined) stall(world, step.stall)
      const said = await run(words, JSON.stringify({ apiVersion: 'v1', kind: 'List', items: files }), step.killedAfter)
      played.push({ line: lineOf(step, words, release), said })
    } else played.push({ line: await foreignly(world, spec, step), said: { exit: 0, told: '' } })
    await world.time.pass(step.then)
  }
  return { world, played, met, now: () => [...now], files: () => files, putBack, run }
}

function wordsOf({ verb, flags, files }: Command): string[] {
  return [verb, GROUP, ...(files === undefined ? [] : ['-f', '-']), ...flags, '--yes', '--timeout=15m']
}

function lineOf(
  { broken: image, killedAfter, stall: late }: Command,
  words: readonly string[],
  release: number,
): string {
  const notes = [
    ...(words.includes('-') ? [`files of release ${release}`] : []),
    ...(image === undefined ? [] : [`${nameOf(image)} has an image that never starts`]),
    ...(killedAfter === undefined ? [] : [`killed after write ${killedAfter}`]),
    ...(late === undefined ? [] : [`controllers stand still for ${late} ms`]),
  ]
  return `kubectl rollouts-group ${words.join(' ')}${notes.length === 0 ? '' : `  # ${notes.join('; ')}`}`
}

/** From its first write on nothing reacts for a while. */
function stall(world: VirtualCluster, milliseconds: number): void {
  world.on('before', isWrite, () => {
    world.time.controllersRun = false
    void world.time
      .clock(world)
      .after(milliseconds, new AbortController().signal)
      .then(() => {
        world.time.controllersRun = true
      })
  })
}

function broken(files: readonly RawManifest[], member: number | undefined): readonly RawManifest[] {
  if (member === undefined) return files
  return files.map((each) => {
    if (each['kind'] !== 'Rollout' || each['metadata'].name !== nameOf(member)) return each
    const never = structuredClone(each) as any
    never.spec.template.metadata.annotations['pod-ready.stage.kwok.x-k8s.io/never'] = 'true'
    return never
  })
}

/** Past the tool. @returns what was typed */
async function foreignly(world: VirtualCluster, spec: WalkSpec, step: Foreign): Promise<string> {
  if (step.deed === 'scale') {
    const name = nameOf(step.member)
    world.store.patch('rollouts', NAMESPACE, name, { type: 'merge', body: { spec: { replicas: step.replicas } } })
    return `kubectl scale rollout ${name} --replicas=${step.replicas}`
  }
  const names = step.members.map(nameOf)
  const { cluster } = world.connect()
  for (const each of filesOf(spec, step.release)) {
    const { name } = each['metadata']
    if (names.some((member) => name === member || name.startsWith(`${member}-`)))
      await world.time.until(cluster.apply({ ...each, metadata: { ...each['metadata'], namespace: NAMESPACE } }))
  }
  return `kubectl apply -f ${names.join()}-${step.release}.yaml`
}

/** A course, for a person. */
export function told(spec: WalkSpec, { played, met }: Pick<Walk, 'played' | 'met'>): string {
  return [
    ...played.flatMap(({ line, said }, index) => [
      `${line}${spec.steps[index] === undefined ? '' : `; sleep ${spec.steps[index].then / 1000}`}`,
      ...(said.exit === undefined ? ['    killed'] : [`    exit ${said.exit}`]),
      ...said.told
        .trimEnd()
        .split('\n')
        .map((each) => `    ${each}`),
    ]),
    ...met.map(({ key, step, story }) => `in step ${step + 1}: ${key}: ${story}`),
  ].join('\n')
}

/**
 * What users met that they would not have met by what others did alone: each trouble since they last did something is
 * looked for in a twin of the walk in which nobody runs the tool any more.
 */
export async function byTheTool(spec: WalkSpec, { met }: Pick<Walk, 'met'>): Promise<readonly Met[]> {
  const twins = new Map<number, ReadonlySet<string>>()
  const left: Met[] = []
  for (const each of met) {
    const last = spec.steps.findLastIndex(({ deed }, index) => deed !== 'command' && index <= each.step)
    if (last >= 0 && !twins.has(last)) {
      const twin = await walked(spec, last + 1)
      await twin.world.time.pass(HOUR)
      twins.set(last, new Set(twin.met.filter(({ step }) => step >= last).map(({ key }) => key)))
    }
    if (!twins.get(last)?.has(each.key)) left.push(each)
  }
  return left
}
