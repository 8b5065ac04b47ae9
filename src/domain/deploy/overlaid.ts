import { gateReplicas } from '../group/gate.ts'
import type { Snapshot } from '../group/snapshot.ts'
import { at, fields, strings } from '../objects/fields.ts'
import { HASH_LABEL, REVISION, WORKLOAD_GENERATION } from '../objects/labels.ts'
import { isUnseen } from '../objects/phase.ts'
import { isRefused } from '../objects/refusal.ts'
import { parseReplicaSet } from '../objects/replica-set.ts'
import { parseRollout, type Rollout } from '../objects/rollout.ts'
import { stableTemplate } from '../objects/stable-template.ts'
import { gates, type Strategy } from '../objects/strategy.ts'
import { templateDigest } from '../objects/template-digest.ts'
import { defaulted } from './defaulted.ts'
import { type Desired, templateIn } from './desired.ts'
import { hashOf, nameOf, ownerOf } from './names.ts'

/** What applying its object makes of a Rollout. */
export interface Overlaid {
  /**
   * `first`: it has no stable revision yet. `fresh`: a new ReplicaSet. `earlier`: one that it has already becomes the
   * current one. `retried`: the one that was aborted comes to its gate again. `same`: its pods stay.
   */
  readonly kind: 'first' | 'fresh' | 'earlier' | 'retried' | 'same'
  readonly rollout: unknown
  /** Its ReplicaSets as they will be. */
  readonly replicaSets: readonly unknown[]
}

/** What applying its object makes of one Rollout. */
export function overlaid(snapshot: Snapshot, desired: Desired, name: string, will: unknown, after: string): Overlaid {
  const was = snapshot.rollouts.find((each) => nameOf(each) === name)
  const rollout = {
    ...fields(will),
    metadata: {
      ...fields(at(will, 'metadata')),
      ...(was !== undefined && kept(was)),
      uid: at(was, 'metadata', 'uid') ?? `uid of ${name}`,
      annotations: {
        ...fields(at(will, 'metadata', 'annotations')),
        ...controllers(fields(at(was, 'metadata', 'annotations'))),
      },
    },
    status: at(was, 'status'),
  }
  const parsed = parseRollout(rollout)
  const own =
    was === undefined ? [] : snapshot.replicaSets.filter((each) => ownerOf(each) === at(was, 'metadata', 'uid'))
  const template = templateIn(will, desired)
  if (!('uid' in parsed) || template === undefined) return { kind: 'same', rollout, replicaSets: own }
  const digest = templateDigest(template)
  const found = own.find((each) => digestOf(each, parsed.strategy) === digest)
  const current = own.find((each) => hashOf(each) === parsed.status.currentPodHash)
  const unchanged =
    parsed.workloadRef === undefined &&
    current !== undefined &&
    !isUnseen(parsed) &&
    !isRefused(parsed) &&
    templateDigest(at(was, 'spec', 'template')) === digest
  const isSame = unchanged || (found !== undefined && found === current)
  if (isSame && !isRetried(parsed)) return { kind: 'same', rollout, replicaSets: own }
  const isFirst = parsed.status.stableRS === undefined
  const again = isSame ? current : found
  const hash = again === undefined ? `${THOUGHT_OF}-${digest}` : hashOf(again)!
  const revision = String(Math.max(0, ...own.map((each) => parseReplicaSet(each)?.revision ?? 0)) + 1)
  const made = madeOf(parsed, {
    hash,
    template: defaulted(template, at(was, 'spec', 'template'), at(current, 'spec', 'template')),
    revision,
    after,
    found: again,
    pods: isFirst ? parsed.replicas : atGate(parsed),
  })
  return {
    kind: isFirst ? 'first' : isSame ? 'retried' : again === undefined ? 'fresh' : 'earlier',
    rollout: standing(rollout, parsed, { hash, revision, isFirst }),
    replicaSets: [...own.filter((each) => each !== again), made],
  }
}

/** Applied again, an aborted revision is tried again; not where it would come to users without a gate. */
function isRetried({ status, strategy }: Rollout): boolean {
  const { abort, currentPodHash, stableRS, activeSelector, scaleUpPreviewCheckPoint } = status
  const gateless = strategy.kind === 'BlueGreen' && (scaleUpPreviewCheckPoint || activeSelector === currentPodHash)
  return abort && currentPodHash !== stableRS && !gateless
}

/** Begins the pod template hash of a revision that is only thought of; no real one has such letters. */
const THOUGHT_OF = 'NEXT'

interface Thought {
  readonly hash: string
  readonly template: unknown
  readonly revision: string
  readonly after: string
  readonly found: unknown
  readonly pods: number
}

/** The ReplicaSet as it will be, with all its pods. */
function madeOf(rollout: Rollout, { hash, template, revision, after, found, pods }: Thought): unknown {
  const labels = { ...Object.fromEntries(strings(at(template, 'metadata', 'labels'))), [HASH_LABEL]: hash }
  return {
    metadata: {
      name: `${rollout.name}-${hash}`,
      namespace: rollout.namespace,
      creationTimestamp: after,
      ...fields(at(found, 'metadata')),
      labels,
      annotations: { [REVISION]: revision },
      ownerReferences: [{ kind: 'Rollout', name: rollout.name, uid: rollout.uid, controller: true }],
    },
    spec: {
      replicas: pods,
      template: {
        ...fields(template),
        metadata: { ...fields(at(template, 'metadata')), labels },
      },
    },
    status: { replicas: pods, readyReplicas: pods, availableReplicas: pods },
  }
}

/** A Rollout whose new revision is at its gate; the first one of all is live. */
function standing(
  rollout: { readonly metadata: { readonly annotations: object } },
  { strategy, workloadRef, generation, status }: Rollout,
  { hash, revision, isFirst }: { readonly hash: string; readonly revision: string; readonly isFirst: boolean },
): unknown {
  const live = isFirst ? hash : status.stableRS
  const reason = strategy.kind === 'BlueGreen' ? 'BlueGreenPause' : 'CanaryPauseStep'
  const workload = at(rollout, 'status', 'workloadObservedGeneration')
  return {
    ...rollout,
    metadata: {
      ...rollout.metadata,
      annotations: {
        ...rollout.metadata.annotations,
        [REVISION]: revision,
        ...(workloadRef !== undefined && typeof workload === 'string' && { [WORKLOAD_GENERATION]: workload }),
      },
    },
    status: {
      observedGeneration: String(generation),
      ...(workload !== undefined && { workloadObservedGeneration: workload }),
      stableRS: live,
      currentPodHash: hash,
      phase: isFirst ? 'Healthy' : 'Paused',
      ...(!isFirst && { controllerPause: true, message: reason, pauseConditions: [{ reason }] }),
      ...(strategy.kind === 'BlueGreen'
        ? { blueGreen: { activeSelector: live, previewSelector: hash, ...checkPoint(rollout) } }
        : { currentStepIndex: isFirst ? strategy.steps.length : (gates(strategy)[0] ?? strategy.steps.length) }),
    },
  }
}

/** It outlives a new template (seen on 1.10.1). */
function checkPoint(rollout: unknown): object {
  const set = at(rollout, 'status', 'blueGreen', 'scaleUpPreviewCheckPoint')
  return set === undefined ? {} : { scaleUpPreviewCheckPoint: set }
}

function atGate(rollout: Rollout): number {
  const { strategy } = rollout
  return gateReplicas(rollout, strategy.kind === 'Canary' ? (gates(strategy)[0] ?? strategy.steps.length) : 0)
}

/** What the API server and the controller keep about an object. */
function kept(was: unknown): object {
  const { generation, resourceVersion, creationTimestamp } = fields(at(was, 'metadata'))
  return { generation, resourceVersion, creationTimestamp }
}

/** The annotations of a Rollout that its controller writes. */
function controllers(annotations: object): object {
  return Object.fromEntries(
    Object.entries(annotations).filter(([key]) => [REVISION, WORKLOAD_GENERATION].includes(key)),
  )
}

function digestOf(raw: unknown, strategy: Strategy): string | undefined {
  const set = parseReplicaSet(raw)
  return set && templateDigest(stableTemplate(set, strategy))
}
