import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, watch } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Api, type KubeObject } from '../controlplane/api.ts'
import { watchUntil } from '../controlplane/watch-until.ts'
import { requestsOf } from './audit.ts'
import { plane } from './plane.ts'
import { apply, applyExample, freshNamespace, pathOf, runOfficialPlugin, waitFor, waitForPhase } from './support.ts'

const podNamed = (name: string, annotations: string): string => `
apiVersion: v1
kind: Pod
metadata: {name: ${name}, labels: {app: ${name}}, annotations: {${annotations}}}
spec: {containers: [{name: ${name}, image: none}]}
---
apiVersion: v1
kind: Service
metadata: {name: ${name}}
spec: {selector: {app: ${name}}, ports: [{port: 8080}]}
`

const isReady = ({ status }: KubeObject): boolean =>
  status.conditions?.some(({ type, status }: { type: string; status: string }) => type === 'Ready' && status === 'True')

describe('the control plane', () => {
  let namespace: string
  beforeEach(async () => {
    namespace = await freshNamespace(plane(), 'plane')
  })

  const atItsGate = async (): Promise<KubeObject> => {
    await applyExample(plane(), namespace, 'legacy/v1/backend')
    await waitForPhase(plane(), namespace, 'my-backend', 'Healthy')
    await applyExample(plane(), namespace, 'legacy/v2/backend')
    return waitForPhase(plane(), namespace, 'my-backend', 'Paused')
  }
  const promoted = (gate: KubeObject): Promise<KubeObject> =>
    waitFor(
      plane(),
      'rollouts',
      namespace,
      'my-backend',
      ({ status }) => status.stableRS === gate['status'].currentPodHash,
    )

  it('brings a new revision to its gate, where the official plugin promotes it', async () => {
    const gate = await atItsGate()
    const { status } = gate
    assert.deepEqual(
      status.pauseConditions.map(({ reason }: { reason: string }) => reason),
      ['BlueGreenPause'],
    )
    assert.equal(status.blueGreen.activeSelector, status.stableRS)
    assert.notEqual(status.stableRS, status.currentPodHash)

    const promote = await runOfficialPlugin(plane(), ['-n', namespace, 'promote', 'my-backend'])
    assert.equal(promote.stdout, "rollout 'my-backend' promoted\n", promote.stderr)
    assert.equal((await promoted(gate))['status'].phase, 'Healthy')
    const active = await plane().api.get(`${pathOf('services', namespace)}/backend-active`)
    assert.equal(active.spec.selector['rollouts-pod-template-hash'], status.currentPodHash)
  })

  it('tells which requests reached the API server, with the bodies of patches', async () => {
    await atItsGate()
    await runOfficialPlugin(plane(), ['-n', namespace, 'promote', 'my-backend'])
    const requests = await requestsOf(plane(), {
      namespace,
      userAgent: 'kubectl-argo-rollouts',
      verbs: ['get', 'patch'],
    })
    assert.deepEqual(
      requests.map(({ verb, resource, name, user, code, body }) => ({ verb, resource, name, user, code, body })),
      [
        { verb: 'get', resource: 'rollouts', name: 'my-backend', user: 'admin', code: 200, body: undefined },
        {
          verb: 'patch',
          resource: 'rollouts/status',
          name: 'my-backend',
          user: 'admin',
          code: 200,
          body: { status: { pauseConditions: null } },
        },
      ],
    )
  })

  it('gives restricted users no right of their own', async () => {
    const kubeconfig = plane().kubeconfigFor('operator')
    const list = await plane().kubectl(['-n', namespace, 'get', 'rollouts'], { kubeconfig })
    assert.match(list.stderr, /User "operator" cannot list resource "rollouts" in API group "argoproj.io"/)
  })

  it('leaves pods terminating, still serving, for as long as their annotation says', async () => {
    await apply(plane(), namespace, podNamed('lingers', 'pod-delete.stage.kwok.x-k8s.io/delay: 2s'))
    await waitFor(plane(), 'pods', namespace, 'lingers', isReady)
    await plane().api.request('DELETE', `${pathOf('pods', namespace)}/lingers`)
    const slices = `${pathOf('endpointslices', namespace)}?labelSelector=kubernetes.io/service-name=lingers`
    const slice = await watchUntil(plane().api, slices, (all) =>
      all.find(({ endpoints }) => endpoints?.[0]?.conditions.terminating),
    )
    assert.deepEqual(slice['endpoints'][0].conditions, { ready: false, serving: true, terminating: true })
    assert.ok(await watchUntil(plane().api, pathOf('pods', namespace), (pods) => pods.length === 0))
  })

  it('keeps pods from ever being ready, until their annotation is gone', async () => {
    await apply(
      plane(),
      namespace,
      podNamed('never', 'pod-ready.stage.kwok.x-k8s.io/never: "true"') +
        '---' +
        podNamed('ready', 'pod-ready.stage.kwok.x-k8s.io/delay: 3s'),
    )
    await waitFor(plane(), 'pods', namespace, 'ready', isReady)
    const never = await waitFor(plane(), 'pods', namespace, 'never', ({ status }) => status.phase === 'Running')
    assert.equal(isReady(never), false)
    await plane().kubectl(['-n', namespace, 'annotate', 'pod', 'never', 'pod-ready.stage.kwok.x-k8s.io/never-'])
    assert.ok(await waitFor(plane(), 'pods', namespace, 'never', isReady))
  })

  it('reacts to nothing while the controller is stopped, and catches up once it is back', async () => {
    const gate = await atItsGate()
    await plane().stopController()
    await runOfficialPlugin(plane(), ['-n', namespace, 'promote', 'my-backend'])
    const { status } = await waitFor(
      plane(),
      'rollouts',
      namespace,
      'my-backend',
      ({ status }) => !status.pauseConditions,
    )
    assert.equal(status.stableRS, gate['status'].stableRS)
    await plane().startController()
    await promoted(gate)
  })

  it('loses its API server and gets it back with everything that was there', async () => {
    await applyExample(plane(), namespace, 'legacy/v1/backend')
    await plane().killApiServer()
    await assert.rejects(plane().api.get(pathOf('rollouts', namespace)), TypeError)
    await plane().startApiServer()
    await waitForPhase(plane(), namespace, 'my-backend', 'Healthy')
  })

  it('leaves no process and no file behind, even where its owner is killed', async () => {
    const owner = spawn(process.execPath, [fileURLToPath(new URL('../controlplane/main.ts', import.meta.url))], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let printed = ''
    for await (const chunk of owner.stdout.setEncoding('utf8')) {
      printed += chunk
      if (printed.includes('get nodes')) break
    }
    const kubeconfig = /KUBECONFIG=(.*)/.exec(printed)?.[1] ?? ''
    const {
      clusters: [{ cluster }],
      users: [{ user }],
    } = JSON.parse(readFileSync(kubeconfig, 'utf8'))
    const api = new Api(
      cluster.server,
      Buffer.from(cluster['certificate-authority-data'], 'base64').toString(),
      user.token,
    )
    const nodes = api.watch('/api/v1/nodes', '0', new AbortController().signal)
    assert.equal((await nodes.next()).value?.object.metadata.name, 'simulated')

    const files = Promise.withResolvers<void>()
    const watcher = watch(tmpdir(), () => existsSync(dirname(kubeconfig)) || files.resolve())
    owner.kill('SIGKILL')
    const connection = assert.rejects(async () => {
      for await (const _ of nodes) assert.ok(_)
    }, TypeError)
    await Promise.all([once(owner, 'exit'), files.promise, connection])
    watcher.close()
    await api.close()
  })
})
