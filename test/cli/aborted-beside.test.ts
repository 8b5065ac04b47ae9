import assert from 'node:assert/strict'
import { virtualCli } from '../support/virtual-cli.ts'
import type { VirtualCluster } from '../support/virtual-cluster.ts'
import { those } from '../support/virtual-request.ts'
import { living } from '../support/virtual-run.ts'

/** What `kubectl argo rollouts abort` does. */
const abort = ({ store }: VirtualCluster, namespace: string, name: string) =>
  store.patch('rollouts', namespace, name, {
    type: 'merge',
    body: { status: { abort: true } },
    subresource: 'status',
  })
const nextIn = (told: string) => /^Next: +kubectl rollouts-group (.*)$/m.exec(told)?.[1]

describe('a dependency that somebody aborts under users who were promoted', () => {
  /** Users are on my-frontend 2.0, which calls my-backend 2.0; that was aborted, and its pods go in 30 s. */
  async function aborted() {
    const world = living('partial')
    abort(world, 'partial', 'my-backend')
    await world.time.pass(2_000)
    return world
  }
  const run = (world: VirtualCluster, ...words: readonly string[]) =>
    virtualCli(world, [words[0]!, 'loan', '-n', 'partial', ...words.slice(1)])
  const isKept = async ({ store, time }: VirtualCluster) => {
    await time.pass(60_000)
    const { status } = store.get('rollouts', 'partial', 'my-backend')!
    return [
      status.abort ?? false,
      store.get('replicasets', 'partial', `my-backend-${status.currentPodHash}`)!['spec'].replicas > 0,
    ]
  }

  it('comes up again by what check names, before its pods go', async () => {
    const world = await aborted()
    const { exit, told } = await run(world, 'check')
    assert.deepEqual([exit, nextIn(told)], [3, 'retry-all loan -n partial'], told)
    assert.doesNotMatch(told, /rollouts-group abort-all/)
    const retried = await run(world, 'retry-all', '--yes')
    assert.equal(retried.exit, 0, retried.told)
    assert.deepEqual(await isKept(world), [false, true])
  })

  it('lets users be brought back, too', async () => {
    const world = await aborted()
    const { exit, told } = await run(world, 'abort-all', '--undo-promoted', '--yes')
    assert.equal(exit, 0, told)
    assert.match((await run(world, 'get-group')).told, /LIVE +users ─▶ my-frontend 1\.0 ─▶ my-backend 1\.0 +✔/)
  })

  it('is not reported to be withdrawn from users who are on it by the run that finds it', async () => {
    const world = living('plain')
    let isOff = false
    world.on('after', those({ verb: 'patch', resource: 'replicasets' }), () => {
      if (!isOff) abort(world, 'plain', 'my-backend')
      isOff = true
    })
    const given = ['release', 'loan', '-n', 'plain', '-f', 'examples/plain/v2.yaml', '--yes']
    const { exit, told } = await virtualCli(world, given)
    assert.equal(exit, 4, told)
    assert.match(told, /not aborted: users will reach Service my-backend-2-0 with no ready endpoint/)
    assert.match(told, /^ {2}my-backend +✖ changed +my-backend was aborted since$/m)
    assert.equal(
      nextIn((await virtualCli(world, ['get-group', 'loan', '-n', 'plain'])).told),
      'retry-all loan -n plain',
    )
  })
})
