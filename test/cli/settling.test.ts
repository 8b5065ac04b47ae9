import assert from 'node:assert/strict'
import { abort, apply } from '../../src/sim/scenarios/scenario.ts'
import { virtualCli } from '../support/virtual-cli.ts'
import { living } from '../support/virtual-run.ts'
import { frontend } from '../support/virtual-scenes.ts'

const IN = ['loan', '-n', 'legacy', '--yes']

/** The reference application, whose users were left on `backend-preview` by 2.0. */
async function unsettled() {
  const world = living('legacy')
  const run = async (verb: string, killedAfter?: number) => virtualCli(world, [verb, ...IN], killedAfter)
  const promoted = await run('promote-all')
  assert.equal(promoted.exit, 0, promoted.told)
  await world.time.pass(60_000)
  return { ...world, run }
}

describe('a group in the midst of settling', () => {
  for (const writes of [4, 7])
    it(`is settled to its end by undo-all, and goes back: killed after ${writes} writes`, async () => {
      const { run, store } = await unsettled()
      assert.equal((await run('settle', writes)).exit, undefined)
      const { exit, told } = await run('undo-all')
      assert.equal(exit, 0, told)
      const labels = store.list('rollouts').map(({ spec }) => spec.template.metadata.labels['rollouts-group/release'])
      assert.deepEqual(labels, ['1.0-u1', '1.0-u1-s1'])
    })

  it('is settled by the same command where the first one was withdrawn', async () => {
    const { run, store } = await unsettled()
    assert.equal((await run('settle', 4)).exit, undefined)
    assert.equal((await run('abort-all')).exit, 0)
    const { exit, told } = await run('settle')
    assert.equal(exit, 0, told)
    assert.match(JSON.stringify(store.list('configmaps').at(-1)), /backend-active/)
  })

  it('is settled by what users are on, whatever was aborted over it', async () => {
    const { run, store, time } = await unsettled()
    for (const each of frontend('3.0', 'active')) apply(store, 'legacy', each)
    await time.pass(60_000)
    abort(time.simulation, 'legacy', 'my-frontend')
    const { exit, told } = await run('settle')
    assert.equal(exit, 0, told)
    const { template } = store.list('rollouts').at(-1)!.spec
    assert.equal(template.metadata.labels['rollouts-group/release'], '2.0-s1')
    const config = template.spec.containers[0].env[0].valueFrom.configMapKeyRef.name
    assert.deepEqual(store.get('configmaps', 'legacy', config)?.['data'], {
      APP_VERSION: '2.0',
      BACKEND_HOST: 'backend-active',
    })
  })
})
