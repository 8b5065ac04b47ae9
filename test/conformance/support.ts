import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { KubeObject } from '../controlplane/api.ts'
import { run, type Finished, type RunOptions } from '../controlplane/run.ts'
import type { ControlPlane } from '../controlplane/start.ts'
import { watchUntil } from '../controlplane/watch-until.ts'

const repository = fileURLToPath(new URL('../../', import.meta.url))

const groupVersions = {
  rollouts: '/apis/argoproj.io/v1alpha1',
  analysisruns: '/apis/argoproj.io/v1alpha1',
  replicasets: '/apis/apps/v1',
  deployments: '/apis/apps/v1',
  endpointslices: '/apis/discovery.k8s.io/v1',
  leases: '/apis/coordination.k8s.io/v1',
  roles: '/apis/rbac.authorization.k8s.io/v1',
  rolebindings: '/apis/rbac.authorization.k8s.io/v1',
  services: '/api/v1',
  configmaps: '/api/v1',
  pods: '/api/v1',
  events: '/api/v1',
}
export type Collection = keyof typeof groupVersions

/** The API path of all objects of one kind in a namespace. */
export function pathOf(collection: Collection, namespace: string): string {
  return `${groupVersions[collection]}/namespaces/${namespace}/${collection}`
}

/** Creates a namespace nobody has used; its name begins with the prefix. */
export async function freshNamespace({ api }: ControlPlane, prefix: string): Promise<string> {
  const namespace = await api.request('POST', '/api/v1/namespaces', { metadata: { generateName: `${prefix}-` } })
  return namespace.metadata.name
}

/** `kubectl apply` of YAML text. @throws Error with kubectl's own words */
export async function apply(plane: ControlPlane, namespace: string, yaml: string): Promise<void> {
  await kubectlOrThrow(plane, ['-n', namespace, 'apply', '-f', '-'], yaml)
}

/** `kubectl apply -k` of a folder under examples/, e.g. `legacy/v2/backend`. @throws Error with kubectl's own words */
export async function applyExample(plane: ControlPlane, namespace: string, folder: string): Promise<void> {
  await kubectlOrThrow(plane, ['-n', namespace, 'apply', '-k', `${repository}examples/${folder}`])
}

/** Manifests of an example, in which old pods go soon: nothing but the length of a drain depends on that. */
export async function hastyExample(plane: ControlPlane, folder: string): Promise<string> {
  return hasty(await kubectlOrThrow(plane, ['kustomize', `${repository}examples/${folder}`]))
}

/** Manifests with old pods that go soon. */
export function hasty(manifests: string): string {
  return manifests.replaceAll(/^( +)autoPromotionEnabled: false$/gm, '$&\n$1scaleDownDelaySeconds: 5')
}

async function kubectlOrThrow(plane: ControlPlane, args: readonly string[], input?: string): Promise<string> {
  const { code, stdout, stderr } = await plane.kubectl(args, input === undefined ? {} : { input })
  if (code !== 0) throw new Error(`kubectl ${args.join(' ')}: ${stderr}`)
  return stdout
}

/**
 * Follows one object by watch until the predicate holds. @throws Error with its last status, after 60 s or `timeout`
 * milliseconds
 */
export function waitFor(
  { api }: ControlPlane,
  collection: Collection,
  namespace: string,
  name: string,
  predicate: (object: KubeObject) => unknown,
  timeout?: number,
): Promise<KubeObject> {
  return watchUntil(
    api,
    `${pathOf(collection, namespace)}?fieldSelector=metadata.name%3D${name}`,
    (objects) => objects.find(predicate),
    timeout,
  )
}

/** Waits until a Rollout is in this phase, by a status that is current and not of an earlier spec. */
export function waitForPhase(plane: ControlPlane, namespace: string, name: string, phase: string): Promise<KubeObject> {
  return waitFor(
    plane,
    'rollouts',
    namespace,
    name,
    ({ metadata, status }) => status?.observedGeneration === String(metadata.generation) && status.phase === phase,
  )
}

/** The built plugin's launcher; another build can be tested, too. */
export const pluginPath = process.env['LAUNCHER'] ?? `${repository}bin/kubectl-rollouts_group`

/** The environment in which the plugin sees this plane, as its admin or another user. */
export function environmentOf(plane: ControlPlane, kubeconfig = plane.kubeconfig): Readonly<Record<string, string>> {
  return {
    KUBECONFIG: kubeconfig,
    KUBECACHEDIR: `${plane.dir}/kubectl-cache`,
    PATH: `${dirname(pluginPath)}:${plane.binDir}:${process.env['PATH']}`,
  }
}

/** Runs the built plugin to its end. */
export function runPlugin(
  plane: ControlPlane,
  args: readonly string[],
  options: RunOptions & { readonly kubeconfig?: string } = {},
): Promise<Finished> {
  return run(pluginPath, args, { ...options, env: { ...environmentOf(plane, options.kubeconfig), ...options.env } })
}

/** Runs Argo Rollouts' own plugin to its end. */
export function runOfficialPlugin(plane: ControlPlane, args: readonly string[]): Promise<Finished> {
  return run(`${plane.binDir}/kubectl-argo-rollouts`, args, { env: environmentOf(plane) })
}

/** What a run told, a line at a time (`-o ndjson`). */
export function eventsOf({ stdout }: Finished): any[] {
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
}
