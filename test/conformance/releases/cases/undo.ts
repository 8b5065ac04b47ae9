import type { Cases } from '../play.ts'
import type { Scene } from '../scene.ts'
import { chain, pair } from '../worlds.ts'

/** 2.0 is live by a promotion of ours, and its users are watched from then on. */
async function promoted(scene: Scene): Promise<Awaited<ReturnType<Scene['probe']>>> {
  await scene.running()
  await scene.waiting()
  await scene.succeeds('promote-all')
  await scene.isOn('2.0')
  return scene.probe()
}

/** Back to 1.0, and from there to 2.0 again. */
const thereAndBack = async (scene: Scene): Promise<void> => {
  const probe = await promoted(scene)
  await scene.succeeds('undo-all')
  await scene.isOn('1.0')
  await scene.succeeds('undo-all')
  await scene.isOn('2.0')
  await probe.clean()
}

export const undos: Cases = {
  'a finished release in the preview wiring, right after its end, and back again': [pair(), thereAndBack],

  'a finished release while old pods still run': [
    pair({ strategy: { scaleDownDelaySeconds: 15 } }, { strategy: { scaleDownDelaySeconds: 15 } }),
    async (scene) => {
      const probe = await promoted(scene)
      await scene.succeeds('undo-all')
      await scene.isOn('1.0')
      await probe.clean()
    },
  ],

  'a finished release with a rollbackWindow': [
    pair({ spec: { rollbackWindow: { revisions: 3 } } }, { spec: { rollbackWindow: { revisions: 3 } } }),
    async (scene) => {
      const probe = await promoted(scene)
      await scene.succeeds('undo-all')
      await scene.isOn('1.0')
      await probe.clean()
    },
  ],

  'a finished release of five tiers': [
    chain,
    async (scene) => {
      const probe = await promoted(scene)
      await scene.succeeds('undo-all')
      await scene.isOn('1.0')
      await probe.clean()
    },
  ],
}
