import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { tokenOf } from '../../src/sim/api/access.ts'
import type { Scenario } from '../../src/sim/scenarios.ts'
import { startSim } from '../../src/sim/start-sim.ts'
import { chapters } from '../conformance/lifecycle/chapters.ts'
import { openLab, type Lab } from '../conformance/lifecycle/lab.ts'
import { play } from '../conformance/lifecycle/play.ts'
import { Api } from '../controlplane/api.ts'

const dir = mkdtempSync(join(tmpdir(), 'lifecycle-'))

const EMPTY: Scenario = { name: 'empty', summary: 'nothing', namespace: 'default', group: '', build: () => undefined }

/** A simulated cluster for each case, in which ten seconds pass in one. */
const simulated: Lab = {
  async play(played) {
    const sim = await startSim({ scenario: EMPTY, timeScale: 10 })
    const kubeconfig = join(dir, `${new URL(sim.url).port}.kubeconfig`)
    writeFileSync(kubeconfig, sim.kubeconfig())
    const api = new Api(sim.url, '', tokenOf('admin'))
    const lab = await openLab(kubeconfig, api)
    try {
      await lab.play(played)
    } finally {
      await Promise.all([lab.close(), api.close()])
      await sim.stop()
    }
  },
  async close() {
    rmSync(dir, { recursive: true })
  },
}

describe('the life of Rollouts on the simulated cluster', function () {
  this.timeout('5m')
  play(async () => simulated, chapters, 6)
})
