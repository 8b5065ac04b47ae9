import type { Member } from '../group/member.ts'
import type { Expectation } from './step.ts'

/** One operation of a JSON patch (RFC 6902). */
export type PatchOperation =
  | { readonly op: 'test' | 'add' | 'replace'; readonly path: string; readonly value: unknown }
  | { readonly op: 'remove'; readonly path: string }

/** What a patch is made to. */
export interface PatchTarget {
  readonly resource: 'rollouts' | 'deployments'
  readonly name: string
  readonly subresource: 'status' | undefined
}

/** The one write of a step. */
export type StepWrite = Patch | Applied

/** A conditional write: it changes what was seen, or nothing (HTTP 422). */
export interface Patch extends PatchTarget {
  readonly kind: 'patch'
  readonly operations: readonly PatchOperation[]
}

/** A member's Rollout, and the workload that it refers to, are made what a person's files say. */
export interface Applied {
  readonly kind: 'apply'
  readonly member: string
}

/** A patch of an object. */
export function patched(target: PatchTarget, operations: readonly PatchOperation[]): Patch {
  return { kind: 'patch', ...target, operations }
}

/** The status of a member's Rollout, where the controller is told what to do. */
export const statusOf = ({ name }: Member): PatchTarget => ({ resource: 'rollouts', name, subresource: 'status' })

/** A member's Rollout itself: its spec. */
export const rolloutOf = ({ name }: Member): PatchTarget => ({ resource: 'rollouts', name, subresource: undefined })

/** A `test` with null matches an absent key, false does not (seen on Kubernetes 1.34). */
export const test = (path: string, value: unknown): PatchOperation => ({ op: 'test', path, value })

/** What every action rests on: the object, its generations and its revisions. */
export function sameRevisions(expect: Expectation): PatchOperation[] {
  return [
    test('/metadata/uid', expect.uid),
    test('/metadata/generation', expect.generation),
    test('/status/observedGeneration', expect.observedGeneration),
    test('/status/currentPodHash', expect.currentPodHash),
    test('/status/stableRS', expect.stableRS),
  ]
}
