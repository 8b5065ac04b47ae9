import { at, digits, flag, list, strings, text, time, whole } from './fields.ts'
import {
  type Annotation,
  annotationsOf,
  EPHEMERAL_METADATA,
  HASH_LABEL,
  REVISION,
  SCALE_DOWN_DEADLINE,
} from './labels.ts'
import { remembering } from './parse-once.ts'
import { type Injected, parsePodTemplate, type PodTemplate } from './pod-template.ts'

/** A ReplicaSet of a Rollout, before versions and wires are read from its template. */
export interface ReplicaSet {
  readonly name: string
  readonly hash: string
  /** Annotation `rollout.argoproj.io/revision`; 0 where it has none. */
  readonly revision: number
  /** Milliseconds since the epoch. */
  readonly created: number
  /**
   * None of its pods that are there started before: its creation, or that of the oldest one where they were listed;
   * milliseconds since the epoch.
   */
  readonly started: number
  readonly desired: number
  /** Terminating ones included where the cluster counts these, or its pods were listed. */
  readonly pods: number
  readonly available: number
  /** When it is scaled to 0, milliseconds since the epoch; BG sets it on a ReplicaSet that carried users. */
  readonly deadline: number | undefined
  readonly owner: string | undefined
  /**
   * That are read; those that the Rollout had while this was its newest revision are among them
   * (utils/annotations.go).
   */
  readonly annotations: ReadonlyMap<Annotation, string>
  /** Keys of the labels and annotations that the controller has written into the template for the role it has now. */
  readonly injected: Injected
  /** As its pods run it, where these were listed and do not differ from each other. */
  readonly template: PodTemplate
  readonly rawTemplate: unknown
  /** By container the digests of what each of its pods runs, where these were listed; undefined: not told yet. */
  readonly imageIds?: ReadonlyMap<string, readonly (string | undefined)[]>
  /** What its pods have that its template does not say: it was edited under them. */
  readonly edited?: readonly string[]
}

/** Parses one ReplicaSet; undefined where it carries no pod template hash (not one of a Rollout). */
export const parseReplicaSet = remembering((raw): ReplicaSet | undefined => {
  const metadata = at(raw, 'metadata')
  const name = text(at(metadata, 'name'))
  const hash = strings(at(metadata, 'labels')).get(HASH_LABEL)
  if (name === undefined || hash === undefined) return undefined
  const annotations = annotationsOf(raw)
  const owner = list(at(metadata, 'ownerReferences')).find((each) => flag(at(each, 'controller')))
  const injected = parseInjected(annotations.get(EPHEMERAL_METADATA))
  const rawTemplate = at(raw, 'spec', 'template')
  return {
    name,
    hash,
    revision: digits(annotations.get(REVISION)) ?? 0,
    created: time(at(metadata, 'creationTimestamp')) ?? 0,
    started: time(at(metadata, 'creationTimestamp')) ?? 0,
    desired: whole(at(raw, 'spec', 'replicas')) ?? 1,
    pods: (whole(at(raw, 'status', 'replicas')) ?? 0) + (terminatingOf(raw) ?? 0),
    available: whole(at(raw, 'status', 'availableReplicas')) ?? 0,
    deadline: time(annotations.get(SCALE_DOWN_DEADLINE)),
    owner: text(at(owner, 'uid')),
    annotations,
    injected,
    template: parsePodTemplate(rawTemplate, { namespace: text(at(metadata, 'namespace')), injected }),
    rawTemplate,
  }
})

/** Pods that are terminating; undefined where the cluster does not count them (Kubernetes 1.35 does by default). */
function terminatingOf(raw: unknown): number | undefined {
  return whole(at(raw, 'status', 'terminatingReplicas'))
}

/** Whether ReplicaSets tell by themselves how many pods they have left; one without a status never had any. */
export function countTerminating(sets: readonly unknown[]): boolean {
  return sets.every((raw) => terminatingOf(raw) !== undefined || at(raw, 'status', 'observedGeneration') === undefined)
}

/**
 * What is no JSON counts as nothing, as it does for the controller (utils/replicaset/canary.go
 * ParseExistingPodMetadata).
 */
function parseInjected(json: string | undefined): Injected {
  const keys = (metadata: unknown) => ({
    labels: new Set(strings(at(metadata, 'labels')).keys()),
    annotations: new Set(strings(at(metadata, 'annotations')).keys()),
  })
  try {
    return keys(JSON.parse(json ?? '{}'))
  } catch {
    return keys({})
  }
}
