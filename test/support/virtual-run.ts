import type { Outcome, Report } from '../../src/domain/run/outcome.ts'
import type { RunEvent } from '../../src/domain/run/event.ts'
import type { RunContext } from '../../src/execute/context.ts'
import type { Mark } from '../../src/execute/marks.ts'
import { type Result, runVerb } from '../../src/execute/run.ts'
import type { UserName } from '../../src/sim/api/access.ts'
import { controllers } from '../../src/sim/controllers/controllers.ts'
import { type Scenario, SCENARIOS } from '../../src/sim/scenarios.ts'
import { LIFE } from '../../src/sim/scenarios/scenario.ts'
import { VirtualCluster, type Client } from './virtual-cluster.ts'
import { isWrite, those, type Sent } from './virtual-request.ts'
import type { TimeOptions } from './virtual-time.ts'

/** The moment at which every scenario is handed over. */
export const NOW = Date.UTC(2026, 0, 5, 12)

/**
 * A virtual cluster in the state in which a scenario leaves it.
 * @param countsTerminating its ReplicaSets count the pods that are terminating
 */
export function living(
  name: string | Scenario,
  options: Omit<TimeOptions, 'controllers' | 'start'> = {},
  countsTerminating = false,
): VirtualCluster & { readonly scenario: Scenario } {
  const scenario = typeof name === 'string' ? SCENARIOS[name]! : name
  const made = new VirtualCluster(
    { controllers: controllers(countsTerminating), start: NOW - LIFE, ...options },
    scenario.namespace,
  )
  scenario.build(made.time.simulation)
  return Object.assign(made, { scenario })
}

/** A scenario in which AnalysisTemplates are there whose analyses last until somebody ends them. */
export function withAnalyses<S extends Scenario>(scenario: S, ...names: readonly string[]): S {
  return {
    ...scenario,
    build(simulation) {
      for (const name of names)
        simulation.store.create('analysistemplates', scenario.namespace, {
          metadata: { name },
          spec: { metrics: [{ name, initialDelay: '1h' }] },
        })
      scenario.build(simulation)
    },
  }
}

export interface RunOptions extends Partial<Omit<RunContext, 'cluster' | 'clock' | 'emit' | 'stopping' | 'stopped'>> {
  readonly as?: UserName
  /** Gate after gate: one of `options`. */
  readonly toEnd?: boolean
  /** Called with every event, when it is told. */
  readonly on?: (event: RunEvent, run: Run) => void
}

/** A run of a verb that is under way. */
export interface Run {
  readonly client: Client
  readonly events: readonly RunEvent[]
  /** The rare branches that it has taken. */
  readonly marks: ReadonlySet<Mark>
  readonly result: Promise<Result>
  /** What Ctrl-C does: the first time, and the second. */
  interrupt(): void
}

/**
 * Starts promote-all, or another verb, on a scenario's group; it goes on while time does.
 * @param skew milliseconds that the clock of its machine is ahead
 */
export function start(
  world: VirtualCluster & { readonly scenario: Scenario },
  { as = 'admin', on, toEnd = false, ...given }: RunOptions = {},
  { skew = 0 }: { readonly skew?: number } = {},
): Run {
  const client = world.connect(as)
  const [stopping, stopped] = [new AbortController(), new AbortController()]
  const { namespace, group } = world.scenario
  const events: RunEvent[] = []
  const marks = new Set<Mark>()
  const context: RunContext = {
    cluster: client.cluster,
    clock: { now: () => client.clock.now() + skew, after: client.clock.after },
    scope: { namespace, selector: `app.kubernetes.io/part-of=${group}` },
    group,
    verb: 'promote-all',
    timeoutMs: 600_000,
    user: 'ann@laptop',
    runId: 'run1',
    confirm: async () => true,
    stopping: stopping.signal,
    stopped: stopped.signal,
    mark: (taken) => void marks.add(taken),
    ...given,
    options: { ...given.options, ...(toEnd && { toEnd }) },
    emit: (event) => {
      events.push(event)
      on?.(event, run)
    },
  }
  const run: Run = {
    client,
    events,
    marks,
    interrupt: () => (stopping.signal.aborted ? stopped : stopping).abort(),
    get result() {
      return result
    },
  }
  const result = runVerb(context)
  result.catch(() => {})
  return run
}

/** A verb from its beginning to its end. */
export async function finished(
  world: VirtualCluster & { readonly scenario: Scenario },
  options: RunOptions = {},
): Promise<Result & Pick<Run, 'events' | 'marks'>> {
  const run = start(world, options)
  return { ...(await world.time.until(run.result)), events: run.events, marks: run.marks }
}

/**
 * Writes in the order in which they were carried out, as `patch rollouts/status my-backend`; what was refused with its
 * status.
 */
export function writes(requests: readonly Sent[]): string[] {
  return requests
    .filter(isWrite)
    .map(
      ({ verb, resource, subresource, name, status }) =>
        `${verb} ${resource}${subresource === undefined ? '' : `/${subresource}`} ${name}${status === undefined ? ' (no answer)' : status > 299 ? ` (${status})` : ''}`,
    )
}

/** The patches of members, in the order in which they were carried out. */
export function patches({ requests }: Pick<VirtualCluster, 'requests'>): readonly Sent[] {
  return requests.filter(those({ verb: 'patch', resource: 'rollouts' }))
}

/** What became of each member. */
export function outcomes(reports: readonly Report[]): Readonly<Record<string, Outcome>> {
  return Object.fromEntries(reports.map((each) => [each.member, each.outcome]))
}

/** Events as a line each, without the time of day. */
export function lines(events: readonly RunEvent[]): string[] {
  return events.map((event) => {
    switch (event.type) {
      case 'started':
        return `started ${event.waves}`
      case 'waiting':
      case 'progress':
        return `${event.member}: ${event.waitingFor}`
      case 'draining':
        return `${event.pods} ${event.member} ${event.version} left${event.deadline === undefined ? '' : `, to go in ${event.deadline - event.at}`}`
      case 'drained':
        return `${event.member} ${event.version} gone after ${event.after}`
      case 'patched':
        return `${event.wave} ${event.action} ${event.member}`
      case 'finished':
        return `${event.wave} ${event.member} ${event.outcome} after ${event.after}: ${event.detail}`
      case 'warning':
        return event.sentence
      case 'disconnected':
        return `disconnected: ${event.reason}`
      case 'ended':
        return `ended after ${event.after}`
      default:
        return event.type
    }
  })
}
