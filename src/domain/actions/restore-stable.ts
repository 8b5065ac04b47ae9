import { stableTemplate } from '../objects/stable-template.ts'
import { namedServices } from '../objects/strategy.ts'
import type { Member } from '../group/member.ts'
import type { ActionRule } from './action-rule.ts'
import { ORDER } from './order.ts'
import { patched, type PatchOperation, test, type StepWrite } from './patch.ts'
import type { Step } from './step.ts'
import { withdrawn } from './transition.ts'

/** Puts the stable revision's pod template back, so that it is the current one again. */
export const restoreStable: ActionRule = {
  towards: 'stable',
  order: ORDER.withdraw,
  passesGate: false,
  restsOn: () => [],
  // Who withdraws does not mind that somebody else did, or that it is paused.
  contradicted: () => undefined,
  write: putBack,
  heldByPause: (strategy) =>
    strategy.kind === 'Canary' && strategy.routed ? undefined : 'its stable pod template would not be gone back to',
  transition: (setting) => ({ passing: [], rest: withdrawn(setting) }),
  goal: ({ strategy, replicas, live, next }) => ({
    kind: 'stable',
    services: namedServices(strategy),
    hash: (live ?? next!).hash,
    replicas,
  }),
  event: 'GroupRestored',
  words: {
    deed: 'put the stable pod template back',
    inShort: 'put the stable pod template back',
    sent: 'stable pod template sent',
  },
}

/**
 * With workloadRef the template lives in the workload; writing it into the Rollout would scale the live pods to 0 (seen
 * on 1.10.1). It is replaced only while the workload is the one that the controller took the revision from: its
 * generation is in the Rollout's status.
 */
function putBack(
  { to, expect }: Step,
  { name, revisions, strategy, workloadRef }: Member,
  tests: readonly PatchOperation[],
): StepWrite | string {
  const stable = revisions.find((each) => each.hash === to.hash)
  if (stable === undefined) return `the ReplicaSet of ${to.version.text} (${to.hash}) is gone`
  const operation: PatchOperation = { op: 'replace', path: '/spec/template', value: stableTemplate(stable, strategy) }
  if (workloadRef === undefined)
    return patched({ resource: 'rollouts', name, subresource: undefined }, [...tests, operation])
  if (workloadRef.kind !== 'Deployment') return `its workloadRef is a ${workloadRef.kind}, which this tool cannot patch`
  return expect.workloadGeneration === null
    ? `the controller has not said which generation of deployment/${workloadRef.name} it has seen`
    : patched({ resource: 'deployments', name: workloadRef.name, subresource: undefined }, [
        test('/metadata/generation', expect.workloadGeneration),
        operation,
      ])
}
