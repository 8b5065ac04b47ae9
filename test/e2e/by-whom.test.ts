import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir, userInfo } from 'node:os'
import { join, resolve } from 'node:path'
import { legacy } from '../../src/sim/scenarios/legacy.ts'
import { startSim } from '../../src/sim/start-sim.ts'
import { run } from '../controlplane/run.ts'

const LAUNCHER = resolve(process.env['LAUNCHER'] ?? 'bin/kubectl-rollouts_group')

describe('who has promoted', function () {
  this.timeout(60_000)
  it('is whose process it was, whatever the environment says of users', async () => {
    const sim = await startSim({ scenario: legacy })
    const dir = mkdtempSync(join(tmpdir(), 'by-whom-'))
    try {
      const kubeconfig = join(dir, 'kubeconfig')
      writeFileSync(kubeconfig, sim.kubeconfig())
      const env = { KUBECONFIG: kubeconfig, USER: 'somebody', LOGNAME: 'somebody' }
      const { code, stderr } = await run(LAUNCHER, ['promote-all', 'loan', '--yes'], { env })
      assert.equal(code, 0, stderr)
      const by = sim.store
        .list('replicasets', {})
        .flatMap(({ metadata }) => metadata.annotations?.['rollouts-group/live-by'] ?? [])
      assert.deepEqual([...new Set(by)], [`${userInfo().username}@${hostname()}`])
    } finally {
      await sim.stop()
      rmSync(dir, { recursive: true })
    }
  })
})
