import assert from 'node:assert/strict'
import { watchUntil } from '../controlplane/watch-until.ts'
import { plane } from './plane.ts'
import { startProber, type Report } from './prober.ts'
import { note } from './releases/ledger.ts'
import { applyExample, freshNamespace, pathOf, runOfficialPlugin, waitFor, waitForPhase } from './support.ts'

describe('the prober', function () {
  this.timeout('2m')
  let namespace: string
  beforeEach(async () => {
    namespace = await freshNamespace(plane(), 'prober')
  })

  const patch = async (name: string, spec: unknown): Promise<void> => {
    const { code, stderr } = await plane().kubectl([
      '-n',
      namespace,
      'patch',
      'rollout',
      name,
      '--type=merge',
      '-p',
      JSON.stringify({ spec }),
    ])
    assert.equal(code, 0, stderr)
  }
  const blueGreen = (name: string, settings: unknown): Promise<void> =>
    patch(name, { strategy: { blueGreen: settings } })
  const official = async (...args: string[]): Promise<void> => {
    const { code, stderr } = await runOfficialPlugin(plane(), ['-n', namespace, ...args])
    assert.equal(code, 0, stderr)
  }
  const live = (name: string, hash: string): Promise<unknown> =>
    waitFor(
      plane(),
      'rollouts',
      namespace,
      name,
      ({ status }) => status.phase === 'Healthy' && status.stableRS === hash,
    )
  const drained = (name: string): Promise<unknown> =>
    waitFor(plane(), 'rollouts', namespace, name, ({ spec, status }) => status.replicas === spec.replicas)

  /**
   * Deploys one folder after the other and waits for the phase of each one's Rollout; gives the hashes they stand at.
   */
  const deploy = async (folder: string, names: readonly string[], phase: string): Promise<string[]> => {
    const hashes = []
    for (const name of names) {
      await applyExample(plane(), namespace, `${folder}/${name.replace('my-', '')}`)
      hashes.push((await waitForPhase(plane(), namespace, name, phase))['status'].currentPodHash)
    }
    return hashes
  }
  const legacyAtItsGates = async (): Promise<{ backend: string; frontend: string }> => {
    await deploy('legacy/v1', ['my-backend', 'my-frontend'], 'Healthy')
    await blueGreen('my-frontend', { scaleDownDelaySeconds: 2 })
    const [backend = '', frontend = ''] = await deploy('legacy/v2', ['my-backend', 'my-frontend'], 'Paused')
    return { backend, frontend }
  }
  /** Probes by the entry's Service until it is stopped, which puts this into the table at the end. */
  const probe = async (
    scenario: string,
    verdict = 'counted, as it must be',
    entryService = 'frontend-active',
  ): Promise<{ stop(): Promise<Report> }> => {
    const prober = await startProber(plane(), { namespace, entryService })
    return {
      async stop() {
        const report = await prober.stop()
        note(scenario, report, verdict, 'control')
        return report
      },
    }
  }
  const firstPath = ({ timeline }: Report, kind: 'mixed' | 'empty' | 'mixedOld' | 'emptyOld'): string =>
    timeline.find((moment) => moment[kind] > 0)?.paths[0] ?? ''

  it('counts nothing over a release in the right order, the old frontend gone before the backend moves', async () => {
    const { backend, frontend } = await legacyAtItsGates()
    const prober = await probe('by hand in the right order, the old frontend gone first', 'clean')
    await official('promote', 'my-frontend')
    await live('my-frontend', frontend)
    await drained('my-frontend')
    await official('promote', 'my-backend')
    await live('my-backend', backend)
    const { samples, blind, milliseconds, timeline, logged, ...counts } = await prober.stop()
    assert.deepEqual(counts, { mixed: 0, empty: 0, mixedOld: 0, emptyOld: 0 }, JSON.stringify([timeline, logged]))
    assert.ok(samples > blind, `${samples} samples, ${blind} blind`)
  })

  it('counts old connections where the backend moves while the old frontend still runs', async () => {
    const { backend, frontend } = await legacyAtItsGates()
    const prober = await probe('by hand: the backend promoted while the old frontend still runs')
    await official('promote', 'my-frontend')
    await live('my-frontend', frontend)
    await official('promote', 'my-backend')
    await live('my-backend', backend)
    await drained('my-frontend')
    const report = await prober.stop()
    assert.equal(report.mixed, 0)
    assert.match(firstPath(report, 'mixedOld'), /^my-frontend-\S+ \(1\.0\) → backend-active → my-backend-\S+ \(2\.0\)$/)
  })

  it('counts mixed requests where the backend is promoted first', async () => {
    const { backend, frontend } = await legacyAtItsGates()
    const prober = await probe('by hand: backend first')
    await official('promote', 'my-backend')
    await live('my-backend', backend)
    await official('promote', 'my-frontend')
    await live('my-frontend', frontend)
    assert.match(
      firstPath(await prober.stop(), 'mixed'),
      /^my-frontend-\S+ \(1\.0\) → backend-active → my-backend-\S+ \(2\.0\)$/,
    )
  })

  it('counts mixed requests where both are promoted back to back and the frontend must scale up first', async () => {
    await deploy('legacy/v1', ['my-backend', 'my-frontend'], 'Healthy')
    await blueGreen('my-frontend', { previewReplicaCount: 1 })
    const [backend = '', frontend = ''] = await deploy('legacy/v2', ['my-backend', 'my-frontend'], 'Paused')
    const prober = await probe('by hand: back to back, previewReplicaCount 1')
    await official('promote', 'my-frontend')
    await official('promote', 'my-backend')
    await Promise.all([live('my-frontend', frontend), live('my-backend', backend)])
    assert.match(
      firstPath(await prober.stop(), 'mixed'),
      /^my-frontend-\S+ \(1\.0\) → backend-active → my-backend-\S+ \(2\.0\)$/,
    )
  })

  it('counts empty, then mixed requests where the next release meets a frontend left on the preview Service, and empty ones after its abort', async () => {
    const { backend, frontend } = await legacyAtItsGates()
    await blueGreen('my-backend', { abortScaleDownDelaySeconds: 1 })
    for (const [name, hash] of [
      ['my-frontend', frontend],
      ['my-backend', backend],
    ] as const) {
      await official('promote', name)
      await live(name, hash)
    }
    const deployment = await probe('by hand: backend 3.0 under a frontend left on backend-preview')
    const third = { op: 'replace', path: '/spec/template/spec/containers/0/env/0/value', value: '3.0' }
    await plane().kubectl([
      '-n',
      namespace,
      'patch',
      'rollout',
      'my-backend',
      '--type=json',
      '-p',
      JSON.stringify([third]),
    ])
    await waitForPhase(plane(), namespace, 'my-backend', 'Paused')
    const deployed = await deployment.stop()
    assert.match(firstPath(deployed, 'empty'), /^my-frontend-\S+ \(2\.0\) → backend-preview \(empty\)$/)
    assert.match(firstPath(deployed, 'mixed'), /^my-frontend-\S+ \(2\.0\) → backend-preview → my-backend-\S+ \(3\.0\)$/)

    const abort = await probe('by hand: … then abort of the backend')
    await official('abort', 'my-backend')
    const preview = `${pathOf('endpointslices', namespace)}?labelSelector=kubernetes.io/service-name=backend-preview`
    assert.ok(await watchUntil(plane().api, preview, (slices) => slices.every(({ endpoints }) => !endpoints?.length)))
    assert.match(firstPath(await abort.stop(), 'empty'), /^my-frontend-\S+ \(2\.0\) → backend-preview \(empty\)$/)
  })

  it('counts mixed requests, and old ones without an address, where the address follows the role of the pods', async () => {
    await deploy('ephemeral-metadata/v1', ['interest', 'loan'], 'Healthy')
    const [, loan = ''] = await deploy('ephemeral-metadata/v2', ['interest', 'loan'], 'Paused')
    const prober = await probe(
      'by hand: addresses by ephemeral metadata, frontend first',
      'counted, as it must be',
      'loan-active',
    )
    await official('promote', 'loan')
    await live('loan', loan)
    assert.ok(
      await watchUntil(plane().api, `${pathOf('pods', namespace)}?labelSelector=app=loan`, (pods) =>
        pods.some(({ metadata }) => !metadata.labels?.['role']),
      ),
    )
    const report = await prober.stop()
    assert.match(firstPath(report, 'mixed'), /^loan-\S+ \(2\.0\) → interest-active → interest-\S+ \(1\.0\)$/)
    assert.ok(report.emptyOld > 0)
  })
})
