import assert from 'node:assert/strict'
import { type ControlPlane, startControlPlane } from '../controlplane/start.ts'
import { requestsOf } from './audit.ts'
import { startProber } from './prober.ts'
import { allow, RULES } from './rights.ts'
import { apply, eventsOf, freshNamespace, hastyExample, pathOf, runPlugin, waitForPhase } from './support.ts'

const MEMBERS = ['my-frontend', 'my-backend']

/** Kubernetes 1.35 counts terminating pods by itself; the plane's is older, and has to be told. */
describe('where pods may not be read, and ReplicaSets count those that are terminating', function () {
  this.timeout('3m')
  let plane: ControlPlane
  before(async () => {
    plane = await startControlPlane(['DeploymentReplicaSetTerminatingReplicas'])
  })
  after(() => plane.stop())

  it('a release waits for the old pods all the same, and no request meets two versions', async () => {
    const namespace = await freshNamespace(plane, 'counted')
    const phases = (phase: string) => Promise.all(MEMBERS.map((name) => waitForPhase(plane, namespace, name, phase)))
    const rules = RULES.filter(({ resources }) => !resources.includes('pods'))
    assert.ok(rules.length < RULES.length)
    await allow(plane, namespace, 'operator', rules)
    await apply(plane, namespace, await hastyExample(plane, 'legacy/v1'))
    await phases('Healthy')
    // Old pods of the frontend take three seconds to end, once they are told to.
    const slow = ['annotate', 'pods', '-l', 'app=my-frontend', 'pod-delete.stage.kwok.x-k8s.io/delay=3s']
    assert.equal((await plane.kubectl(['-n', namespace, ...slow])).code, 0)
    await apply(plane, namespace, await hastyExample(plane, 'legacy/v2'))
    await phases('Paused')

    const prober = await startProber(plane, { namespace, entryService: 'frontend-active' })
    const kubeconfig = plane.kubeconfigFor('operator')
    const run = await runPlugin(plane, ['promote-all', 'loan', '-n', namespace, '--yes', '-o', 'ndjson'], {
      kubeconfig,
    })
    const { mixed, empty, mixedOld, samples } = await prober.stop()
    assert.equal(run.code, 0, run.stderr + run.stdout)
    assert.deepEqual({ mixed, empty, mixedOld }, { mixed: 0, empty: 0, mixedOld: 0 })
    assert.ok(samples > 0)

    const events = eventsOf(run)
    const drained = events.find(({ type, member }) => type === 'drained' && member === 'my-frontend')
    assert.ok(drained?.after >= 3000, `the drain of the frontend: ${JSON.stringify(drained)}`)
    const pods = await requestsOf(plane, { namespace, user: 'operator', verbs: ['list', 'watch'] })
    const answers = pods.filter(({ resource }) => resource === 'pods').map(({ code }) => code)
    assert.ok(answers.length > 0 && answers.every((code) => code === 403), String(answers))
    const sets = await plane.api.get(pathOf('replicasets', namespace))
    assert.ok(sets['items'].every(({ status }: any) => status.terminatingReplicas === 0))
  })
})
