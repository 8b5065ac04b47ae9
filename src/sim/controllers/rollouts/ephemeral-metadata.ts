import type { KubeObject } from '../../objects.ts'
import { same } from '../../patch.ts'
import type { Write } from '../../simulation.ts'
import { ownedBy } from '../reconciler.ts'
import { EPHEMERAL_METADATA } from './keys.ts'
import { patchOf, type View } from './view.ts'

interface Metadata {
  readonly labels?: Readonly<Record<string, string>>
  readonly annotations?: Readonly<Record<string, string>>
}

const KINDS = ['labels', 'annotations'] as const

/** A new ReplicaSet whose pods start with the metadata of their role. */
export function withMetadata(set: any, metadata: Metadata | undefined): unknown {
  if (metadata === undefined) return set
  const { template } = set.spec
  return {
    ...set,
    metadata: {
      ...set.metadata,
      annotations: { ...set.metadata.annotations, [EPHEMERAL_METADATA]: JSON.stringify(metadata) },
    },
    spec: {
      ...set.spec,
      template: { ...template, metadata: { ...template.metadata, ...merged(template.metadata, metadata) } },
    },
  }
}

function merged(own: Metadata | undefined, added: Metadata): Metadata {
  return Object.fromEntries(
    KINDS.filter((kind) => added[kind] !== undefined).map((kind) => [kind, { ...own?.[kind], ...added[kind] }]),
  )
}

/**
 * Gives the pods of each role their metadata, in place, and takes it from those that left it
 * (rollout/ephemeralmetadata.go).
 */
export function* syncMetadata(view: View): Generator<Write> {
  const { blueGreen, canary } = view.spec.strategy
  const { fresh, stable, others, status, hash } = view
  const roles = {
    next: blueGreen?.previewMetadata ?? canary?.canaryMetadata,
    live: blueGreen?.activeMetadata ?? canary?.stableMetadata,
  }
  if (roles.next === undefined && roles.live === undefined) return
  const promoted = status.stableRS === undefined || status.stableRS === hash
  yield* sync(view, fresh, promoted ? roles.live : roles.next)
  if (!promoted && stable !== undefined) yield* sync(view, stable, roles.live)
  for (const set of others) yield* sync(view, set, undefined)
}

/** First the ReplicaSet, so that pods it makes in between have it, then its pods. */
function* sync({ world }: View, set: KubeObject, metadata: Metadata | undefined): Generator<Write> {
  const before: Metadata = JSON.parse(set.metadata.annotations?.[EPHEMERAL_METADATA] ?? '{}')
  if (same(before, metadata ?? {})) return
  const change = Object.fromEntries(
    KINDS.map((kind) => [
      kind,
      {
        ...Object.fromEntries(Object.keys(before[kind] ?? {}).map((key) => [key, null])),
        ...metadata?.[kind],
      },
    ]),
  )
  yield patchOf('replicasets', set, {
    metadata: { annotations: { [EPHEMERAL_METADATA]: metadata === undefined ? null : JSON.stringify(metadata) } },
    spec: { template: { metadata: change } },
  })
  for (const pod of ownedBy(world.store, 'pods', set)) yield patchOf('pods', pod, { metadata: change })
}
