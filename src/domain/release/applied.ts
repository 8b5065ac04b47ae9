import type { Member } from '../group/member.ts'
import type { Group } from '../group/read-group.ts'
import { type Manifest, parseManifest } from '../manifests/manifest.ts'
import { at, fields, text } from '../objects/fields.ts'

/** Where `kubectl apply` keeps what it applied (k8s.io/api/core/v1, LastAppliedConfigAnnotation). */
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration'

/** What somebody applied of a member: its Rollout, and the workload that it refers to. */
export function manifestsOf(member: Member, group: Group, workloads: readonly unknown[]): Manifest[] {
  const rollout = group.snapshot.rollouts.find((each) => at(each, 'metadata', 'name') === member.name)
  const reference = at(rollout, 'spec', 'workloadRef')
  const workload = workloads.find(
    (each) => at(each, 'kind') === at(reference, 'kind') && at(each, 'metadata', 'name') === at(reference, 'name'),
  )
  return [rollout, workload].flatMap((each) => {
    const manifest = each === undefined ? undefined : parseManifest(asApplied(each), `${member.name} as it was applied`)
    return manifest === undefined || 'why' in manifest ? [] : [manifest]
  })
}

function asApplied(object: unknown): unknown {
  const last = text(at(object, 'metadata', 'annotations', LAST_APPLIED))
  if (last !== undefined) {
    try {
      return JSON.parse(last)
    } catch {
      // Whoever broke it left the object itself.
    }
  }
  const { name, namespace, labels, annotations } = fields(at(object, 'metadata'))
  const { paused: _, restartAt: __, ...spec } = fields(at(object, 'spec'))
  const own = Object.fromEntries(Object.entries(fields(annotations)).filter(([key]) => !CONTROLLERS.test(key)))
  return {
    apiVersion: at(object, 'apiVersion') ?? 'argoproj.io/v1alpha1',
    kind: at(object, 'kind') ?? 'Rollout',
    metadata: { name, namespace, labels, annotations: own },
    spec,
  }
}

/** Annotations that others keep about an object. */
const CONTROLLERS = /^(rollout\.argoproj\.io\/|deployment\.kubernetes\.io\/|kubectl\.kubernetes\.io\/)/
