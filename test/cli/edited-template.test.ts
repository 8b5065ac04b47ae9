import assert from 'node:assert/strict'
import { ClusterError } from '../../src/cluster/port.ts'
import { HASH_LABEL } from '../../src/domain/objects/labels.ts'
import { runCli } from '../support/cli-context.ts'
import { hashOf, legacyPair, world } from '../support/objects.ts'

/** The ReplicaSet of the backend says 2.0; its pods, which it was edited under, run 1.0. */
const holds = {
  ...world(legacyPair({ backend: { live: { version: '2.0' }, next: undefined! } })),
  pods: ['a', 'b', 'c'].map((name) => ({
    metadata: {
      name,
      namespace: 'legacy',
      labels: { app: 'my-backend', [HASH_LABEL]: hashOf('my-backend', 'live') },
      ownerReferences: [{ name: `my-backend-${hashOf('my-backend', 'live')}` }],
    },
    spec: {
      containers: [
        { name: 'main', image: 'kostiscodefresh/loan:latest', env: [{ name: 'APP_VERSION', value: '1.0' }] },
      ],
    },
    status: { phase: 'Running' },
  })),
}

describe('a ReplicaSet that was edited under its pods', () => {
  for (const verb of ['get-group', 'check']) {
    it(`is not said to mix versions that its pods do not: ${verb}`, async () => {
      const { stdout, requests } = await runCli([verb, 'loan'], { holds })
      assert.match(stdout, /LIVE {2}users ─▶ my-frontend 1\.0 ─▶ my-backend 1\.0 +✔ one version/)
      assert.match(stdout, /✖ template-edited/)
      assert.equal(requests.filter((each) => each.startsWith('list pods')).length, 1)
    })
  }
  it('is told by its template where pods may not be read', async () => {
    const { stdout } = await runCli(['check', 'loan'], {
      holds,
      fails: (request) => (request === 'list pods' ? new ClusterError('Forbidden', 'pods is forbidden') : undefined),
    })
    assert.match(stdout, /my-backend 2\.0/)
    assert.doesNotMatch(stdout, /template-edited|pods is forbidden/)
  })
  it('is asked for what its pods run where a tag alone says that the image stays', async () => {
    const image = 'reg/loan:2.0'
    const spec = legacyPair({
      frontend: { live: { image, env: { A: '1' } }, next: { image, env: { A: '2' } } },
      backend: { live: { image, env: { A: '1' } }, next: { image, env: { A: '2' } } },
    })
    const pods = ['my-frontend', 'my-backend'].flatMap((name) =>
      (['live', 'next'] as const).map((role) => ({
        metadata: {
          name: `${name}-${role}`,
          namespace: 'legacy',
          labels: { app: name, [HASH_LABEL]: hashOf(name, role) },
          ownerReferences: [{ name: `${name}-${hashOf(name, role)}` }],
        },
        spec: { containers: [{ name: 'main', image }] },
        status: { phase: 'Running', containerStatuses: [{ name: 'main', imageID: `reg/loan@sha256:${role}` }] },
      })),
    )
    const { stdout, requests } = await runCli(['check', 'loan'], { holds: { ...world(spec), pods } })
    assert.equal(requests.filter((each) => each.startsWith('list pods')).length, 1)
    assert.doesNotMatch(stdout, /The image stays/)
  })
  it('costs no request where nothing is told that rests on versions', async () => {
    const { requests } = await runCli(['check', 'loan'], { holds: world(legacyPair()) })
    assert.ok(!requests.some((each) => each.startsWith('list pods')))
  })
})
