import { ledger } from './releases/ledger.ts'
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
  async afterAll() {
    await started?.stop()
    process.stdout.write(`${ledger()}seed ${seed}\n`)
  },
}
