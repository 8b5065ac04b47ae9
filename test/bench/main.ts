/**
 * `make bench`: the released binary, the npm package and the requests of a command alone, on Bun and on Node, beside
 * the official plugin, on one real control plane, in turns; what each command asks of the API server, counted by its
 * audit log (requests) and a forwarder before it (TLS handshakes); and how long a silent server holds a command up.
 * Writes the table of docs/speed.md.
 *
 * ROUNDS, and for whole releases RELEASES, say how often each is measured; BIG=0 leaves the big namespace out.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { transform } from 'esbuild'
import { compile } from '../../build/packers/bun.ts'
import { nodeBinary } from '../../build/node-binary.ts'
import { hostTarget } from '../../build/targets.ts'
import { EARLY } from '../../src/watch/early.ts'
import { requestsOf } from '../conformance/audit.ts'
import { run } from '../controlplane/run.ts'
import { startControlPlane } from '../controlplane/start.ts'
import { installNpm, unpackHost } from '../dist/unpack.ts'
import { busy } from './busy.ts'
import { comparedTable, missed, ratio } from './compared.ts'
import { crowd } from './crowded.ts'
import { writeBetween } from './marked.ts'
import { measure } from './measure.ts'
import { promotions, released } from './releases.ts'
import { linesOf, rowsOf } from './rows.ts'
import { endings } from './silence.ts'
import { openWire } from './wire.ts'

const ROUNDS = Number(process.env['ROUNDS'] ?? 15)
const RELEASES = Number(process.env['RELEASES'] ?? 4)
const EVERY_VERB = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete']
/** Milliseconds that a far cluster is away, there and back. */
const FAR = 50

const dir = mkdtempSync(join(tmpdir(), 'bench-'))
const binary = unpackHost(join(dir, 'binary'))
const script = join(dir, 'empty.cjs')
writeFileSync(script, '')
const empty = join(dir, 'empty')
await compile(hostTarget(), [script], empty)
const node = await nodeBinary(hostTarget())
const bare = join(dir, 'bare.mjs')
writeFileSync(bare, (await transform(readFileSync('test/bench/bare.ts', 'utf8'), { loader: 'ts' })).code)
const fetched = join(dir, 'fetched')
await compile(hostTarget(), ['test/bench/bare-fetch.ts'], fetched)
const npm = [node, resolve(dirname(installNpm()), '../kubectl-rollouts-group/bin/kubectl-rollouts_group.cjs')]

const plane = await startControlPlane()
try {
  await using wire = await openWire(plane)
  await using far = await openWire(plane, FAR / 2)
  const env = { KUBECONFIG: plane.kubeconfig, KUBECACHEDIR: `${plane.dir}/kubectl-cache` }
  const two = await released(plane, 2)
  const ten = await released(plane, 10)
  const big = process.env['BIG'] === '0' ? undefined : await released(plane, 10)
  if (big !== undefined) await crowd(plane, big)

  const groups = `/apis/argoproj.io/v1alpha1/namespaces/${ten}/rollouts?labelSelector=app.kubernetes.io%2Fpart-of`
  const rounds = {
    ten: await roundsOf(ten, env),
    groups: [[groups]],
    ...(big !== undefined && { big: await roundsOf(big, env) }),
  }
  const alone = (program: readonly string[]) =>
    Object.fromEntries(Object.entries(rounds).map(([name, each]) => [name, [...program, JSON.stringify(each)]]))
  const requests = { bare: alone([node, bare]), fetched: alone([fetched]) }
  const given = { binary: [binary], npm, ...requests, empty: [empty], emptyNode: [node, script] }
  const { binDir } = plane
  const used = await measure(linesOf({ ...given, binDir, env, ten, big, far: far.kubeconfig }), ROUNDS)
  const rows = rowsOf(used)
  const counts: string[] = []
  write()
  const official = `${binDir}/kubectl-argo-rollouts`
  await counted('official `get rollout`', official, ten, ['get', 'rollout', 'member-0', '-n', ten])
  for (const [group, members, namespace] of [
    ['chain', 2, two],
    ['chain', 10, ten],
    ...(big === undefined ? [] : ([['others', 210, big]] as const)),
  ] as const)
    for (const words of ['get-group', 'check', 'graph', 'promote-all --dry-run'])
      await counted(`\`${words}\` of ${members}`, binary, namespace, [...words.split(' '), group, '-n', namespace])
  write()
  for (const [slow, what] of [
    [false, '`promote-all` of a chain of 10, `--drain=endpoints`'],
    [true, 'the same with one pod in preview, and pods that start in 5 s'],
  ] as const) {
    const options = { members: 10, slow, rounds: RELEASES, env }
    const [byBinary = [], byNpm = []] = await promotions(plane, [[binary], npm], options)
    rows.push({
      what,
      beside: 'a loop of the official `promote` and `status`',
      by: {
        binary: [ratio('clock', byBinary, 0.35)],
        npm: [ratio('clock', byNpm, slow ? undefined : 0.4)],
      },
    })
    write()
  }
  console.log(missed(rows).join('\n'))

  /** After each part: what comes later may not come to its end. */
  function write(): void {
    const table = comparedTable(rows, busy(), ROUNDS)
    const asked = ['', '| command | requests | TLS handshakes |', '|---|---|---|', ...counts]
    const all = [...table, ...(counts.length === 0 ? [] : asked)]
    console.log(all.join('\n'))
    writeBetween('docs/speed.md', 'make bench', all)
  }

  console.log('\nagainst a silent server: median, slowest')
  for (const [what, median, slowest] of await endings(binary, Math.ceil(ROUNDS / 2)))
    console.log(`${what.padEnd(60)} ${Math.round(median)} ms ${Math.round(slowest)} ms`)

  async function counted(name: string, program: string, namespace: string, words: readonly string[]): Promise<void> {
    const userAgent = program === official ? 'kubectl-argo' : 'kubectl-rollouts_group'
    const sent = async () => (await requestsOf(plane, { namespace, userAgent, verbs: EVERY_VERB })).length
    const before = await sent()
    wire.connections()
    const done = await run(program, words, { env: { ...env, KUBECONFIG: wire.kubeconfig } })
    const handshakes = wire.connections()
    if (done.code !== 0) throw new Error(`${name}: ${done.stderr}${done.stdout}`)
    counts.push(`| ${name} | ${(await sent()) - before} | ${handshakes} |`)
  }
} finally {
  await plane.stop()
  rmSync(dir, { recursive: true })
}

/** The requests of a look, as -v=6 tells of them: those that are made at once, then those for what these have named. */
async function roundsOf(namespace: string, env: Readonly<Record<string, string>>): Promise<string[][]> {
  const { code, stderr } = await run(binary, ['get-group', 'chain', '-n', namespace, '-v=6'], { env })
  const asked = [...stderr.matchAll(/^GET https:\/\/[^/]+(\S+) 200 /gm)].map(([, path]) => path!)
  if (code !== 0 || asked.length === 0) throw new Error(`${namespace}: ${stderr}`)
  const isFirst = (path: string) => /\/(rollouts|services)\?/.test(path) || path.endsWith(`limit=${EARLY}`)
  const first = asked.filter((path) => isFirst(path) && !path.includes('includeObject'))
  return [first, asked.filter((path) => !first.includes(path))].filter((each) => each.length > 0)
}
