/**
 * `make packers`: the program of this machine by each packer, run through every test of processes, and measured beside
 * each other; writes the table of docs/install.md.
 */
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { PACKERS } from '../../build/packers.ts'
import { hostTarget } from '../../build/targets.ts'
import { startSim } from '../../src/sim/start-sim.ts'
import { busy } from '../bench/busy.ts'
import { type Line, measure } from '../bench/measure.ts'
import { writeBetween } from '../bench/marked.ts'
import { run } from '../controlplane/run.ts'
import { type Packed, packersTable } from './packers-table.ts'

const ROUNDS = 15
const FILE = 'docs/install.md'

const dir = mkdtempSync(join(tmpdir(), 'packers-'))
const sim = await startSim({ scenario: 'legacy' })
try {
  const kubeconfig = join(dir, 'kubeconfig')
  writeFileSync(kubeconfig, sim.kubeconfig())
  const programs: { readonly name: string; readonly program: string; readonly size: number }[] = []
  for (const [index, packer] of PACKERS.entries()) {
    const folder = resolve('dist', 'packers', String(index))
    rmSync(folder, { recursive: true, force: true })
    mkdirSync(folder, { recursive: true })
    const names = await packer.pack(hostTarget(), folder)
    const files = names.map((name) => join(folder, name))
    for (const each of files) asUnpacked(each)
    programs.push({ name: packer.name, program: files[0]!, size: sizeOf(files) })
  }
  const lines: Record<string, Line> = {}
  for (const { program } of programs) {
    lines[`${program} version`] = { words: [program, 'version'] }
    lines[`${program} get-group`] = { words: [program, 'get-group', 'loan'], env: { KUBECONFIG: kubeconfig } }
  }
  const used = await measure(lines, ROUNDS)
  const packed: Packed[] = []
  for (const { name, program, size } of programs) {
    const tested = await tests(program)
    console.log(`${name}: ${tested.passed} passed, ${tested.failed.length} failed`)
    for (const each of tested.failed) console.log(`  ${each}`)
    const [version, group] = [used[`${program} version`]!, used[`${program} get-group`]!]
    packed.push({ name, size, version, group, ...tested })
  }
  const table = packersTable(packed, busy(), ROUNDS)
  console.log(table.join('\n'))
  writeBetween(FILE, 'make packers', table)
} finally {
  await sim.stop()
  rmSync(dir, { recursive: true })
}

/** Copies a file once, as a person has it: of what was written piece by piece the kernel keeps more in memory. */
function asUnpacked(file: string): void {
  copyFileSync(file, `${file}.copy`)
  renameSync(`${file}.copy`, file)
}

function sizeOf(files: readonly string[]): number {
  return files.reduce((sum, each) => sum + statSync(each).size, 0)
}

/**
 * Every test that runs a process runs this one. A crash is brought about through NODE_OPTIONS, of which a program of
 * its own hears nothing.
 */
async function tests(program: string): Promise<Pick<Packed, 'passed' | 'failed'>> {
  const report = join(dir, 'report.json')
  const how = ['--no-config', '--timeout', '120000', '--retries', '1', '--grep', 'by a crash', '--invert']
  const where = ['--reporter', 'json', '--reporter-option', `output=${report}`]
  const mocha = [
    'node_modules/mocha/bin/mocha.js',
    ...how,
    ...where,
    'test/dist/alone.test.ts',
    'test/e2e/*.test.ts',
    'test/terminal/*.test.ts',
    'test/border/*.test.ts',
  ]
  const { stderr } = await run(process.execPath, mocha, { env: { LAUNCHER: program } })
  const { stats, failures } = JSON.parse(readFileSync(report, 'utf8')) as {
    readonly stats: { readonly passes: number }
    readonly failures: readonly { readonly fullTitle: string }[]
  }
  if (stats.passes === 0) throw new Error(`no test passed with ${program}: ${stderr}`)
  return { passed: stats.passes, failed: failures.map(({ fullTitle }) => fullTitle) }
}
