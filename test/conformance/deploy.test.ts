import assert from 'node:assert/strict'
import { plane } from './plane.ts'
import { startProber } from './prober.ts'
import { note } from './releases/ledger.ts'
import { said } from './releases/scene.ts'
import { apply, applyExample, freshNamespace, pathOf, runPlugin, waitFor, waitForPhase } from './support.ts'

const MEMBERS = ['my-backend', 'my-frontend']
const HASH = 'rollouts-pod-template-hash'

/** The example's manifests, as the user's kubectl renders them; old pods go soon. */
async function rendered(folder: string): Promise<string> {
  const { stdout } = await plane().kubectl(['kustomize', `examples/legacy/${folder}`])
  return stdout.replaceAll('autoPromotionEnabled: false', 'autoPromotionEnabled: false\n      scaleDownDelaySeconds: 5')
}

describe('deploy-all', function () {
  this.timeout('4m')
  let namespace: string
  beforeEach(async () => {
    namespace = await freshNamespace(plane(), 'deploy')
  })

  const deployAll = (input: string, ...more: string[]) =>
    runPlugin(plane(), ['deploy-all', 'loan', '-n', namespace, '-f', '-', '--yes', ...more], { input })
  const shown = async () =>
    Promise.all(
      MEMBERS.map(async (name) => {
        const { metadata, status } = await plane().api.get(`${pathOf('rollouts', namespace)}/${name}`)
        return [metadata.generation, status.phase, status.message]
      }),
    )

  it('deploys a release that promote-all finishes: no request meets two versions or an empty Service', async () => {
    await apply(plane(), namespace, await rendered('v1'))
    await Promise.all(MEMBERS.map((name) => waitForPhase(plane(), namespace, name, 'Healthy')))
    const prober = await startProber(plane(), { namespace, entryService: 'frontend-active' })
    const run = await deployAll(await rendered('v2'))
    assert.equal(run.code, 0, said(run))
    const gates = await shown()
    assert.deepEqual(
      gates.map(([, phase, message]) => [phase, message]),
      MEMBERS.map(() => ['Paused', 'BlueGreenPause']),
    )
    const services = (await plane().api.get(pathOf('services', namespace)))['items']
    assert.ok(services.every((each: any) => each.spec.selector[HASH] !== undefined))
    const again = await deployAll(await rendered('v2'))
    assert.equal(again.code, 0, said(again))
    assert.deepEqual(await shown(), gates, 'a second run writes nothing')
    const promoted = await runPlugin(plane(), ['promote-all', 'loan', '-n', namespace, '--yes'])
    assert.equal(promoted.code, 0, said(promoted))
    const report = await prober.stop()
    const { mixed, empty, mixedOld, emptyOld } = report
    note('deploy-all and promote-all', report, mixed + empty + mixedOld + emptyOld === 0 ? 'clean' : 'MISSED')
    assert.deepEqual({ mixed, empty, mixedOld, emptyOld }, { mixed: 0, empty: 0, mixedOld: 0, emptyOld: 0 })
  })

  it('wires each of two releases to Services of its own: no request meets two versions or an empty Service', async () => {
    const plain = async (version: string) =>
      (await rendered('v2'))
        .replaceAll('2.0', version)
        .replaceAll('backend-preview"', 'backend-active"')
        .replaceAll('BACKEND_HOST: backend-preview', 'BACKEND_HOST: backend-active')
        .replaceAll(/my-frontend-settings-\w+/g, `my-frontend-settings-${version.replace('.', '-')}`)
    await apply(plane(), namespace, await rendered('v1'))
    await Promise.all(MEMBERS.map((name) => waitForPhase(plane(), namespace, name, 'Healthy')))
    const prober = await startProber(plane(), { namespace, entryService: 'frontend-active' })
    for (const version of ['2.0', '3.0']) {
      const run = await deployAll(await plain(version))
      assert.equal(run.code, 0, said(run))
      assert.match(run.stderr, new RegExp(`wired pinned, release ${version}`))
      const promoted = await runPlugin(plane(), ['promote-all', 'loan', '-n', namespace, '--yes'])
      assert.equal(promoted.code, 0, said(promoted))
    }
    const report = await prober.stop()
    const { mixed, empty, mixedOld, emptyOld } = report
    note('two pinned deploys', report, mixed + empty + mixedOld + emptyOld === 0 ? 'clean' : 'MISSED')
    assert.deepEqual({ mixed, empty, mixedOld, emptyOld }, { mixed: 0, empty: 0, mixedOld: 0, emptyOld: 0 })
    await survivesItsReplicaSet('my-backend-3-0')
  })

  /** A habit to unstick: the ReplicaSet is made anew under another uid, and what it owned would be collected. */
  async function survivesItsReplicaSet(service: string): Promise<void> {
    const { status } = await plane().api.get(`${pathOf('rollouts', namespace)}/my-backend`)
    const set = `${pathOf('replicasets', namespace)}/my-backend-${status.stableRS}`
    const { uid } = (await plane().api.get(set))['metadata']
    await plane().api.request('DELETE', set)
    await waitFor(
      plane(),
      'replicasets',
      namespace,
      `my-backend-${status.stableRS}`,
      (found) => found.metadata['uid'] !== uid && found['status'].availableReplicas > 0,
    )
    const { metadata } = await plane().api.get(`${pathOf('services', namespace)}/${service}`)
    assert.deepEqual(
      metadata.ownerReferences.map((each: { kind: string; name: string }) => `${each.kind} ${each.name}`),
      ['Rollout my-backend'],
    )
  }

  it('tries again what was aborted where the same files are deployed', async () => {
    await apply(plane(), namespace, await rendered('v1'))
    await Promise.all(MEMBERS.map((name) => waitForPhase(plane(), namespace, name, 'Healthy')))
    const files = await rendered('v2')
    for (const line of ['abort-all', 'promote-all']) {
      const run = await deployAll(files)
      assert.equal(run.code, 0, said(run))
      const then = await runPlugin(plane(), [line, 'loan', '-n', namespace, '--yes'])
      assert.equal(then.code, 0, said(then))
    }
  })

  it('brings up a group that was not there', async () => {
    const run = await deployAll(await rendered('v1'))
    assert.equal(run.code, 0, said(run))
    assert.deepEqual(
      (await shown()).map(([, phase]) => phase),
      ['Healthy', 'Healthy'],
    )
  })

  it('leaves alone what was applied on the server before, by whomever that was', async () => {
    await applyExample(plane(), namespace, 'legacy/v1')
    await Promise.all(MEMBERS.map((name) => waitForPhase(plane(), namespace, name, 'Healthy')))
    const files = await rendered('v2')
    const { code, stderr } = await plane().kubectl(
      ['-n', namespace, 'apply', '--server-side', '--force-conflicts', '-f', '-'],
      { input: await rendered('v1') },
    )
    assert.equal(code, 0, stderr)
    await Promise.all(MEMBERS.map((name) => waitForPhase(plane(), namespace, name, 'Healthy')))
    const run = await deployAll(files)
    assert.equal(run.code, 0, said(run))
  })
})
