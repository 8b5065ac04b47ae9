import assert from 'node:assert/strict'
import { leaveOff } from './prober.ts'
import { ledger, missed } from './releases/ledger.ts'
import { seed } from './releases/random.ts'
import { startControlPlane, type ControlPlane } from '../controlplane/start.ts'

let started: ControlPlane | undefined

/**
 * The one control plane of a conformance run. @throws Error outside of a run with `--require test/conformance/plane.ts`
 */
export function plane(): ControlPlane {
  if (!started) throw new Error('no control plane: run `make conformance`')
  return started
}

/** Mocha's root hooks: the plane starts before the first test, and ends after the last. */
export const mochaHooks = {
  async beforeAll(this: Mocha.Context) {
    // The first time it is built from source.
    this.timeout('20m')
    started = await startControlPlane()
  },
  beforeEach(this: Mocha.Context) {
    const { title } = this.currentTest!
    // Private in Mocha's types: the number of the try.
    const again = (this.currentTest as unknown as { currentRetry(): number }).currentRetry() > 0
    if (again) process.stderr.write(`played again: ${title}\n`)
  },
  async afterAll() {
    leaveOff()
    await started?.stop()
    process.stdout.write(`${ledger()}seed ${seed}\n`)
    assert.deepEqual(missed(), [], 'a request met two versions or an empty Service')
  },
}
