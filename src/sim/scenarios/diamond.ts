import { blueGreen, configMap, envFrom } from './manifests.ts'
import { live, type RawManifest, type Scenario } from './scenario.ts'

const GROUP = 'store'

/**
 * Dependencies first: what each member calls, and the suffixes that kustomize gives its ConfigMap in 1.0 and in 2.0.
 */
const MEMBERS = [
  { name: 'prices', calls: [], suffixes: ['', ''] },
  { name: 'stock', calls: [], suffixes: ['', ''] },
  { name: 'orders', calls: ['prices'], suffixes: ['t9ccfg2mcm', '5d9m29gdh9'] },
  { name: 'catalog', calls: ['prices', 'stock'], suffixes: ['m4chdcdfg6', 'tg2th46k7t'] },
  { name: 'web', calls: ['orders', 'catalog'], suffixes: ['k6t6md58c5', '7f8g8bg952'] },
] as const

function members(version: string, role: 'active' | 'preview'): readonly (readonly RawManifest[])[] {
  return MEMBERS.map(({ name, calls, suffixes }) => {
    const config = `${name}-settings-${suffixes[role === 'active' ? 0 : 1]}`
    const wires = Object.fromEntries(calls.map((each) => [`${each.toUpperCase()}_URL`, `http://${each}-${role}:8080`]))
    const spec = { name, group: GROUP, replicas: 2, templateAnnotations: { 'rollouts-group/version': version } }
    return calls.length === 0
      ? blueGreen(spec)
      : [configMap(config, wires), ...blueGreen({ ...spec, settings: envFrom(config) })]
  })
}

export const diamond: Scenario = {
  name: 'diamond',
  namespace: 'diamond',
  group: GROUP,
  summary: 'five services, web over orders and catalog, which share prices: 1.0 is live, 2.0 waits',
  build: (simulation) =>
    live(simulation, { namespace: 'diamond', live: members('1.0', 'active'), next: members('2.0', 'preview') }),
}
