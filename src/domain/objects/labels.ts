import { at, strings } from './fields.ts'

/** Every label and annotation key this tool reads or writes, with who defines it. */

/** Kubernetes' recommended label for "what this is a part of": the default group label. */
export const GROUP_LABEL = 'app.kubernetes.io/part-of'
/** Kubernetes' recommended label for a version. */
export const VERSION_LABEL = 'app.kubernetes.io/version'
/** Kubernetes: the container a person means when naming none. */
export const DEFAULT_CONTAINER = 'kubectl.kubernetes.io/default-container'
/** Kubernetes: which Service an EndpointSlice belongs to. */
export const SERVICE_NAME = 'kubernetes.io/service-name'

/** Argo Rollouts: the pod template hash on ReplicaSets, pods and managed Service selectors. */
export const HASH_LABEL = 'rollouts-pod-template-hash'
/** Argo Rollouts: the revision number on a Rollout and its ReplicaSets. */
export const REVISION = 'rollout.argoproj.io/revision'
/** Argo Rollouts: when a ReplicaSet that carried users is scaled to 0 (a bare key). */
export const SCALE_DOWN_DEADLINE = 'scale-down-deadline'
/** Argo Rollouts: the labels and annotations that a ReplicaSet's template has only while it has its role, as JSON. */
export const EPHEMERAL_METADATA = 'rollout.argoproj.io/ephemeral-metadata'
/** Argo Rollouts: which controller a Rollout belongs to. */
export const INSTANCE_ID = 'argo-rollouts.argoproj.io/controller-instance-id'
/** Argo Rollouts, on a Service: the Rollout for which the controller moves its selector. */
export const MANAGED_BY = 'argo-rollouts.argoproj.io/managed-by-rollouts'
/** Argo Rollouts: generation of the referenced workload the controller has copied. */
export const WORKLOAD_GENERATION = 'rollout.argoproj.io/workload-generation'
/** Helm, on what it has installed: of which release. Its label `managed-by` stands in what `helm template` prints, too. */
export const HELM_RELEASE = 'meta.helm.sh/release-name'
/** Argo CD: lower waves are applied first. */
export const SYNC_WAVE = 'argocd.argoproj.io/sync-wave'

/** Ours, on a Rollout or a pod template: comma-separated names of all the members it calls. */
export const DEPENDS_ON = 'rollouts-group/depends-on'
/** Ours, on a Rollout or a pod template: comma-separated names of members it does not call, whatever looks like it. */
export const CALLS_NOT = 'rollouts-group/calls-not'
/** Ours, on a Rollout: "true" where users come in although another member consumes it. */
export const ENTRY = 'rollouts-group/entry'
/** Ours, on a Rollout: `legacy` or `modern`. */
export const MODE = 'rollouts-group/mode'
/** Ours, on a Rollout: "true" asks for the group's name to be typed before a write. */
export const PROTECTED = 'rollouts-group/protected'
/** Ours, on a Rollout: `independent` where its versions are numbered apart from those of the other members. */
export const VERSIONS = 'rollouts-group/versions'
/** Ours, on a pod template: the version, above every other source. */
export const VERSION = 'rollouts-group/version'
/** Ours, on a ReplicaSet that waits: when which smoke test of its release passed. */
export const SMOKE = 'rollouts-group/smoke'
/** Ours, on a ReplicaSet that was withdrawn before users came to it: the scale-down deadline that it had then. */
export const WITHDRAWN = 'rollouts-group/withdrawn'
/** Ours, on a ReplicaSet that waits: who approved its release, and when. */
export const APPROVED = 'rollouts-group/approved'

/** Ours, on a pod template and in the selectors of Services that select it alone: the release it belongs to. */
export const RELEASE = 'rollouts-group/release'
/** Ours, on a Service that we made: the one whose ports and selector it has. */
export const SERVICE_OF = 'rollouts-group/service'
/** Ours, on a ConfigMap that we made: the one it was copied from. */
export const CONFIG_OF = 'rollouts-group/config'
/** Ours, on a ReplicaSet: since when users are on it, where a run of ours has brought them there. */
export const LIVE_SINCE = 'rollouts-group/live-since'
/** Ours, on a ReplicaSet: until when users were on it, where a run of ours has brought them away. */
export const LIVE_UNTIL = 'rollouts-group/live-until'
/** Ours, on a ReplicaSet: who has brought users there. */
export const LIVE_BY = 'rollouts-group/live-by'

/** What a label may be called (Kubernetes, Labels, "Syntax and character set"). */
export const LABEL_KEY = /^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/
/** The value of a label, one that is not empty (Kubernetes, Labels, "Syntax and character set"). */
export const LABEL_VALUE = /^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/

/** Labels and annotations by which GitOps tools mark what they own. */
export const GITOPS_MARKS = [
  { key: 'argocd.argoproj.io/tracking-id', tool: 'Argo CD' },
  { key: 'argocd.argoproj.io/instance', tool: 'Argo CD' },
  { key: 'kustomize.toolkit.fluxcd.io/name', tool: 'Flux' },
  { key: 'helm.toolkit.fluxcd.io/name', tool: 'Flux' },
] as const

/** Every annotation that is read of a Rollout and of a ReplicaSet, those of this tool aside. */
const READ = [
  REVISION,
  WORKLOAD_GENERATION,
  SCALE_DOWN_DEADLINE,
  EPHEMERAL_METADATA,
  SYNC_WAVE,
  ...GITOPS_MARKS.map(({ key }) => key),
] as const

/** The key of an annotation that is read. */
export type Annotation = (typeof READ)[number] | `rollouts-group/${string}`

/** The annotations of a Rollout or a ReplicaSet that are read: controllers write many that nobody here does. */
export function annotationsOf(raw: unknown): ReadonlyMap<Annotation, string> {
  const isRead = (entry: [string, string]): entry is [Annotation, string] =>
    entry[0].startsWith('rollouts-group/') || READ.some((each) => each === entry[0])
  return new Map([...strings(at(raw, 'metadata', 'annotations'))].filter(isRead))
}
