/**
 * `make bench`: our commands beside the official plugin, on one real control plane, in turns; and what each of our
 * commands asks of the API server, counted by the server's audit log (requests) and a forwarder before it (TLS
 * handshakes), and how long a server that is silent holds a command up.
 */

import { requestsOf } from '../conformance/audit.ts'
import { apply, freshNamespace, pluginPath, waitForPhase } from '../conformance/support.ts'
import { run, type Finished } from '../controlplane/run.ts'
import { startControlPlane } from '../controlplane/start.ts'
import { chain } from './chain.ts'
import { endings } from './silence.ts'
import { compare } from './timing.ts'
import { openWire } from './wire.ts'

const MEMBERS = [2, 10] as const
const ROUNDS = 20
const EVERY_VERB = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete']

const plane = await startControlPlane()
try {
  await using wire = await openWire(plane)
  const env = { KUBECONFIG: wire.kubeconfig, KUBECACHEDIR: `${plane.dir}/kubectl-cache` }
  const call = async (program: string, ...args: string[]): Promise<Finished> => {
    const done = await run(program, args, { env })
    if (done.code !== 0) throw new Error(`${program} ${args.join(' ')}: ${done.stderr}${done.stdout}`)
    return done
  }
  const official = `${plane.binDir}/kubectl-argo-rollouts`
  const namespaces = new Map<number, string>()
  for (const members of MEMBERS) namespaces.set(members, await released(members))

  console.log(
    `Seconds are wall-clock, from the start of the process to its end; ${ROUNDS} rounds in turn, one warm-up.\n`,
  )
  const big = namespaces.get(10)!
  const timings = await compare(
    [
      {
        name: 'kubectl argo rollouts get rollout (1 rollout)',
        run: async () => {
          await call(official, 'get', 'rollout', 'member-0', '-n', big)
        },
      },
      {
        name: 'get-group (10 rollouts)',
        run: async () => {
          await call(pluginPath, 'get-group', 'chain', '-n', big)
        },
      },
      {
        name: 'check (10 rollouts)',
        run: async () => {
          await call(pluginPath, 'check', 'chain', '-n', big)
        },
      },
    ],
    ROUNDS,
  )
  row('command', 'median', 'p90')
  for (const { name, median, p90 } of timings)
    row(name, `${(median / 1000).toFixed(3)} s`, `${(p90 / 1000).toFixed(3)} s`)

  console.log()
  row('command', 'requests', 'handshakes')
  await counted('kubectl argo rollouts get rollout (1 rollout)', big, () =>
    call(official, 'get', 'rollout', 'member-0', '-n', big),
  )
  for (const [members, namespace] of namespaces) {
    for (const words of [
      ['get-group'],
      ['check'],
      ['graph'],
      ['promote-all', '--dry-run'],
      ['promote-all', '--yes', '--drain=endpoints'],
    ]) {
      const [verb = '', ...flags] = words
      await counted(`${words.join(' ')} (${members} rollouts)`, namespace, () =>
        call(pluginPath, verb, 'chain', '-n', namespace, ...flags),
      )
    }
  }

  console.log()
  row('against a silent server', 'median', 'slowest')
  for (const [what, median, slowest] of await endings(pluginPath, ROUNDS / 2))
    row(what, `${Math.round(median)} ms`, `${Math.round(slowest)} ms`)

  async function counted(name: string, namespace: string, command: () => Promise<unknown>): Promise<void> {
    const agent = name.startsWith('kubectl') ? 'kubectl-argo' : 'kubectl-rollouts_group'
    const before = (await requestsOf(plane, { namespace, userAgent: agent, verbs: EVERY_VERB })).length
    wire.connections()
    await command()
    const handshakes = wire.connections()
    const after = (await requestsOf(plane, { namespace, userAgent: agent, verbs: EVERY_VERB })).length
    row(name, String(after - before), String(handshakes))
  }
} finally {
  await plane.stop()
}

/** A group with a release at its gates. */
async function released(members: number): Promise<string> {
  const namespace = await freshNamespace(plane, `chain-${members}`)
  const names = Array.from({ length: members }, (_, index) => `member-${index}`)
  await apply(plane, namespace, chain(members, '1.0', 'active'))
  await Promise.all(names.map((name) => waitForPhase(plane, namespace, name, 'Healthy')))
  await apply(plane, namespace, chain(members, '2.0', 'preview'))
  await Promise.all(names.map((name) => waitForPhase(plane, namespace, name, 'Paused')))
  return namespace
}

function row(name: string, ...cells: readonly string[]): void {
  console.log(name.padEnd(56) + cells.map((each) => each.padStart(12)).join(''))
}
