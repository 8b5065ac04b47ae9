import assert from 'node:assert/strict'
import { blueGreen } from '../manifests.ts'
import type { Moment } from '../moment.ts'
import type { Cases } from '../play.ts'
import type { Scene } from '../scene.ts'

const PREFERRED = { antiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: { weight: 1 } } }

const rules = (moment: Moment, version: string): any[] | undefined =>
  moment.set(version)['spec'].template.spec.affinity?.podAntiAffinity?.preferredDuringSchedulingIgnoredDuringExecution

/**
 * On v2, whose ReplicaSet has the rule; v3 stands at its gate, and the template of v2 is written back as `affinity`
 * makes it.
 */
async function putBack(scene: Scene, affinity: (own: unknown) => object): Promise<Moment> {
  await scene.running(blueGreen(PREFERRED))
  await scene.atGate('v2')
  await scene.promote()
  await scene.untilHealthyOn('v2')
  const gate = await scene.atGate('v3')
  const {
    metadata: {
      labels: { 'rollouts-pod-template-hash': _hash, ...labels },
      ...metadata
    },
    spec: { affinity: own, ...spec },
  } = gate.set('v2')['spec'].template
  await scene.spec({
    op: 'replace',
    path: '/spec/template',
    value: { metadata: { ...metadata, labels }, spec: { ...spec, ...affinity(own) } },
  })
  return scene.until(
    'v2 again',
    (moment) => moment.isCurrent && moment.status.currentPodHash !== gate.status.currentPodHash,
  )
}

export const antiAffinity: Cases = {
  'keeps the pods of a later revision off the nodes of the stable one, by a rule in its ReplicaSet alone': async (
    scene,
  ) => {
    await scene.running(blueGreen(PREFERRED))
    const gate = await scene.atGate('v2')
    const { stableRS } = gate.status
    assert.equal(rules(gate, 'v1'), undefined)
    assert.equal(gate.rollout['spec'].template.spec.affinity, undefined)
    assert.deepEqual(
      rules(gate, 'v2')?.map(({ weight, podAffinityTerm: { labelSelector, topologyKey } }) => [
        weight,
        labelSelector.matchExpressions,
        topologyKey,
      ]),
      [[1, [{ key: 'rollouts-pod-template-hash', operator: 'In', values: [stableRS] }], 'kubernetes.io/hostname']],
    )
    await scene.promote()
    const healthy = await scene.untilHealthyOn('v2')
    assert.deepEqual(rules(healthy, 'v2'), rules(gate, 'v2'))
  },

  'takes a template back with the rule for a new revision': async (scene) => {
    const moment = await putBack(scene, (affinity) => ({ affinity }))
    assert.deepEqual(
      [moment.all('replicasets').length, moment.status.currentPodHash === moment.status.stableRS],
      [4, false],
    )
  },

  'takes a template back without any affinity for a new revision, too': async (scene) => {
    const moment = await putBack(scene, () => ({}))
    assert.deepEqual(
      [moment.all('replicasets').length, moment.status.currentPodHash === moment.status.stableRS],
      [4, false],
    )
  },

  'takes a template back with an empty podAntiAffinity for the revision it was': async (scene) => {
    const moment = await putBack(scene, () => ({ affinity: { podAntiAffinity: {} } }))
    assert.deepEqual(
      [
        moment.all('replicasets').length,
        moment.status.currentPodHash === moment.status.stableRS,
        moment.behind('preview'),
      ],
      [3, true, 'v2'],
    )
  },
}
