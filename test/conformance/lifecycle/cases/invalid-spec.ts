import assert from 'node:assert/strict'
import { blueGreen, canary, rollout, service, template, type Manifest } from '../manifests.ts'
import type { Moment } from '../moment.ts'
import type { Cases } from '../play.ts'
import type { Scene } from '../scene.ts'
import { never } from '../story.ts'

/** What is said of a Rollout that is new, or of a running one whose strategy becomes this. */
async function said(scene: Scene, manifests: readonly Manifest[]): Promise<string> {
  await scene.create(...manifests)
  return sentence(await scene.until('invalid', isInvalid))
}

const isInvalid = (moment: Moment): boolean =>
  moment.phase === 'Degraded' &&
  moment.status.observedGeneration === String(moment.rollout.metadata.generation) &&
  conditionOf(moment.status) !== undefined

const conditionOf = (status: any): { message: string } | undefined =>
  status.conditions?.find(({ type }: { type: string }) => type === 'InvalidSpec')

/** The message, which is the condition's. */
function sentence({ status, versions }: Moment): string {
  assert.deepEqual([status.message, versions], [`InvalidSpec: ${conditionOf(status)!.message}`, []])
  return status.message
}

const templates = { templates: [{ templateName: 'smoke' }] }
const nginx = { trafficRouting: { nginx: { stableIngress: 'front' } } }

export const invalidSpec: Cases = {
  'says at once which Service is missing, and makes no ReplicaSet': async (scene) => {
    const [active, , app] = blueGreen()
    assert.equal(
      await said(scene, [active!, app!]),
      'InvalidSpec: The Rollout "app" is invalid: spec.strategy.blueGreen.previewService: Invalid value: "preview": service "preview" not found',
    )
    await scene.create(service('preview'))
    await scene.untilHealthyOn('v1')
  },

  'says which AnalysisTemplate is missing': async (scene) => {
    assert.equal(
      await said(scene, blueGreen({ postPromotionAnalysis: templates })),
      'InvalidSpec: The Rollout "app" is invalid: spec.strategy.blueGreen.postPromotionAnalysis.templates: Invalid value: "smoke": AnalysisTemplate \'smoke\' not found',
    )
  },

  'says which AnalysisTemplate of a step is missing': async (scene) => {
    assert.equal(
      await said(scene, canary({ steps: [{ setWeight: 20 }, { analysis: templates }] })),
      'InvalidSpec: The Rollout "app" is invalid: spec.strategy.canary.steps[1].analysis.templates: Invalid value: "smoke": AnalysisTemplate \'smoke\' not found',
    )
  },

  'says which Ingress is missing': async (scene) => {
    assert.match(
      await said(scene, canary(nginx)),
      /^InvalidSpec: The Rollout "app" is invalid: spec\.strategy\.canary\.trafficRouting\.nginx\.stableIngress: Invalid value: "front": .*"front" not found$/,
    )
  },

  'says that a Service selects other pods': async (scene) => {
    const other = { ...service('active'), spec: { selector: { app: 'app', tier: 'x' }, ports: [{ port: 8080 }] } }
    assert.equal(
      await said(scene, [other, ...blueGreen().slice(1)]),
      'InvalidSpec: The Rollout "app" is invalid: spec.strategy.blueGreen.activeService: Invalid value: "active": Service "active" has unmatch label "tier" in rollout',
    )
  },

  'says that its selector does not match its own pods': async (scene) => {
    const [active, preview] = blueGreen()
    const { strategy } = blueGreen()[2]!['spec']
    const mismatched = rollout({
      replicas: 2,
      strategy,
      selector: { matchLabels: { app: 'other' } },
      template: template('v1'),
    })
    assert.match(
      await said(scene, [active!, preview!, mismatched]),
      /^InvalidSpec: The Rollout "app" is invalid: spec\.template\.metadata\.labels: Invalid value: .*: `selector` does not match template `labels`$/,
    )
  },

  'says that both its Services are one': async (scene) => {
    assert.match(
      await said(scene, blueGreen({ previewService: 'active' })),
      /This rollout uses the same service for the active and preview services, but two different services are required\.$/,
    )
  },

  'says that a weight is none': async (scene) => {
    assert.match(
      await said(scene, canary({ steps: [{ setWeight: 120 }] })),
      /spec\.strategy\.steps\[0\]\.setWeight: Invalid value: 120: SetWeight needs to be between 0 and 100$/,
    )
  },

  'says that its router mirrors nothing': async (scene) => {
    const steps = [{ setMirrorRoute: { name: 'copy', percentage: 50 } }]
    const mirroring = { steps, trafficRouting: { ...nginx.trafficRouting, managedRoutes: [{ name: 'copy' }] } }
    assert.match(
      await said(scene, canary(mirroring)),
      /spec\.strategy\.steps\[0\]\.setMirrorRoute: Invalid value: .*: SetMirrorRoute requires TrafficRouting, supports Istio and Plugins$/,
    )
  },

  'says that a VirtualService is missing': async (scene) => {
    assert.match(
      await said(scene, canary({ trafficRouting: { istio: { virtualService: { name: 'mesh' } } } })),
      /spec\.strategy\.canary\.trafficRouting\.istio\.virtualService\.name: Invalid value: "mesh": (the server could not find the requested resource|virtualservices.*"mesh" not found)$/,
    )
  },

  'leaves a Service to the Rollout that had it first': async (scene) => {
    const healthy = await scene.running(blueGreen())
    const labels = { app: 'app', part: 'other' }
    const { metadata, ...rest } = template('v1')
    const spec = {
      replicas: 1,
      selector: { matchLabels: labels },
      template: { ...rest, metadata: { ...metadata, labels } },
    }
    const strategy = {
      blueGreen: { activeService: 'active', previewService: 'other-preview', autoPromotionEnabled: false },
    }
    await scene.create(service('other-preview'), rollout({ ...spec, strategy }, { name: 'other' }))
    const invalid = await scene.until(
      'the other is invalid',
      (moment) => moment.find('rollouts', 'other')?.['status']?.phase === 'Degraded',
    )
    assert.equal(
      invalid.get('rollouts', 'other')['status'].message,
      'InvalidSpec: The Rollout "other" is invalid: spec.strategy.blueGreen.activeService: Invalid value: "active": Service "active" is managed by another Rollout',
    )
    await scene.atGate('v2')
    never(
      await scene.story(healthy.rollout),
      'users moved',
      (moment) => moment.behind('active') !== 'v1' || moment.ready('active') !== 2,
    )
  },

  'keeps its pods, and who is behind its Services': async (scene) => {
    const { rollout: healthy } = await scene.running(blueGreen())
    await scene.spec({ op: 'add', path: '/spec/strategy/blueGreen/prePromotionAnalysis', value: templates })
    await scene.until('invalid', isInvalid)
    const deployed = await scene.deploy('v2')
    await scene.until('invalid still', isInvalid)
    never(
      await scene.story(healthy),
      'pods gone',
      (moment) => moment.ready('active') !== 2 || moment.behind('active') !== 'v1',
    )
    never(await scene.story(deployed), 'a new ReplicaSet', (moment) => moment.versions.length > 1)
  },
}
