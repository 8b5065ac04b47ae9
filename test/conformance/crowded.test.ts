import assert from 'node:assert/strict'
import { plane } from './plane.ts'
import { applyExample, apply, freshNamespace, runPlugin, waitForPhase } from './support.ts'

const MEMBERS = ['my-frontend', 'my-backend']

describe('in a namespace with more Services than are read whole at once', function () {
  this.timeout('2m')
  let namespace: string
  before(async () => {
    namespace = await freshNamespace(plane(), 'crowded')
    // By name they come before those of the group.
    const others = Array.from({ length: 260 }, (_, index) => ({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: `a-${index}` },
      spec: { clusterIP: 'None', selector: { app: `a-${index}` }, ports: [{ port: 80 }] },
    }))
    const alias = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'alias' },
      spec: { type: 'ExternalName', externalName: 'backend-active' },
    }
    await apply(plane(), namespace, JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [...others, alias] }))
    for (const version of ['v1', 'v2']) {
      await applyExample(plane(), namespace, `legacy/${version}`)
      const phase = version === 'v1' ? 'Healthy' : 'Paused'
      await Promise.all(MEMBERS.map((name) => waitForPhase(plane(), namespace, name, phase)))
    }
  })

  it('a look says what it says where all are read whole', async () => {
    const ask = (...more: string[]) =>
      runPlugin(plane(), ['get-group', 'loan', '-n', namespace, '-o', 'json', '-v=6', ...more])
    const [brief, whole] = [await ask(), await ask('--chunk-size=0')]
    assert.deepEqual([brief.code, whole.code], [0, 0], brief.stderr + whole.stderr)
    assert.deepEqual(JSON.parse(brief.stdout), JSON.parse(whole.stdout))
    const tables = (stderr: string) => stderr.match(/^GET \S+includeObject=None/gm)?.length ?? 0
    assert.deepEqual([tables(brief.stderr), tables(whole.stderr)], [1, 0])
  })
})
