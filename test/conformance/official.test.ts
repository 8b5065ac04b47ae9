import assert from 'node:assert/strict'
import { plane } from './plane.ts'
import { startFaultProxy } from './releases/fault-proxy.ts'
import { applyExample, freshNamespace, pathOf, runOfficialPlugin, waitFor, waitForPhase } from './support.ts'

describe('the official promote of a Rollout that is paused by hand', () => {
  it('says promoted, though the controller has forgotten its first write before the second un-pauses', async () => {
    const namespace = await freshNamespace(plane(), 'official')
    const backend = (predicate: Parameters<typeof waitFor>[4]) =>
      waitFor(plane(), 'rollouts', namespace, 'my-backend', predicate)
    await applyExample(plane(), namespace, 'legacy/v1/backend')
    await waitForPhase(plane(), namespace, 'my-backend', 'Healthy')
    await applyExample(plane(), namespace, 'legacy/v2/backend')
    const gate = await waitForPhase(plane(), namespace, 'my-backend', 'Paused')
    await plane().api.request(
      'PATCH',
      `${pathOf('rollouts', namespace)}/my-backend`,
      { spec: { paused: true } },
      'application/merge-patch+json',
    )
    await backend(({ status }) => status.message === 'manually paused')

    await using proxy = await startFaultProxy(plane(), async ({ method, path }) => {
      if (method === 'PATCH' && path.endsWith('/my-backend')) await backend(({ status }) => !status.controllerPause)
      return undefined
    })
    const promote = await runOfficialPlugin(plane(), [
      '--kubeconfig',
      proxy.kubeconfig,
      '-n',
      namespace,
      'promote',
      'my-backend',
    ])
    assert.equal(promote.stdout, "rollout 'my-backend' promoted\n", promote.stderr)
    const back = await backend(
      ({ spec, status }) => !spec.paused && status.pauseConditions?.[0]?.reason === 'BlueGreenPause',
    )
    assert.deepEqual(
      [back['status'].currentPodHash, back['status'].stableRS],
      [gate['status'].currentPodHash, gate['status'].stableRS],
    )
  })
})
