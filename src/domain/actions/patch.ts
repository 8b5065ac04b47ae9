import type { Member } from '../group/member.ts'
import { stableTemplate } from '../objects/stable-template.ts'
import type { Expectation, Step } from './step.ts'

/** One operation of a JSON patch (RFC 6902). */
export type PatchOperation =
  | { readonly op: 'test' | 'add' | 'replace'; readonly path: string; readonly value: unknown }
  | { readonly op: 'remove'; readonly path: string }

/** A conditional write: it changes what was seen, or nothing (HTTP 422). */
export interface Patch {
  readonly resource: 'rollouts' | 'deployments'
  readonly name: string
  readonly subresource: 'status' | undefined
  readonly operations: readonly PatchOperation[]
}

/**
 * The one write of a step, or why it cannot be made.
 *
 * Promote removes the pause conditions and leaves controllerPause alone: only then does the controller take the gate
 * for passed by hand (argo-rollouts, rollout/pause.go). `test` with null matches an absent key, false does not (seen on
 * Kubernetes 1.34).
 */
export function patchFor(step: Step, member: Member): Patch | string {
  const tests = expected(step)
  const status = (operation: PatchOperation): Patch => ({
    resource: 'rollouts',
    name: member.name,
    subresource: 'status',
    operations: [...tests, operation],
  })
  switch (step.action) {
    case 'promote':
      return status({ op: 'remove', path: '/status/pauseConditions' })
    case 'promote-full':
      return status({ op: 'add', path: '/status/promoteFull', value: true })
    case 'abort':
      return status({ op: 'add', path: '/status/abort', value: true })
    case 'restore-stable':
      return restore(step, member, tests)
  }
}

/** The state the decision rested on, as `test` operations; a pause counts only for who passes it. */
function expected(step: Step): PatchOperation[] {
  const { expect, action } = step
  const test = (path: string, value: unknown): PatchOperation => ({ op: 'test', path, value })
  const passing = action === 'promote' || action === 'promote-full'
  return [
    test('/metadata/uid', expect.uid),
    test('/metadata/generation', expect.generation),
    test('/status/observedGeneration', expect.observedGeneration),
    test('/status/currentPodHash', expect.currentPodHash),
    test('/status/stableRS', expect.stableRS),
    ...(passing ? [test('/status/abort', expect.abort), test('/spec/paused', expect.paused)] : []),
    ...(expect.stepIndex === null || !passing ? [] : [test('/status/currentStepIndex', expect.stepIndex)]),
    ...(action === 'promote' ? [test('/status/pauseConditions', expect.pauses)] : []),
    ...(action === 'abort' ? notPromoted(expect, test) : []),
  ]
}

/**
 * What an abort rests on: that nobody has switched users over, or is about to. With users on the next revision and one
 * unready pod it would take the live Service's pods away for good, with a check point the next revision would go live
 * without a gate (seen on 1.10.1).
 */
function notPromoted(
  { promoteFull, blueGreen }: Expectation,
  test: (path: string, value: unknown) => PatchOperation,
): PatchOperation[] {
  return [
    test('/status/promoteFull', promoteFull),
    // A `test` below an absent object is refused, also one for null.
    ...(blueGreen === null
      ? [test('/status/blueGreen', null)]
      : [
          test('/status/blueGreen/activeSelector', blueGreen.activeSelector),
          test('/status/blueGreen/scaleUpPreviewCheckPoint', blueGreen.checkPoint),
        ]),
  ]
}

/**
 * With workloadRef the template lives in the workload; writing it into the Rollout would scale the live pods to 0 (seen
 * on 1.10.1). It is replaced only while the workload is the one that the controller took the revision from: its
 * generation is in the Rollout's status.
 */
function restore(step: Step, member: Member, tests: readonly PatchOperation[]): Patch | string {
  const stable = member.revisions.find((each) => each.hash === step.to.hash)
  if (stable === undefined) return `the ReplicaSet of ${step.to.version.text} (${step.to.hash}) is gone`
  const operation: PatchOperation = {
    op: 'replace',
    path: '/spec/template',
    value: stableTemplate(stable, member.strategy),
  }
  if (member.workloadRef === undefined) {
    return { resource: 'rollouts', name: member.name, subresource: undefined, operations: [...tests, operation] }
  }
  if (member.workloadRef.kind !== 'Deployment')
    return `its workloadRef is a ${member.workloadRef.kind}, which this tool cannot patch`
  const { workloadGeneration } = step.expect
  if (workloadGeneration === null)
    return `the controller has not said which generation of deployment/${member.workloadRef.name} it has seen`
  const unchanged: PatchOperation = { op: 'test', path: '/metadata/generation', value: workloadGeneration }
  return {
    resource: 'deployments',
    name: member.workloadRef.name,
    subresource: undefined,
    operations: [unchanged, operation],
  }
}
