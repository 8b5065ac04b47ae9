import assert from 'node:assert/strict'
import { canary, ingress, type Manifest, routed, template } from '../manifests.ts'
import type { Moment } from '../moment.ts'
import type { Cases } from '../play.ts'
import type { Scene } from '../scene.ts'
import { from, inOrder, never } from '../story.ts'

const weighs =
  (canary: number, stable: number) =>
  ({ weights }: Moment): boolean =>
    weights?.join() === [canary, stable].join()

/** Healthy on v1 with the router told so. */
async function running(scene: Scene, ...strategy: Parameters<typeof routed>): Promise<Moment> {
  await scene.running(routed(...strategy))
  return scene.until('told', (moment) => moment.isHealthyOn('v1') && moment.weights?.[0] === 0)
}

/** Told by the Ingress of an ALB, whose controller asks for such a port. */
function alb(strategy: Manifest, trafficRouting: Manifest = {}): readonly Manifest[] {
  const routing = { alb: { ingress: 'front', servicePort: 8080 }, ...trafficRouting }
  return [ingress('stable', { name: 'use-annotation' }), ...canary({ ...strategy, trafficRouting: routing })]
}

const FOUR = { replicas: 4 }
const DYNAMIC = {
  dynamicStableScale: true,
  steps: [{ setWeight: 50 }, { pause: {} }, { setWeight: 100 }, { pause: {} }],
}

export const routedCanaries: Cases = {
  'tells its router a weight when the pods for it are there and the canary Service selects them; all stable pods stay':
    async (scene) => {
      await running(scene)
      const deployed = await scene.deploy('v2')
      const gate = await scene.untilAtStep(1)
      assert.deepEqual([gate.weights, gate.scale('v1').available, gate.scale('v2').available], [[20, 80], 5, 1])
      await scene.promote()
      await scene.untilAtStep(3)
      const story = await scene.story(deployed)
      inOrder(
        story,
        ['a pod', (moment) => moment.scale('v2').available === 1],
        ['selected', (moment) => moment.behind('canary') === 'v2'],
        ['a weight', weighs(20, 80)],
        ['more pods', (moment) => moment.scale('v2').available === 3],
        ['more weight', weighs(60, 40)],
      )
      never(story, 'fewer stable pods', (moment) => moment.scale('v1').available < 5)
    },

  'at its end takes all of the weight before the stable Service moves, and the old pods stay for their delay': async (
    scene,
  ) => {
    await running(scene, { scaleDownDelaySeconds: 2 })
    await scene.atGate('v2')
    await scene.promote()
    await scene.untilAtStep(3)
    const promoted = await scene.promote()
    await scene.until('gone', (moment) => moment.isHealthyOn('v2') && moment.scale('v1').replicas === 0)
    const story = await scene.story(promoted)
    inOrder(
      story,
      ['all pods', (moment) => moment.scale('v2').available === 5],
      ['all of the weight', weighs(100, 0)],
      ['the stable Service', (moment) => moment.behind('stable') === 'v2'],
      ['v1 due to go', (moment) => moment.deadline('v1') !== undefined],
      ['v1 told to go', (moment) => moment.scale('v1').desired === 0],
    )
    never(story, 'an empty stable Service', (moment) => moment.ready('stable') === 0)
  },

  'aborted gives its weight and its Service back at once, and its pods stay for their delay': async (scene) => {
    await running(scene, { abortScaleDownDelaySeconds: 2 })
    await scene.atGate('v2')
    const asked = await scene.abort()
    await scene.until(
      'gone',
      (moment) => moment.isAborted && moment.scale('v2').replicas === 0 && moment.behind('canary') === 'v1',
    )
    const story = await scene.story(asked)
    const back = ['the Service back', (moment: Moment) => moment.behind('canary') === 'v1'] as const
    const gone = ['v2 told to go', (moment: Moment) => moment.scale('v2').desired === 0] as const
    inOrder(story, back, ['no weight', (moment) => moment.isAborted && weighs(0, 100)(moment)], gone)
    inOrder(story, back, ['v2 due to go', (moment) => moment.deadline('v2') !== undefined], gone)
    never(from(story, weighs(0, 100)), 'weight again', (moment) => moment.weights?.[0] !== 0)
  },

  'weighs by maxTrafficWeight': async (scene) => {
    await running(scene, {
      trafficRouting: { maxTrafficWeight: 1000 },
      steps: [{ setWeight: 50 }, { pause: {} }, { setWeight: 500 }, { pause: {} }],
    })
    const gate = await scene.atGate('v2')
    assert.deepEqual([gate.weights, gate.scale('v2').desired], [[50, 950], 1])
    await scene.promote()
    const half = await scene.untilAtStep(3)
    assert.deepEqual([half.weights, half.scale('v2').desired], [[500, 500], 3])
    await scene.promote()
    await scene.until('at its end', (moment) => moment.isHealthyOn('v2') && weighs(0, 1000)(moment))
  },

  'has no fewer pods than minPodsPerReplicaSet': async (scene) => {
    await running(scene, { minPodsPerReplicaSet: 2 })
    const gate = await scene.atGate('v2')
    assert.deepEqual([gate.weights, gate.scale('v2').available], [[20, 80], 2])
  },

  'with replicaProgressThreshold comes to its gate, and to its end, with part of its pods': async (scene) => {
    const replicaProgressThreshold = { type: 'Percent', value: 50 }
    await running(scene, { replicaProgressThreshold, steps: [{ setWeight: 40 }, { pause: {} }] })
    await scene.deploy({ name: 'v2', pods: 'unready' })
    await scene.release('v2', 1)
    const gate = await scene.untilAtStep(1)
    assert.deepEqual([gate.weights, gate.scale('v2').desired, gate.scale('v2').available], [[40, 60], 2, 1])
    await scene.promote()
    await scene.release('v2', 3)
    const end = await scene.until('stable', (moment) => moment.stable === 'v2' && moment.status.currentStepIndex === 2)
    assert.equal(end.scale('v2').available, 3)
  },

  'with dynamicStableScale leaves as many stable pods as they are sent users, none at weight 100': async (scene) => {
    await running(scene, DYNAMIC, FOUR)
    const deployed = await scene.deploy('v2')
    await scene.until('half', (moment) => moment.isPausedBy('CanaryPauseStep') && moment.scale('v1').replicas === 2)
    await scene.promote()
    const all = await scene.until(
      'all',
      (moment) =>
        moment.isPausedBy('CanaryPauseStep') &&
        moment.status.currentStepIndex === 3 &&
        moment.scale('v1').replicas === 0 &&
        moment.ready('stable') === 0,
    )
    assert.deepEqual([all.weights, all.scale('v2').available, all.behind('stable')], [[100, 0], 4, 'v1'])
    const story = await scene.story(deployed)
    never(
      story,
      'fewer stable pods than users need',
      (moment) => moment.scale('v1').available * 25 < (moment.weights?.[1] ?? 0),
    )
    never(
      story,
      'fewer canary pods than users need',
      (moment) => moment.scale('v2').available * 25 < (moment.weights?.[0] ?? 0),
    )
    await scene.promote()
    await scene.until(
      'at its end',
      (moment) => moment.isHealthyOn('v2') && moment.behind('stable') === 'v2' && weighs(0, 100)(moment),
    )
  },

  'with dynamicStableScale goes back as fast as stable pods come up': async (scene) => {
    await running(scene, DYNAMIC, FOUR)
    await scene.atGate('v2')
    await scene.promote()
    await scene.until(
      'all',
      (moment) =>
        moment.isPausedBy('CanaryPauseStep') &&
        moment.status.currentStepIndex === 3 &&
        moment.scale('v1').replicas === 0,
    )
    const asked = await scene.abort()
    await scene.until(
      'back',
      (moment) =>
        moment.isAborted &&
        weighs(0, 100)(moment) &&
        moment.scale('v2').replicas === 0 &&
        moment.behind('canary') === 'v1',
    )
    const story = await scene.story(asked)
    inOrder(
      story,
      ['aborted, all users on v2 still', (moment) => moment.isAborted && weighs(100, 0)(moment)],
      ['half of the stable pods', (moment) => moment.scale('v1').available >= 2],
      ['half of the users', weighs(50, 50)],
      ['all', weighs(0, 100)],
    )
    never(
      story,
      'fewer stable pods than users need',
      (moment) => moment.scale('v1').available * 25 < (moment.weights?.[1] ?? 0),
    )
  },

  'with dynamicStableScale and undone at weight 100 sends users back when the stable pods are up': async (scene) => {
    await running(scene, DYNAMIC, FOUR)
    await scene.atGate('v2')
    await scene.promote()
    await scene.until(
      'all',
      (moment) =>
        moment.isPausedBy('CanaryPauseStep') &&
        moment.status.currentStepIndex === 3 &&
        moment.scale('v1').replicas === 0,
    )
    const undone = await scene.deploy('v1')
    await scene.until(
      'back',
      (moment) => moment.isHealthyOn('v1') && weighs(0, 100)(moment) && moment.behind('canary') === 'v1',
    )
    never(
      await scene.story(undone),
      'fewer stable pods than users need',
      (moment) => moment.scale('v1').available * 25 < (moment.weights?.[1] ?? 0),
    )
  },

  'with a header route has a pod and its Service for whoever sends the header, at weight 0': async (scene) => {
    const match = [{ headerName: 'X-Beta', headerValue: { exact: 'yes' } }]
    const steps = [
      { setCanaryScale: { replicas: 2 } },
      { setHeaderRoute: { name: 'beta', match } },
      { pause: {} },
      { setCanaryScale: { matchTrafficWeight: true } },
      { setWeight: 20 },
      { pause: {} },
    ]
    await scene.running(alb({ steps }, { managedRoutes: [{ name: 'beta' }] }))
    await scene.deploy('v2')
    const gate = await scene.untilAtStep(2)
    assert.deepEqual(
      [gate.weights, gate.scale('v2').available, gate.behind('canary'), gate.ready('canary')],
      [[0, 100], 2, 'v2', 2],
    )
    await scene.promote()
    const next = await scene.untilAtStep(5)
    assert.deepEqual([next.weights, next.scale('v2').available], [[20, 80], 1])
  },

  'in an experiment with a weight of its own sends that much less to the stable pods': async (scene) => {
    const templates = [
      { name: 'baseline', specRef: 'stable', weight: 5 },
      { name: 'trial', specRef: 'canary', weight: 10 },
    ]
    const experiment = { duration: '3s', templates }
    const { metadata, spec } = template('v1') as any
    const ports = { metadata, spec: { containers: [{ ...spec.containers[0], ports: [{ containerPort: 8080 }] }] } }
    const [front, ...others] = alb({ steps: [{ setWeight: 20 }, { experiment }, { pause: {} }] })
    const app = others.pop()!
    await scene.running([front!, ...others, { ...app, spec: { ...app['spec'], template: ports } }])
    await scene.spec({
      op: 'replace',
      path: '/spec/template',
      value: { ...ports, metadata: { ...metadata, annotations: { ...metadata.annotations, version: 'v2' } } },
    })
    const beside = await scene.until('weighed', (moment) => moment.status.canary?.weights?.additional?.length === 2)
    const { additional } = beside.status.canary.weights
    assert.deepEqual(
      [beside.weights, additional.map(({ weight }: Manifest) => weight)],
      [
        [20, 65],
        [5, 10],
      ],
    )
    const known = new Set([beside.status.stableRS, beside.status.currentPodHash])
    const strange = beside
      .all('pods')
      .filter(({ metadata }) => !known.has(metadata.labels?.['rollouts-pod-template-hash']))
    assert.equal(strange.length, 2)
    const gate = await scene.untilAtStep(2)
    await scene.until(
      'as before',
      (moment) => weighs(20, 80)(moment) && moment.status.canary.weights.additional === undefined,
    )
    assert.equal(gate.scale('v2').available, 1)
  },
}
