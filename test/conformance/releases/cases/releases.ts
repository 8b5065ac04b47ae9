import assert from 'node:assert/strict'
import type { Cases } from '../play.ts'
import { analysis } from '../manifests.ts'
import { said, type Scene } from '../scene.ts'
import { canaries, chain, diamond, mixture, pair } from '../worlds.ts'

/** Version 1.0 is live and probed, 2.0 waits, and is promoted to the end. */
const released =
  (...args: readonly string[]) =>
  async (scene: Scene): Promise<void> => {
    await scene.running()
    const probe = await scene.probe()
    await scene.waiting()
    await scene.succeeds('promote-all', ...args)
    await scene.isOn('2.0')
    await probe.clean()
  }

const delay = (seconds: string) => ({ 'pod-ready.stage.kwok.x-k8s.io/delay': seconds })

const LINGERING = { 'pod-delete.stage.kwok.x-k8s.io/delay': '5s' }

const GROWING = pair({
  strategy: { previewReplicaCount: 1 },
  pods: (version) => (version === '2.0' ? delay('4s') : {}),
})

/** The frontend is promoted by hand, and has not all its pods yet: an abort does not take the promote back. */
async function growing(scene: Scene): Promise<void> {
  await scene.waiting()
  await scene.official('promote', 'frontend')
  await scene.until('rollouts', 'frontend', ({ status }) => status.blueGreen.scaleUpPreviewCheckPoint)
}

export const releases: Cases = {
  'a pair': [pair(), released()],
  'a chain of five': [chain, released()],
  'a diamond': [diamond, released()],
  'canaries in lockstep, gate after gate': [canaries, released('--to-end')],
  'a canary frontend over a blue/green backend': [mixture, released('--to-end')],
  'a frontend that must first start pods, which takes 20 s': [
    pair({ strategy: { previewReplicaCount: 1 }, pods: (version) => (version === '2.0' ? delay('20s') : {}) }),
    released(),
  ],
  'pods that take 5 s to terminate': [pair({ pods: LINGERING }, { pods: LINGERING }), released()],

  'an analysis of 10 s after the cutover that passes: waited for, and the backend follows': [
    pair({ strategy: { postPromotionAnalysis: { templates: [{ templateName: 'smoke-test' }] } } }),
    async (scene) => {
      await scene.apply(analysis('smoke-test', 0, '10s'))
      await scene.running()
      const probe = await scene.probe()
      await scene.waiting()
      await scene.succeeds('promote-all')
      await scene.isOn('2.0')
      await probe.clean()
    },
  ],

  'an alias that leads to the live backend: refused; one that leads to the next: promoted': [
    pair({ byAlias: true }),
    async (scene) => {
      await scene.running()
      const probe = await scene.probe()
      await scene.waiting('2.0', 'live')
      const refused = await scene.write('promote-all')
      assert.equal(refused.code, 3, said(refused))
      assert.match(refused.stderr + refused.stdout, /next-wired-to-live/)
      await scene.waiting('3.0')
      await scene.succeeds('promote-all')
      await scene.isOn('3.0')
      await probe.clean()
    },
  ],

  'previews of different speed, promoted as soon as they are applied': [
    pair({ pods: delay('1s') }, { pods: (version) => (version === '2.0' ? delay('8s') : {}) }),
    async (scene) => {
      await scene.running()
      const probe = await scene.probe()
      await scene.deploy('2.0')
      const run = await scene.succeeds('promote-all')
      assert.match(run.stderr, /backend/)
      await scene.isOn('2.0')
      await probe.clean()
    },
  ],

  "Services of each release's own, two releases in a row": [
    pair(),
    async (scene) => {
      await scene.running('1.0', 'pinned')
      const probe = await scene.probe()
      for (const version of ['2.0', '3.0']) {
        await scene.waiting(version, 'pinned')
        await scene.succeeds('promote-all')
        await scene.isOn(version)
      }
      await probe.clean()
    },
  ],

  'previewReplicaCount, aborted, retried and promoted': [
    pair({ strategy: { previewReplicaCount: 1 } }),
    async (scene) => {
      await scene.running()
      const probe = await scene.probe()
      await scene.waiting()
      await scene.succeeds('abort-all')
      await scene.isOn('1.0')
      for (const name of scene.members) await scene.official('retry', 'rollout', name)
      await scene.atGates()
      await scene.succeeds('promote-all')
      await scene.isOn('2.0')
      await probe.clean()
    },
  ],

  'previewReplicaCount, aborted by hand while the frontend grows, retried: it is live at once, and the backend follows':
    [
      GROWING,
      async (scene) => {
        await scene.running()
        const probe = await scene.probe()
        await growing(scene)
        await scene.official('abort', 'frontend')
        await scene.until('rollouts', 'frontend', ({ status }) => status.abortedAt)
        await scene.official('retry', 'rollout', 'frontend')
        await scene.until('rollouts', 'frontend', ({ status }) => status.stableRS === status.currentPodHash)
        await scene.succeeds('promote-all')
        await scene.isOn('2.0')
        await probe.clean()
      },
    ],

  'previewReplicaCount, withdrawn while the frontend grows, the next version promoted': [
    GROWING,
    async (scene) => {
      await scene.running()
      const probe = await scene.probe()
      await growing(scene)
      await scene.succeeds('abort-all')
      await scene.isOn('1.0')
      await scene.waiting('3.0')
      await scene.succeeds('promote-all')
      await scene.isOn('3.0')
      await probe.clean()
    },
  ],
}
