import assert from 'node:assert/strict'
import { requestsOf } from './audit.ts'
import { plane } from './plane.ts'
import {
  apply,
  applyExample,
  eventsOf,
  freshNamespace,
  pathOf,
  runOfficialPlugin,
  runPlugin,
  waitForPhase,
} from './support.ts'

const MEMBERS = ['my-backend', 'my-frontend']
/** Our writes to Rollouts, as `rollouts/status my-frontend`, in the order in which they reached the API server. */
async function writes(namespace: string): Promise<string[]> {
  const all = await requestsOf(plane(), { namespace, userAgent: 'kubectl-rollouts', verbs: ['patch', 'update'] })
  return all.filter((each) => each.resource.startsWith('rollouts')).map((each) => `${each.resource} ${each.name}`)
}

/** The version behind a Service, by the template of the ReplicaSet its selector names. */
async function behind(namespace: string, service: string): Promise<string> {
  const { spec } = await plane().api.get(`${pathOf('services', namespace)}/${service}`)
  const hash = spec.selector['rollouts-pod-template-hash']
  const sets = await plane().api.get(
    `${pathOf('replicasets', namespace)}?labelSelector=rollouts-pod-template-hash%3D${hash}`,
  )
  const { env } = sets['items'][0].spec.template.spec.containers[0]
  return env.find(({ name }: { name: string }) => name === 'APP_VERSION').value ?? 'configured'
}

const atRest = (namespace: string) =>
  Promise.all(MEMBERS.map((name) => waitForPhase(plane(), namespace, name, 'Healthy')))
const atGates = (namespace: string) =>
  Promise.all(MEMBERS.map((name) => waitForPhase(plane(), namespace, name, 'Paused')))

async function deployed(namespace: string): Promise<void> {
  await applyExample(plane(), namespace, 'legacy/v1')
  await atRest(namespace)
}

async function released(namespace: string): Promise<void> {
  await deployed(namespace)
  await applyExample(plane(), namespace, 'legacy/v2')
  await atGates(namespace)
}

describe('the legacy release', function () {
  this.timeout('3m')
  let namespace: string
  beforeEach(async () => {
    namespace = await freshNamespace(plane(), 'legacy')
  })

  it('shows its pairs and both traces, and is promoted frontend first, each step verified', async () => {
    await released(namespace)
    const shown = await runPlugin(plane(), ['get-group', 'loan', '-n', namespace])
    assert.match(shown.stdout, /LIVE +users ─▶ my-frontend 1\.0 ─▶ my-backend 1\.0 .*one version/, shown.stderr)
    assert.match(shown.stdout, /NEXT +─▶ my-frontend 2\.0 ─▶ my-backend 2\.0 .*one version/)
    assert.match(shown.stdout, new RegExp(`kubectl rollouts-group promote-all loan -n ${namespace}`))

    const run = await runPlugin(plane(), ['promote-all', 'loan', '-n', namespace, '--yes', '-o', 'ndjson'])
    assert.equal(run.code, 0, run.stderr)
    assert.deepEqual(await writes(namespace), ['rollouts/status my-frontend', 'rollouts/status my-backend'])
    assert.equal(await behind(namespace, 'backend-active'), '2.0')
    const events = eventsOf(run)
    const drained = events.findIndex(({ type, member }) => type === 'drained' && member === 'my-frontend')
    const backend = events.findIndex(({ type, member }) => type === 'patched' && member === 'my-backend')
    assert.ok(drained >= 0 && drained < backend, 'the old frontend was gone before the backend moved')

    const again = await runPlugin(plane(), ['promote-all', 'loan', '-n', namespace, '--yes'])
    assert.equal(again.code, 0, again.stderr)
    assert.equal((await writes(namespace)).length, 2, 'a second run writes nothing')
  })

  it('is waited for: until it is healthy, at its gate, promoted by somebody else', async () => {
    const wait = (awaited: string) =>
      runPlugin(plane(), ['wait', 'loan', '-n', namespace, `--for=${awaited}`, '--timeout', '60s'])
    const official = async (member: string) => {
      const { code, stderr } = await runOfficialPlugin(plane(), [
        '--kubeconfig',
        plane().kubeconfig,
        '-n',
        namespace,
        'promote',
        member,
      ])
      assert.equal(code, 0, stderr)
    }
    const phases = async () =>
      (await plane().api.get(pathOf('rollouts', namespace)))['items'].map(
        (each: { status: { phase: string } }) => each.status.phase,
      )
    for (const [deploy, awaited, phase] of [
      ['legacy/v1', 'healthy', 'Healthy'],
      ['legacy/v2', 'gate', 'Paused'],
    ] as const) {
      await applyExample(plane(), namespace, deploy)
      const { code, stderr } = await wait(awaited)
      assert.equal(code, 0, stderr)
      assert.deepEqual(await phases(), [phase, phase])
    }
    const promoted = wait('promoted')
    for (const member of ['my-frontend', 'my-backend']) await official(member)
    const { code, stdout, stderr } = await promoted
    assert.equal(code, 0, stderr)
    assert.equal(
      stdout,
      `Group loan: nothing waits, and users are on the newest version of each member.\nNext:  kubectl rollouts-group check loan -n ${namespace}\n`,
      'the new frontend is wired to backend-preview',
    )
    assert.equal(await behind(namespace, 'backend-active'), '2.0')
  })

  it('is not waited for any more once it is aborted', async () => {
    await released(namespace)
    const promoted = runPlugin(plane(), ['wait', 'loan', '-n', namespace, '--for=promoted'])
    assert.equal((await runPlugin(plane(), ['abort-all', 'loan', '-n', namespace, '--yes'])).code, 0)
    const { code, stderr } = await promoted
    assert.equal(code, 3)
    assert.match(stderr, /error: waiting does not help group loan, --for=promoted: .*my-\w+ 2\.0 was aborted/)
    const aborted = await runPlugin(plane(), ['wait', 'loan', '-n', namespace, '--for=aborted'])
    assert.equal(aborted.code, 0, aborted.stderr)
  })

  it('is aborted frontend first and leaves users where they are', async () => {
    await released(namespace)
    const run = await runPlugin(plane(), ['abort-all', 'loan', '-n', namespace, '--yes'])
    assert.equal(run.code, 0, run.stderr)
    assert.deepEqual(await writes(namespace), ['rollouts/status my-frontend', 'rollouts/status my-backend'])
    assert.equal(await behind(namespace, 'backend-active'), '1.0')
  })

  it('is put back to stable, not aborted, where live users are on backend-preview', async () => {
    await released(namespace)
    const promoted = await runPlugin(plane(), ['promote-all', 'loan', '-n', namespace, '--yes', '--drain=endpoints'])
    assert.equal(promoted.code, 0, promoted.stderr)
    const third = JSON.stringify([
      { op: 'replace', path: '/spec/template/spec/containers/0/env/0/value', value: '3.0' },
    ])
    await plane().kubectl(['-n', namespace, 'patch', 'rollout', 'my-backend', '--type', 'json', '-p', third])
    await waitForPhase(plane(), namespace, 'my-backend', 'Paused')

    const check = await runPlugin(plane(), ['check', 'loan', '-n', namespace])
    assert.equal(check.code, 3)
    assert.match(check.stdout, /live-wired-to-next/)
    const run = await runPlugin(plane(), ['abort-all', 'loan', '-n', namespace, '--yes'])
    assert.equal(run.code, 0, run.stderr)
    assert.equal((await writes(namespace)).at(-1), 'rollouts my-backend')
    assert.deepEqual(
      [await behind(namespace, 'backend-active'), await behind(namespace, 'backend-preview')],
      ['2.0', '2.0'],
    )
    const rollout = await plane().api.get(`${pathOf('rollouts', namespace)}/my-backend`)
    assert.deepEqual([rollout['status'].phase, rollout['status'].abort], ['Healthy', undefined])
  })
})

describe('a release that would strike users', function () {
  this.timeout('2m')
  let namespace: string
  beforeEach(async () => {
    namespace = await freshNamespace(plane(), 'refused')
    await deployed(namespace)
  })

  const refused = async (code: string, remedy: RegExp) => {
    await atGates(namespace)
    const run = await runPlugin(plane(), ['promote-all', 'loan', '-n', namespace, '--yes'])
    assert.equal(run.code, 3, run.stdout + run.stderr)
    assert.match(run.stderr, new RegExp(code))
    assert.match(run.stderr.replace(/\s+/g, ' '), remedy)
    assert.deepEqual(await writes(namespace), [])
  }
  const patch = async (name: string, ...operations: { op: string; path: string; value: unknown }[]) => {
    const done = await plane().kubectl([
      '-n',
      namespace,
      'patch',
      'rollout',
      name,
      '--type',
      'json',
      '-p',
      JSON.stringify(operations),
    ])
    assert.equal(done.code, 0, done.stderr)
  }

  it('is refused where the new frontend still talks to the old backend', async () => {
    await applyExample(plane(), namespace, 'legacy/v2/backend')
    await apply(
      plane(),
      namespace,
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings-forgotten}\ndata: {APP_VERSION: "2.0", BACKEND_HOST: backend-active}\n',
    )
    const env = ['APP_VERSION', 'BACKEND_HOST'].map((name) => ({
      name,
      valueFrom: { configMapKeyRef: { name: 'settings-forgotten', key: name } },
    }))
    await patch('my-frontend', { op: 'replace', path: '/spec/template/spec/containers/0/env', value: env })
    await refused('next-wired-to-live', /BACKEND_HOST=backend-preview/)
  })

  it('is refused where one new version is another', async () => {
    await applyExample(plane(), namespace, 'legacy/v2')
    await patch('my-backend', { op: 'replace', path: '/spec/template/spec/containers/0/env/0/value', value: '3.0' })
    await refused('version-mismatch', /--allow-version-mismatch/)
  })

  it('is refused where the waiting backend is too small', async () => {
    await patch('my-backend', { op: 'add', path: '/spec/strategy/blueGreen/previewReplicaCount', value: 1 })
    await applyExample(plane(), namespace, 'legacy/v2')
    await patch('my-backend', { op: 'add', path: '/spec/strategy/blueGreen/previewReplicaCount', value: 1 })
    await refused('small-preview', /--allow-small-preview/)
  })

  it('is refused where the address follows the role of the pods', async () => {
    const labels = (role: string, backendHost: string) => ({ labels: { role, backendHost, backendPort: '8080' } })
    const volumes = [
      { name: 'podinfo', downwardAPI: { items: [{ path: 'labels', fieldRef: { fieldPath: 'metadata.labels' } }] } },
    ]
    await applyExample(plane(), namespace, 'legacy/v2/backend')
    await patch(
      'my-frontend',
      { op: 'add', path: '/spec/strategy/blueGreen/activeMetadata', value: labels('active', 'backend-active') },
      { op: 'add', path: '/spec/strategy/blueGreen/previewMetadata', value: labels('preview', 'backend-preview') },
      { op: 'replace', path: '/spec/template/spec/containers/0/env', value: [{ name: 'APP_VERSION', value: '2.0' }] },
      { op: 'add', path: '/spec/template/spec/volumes', value: volumes },
    )
    await refused('wire-follows-role', /--allow-mixed-window/)
  })
})
