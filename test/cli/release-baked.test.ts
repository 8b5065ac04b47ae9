import assert from 'node:assert/strict'
import { unready } from '../../src/sim/scenarios/scenario.ts'
import { virtualCli } from '../support/virtual-cli.ts'
import { those } from '../support/virtual-request.ts'
import { living } from '../support/virtual-run.ts'

describe('a release with a bake', () => {
  /** Of the plain pair; as soon as users are on the next frontend one of its pods is unready for good. */
  async function released(...words: readonly string[]) {
    const world = living('plain')
    world.on('after', those({ verb: 'patch', resource: 'replicasets' }), () =>
      unready(world.time.simulation, 'plain', 'my-frontend'),
    )
    const given = ['release', 'loan', '-n', 'plain', '-f', 'examples/plain/v2.yaml', '--yes', '--bake=20s', ...words]
    const { exit, told } = await virtualCli(world, given)
    const labels = world.store.list('rollouts').map(({ metadata, status }) => {
      const set = world.store.get('replicasets', 'plain', `${metadata.name}-${status.stableRS}`)!
      return `${metadata.name} ${set['spec'].template.spec.containers[0].env[0].value}`
    })
    return { exit, told, labels }
  }

  it('brings users back with --on-failure=rollback, and withdraws the rest', async () => {
    const { exit, told, labels } = await released('--on-failure=rollback')
    assert.deepEqual([exit, labels], [1, ['my-backend 1.0', 'my-frontend 1.0']])
    assert.match(told, /^ {2}my-backend +✖ failed +my-frontend 2\.0 lacks pods: it stays on 1\.0; 2\.0 withdrawn/m)
  })

  it('stays where it is with --on-failure=stop', async () => {
    const { exit, labels } = await released('--on-failure=stop')
    assert.deepEqual([exit, labels], [4, ['my-backend 1.0', 'my-frontend 2.0']])
  })

  it('cannot withdraw what users are on with --on-failure=abort, and says what leads on', async () => {
    const { exit, told, labels } = await released()
    assert.deepEqual([exit, labels], [4, ['my-backend 1.0', 'my-frontend 2.0']])
    assert.match(
      told,
      /finish with kubectl rollouts-group promote-all loan -n plain, or bring users back with kubectl rollouts-group abort-all loan --undo-promoted -n plain$/m,
    )
  })

  it('needs to know how long, where there is a check (2)', async () => {
    const world = living('plain')
    const { exit, told } = await virtualCli(world, ['release', 'loan', '-f', 'x.yaml', '--yes', '--bake-check=true'])
    assert.equal(exit, 2, told)
    assert.match(told, /^error: --bake-check needs --bake, which says how long$/m)
  })
})
