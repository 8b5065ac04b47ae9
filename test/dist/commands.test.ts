import assert from 'node:assert/strict'
import { chmodSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { startSim } from '../../src/sim/start-sim.ts'
import { run } from '../controlplane/run.ts'
import { commandsOf } from '../documents/command-lines.ts'
import { DOCUMENTS, fencesOf } from '../documents/fences.ts'

/** Another build can be tested, too. */
const LAUNCHER = resolve(process.env['LAUNCHER'] ?? 'bin/kubectl-rollouts_group')

/** Stands for kubectl, which finds the plugin by its name; what belongs to kubectl itself is left alone. */
const KUBECTL = `#!/bin/sh
[ "$1" = rollouts-group ] || exit 0
shift; exec '${LAUNCHER}' "$@"
`

describe('the commands of the documents', function () {
  this.timeout(60_000)
  const bin = mkdtempSync(join(tmpdir(), 'documents-'))
  writeFileSync(join(bin, 'kubectl'), KUBECTL)
  chmodSync(join(bin, 'kubectl'), 0o755)
  symlinkSync(LAUNCHER, join(bin, 'kubectl-rollouts_group'))
  after(() => rmSync(bin, { recursive: true }))

  for (const fence of DOCUMENTS.flatMap(fencesOf)) {
    const commands = commandsOf(fence)
    if (commands.length === 0) continue
    it(`of ${fence.file}:${fence.line} do what it says`, async () => {
      const sim = await startSim({ scenario: fence.scenario, timeScale: 50 })
      const dir = mkdtempSync(join(tmpdir(), 'documents-'))
      try {
        writeFileSync(join(dir, 'kubeconfig'), sim.kubeconfig())
        symlinkSync(resolve('examples'), join(dir, 'examples'))
        const env = { KUBECONFIG: join(dir, 'kubeconfig'), PATH: `${bin}:${process.env['PATH']}` }
        for (const { line, exit, shows } of commands) {
          const done = await run('bash', ['-c', `cd ${dir}; set -o pipefail; ${line}`], { env })
          assert.equal(done.code, exit, `${line}\n${done.stdout}${done.stderr}`)
          for (const each of shows)
            assert.ok(done.stdout.split('\n').includes(each), `${line}\ndoes not show\n${each}\nbut\n${done.stdout}`)
        }
      } finally {
        await sim.stop()
        rmSync(dir, { recursive: true })
      }
    })
  }
})
