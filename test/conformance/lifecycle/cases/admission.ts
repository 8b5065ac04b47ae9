import assert from 'node:assert/strict'
import { blueGreen } from '../manifests.ts'
import type { Moment } from '../moment.ts'
import type { Cases } from '../play.ts'
import type { Scene } from '../scene.ts'
import { never } from '../story.ts'

/** From now on no pod is admitted that says nothing of its security. */
function restrict(scene: Scene, level: 'restricted' | null): Promise<unknown> {
  const labels = { 'pod-security.kubernetes.io/enforce': level }
  return scene.api.request(
    'PATCH',
    `/api/v1/namespaces/${scene.namespace}`,
    { metadata: { labels } },
    'application/merge-patch+json',
  )
}

const failureOf = ({ status }: Moment): any =>
  status.conditions?.find(({ type }: { type: string }) => type === 'ReplicaFailure')

export const admission: Cases = {
  'say so in the Rollout, while the old pods go on, and come up once they are admitted': async (scene) => {
    await scene.running(blueGreen())
    await restrict(scene, 'restricted')
    const deployed = await scene.deploy('v2')
    const refused = await scene.until('refused', (moment) => failureOf(moment) !== undefined)
    const { status, reason, message } = failureOf(refused)
    assert.deepEqual(
      [status, reason, refused.phase, refused.status.message],
      ['True', 'FailedCreate', 'Progressing', 'more replicas need to be updated'],
    )
    assert.match(
      message,
      /^pods "app-[^"]+" is forbidden: violates PodSecurity "restricted:latest": allowPrivilegeEscalation != false \(container "app" must set securityContext\.allowPrivilegeEscalation=false\), unrestricted capabilities/,
    )
    await restrict(scene, null)
    const gate = await scene.untilAtGate('v2')
    assert.equal(failureOf(gate), undefined)
    never(await scene.story(deployed), 'old pods gone', (moment) => moment.ready('active') !== 2)
  },
}
