/**
 * `make bench-tui`: the live screen of 500 Rollouts in 100 groups while 50 objects change each second, on the simulated
 * cluster, in a terminal of its own, beside the official plugin's watch of one Rollout in another.
 */

import { once } from 'node:events'
import { readFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { buildControlPlane } from '../controlplane/build.ts'
import { run } from '../controlplane/run.ts'
import { KEY, TestTerminal } from '../support/terminal.ts'
import { crowd } from './crowd.ts'
import { quantile } from './timing.ts'

const LAUNCHER = resolve(process.env['LAUNCHER'] ?? 'bin/kubectl-rollouts_group')
const ROUNDS = 5
const KEYS = 100
const CHANGES = 50
/** Ticks of the kernel's accounting in a second (proc(5)). */
const TICKS = 100

const dir = mkdtempSync(join(tmpdir(), 'bench-tui-'))
const server = new Worker(new URL('crowd-server.ts', import.meta.url), { workerData: { changes: CHANGES } })
const [served] = (await once(server, 'message')) as [string]
const kubeconfig = join(dir, 'kubeconfig')
writeFileSync(kubeconfig, served)
try {
  const plain: number[] = []
  const first: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    plain.push(
      await timed(async () => {
        await run(LAUNCHER, ['get-group', '-A'], { env: { KUBECONFIG: kubeconfig } })
      }),
    )
    const screen = open()
    first.push(await timed(() => screen.shows(/quit$/)))
    screen.close()
    await screen.exit
  }
  row('first output of get-group -A, all of it', `${quantile(plain, 0.5).toFixed(0)} ms`)
  row('first frame of get-group -A -w', `${quantile(first, 0.5).toFixed(0)} ms`)

  const screen = open()
  await screen.shows(/quit$/)
  const official = new TestTerminal(
    join(await buildControlPlane(), 'kubectl-argo-rollouts'),
    ['get', 'rollout', 'shop-0-0', '-n', crowd.namespace, '-w'],
    { columns: 120, rows: 40, env: { KUBECONFIG: kubeconfig } },
  )
  await official.shows(/ReplicaSet/)
  server.postMessage('change')
  await setTimeout(2000)
  const sides = [
    { name: 'get-group -A -w, 500 rollouts', screen },
    { name: 'kubectl argo rollouts get rollout -w, 1 rollout', screen: official },
  ]
  const [began, written] = [performance.now(), screen.written.length]
  const before = sides.map((each) => cpuOf(each.screen.pid))
  await setTimeout(10_000)
  const seconds = (performance.now() - began) / 1000
  console.log(`\nover ${seconds.toFixed(0)} s of ${CHANGES} changes a second`)
  for (const [index, each] of sides.entries()) {
    row(`processor: ${each.name}`, `${((100 * (cpuOf(each.screen.pid) - before[index]!)) / seconds).toFixed(1)} %`)
    row(`memory: ${each.name}`, `${memoryOf(each.screen.pid).toFixed(0)} MB`)
  }
  official.kill('SIGTERM')
  row(
    'frames of ours',
    `${((screen.written.slice(written).split('\u001b[?2026h').length - 1) / seconds).toFixed(1)} a second`,
  )
  console.log()

  const painted: number[] = []
  for (let pressed = 0; pressed < KEYS; pressed++) {
    const selected = lineOf(screen)
    painted.push(
      await timed(async () => {
        screen.type(pressed % 40 < 20 ? KEY.down : KEY.up)
        await screen.until(() => lineOf(screen) !== selected)
      }),
    )
    // As a person presses keys that looks at what they do.
    await setTimeout(150)
  }
  row('from key to screen, median', `${quantile(painted, 0.5).toFixed(0)} ms`)
  row('from key to screen, 95 of 100', `${quantile(painted, 0.95).toFixed(0)} ms`)
  row('memory then', `${memoryOf(screen.pid).toFixed(0)} MB`)
  screen.close()
} finally {
  await server.terminate()
  rmSync(dir, { recursive: true })
}

function open(): TestTerminal {
  return new TestTerminal(LAUNCHER, ['get-group', '-A', '-w'], {
    columns: 120,
    rows: 40,
    env: { KUBECONFIG: kubeconfig },
  })
}

function lineOf(screen: TestTerminal): string | undefined {
  return screen.lines().find((each) => each.startsWith('▸'))
}

/** Seconds of processor time that a process has used. */
function cpuOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ')
  return (Number(fields[11]) + Number(fields[12])) / TICKS
}

/** Megabytes that a process holds (resident set). */
function memoryOf(pid: number): number {
  return (Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) * 1024) / 1e6
}

async function timed(deed: () => Promise<void>): Promise<number> {
  const began = performance.now()
  await deed()
  return performance.now() - began
}

function row(what: string, value: string): void {
  console.log(`${what.padEnd(62)}${value.padStart(16)}`)
}
