import { EXIT } from '../../src/domain/run/outcome.ts'
import type { Scenario } from '../../src/sim/scenarios.ts'
import { deploy, LIFE } from '../../src/sim/scenarios/scenario.ts'
import type { Simulation } from '../../src/sim/simulation.ts'
import { living, start } from '../support/virtual-run.ts'
import { isWrite } from '../support/virtual-request.ts'
import { configOf, entriesOf, GROUP, manifestsOf, nameOf } from './group-manifests.ts'
import type { GroupSpec } from './group-spec.ts'
import type { Trouble } from './judge/judge.ts'
import { chances, dice } from './chance.ts'
import { watchUsers } from './users.ts'

/** How often the tool is struck dead: never, or in its n-th run after its n-th write, until it comes through. */
export type Crashes = 'never' | 'after every write'

/** What came of a group. */
export interface Course {
  /** The exit code of each run; undefined where it was killed. */
  readonly exits: readonly (number | undefined)[]
  /** Troubles of users that would not have been without the tool, by their keys. */
  readonly troubles: ReadonlyMap<string, string>
  /** Patches of Rollouts that were carried out. */
  readonly patches: readonly string[]
  /** Members that are not on their newest revision in the end. */
  readonly left: readonly string[]
  /** The errors of the last plan. */
  readonly errors: readonly string[]
}

const HOUR = 3_600_000

/** Lives through a group's history, runs the tool on it to the end, and lets an hour pass. */
export async function courseOf(spec: GroupSpec, crashes: Crashes): Promise<Course> {
  const excused = without(spec)
  const found = new Map<string, string>()
  const chance = dice(spec.seed)
  const world = living(
    scenarioOf(spec, (trouble) => {
      if (!excused.has(trouble.key)) found.set(trouble.key, trouble.story)
    }),
    {
      ...chances(spec),
      next: (turns) =>
        turns.length > 1 && chance() < 0.05 ? turns.length - 1 : Math.floor(chance() * Math.max(1, turns.length - 1)),
    },
  )
  const exits: (number | undefined)[] = []
  let errors: string[] = []
  for (let attempt = 1; !isOver(spec, exits); attempt++) {
    const run = start(world, {
      verb: spec.verb,
      toEnd: spec.verb === 'promote-all',
      runId: `run${attempt}`,
      timeoutMs: 0,
      options: { assume: spec.before.some((each) => each.deed === 'promote') ? 'half-promoted' : 'leak' },
    })
    const writes = attempt
    let count = 0
    if (crashes === 'after every write')
      world.on(
        'after',
        (request) => isWrite(request) && ++count === writes,
        () => run.client.kill(),
      )
    const result = await world.time.until(Promise.race([run.result, run.client.killed.then(() => undefined)]))
    // Signals that could still be aborted would keep all that the dead one knew.
    if (result === undefined) for (const _ of ['once', 'twice']) run.interrupt()
    exits.push(result?.exit)
    errors =
      result?.plan.findings
        .filter((each) => each.severity === 'error')
        .map((each) => `${each.code}: ${each.sentence}`) ?? []
    await world.time.pass(Math.floor(chance() * 40_000))
    if (attempt > 60) throw new Error('sixty runs did not come to an end')
  }
  await world.time.pass(HOUR)
  const left = world.store
    .list('rollouts')
    .filter(({ status }) => status.stableRS !== status.currentPodHash)
    .map((each) => each.metadata.name)
  const patches = world.requests
    .filter((each) => each.verb === 'patch' && each.resource === 'rollouts' && each.status === 200)
    .map((each) => each.name!)
  return { exits, troubles: found, patches, left, errors }
}

/**
 * A run that was killed is made again, and so is the first one where somebody's hand moves the group while it plans: it
 * ends before it writes, and says that the plan is out of date.
 */
function isOver({ before }: GroupSpec, exits: Course['exits']): boolean {
  const [last, isFirst] = [exits.at(-1), exits.length === 1]
  return last !== undefined && !(last === EXIT.changed && isFirst && before.length > 0)
}

/** Whether the tool refused to touch the group at all. */
export function isRefused({ exits }: Course): boolean {
  return exits.at(-1) === EXIT.refused
}

/** The troubles that are there, or come, where nobody runs the tool. */
function without(spec: GroupSpec): Set<string> {
  const found = new Set<string>()
  const world = living(
    scenarioOf(spec, ({ key }) => found.add(key)),
    chances(spec),
  )
  world.time.simulation.advanceTo(world.time.simulation.now + 2 * HOUR)
  return found
}

function scenarioOf(spec: GroupSpec, tell: (trouble: Trouble) => void): Scenario {
  return {
    name: 'random',
    namespace: 'random',
    group: GROUP,
    summary: '',
    build: (simulation) => build(spec, simulation, tell),
  }
}

/**
 * The old release has been live for days; the new one is deployed dependencies first; then somebody did something by
 * hand.
 */
function build(spec: GroupSpec, simulation: Simulation, tell: (trouble: Trouble) => void): void {
  const { store } = simulation
  const end = simulation.now + LIFE
  const order = spec.members.map((_, index) => index).reverse()
  store.create('namespaces', undefined, { metadata: { name: 'random' } })
  for (const index of order) deploy(simulation, 'random', manifestsOf(spec, index, 'old'))
  simulation.advanceTo(end - HOUR)
  let judging = false
  const look = watchUsers(simulation, 'random', entriesOf(spec), (troubles) => {
    if (judging) for (const each of troubles) tell(each)
  })
  for (const index of order)
    if (spec.members[index]!.changes) deploy(simulation, 'random', manifestsOf(spec, index, 'new'))
  if (spec.pruned && !spec.inPlace)
    for (const index of order)
      if (spec.members[index]!.changes && spec.members[index]!.configured)
        store.remove('configmaps', 'random', configOf(spec, index, 'old'))
  simulation.advanceTo(end - 120_000 - spec.before.reduce((sum, each) => sum + each.then, 0))
  for (const { member, deed, then } of spec.before) {
    const { status } = store.get('rollouts', 'random', nameOf(member))!
    const body = deed === 'promote' ? { status: { pauseConditions: null } } : { status: { abort: true } }
    if (status.pauseConditions !== undefined)
      store.patch('rollouts', 'random', nameOf(member), { type: 'merge', body, subresource: 'status' })
    simulation.advanceTo(simulation.now + then)
  }
  judging = true
  look()
}
