import { withDefaults } from '../api/defaults.ts'
import { type ResourceName, RESOURCES } from '../objects.ts'
import type { Simulation } from '../simulation.ts'
import type { Store } from '../store.ts'

/** A state of a group that is worth to be seen, and how it came about. */
export interface Scenario {
  readonly name: string
  /** One sentence: what is to be seen. */
  readonly summary: string
  readonly namespace: string
  readonly group: string
  /** Lives through it: takes exactly LIFE of the simulation's time. */
  build(simulation: Simulation): void
}

/** A manifest, as a person would apply it. */
export type RawManifest = Readonly<Record<string, any>>

const MINUTE = 60_000

/** Milliseconds a scenario lives through: the live release is three days old, the next one some minutes. */
export const LIFE = (3 * 24 * 60 + 30) * MINUTE

/** What is deployed, one member after the other, and what happens to it then. */
export interface History {
  readonly namespace: string
  readonly live: readonly (readonly RawManifest[])[]
  readonly next: readonly (readonly RawManifest[])[]
  readonly then?: (simulation: Simulation) => void
}

/** Lives through a history: time enough passes between any two deeds for all that follows from the first. */
export function live(simulation: Simulation, { namespace, live, next, then }: History): void {
  const end = simulation.now + LIFE
  simulation.store.create(
    'namespaces',
    undefined,
    withDefaults('namespaces', { metadata: { name: namespace } }, simulation.store),
  )
  for (const manifests of live) deploy(simulation, namespace, manifests)
  simulation.advanceTo(end - 10 * MINUTE)
  for (const manifests of next) deploy(simulation, namespace, manifests)
  then?.(simulation)
  simulation.advanceTo(end)
}

/** Applies manifests as `kubectl apply` does, and lets a minute pass. */
export function deploy(simulation: Simulation, namespace: string, manifests: readonly RawManifest[]): void {
  for (const manifest of manifests) apply(simulation.store, namespace, manifest)
  simulation.advanceTo(simulation.now + MINUTE)
}

/** Applies a manifest as `kubectl apply` does. */
export function apply(store: Store, namespace: string, manifest: RawManifest): void {
  const resource = resourceOf(manifest)
  const { name, annotations } = manifest['metadata']
  const last = JSON.stringify({
    ...manifest,
    metadata: { ...manifest['metadata'], annotations: annotations ?? {}, namespace },
  })
  const body = {
    ...manifest,
    metadata: { ...manifest['metadata'], annotations: { ...annotations, [LAST_APPLIED]: `${last}\n` } },
  }
  if (store.get(resource, namespace, name) === undefined)
    store.create(resource, namespace, withDefaults(resource, body, store), false, CLIENT)
  else store.patch(resource, namespace, name, { type: 'merge', body, by: CLIENT })
}

/** What `kubectl apply` calls itself where it writes. */
const CLIENT = 'kubectl-client-side-apply'

/** Where `kubectl apply` keeps what it applied, to know later what was taken out of a manifest. */
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration'

function resourceOf({ kind }: RawManifest): ResourceName {
  const found = Object.entries(RESOURCES).find(([, resource]) => resource.kind === kind)
  if (found === undefined)
    throw new Error(`a manifest has kind ${JSON.stringify(kind)}, which the simulation does not serve`)
  return found[0] as ResourceName
}

/** Promotes a member that stands at its gate, as `kubectl argo rollouts promote` does, and lets a minute pass. */
export function promote(simulation: Simulation, namespace: string, name: string): void {
  simulation.store.patch('rollouts', namespace, name, {
    type: 'json',
    body: [{ op: 'remove', path: '/status/pauseConditions' }],
    subresource: 'status',
  })
  simulation.advanceTo(simulation.now + MINUTE)
}

/** Aborts a member, as `kubectl argo rollouts abort` does, and lets a minute pass. */
export function abort(simulation: Simulation, namespace: string, name: string): void {
  simulation.store.patch('rollouts', namespace, name, {
    type: 'merge',
    body: { status: { abort: true } },
    subresource: 'status',
  })
  simulation.advanceTo(simulation.now + MINUTE)
}

/** One ready pod of a member's newest revision stops being ready, for good. */
export function unready({ store }: Simulation, namespace: string, name: string): void {
  const hash: string = store.get('rollouts', namespace, name)?.status.currentPodHash
  const pod = store.list('pods', { namespace, labelSelector: `rollouts-pod-template-hash=${hash}` })[0]
  if (pod === undefined) throw new Error(`rollout ${name} has no pod of ${hash}`)
  const conditions = pod.status.conditions.map((each: { type: string }) =>
    each.type === 'Initialized'
      ? each
      : { ...each, status: 'False', reason: 'ContainersNotReady', message: 'probe failed' },
  )
  store.patch('pods', namespace, pod.metadata.name, {
    type: 'merge',
    body: { metadata: { annotations: { 'pod-ready.stage.kwok.x-k8s.io/never': 'true' } } },
  })
  store.patch('pods', namespace, pod.metadata.name, {
    type: 'merge',
    body: { status: { conditions } },
    subresource: 'status',
  })
}
