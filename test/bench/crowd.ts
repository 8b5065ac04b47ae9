import type { Scenario } from '../../src/sim/scenarios.ts'
import { withDefaults } from '../../src/sim/api/defaults.ts'
import { blueGreen, env } from '../../src/sim/scenarios/manifests.ts'
import { deploy, LIFE, type RawManifest } from '../../src/sim/scenarios/scenario.ts'
import type { Simulation } from '../../src/sim/simulation.ts'

const NAMESPACES = 10
const GROUPS = 10
const MEMBERS = 5

/** A chain of members in a version, each wired to the next one's active or preview Service. */
function chain(group: string, version: string, role: 'active' | 'preview'): readonly RawManifest[] {
  return Array.from({ length: MEMBERS }, (_, index) =>
    blueGreen({
      name: `${group}-${index}`,
      group,
      replicas: 2,
      settings: env({
        APP_VERSION: version,
        ...(index < MEMBERS - 1 && { NEXT_HOST: `${group}-${index + 1}-${role}` }),
      }),
    }),
  ).flat()
}

function release(simulation: Simulation, version: string, role: 'active' | 'preview'): void {
  for (let namespace = 0; namespace < NAMESPACES; namespace++) {
    deploy(
      simulation,
      `team-${namespace}`,
      Array.from({ length: GROUPS }, (_, index) => chain(`shop-${index}`, version, role)).flat(),
    )
  }
}

/** 500 Rollouts in 100 groups in ten namespaces, each group with a release that waits. */
export const crowd: Scenario = {
  name: 'crowd',
  namespace: 'team-0',
  group: 'shop-0',
  summary: 'five hundred rollouts',
  build(simulation) {
    const end = simulation.now + LIFE
    for (let namespace = 0; namespace < NAMESPACES; namespace++)
      simulation.store.create(
        'namespaces',
        undefined,
        withDefaults('namespaces', { metadata: { name: `team-${namespace}` } }, simulation.store),
      )
    release(simulation, '1.0', 'active')
    release(simulation, '2.0', 'preview')
    simulation.advanceTo(end)
  },
}
