/** The live screen of a simulated cluster's group, as a process on a terminal of its own. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { UserName } from '../../src/sim/api/access.ts'
import { type Sim, type SimOptions, startSim } from '../../src/sim/start-sim.ts'
import { TestTerminal, type TerminalOptions } from './terminal.ts'

/** Another build can be tested, too. */
const LAUNCHER = resolve(process.env['LAUNCHER'] ?? 'bin/kubectl-rollouts_group')

export interface OpenOptions extends TerminalOptions {
  /** After `get-group`, before `-w`; default the scenario's group. */
  readonly words?: readonly string[]
  readonly user?: UserName
  /** The shell script in which the command line runs; default: the command is the program of the terminal. */
  readonly script?: (command: string) => string
  readonly prepare?: (sim: Sim) => void
  /** How fast the cluster's time passes; default 10. */
  readonly timeScale?: number
}

export interface Opened {
  readonly sim: Sim
  readonly terminal: TestTerminal
}

/** Opens live screens and ends them after each test; what a test that fails has on its screen is shown. */
export function liveScreens(): {
  open(scenario: NonNullable<SimOptions['scenario']>, options?: OpenOptions): Promise<Opened>
  readonly dir: string
} {
  const dir = mkdtempSync(join(tmpdir(), 'live-screen-'))
  let opened: Opened | undefined
  afterEach(async function () {
    if (this.currentTest?.isFailed() === true) console.error(`\n${opened?.terminal.text()}\n`)
    opened?.terminal.close()
    await opened?.sim.stop()
    opened = undefined
  })
  after(() => rmSync(dir, { recursive: true }))
  return {
    dir,
    async open(scenario, options = {}) {
      const sim = await startSim({ scenario, timeScale: options.timeScale ?? 10 })
      options.prepare?.(sim)
      const kubeconfig = join(dir, `${new URL(sim.url).port}.kubeconfig`)
      writeFileSync(kubeconfig, sim.kubeconfig(options.user))
      const words = ['get-group', ...(options.words ?? [sim.group]), '-w']
      const env = { ...options.env, KUBECONFIG: kubeconfig }
      opened = {
        sim,
        terminal:
          options.script === undefined
            ? new TestTerminal(LAUNCHER, words, { ...options, env })
            : new TestTerminal('/bin/bash', ['--norc', '-c', options.script([LAUNCHER, ...words].join(' '))], {
                ...options,
                env,
              }),
      }
      return opened
    },
  }
}

/** As `kubectl argo rollouts promote` does it. */
export function promote({ store, namespace }: Sim, name: string): void {
  store.patch('rollouts', namespace, name, {
    type: 'json',
    body: [{ op: 'remove', path: '/status/pauseConditions' }],
    subresource: 'status',
  })
}

/** `my-frontend/status` for each patch that came in, in order; what would have changed nothing (a dry run) is none. */
export function patchesIn({ requests }: Sim): string[] {
  return requests
    .filter(({ method, path, query }) => method === 'PATCH' && path.includes('/rollouts/') && !('dryRun' in query))
    .map((each) => each.path.split('/').slice(-2).join('/'))
}
