import { at, fields } from '../../src/domain/objects/fields.ts'
import type { Deployment } from '../../src/execute/context.ts'
import { desire } from '../../src/execute/deploy/desire.ts'
import { type RawManifest, type Scenario } from '../../src/sim/scenarios/scenario.ts'
import { discover } from '../../src/watch/discover.ts'
import type { VirtualCluster } from './virtual-cluster.ts'
import { type Run, type RunOptions, start } from './virtual-run.ts'

type World = VirtualCluster & { readonly scenario: Scenario }

/** What a process makes of files before it plans: asks the API server about each. */
export async function deploymentOf(world: World, files: readonly RawManifest[]): Promise<Deployment> {
  const { cluster } = world.connect('admin')
  const { namespace, group } = world.scenario
  const labels = new Map([['app.kubernetes.io/part-of', group]])
  const named = files.map((object, index) => ({ object: typed(object), where: `release.yaml:${index + 1}` }))
  const asked = (async () => {
    const snapshot = await discover(cluster, { namespace, selector: `app.kubernetes.io/part-of=${group}` })
    return desire(cluster, cluster, named, { group, namespace, labels, mode: 'legacy', include: [] }, snapshot)
  })()
  return { desired: await world.time.until(asked), applier: cluster }
}

/** Starts deploy-all with files. */
export async function deploying(world: World, files: readonly RawManifest[], options: RunOptions = {}): Promise<Run> {
  return start(world, { verb: 'deploy-all', deployment: await deploymentOf(world, files), ...options })
}

/** The manifests of scenarios leave out what the simulated server fills in by itself. */
function typed(object: RawManifest): unknown {
  const kinds: Record<string, string> = { Service: 'v1', ConfigMap: 'v1', Rollout: 'argoproj.io/v1alpha1' }
  return { apiVersion: kinds[String(at(object, 'kind'))] ?? 'v1', ...fields(object) }
}
