import assert from 'node:assert/strict'
import { ApiError } from '../../../controlplane/api.ts'
import { blueGreen, type Manifest, manifestPath, service } from '../manifests.ts'
import type { Cases } from '../play.ts'
import type { Scene } from '../scene.ts'

function apply(scene: Scene, manifest: Manifest, { force }: { readonly force: boolean }): Promise<any> {
  const path = `${manifestPath(manifest, scene.namespace)}/${manifest['metadata'].name}`
  return scene.api.request(
    'PATCH',
    `${path}?fieldManager=group&force=${force}`,
    manifest,
    'application/apply-patch+yaml',
  )
}

const refused = (words: RegExp) => (error: unknown) =>
  error instanceof ApiError && error.status === 409 && words.test(error.message)

const [, , app] = blueGreen()
const container = app!['spec'].template.spec.containers[0]
/** The Rollout with variables of its container, and no more than that. */
const variables = (values: Manifest): Manifest => ({
  apiVersion: app!['apiVersion'],
  kind: 'Rollout',
  metadata: { name: 'app' },
  spec: {
    template: {
      spec: { containers: [{ name: 'app', env: Object.entries(values).map(([name, value]) => ({ name, value })) }] },
    },
  },
})
const withVariables = (values: Manifest): Manifest => ({
  ...app!['spec'].template,
  spec: { containers: [{ ...container, env: variables(values)['spec'].template.spec.containers[0].env }] },
})

const namesIn = ({ spec }: any): string[] =>
  spec.template.spec.containers[0].env.map(({ name, value }: Manifest) => `${name}=${value}`).toSorted()

export const serverSideApplies: Cases = {
  "of a Service that a Rollout names is refused: its selector is the controller's": async (scene) => {
    await scene.running(blueGreen())
    await assert.rejects(
      apply(scene, service('active'), { force: false }),
      refused(/Apply failed with 1 conflict: conflict with \\"rollouts-controller\\" using v1: \.spec\.selector/),
    )
  },

  'of it by force leaves it on every revision, until the Rollout is looked at again, which promotes it past its gate':
    async (scene) => {
      await scene.running(blueGreen())
      await scene.atGate('v2')
      // What its own writes have let the controller look at once more is over then, on a busy machine, too.
      await scene.pass('10s', 'rest')
      await apply(scene, service('active'), { force: true })
      const mixed = await scene.until('on both', (moment) => moment.ready('active') === 4)
      assert.deepEqual(mixed.get('services', 'active')['spec'].selector, { app: 'app' })
      const later = await scene.pass('3s')
      assert.equal(later.ready('active'), 4)
      await scene.spec({ op: 'add', path: '/metadata/annotations/look', value: 'again' })
      await scene.untilHealthyOn('v2')
    },

  'of one variable of a container takes that one from whoever had it, and nothing else': async (scene) => {
    await scene.running(blueGreen({}, { template: withVariables({ A: 'a', BACKEND_HOST: 'live' }) }))
    await assert.rejects(
      apply(scene, variables({ BACKEND_HOST: 'next' }), { force: false }),
      refused(
        /Apply failed with 1 conflict: conflict with .*: \.spec\.template\.spec\.containers\[name=\\+"app\\+"\]\.env\[name=\\+"BACKEND_HOST\\+"\]\.value/,
      ),
    )
    const applied = await apply(scene, variables({ BACKEND_HOST: 'next' }), { force: true })
    assert.deepEqual(namesIn(applied), ['A=a', 'BACKEND_HOST=next'])
    assert.equal(applied.spec.template.spec.containers[0].image, 'app')
    // The entry stays: whoever made it has its name still.
    const dropped = await apply(scene, variables({}), { force: false })
    assert.deepEqual(namesIn(dropped), ['A=a', 'BACKEND_HOST=undefined'])
  },
}
