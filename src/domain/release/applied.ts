import { undefaulted } from '../deploy/defaulted.ts'
import type { Member, Revision } from '../group/member.ts'
import type { Group } from '../group/read-group.ts'
import { type Manifest, parseManifest } from '../manifests/manifest.ts'
import { at, fields, text } from '../objects/fields.ts'
import { RELEASE } from '../objects/labels.ts'
import { stableTemplate } from '../objects/stable-template.ts'

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
      return withPodsOf(object, JSON.parse(last))
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

/** What was applied, but for the number of pods: whoever scaled it since knew why. */
function withPodsOf(object: unknown, applied: unknown): unknown {
  const spec = fields(at(applied, 'spec'))
  const replicas = at(object, 'spec', 'replicas')
  if (spec['replicas'] === undefined || replicas === undefined) return applied
  return { ...fields(applied), spec: { ...spec, replicas } }
}

/** Annotations that others keep about an object. */
const CONTROLLERS = /^(rollout\.argoproj\.io\/|deployment\.kubernetes\.io\/|kubectl\.kubernetes\.io\/)/

/** A manifest of a member with the pod template of one of its revisions; where that is unknown, it stays as it is. */
export function withTemplate(
  manifest: Manifest,
  { workloadRef, strategy, live, next }: Member,
  revision: Revision | undefined,
): Manifest[] {
  const holds = workloadRef === undefined ? manifest.kind === 'Rollout' : manifest.kind === workloadRef.kind
  if (revision === undefined || !holds) return [manifest]
  const stored = stableTemplate(revision, strategy)
  const written = at(manifest.object, 'spec', 'template')
  const template = withoutRelease(undefaulted(stored, written, (next ?? live)?.rawTemplate))
  const object = { ...fields(manifest.object), spec: { ...fields(at(manifest.object, 'spec')), template } }
  const made = parseManifest(object, manifest.where)
  return 'why' in made ? [] : [made]
}

function withoutRelease(template: unknown): unknown {
  const metadata = fields(at(template, 'metadata'))
  const { [RELEASE]: _, ...labels } = fields(metadata['labels'])
  return { ...fields(template), metadata: { ...metadata, labels } }
}
