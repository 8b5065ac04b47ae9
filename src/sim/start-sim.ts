import type { UserName } from './api/access.ts'
import { Watches } from './api/watches.ts'
import { controllers } from './controllers/controllers.ts'
import { Faults } from './faults.ts'
import { behind, RealTime } from './real-time.ts'
import { SCENARIOS } from './scenarios.ts'
import { LIFE, type Scenario } from './scenarios/scenario.ts'
import { type RequestRecord, startServer } from './server.ts'
import { Simulation, type SimulationOptions } from './simulation.ts'
import type { Store } from './store.ts'

export interface SimOptions extends Pick<SimulationOptions, 'delay' | 'choose'> {
  /** One of SCENARIOS by its name, or another; default `legacy`. */
  readonly scenario?: string | Scenario
  /** Default: any free one. */
  readonly port?: number
  /** Simulated seconds in a second; default 1. With 20, pods linger for a twentieth of their time. */
  readonly timeScale?: number
  /** Simulated milliseconds until controllers see what was written; default 25. */
  readonly reaction?: number
}

/** A running simulated cluster. */
export interface Sim {
  /** `http://127.0.0.1:PORT` */
  readonly url: string
  readonly namespace: string
  readonly group: string
  /** A kubeconfig for one of its users (default `admin`), as YAML. */
  kubeconfig(user?: UserName): string
  /** All requests, in the order in which they came in. */
  readonly requests: readonly RequestRecord[]
  readonly faults: Faults
  readonly simulation: Simulation
  readonly store: Store
  /** Ends it: connections break, and nothing keeps the process alive. */
  stop(): Promise<void>
}

/**
 * Starts a simulated cluster in the state in which a scenario leaves it, on the loopback interface, in real time.
 * @throws Error where there is no such scenario, or the port is taken
 */
export async function startSim({
  scenario = 'legacy',
  port,
  timeScale = 1,
  reaction = 25,
  ...dice
}: SimOptions = {}): Promise<Sim> {
  const { namespace, group, build } = typeof scenario === 'string' ? scenarioOf(scenario) : scenario
  const valve = { open: true }
  const simulation = new Simulation({ controllers: behind(valve, controllers()), start: Date.now() - LIFE, ...dice })
  build(simulation)
  const { store } = simulation
  const time = new RealTime(simulation, valve, { timeScale, reaction })
  const watches = new Watches(store, () => simulation.now)
  const faults = new Faults(watches, time, () => store.compact())
  const server = await startServer({ store, watches, faults, now: () => time.now(), port })
  return {
    url: server.url,
    namespace,
    group,
    requests: server.requests,
    faults,
    simulation,
    store,
    kubeconfig: (user = 'admin') => kubeconfig(server.url, namespace, user),
    async stop() {
      time.stop()
      await server.close()
    },
  }
}

function scenarioOf(name: string): Scenario {
  const found = Object.hasOwn(SCENARIOS, name) ? SCENARIOS[name] : undefined
  if (found === undefined)
    throw new Error(`there is no scenario ${JSON.stringify(name)}; there are ${Object.keys(SCENARIOS).join(', ')}`)
  return found
}

/** Over plain HTTP no client shows a token: another user is one in whose name admin speaks. */
function kubeconfig(url: string, namespace: string, user: UserName): string {
  return `apiVersion: v1
kind: Config
current-context: sim
contexts:
- name: sim
  context: {cluster: sim, user: ${user}, namespace: ${namespace}}
clusters:
- name: sim
  cluster: {server: ${JSON.stringify(url)}}
users:
- name: ${user}
  user: ${user === 'admin' ? '{}' : `{as: ${user}}`}
`
}
