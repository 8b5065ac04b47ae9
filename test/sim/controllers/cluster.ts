import { controllers } from '../../../src/sim/controllers/controllers.ts'
import { apply, type RawManifest } from '../../../src/sim/scenarios/scenario.ts'
import { Simulation } from '../../../src/sim/simulation.ts'

/** A simulated cluster in which these manifests were applied to the namespace `n`, and a minute has passed. */
export function cluster(...manifests: readonly RawManifest[]): Simulation {
  const simulation = new Simulation({ controllers: controllers(), start: Date.UTC(2026, 0, 1) })
  simulation.store.create('namespaces', undefined, { metadata: { name: 'n' } })
  for (const manifest of manifests) apply(simulation.store, 'n', manifest)
  pass(simulation)
  return simulation
}

/** Lets a minute pass. */
export function pass(simulation: Simulation): void {
  simulation.advanceTo(simulation.now + 60_000)
}
