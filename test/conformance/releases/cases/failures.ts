import assert from 'node:assert/strict'
import type { KubeObject } from '../../../controlplane/api.ts'
import { analysis } from '../manifests.ts'
import type { Cases } from '../play.ts'
import { said, type Scene } from '../scene.ts'
import { CANARY, pair } from '../worlds.ts'

const NEVER = (version: string) => (version === '2.0' ? { 'pod-ready.stage.kwok.x-k8s.io/never': 'true' } : {})
const postPromotion = (templateName: string) => ({ postPromotionAnalysis: { templates: [{ templateName }] } })

/** One pod of 2.0 is not ready any more, and its ReplicaSet says so. */
async function loseFrontendPod(scene: Scene): Promise<KubeObject> {
  const [pod] = await scene.pods('frontend', '2.0')
  await scene.setReady(pod!, false)
  await scene.until(
    'replicasets',
    pod!.metadata.ownerReferences![0]!.name,
    ({ status }) => status.availableReplicas === 1,
  )
  return pod!
}

/** A frontend 2.0 that users are on while its analysis runs, one of its pods not ready any more. */
async function halfway(scene: Scene): Promise<void> {
  await scene.apply(analysis('smoke-test', 0, '1h'))
  await scene.running()
  await scene.waiting()
  await scene.official('promote', 'frontend')
  await scene.until('rollouts', 'frontend', ({ status }) => status.blueGreen.activeSelector === status.currentPodHash)
  await loseFrontendPod(scene)
}

export const failures: Cases = {
  'a frontend that never becomes ready: the time is up, and nothing was promoted': [
    pair({ pods: NEVER }),
    async (scene) => {
      await scene.running()
      const probe = await scene.probe()
      await scene.deploy('2.0')
      const run = await scene.plugin('promote-all', '--yes', '--timeout=12s')
      assert.equal(run.code, 6, said(run))
      assert.match(run.stdout, /frontend/)
      assert.deepEqual(await scene.writes(), [])
      await scene.isOn('1.0')
      await probe.clean()
    },
  ],

  'a frontend past its deadline: refused, and withdrawn': [
    pair({ pods: NEVER, spec: { progressDeadlineSeconds: 3 } }),
    async (scene) => {
      await scene.running()
      const probe = await scene.probe()
      await scene.deploy('2.0')
      await scene.until('rollouts', 'frontend', ({ status }) => status.phase === 'Degraded')
      const run = await scene.write('promote-all')
      assert.equal(run.code, 3, said(run))
      assert.match(run.stderr, /degraded/)
      assert.deepEqual(await scene.writes(), [])
      await scene.succeeds('abort-all')
      await scene.isOn('1.0')
      await probe.clean()
    },
  ],

  'a post-promotion analysis that fails on the entry: users are back, the backend stays, the release is withdrawn': [
    pair({ strategy: postPromotion('smoke-test') }),
    async (scene) => {
      await scene.apply(analysis('smoke-test', 1))
      await scene.running()
      const probe = await scene.probe()
      await scene.waiting()
      const run = await scene.write('promote-all')
      assert.notEqual(run.code, 0, said(run))
      await scene.until('rollouts', 'frontend', ({ status }) => status.phase === 'Degraded' && status.abort)
      assert.deepEqual(await scene.writes(), ['rollouts/status frontend'])
      await scene.isOn('1.0')
      await scene.succeeds('abort-all')
      await scene.isOn('1.0')
      await probe.clean()
    },
  ],

  'half promoted, within the delay: users are brought back, their last requests end, and the backend is withdrawn': [
    pair({ strategy: { scaleDownDelaySeconds: 20 } }),
    async (scene) => {
      await scene.running()
      const probe = await scene.probe()
      await scene.waiting()
      await scene.succeeds('promote-all', '--only=frontend')
      await scene.succeeds('abort-all', '--undo-promoted')
      await scene.isOn('1.0')
      await probe.clean()
    },
  ],

  'an abort after the cutover, one pod unready: users are put back, never without an endpoint': [
    pair({ strategy: postPromotion('smoke-test') }),
    async (scene) => {
      await halfway(scene)
      const probe = await scene.probe()
      await scene.succeeds('abort-all')
      await scene.isOn('1.0')
      await probe.clean()
    },
  ],

  "an outage after the controller's own abort, one pod unready: cured": [
    pair({ strategy: postPromotion('smoke-test') }),
    async (scene) => {
      await halfway(scene)
      await scene.official('abort', 'frontend')
      await scene.endpoints('frontend-active', (ready) => ready === 0)
      const probe = await scene.probe()
      await scene.succeeds('abort-all')
      await scene.isOn('1.0')
      const { timeline } = await probe.end('outage cured')
      assert.ok(timeline[0]!.empty > 0, 'users had nothing before')
      const { mixed, empty, mixedOld, emptyOld } = timeline.at(-1)!
      assert.deepEqual({ mixed, empty, mixedOld, emptyOld }, { mixed: 0, empty: 0, mixedOld: 0, emptyOld: 0 })
    },
  ],

  'a next backend under a live frontend left on backend-preview: put back, users never lose it': [
    pair(),
    async (scene) => {
      await scene.running()
      await scene.waiting()
      await scene.succeeds('promote-all')
      await scene.waiting('3.0', 'next', ['backend'])
      const probe = await scene.probe()
      await scene.succeeds('abort-all')
      const { timeline, empty, emptyOld } = await probe.end('put back')
      assert.ok(timeline[0]!.mixed > 0, 'users were on 3.0 before')
      assert.deepEqual([timeline.at(-1)!.mixed, empty, emptyOld], [0, 0, 0], JSON.stringify(timeline))
      await scene.isOn('2.0')
    },
  ],

  'a background analysis of the dependency that fails in the middle: foreseen; its users are led out of the mix it leaves':
    [
      pair(CANARY, {
        ...CANARY,
        strategy: { analysis: { templates: [{ templateName: 'smoke-test' }], startingStep: 2 } },
      }),
      async (scene) => {
        await scene.apply(analysis('smoke-test', 1))
        await scene.running()
        const probe = await scene.probe()
        await scene.waiting()
        const foreseen = await scene.plugin('check')
        assert.equal(foreseen.code, 3, said(foreseen))
        assert.match(foreseen.stdout, /may-abort-itself .*users of frontend/)
        const refused = await scene.write('promote-all')
        assert.equal(refused.code, 3, said(refused))
        assert.deepEqual(await scene.writes(), [])

        await scene.official('promote', 'backend')
        const aborted = await scene.until(
          'rollouts',
          'backend',
          ({ status }) => status.phase === 'Degraded' && status.abort,
        )
        assert.match(aborted['status'].message, /Background analysis phase error\/failed/)
        await scene.endpoints('backend-canary', (ready) => ready === 5)
        const mixed = await scene.plugin('get-group')
        assert.match(mixed.stdout, /two versions/)
        assert.match(mixed.stdout, /Next: .* abort-all /)
        await scene.succeeds('abort-all')
        await scene.isOn('1.0')
        const { timeline, empty, emptyOld } = await probe.end('led out')
        assert.deepEqual([timeline.at(-1)!.mixed, empty, emptyOld], [0, 0, 0], JSON.stringify(timeline))
        assert.ok(
          timeline.some((each) => each.mixed > 0),
          'nobody has met two versions',
        )
      },
    ],

  'a preview that has lost a pod is waited for, then promoted': [
    pair(),
    async (scene) => {
      await scene.running()
      const probe = await scene.probe()
      await scene.waiting()
      const pod = await loseFrontendPod(scene)
      const short = await scene.plugin('promote-all', '--yes', '--timeout=8s')
      assert.equal(short.code, 6, said(short))
      assert.deepEqual(await scene.writes(), [])
      await scene.setReady(pod, true)
      await scene.succeeds('promote-all')
      await scene.isOn('2.0')
      await probe.clean()
    },
  ],
}
