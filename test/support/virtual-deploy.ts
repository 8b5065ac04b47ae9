import { at, fields } from '../../src/domain/objects/fields.ts'
import type { Deployment } from '../../src/execute/context.ts'
import { type Manifest, parseManifest } from '../../src/domain/manifests/manifest.ts'
import type { Wiring } from '../../src/domain/manifests/wiring.ts'
import { deploymentFor } from '../../src/execute/deploy/deployment-for.ts'
import { type RawManifest, type Scenario } from '../../src/sim/scenarios/scenario.ts'
import type { UserName } from '../../src/sim/api/access.ts'
import { discover } from '../../src/watch/discover.ts'
import type { VirtualCluster } from './virtual-cluster.ts'
import { type Run, type RunOptions, start } from './virtual-run.ts'

type World = VirtualCluster & { readonly scenario: Scenario }

/** What a process makes of files before it plans: asks the API server about each. */
export async function deploymentOf(
  world: World,
  files: readonly RawManifest[],
  wiring?: Wiring,
  as: UserName = 'admin',
): Promise<Deployment> {
  const { cluster } = world.connect(as)
  const { namespace, group } = world.scenario
  const labels = new Map([['app.kubernetes.io/part-of', group]])
  const named = files.map((object, index) => parseManifest(typed(object), `release.yaml:${index + 1}`) as Manifest)
  const asked = (async () => {
    const snapshot = await discover(cluster, { namespace, selector: `app.kubernetes.io/part-of=${group}` })
    const aim = { group, namespace, labels, mode: 'legacy', include: [] } as const
    const asked = { manifests: named, aim, wiring, release: undefined, trustHost: false, options: {} }
    return deploymentFor(cluster, snapshot, asked, new AbortController().signal)
  })()
  return world.time.until(asked)
}

/** Starts deploy-all with files. */
export async function deploying(
  world: World,
  files: readonly RawManifest[],
  { wiring, ...options }: RunOptions & { readonly wiring?: Wiring } = {},
): Promise<Run> {
  return start(world, {
    verb: 'deploy-all',
    deployment: await deploymentOf(world, files, wiring, options.as),
    ...options,
  })
}

/** The manifests of scenarios leave out what the simulated server fills in by itself. */
function typed(object: RawManifest): unknown {
  const kinds: Record<string, string> = { Service: 'v1', ConfigMap: 'v1', Rollout: 'argoproj.io/v1alpha1' }
  return { apiVersion: kinds[String(at(object, 'kind'))] ?? 'v1', ...fields(object) }
}
