import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { setTimeout } from 'node:timers/promises'
import type { CliContext, Output } from '../../src/cli/context.ts'
import { run } from '../../src/cli/run.ts'
import { openCluster } from '../../src/cluster/kube.ts'
import type { UserName } from '../../src/sim/api/access.ts'
import type { Sim } from '../../src/sim/start-sim.ts'

/** A command line that runs in this process, on a simulated cluster in real time. */
export interface SimCli {
  readonly done: Promise<{ readonly exit: number; readonly stdout: string; readonly stderr: string }>
  readonly stdout: () => string
  readonly stderr: () => string
  /** Resolves when standard output or error holds a text, or when the command has ended. */
  shows(wanted: string): Promise<void>
  /** Ctrl-C. */
  interrupt(): void
}

/** Starts one command line, as one of the cluster's users. */
export function simCli(
  sim: Sim,
  argv: readonly string[],
  user: UserName = 'admin',
  env: Readonly<Record<string, string>> = {},
): SimCli {
  const kubeconfig = join(mkdtempSync(join(tmpdir(), 'sim-cli-')), 'kubeconfig')
  writeFileSync(kubeconfig, sim.kubeconfig(user))
  const written = { stdout: '', stderr: '' }
  const looking = new Set<() => void>()
  const interrupts = new Set<() => void>()
  const output = (name: 'stdout' | 'stderr'): Output => ({
    write(text) {
      written[name] += text
      for (const look of [...looking]) look()
    },
    isTTY: false,
    columns: undefined,
    closed: new AbortController().signal,
  })
  const context: CliContext = {
    stdout: output('stdout'),
    stderr: output('stderr'),
    stdin: { isTTY: false, stream: new PassThrough() },
    env: { KUBECONFIG: kubeconfig, PATH: process.env['PATH'], ...env },
    homedir: '/nowhere',
    tmpdir: tmpdir(),
    user: 'jane@laptop',
    clock: {
      now: () => Date.now(),
      after: async (milliseconds, signal) => void (await setTimeout(milliseconds, undefined, { signal })),
    },
    newRunId: () => '5e1f',
    signalGroup: (first, signal) => void process.kill(-first, signal),
    onInterrupt: (listener) => {
      interrupts.add(listener)
      return () => interrupts.delete(listener)
    },
    openCluster: (flags) => openCluster(flags),
  }
  const done = run(argv, context).then((exit) => ({ exit, ...written }))
  return {
    done,
    stdout: () => written.stdout,
    stderr: () => written.stderr,
    shows: (wanted) => {
      const { promise, resolve } = Promise.withResolvers<void>()
      const look = (): void => {
        if (`${written.stdout}${written.stderr}`.includes(wanted)) resolve()
      }
      looking.add(look)
      look()
      return Promise.race([promise, done.then(() => undefined)])
    },
    interrupt: () => {
      for (const each of interrupts) each()
    },
  }
}
