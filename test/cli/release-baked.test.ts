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

  for (const words of [['--on-failure=stop'], []])
    it(`${words.join('') || '--on-failure=abort'} leaves users where they are, and leads back, never on`, async () => {
      const { exit, told, labels } = await released(...words)
      assert.deepEqual([exit, labels], [4, ['my-backend 1.0', 'my-frontend 2.0']])
      assert.match(told, /^Next: +kubectl rollouts-group abort-all --undo-promoted loan -n plain$/m)
      assert.doesNotMatch(told, /rollouts-group promote-all/)
    })

  it('whose users can no longer be brought back at once says what does, and that works', async () => {
    const world = living('plain')
    const bake = ['--bake=20s', '--bake-check=fails', '--on-failure=rollback']
    for (const name of ['my-frontend', 'my-backend'])
      world.store.patch('rollouts', 'plain', name, {
        type: 'merge',
        body: { spec: { strategy: { blueGreen: { scaleDownDelaySeconds: 5 } } } },
      })
    const given = ['release', 'loan', '-n', 'plain', '-f', 'examples/plain/v2.yaml', '--yes', ...bake]
    const first = await virtualCli(world, given)
    assert.equal(first.exit, 4, first.told)
    const next = /^Next: +kubectl rollouts-group (.*)$/m.exec(first.told)![1]!
    assert.equal(next, 'abort-all --undo-promoted loan -n plain')
    const { exit, told } = await virtualCli(world, [...next.split(' '), '--yes'])
    assert.equal(exit, 0, told)
    const { status } = world.store.get('rollouts', 'plain', 'my-frontend')!
    assert.match(JSON.stringify(world.store.get('replicasets', 'plain', `my-frontend-${status.stableRS}`)), /"1\.0"/)
  })

  it('needs to know how long, where there is a check (2)', async () => {
    const world = living('plain')
    const { exit, told } = await virtualCli(world, ['release', 'loan', '-f', 'x.yaml', '--yes', '--bake-check=true'])
    assert.equal(exit, 2, told)
    assert.match(told, /^error: --bake-check needs --bake, which says how long$/m)
  })
})
