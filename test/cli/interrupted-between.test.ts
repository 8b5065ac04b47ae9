import assert from 'node:assert/strict'
import { virtualCli } from '../support/virtual-cli.ts'
import { those, type Match } from '../support/virtual-request.ts'
import { living } from '../support/virtual-run.ts'
import type { Failure, VirtualCluster } from '../support/virtual-cluster.ts'

const RELEASE = ['release', 'loan', '-n', 'plain', '-f', 'examples/plain/v2.yaml', '--yes'] as const
const UNDO = ['undo-all', 'loan', '-n', 'plain', '--yes'] as const
const SILENT: Failure = { lose: 'silently' }

/** The first look of whatever follows the first run, once that has given back its lock. */
function nextLook(world: VirtualCluster): Match {
  let over = false
  world.on('after', those({ verb: 'delete', resource: 'leases' }), () => {
    over = true
  })
  return (request) => over && request.verb === 'list'
}

/** A command whose first run comes to its end, and whose next look is never answered; somebody interrupts it then. */
async function cutOff(words: readonly string[], before: readonly (readonly string[])[] = []) {
  const world = living('plain')
  for (const each of before) assert.equal((await virtualCli(world, each)).exit, 0)
  await world.time.pass(60_000)
  const look = nextLook(world)
  world.fail(look, SILENT)
  return { world, ...(await virtualCli(world, words, undefined, '', look)) }
}

/** Does what is offered, as a person who says yes. */
function offered(world: VirtualCluster, told: string) {
  const words = /^Next: {2}kubectl rollouts-group (.+)$/m.exec(told)![1]!.split(' ')
  return virtualCli(world, [...words, '--yes'])
}

describe('a command of several runs that is ended between two of them', () => {
  for (const [what, words, before, after] of [
    ['release', RELEASE, [], '2.0'],
    ['undo-all', UNDO, [RELEASE], '1.0'],
    ['release with a smoke test', [...RELEASE, '--smoke=passes'], [], '2.0'],
  ] as const) {
    it(`by Ctrl-C says what goes on, which does: ${what} (130)`, async () => {
      const { world, exit, told } = await cutOff(words, before)
      assert.equal(exit, 130)
      assert.match(
        told,
        /^Group loan deployed: .*\n(.*interrupted: nothing new.*\n)?Group loan: interrupted; what was done stays, and the same command goes on\.\nNext: {2}kubectl rollouts-group [^\n]+\n$/m,
      )
      const again = await offered(world, told)
      assert.equal(again.exit, 0, again.told)
      const history = await virtualCli(world, ['history', 'loan', '-n', 'plain'])
      assert.match(history.told, new RegExp(`${after.replace('.', '\\.')}\\S* .*live`), history.told)
    })
  }

  it('by Ctrl-C at its question writes nothing into its line', async () => {
    const { exit, told } = await virtualCli(living('plain'), RELEASE.slice(0, -1), undefined, '', '[y/N] ')
    assert.equal(exit, 130)
    assert.match(told, /\[y\/N\] \n/)
    assert.doesNotMatch(told, /nothing new is started/)
  })

  it('by Ctrl-C has a document of what was done, and of how it ended', async () => {
    for (const [words, before] of [
      [RELEASE, []],
      [UNDO, [RELEASE]],
    ] as const) {
      const { exit, told } = await cutOff([...words, '-o', 'json'], before)
      const { kind, verb, items, ...list } = JSON.parse(
        told.slice(told.lastIndexOf('\n{\n'), told.lastIndexOf('\n}') + 2),
      )
      assert.deepEqual([exit, kind, verb, list.exit], [130, 'ReportList', words[0], 130])
      assert.deepEqual(
        items.map((each: Record<string, unknown>) => [each['verb'], each['exit']]),
        [['deploy-all', 0]],
      )
    }
  })

  it('by the time of the next one says so (6)', async () => {
    const world = living('plain')
    world.fail(nextLook(world), SILENT)
    const { exit, told } = await virtualCli(world, RELEASE)
    assert.equal(exit, 6)
    assert.match(told, /\nGroup loan: the time was up \(--timeout\); what was done stays, .*\nNext: {2}kubectl/)
  })

  it('by a server that fails says how (1)', async () => {
    const world = living('plain')
    world.fail(nextLook(world), { status: 500 }, 100)
    const { exit, told } = await virtualCli(world, RELEASE)
    assert.equal(exit, 1)
    assert.match(
      told,
      /^Error from server \(InternalError\): list .*\nGroup loan: ended early; what was done stays, .*\nNext: {2}kubectl/m,
    )
  })

  it('by Ctrl-C before anything was done says no more than that (130)', async () => {
    const world = living('plain')
    world.fail(those({ verb: 'list', resource: 'rollouts' }), SILENT)
    const { exit, told } = await virtualCli(
      world,
      RELEASE,
      undefined,
      '',
      those({ verb: 'list', resource: 'rollouts' }),
    )
    assert.deepEqual([exit, told], [130, 'interrupted\n'])
  })

  it('by Ctrl-C where it asks for approval says what waits, and what goes on (130)', async () => {
    const world = living('plain')
    const { exit, told } = await virtualCli(world, [...RELEASE, '--approve'], undefined, '', 'Approve ')
    assert.equal(exit, 130)
    assert.match(
      told,
      /\ninterrupted: release 2\.0 of group loan .* waits for its approval; users stay where they are\nNext: {2}kubectl rollouts-group release -f examples\/plain\/v2\.yaml --approve loan -n plain\n$/,
    )
  })

  it('by Ctrl-C while a smoke test runs says what goes on (130)', async () => {
    const world = living('plain')
    const { exit, told } = await virtualCli(world, [...RELEASE, '--smoke=hangs'], undefined, '', 'smoke test: hangs')
    assert.equal(exit, 130)
    assert.match(
      told,
      /\ninterrupted: the smoke test was ended, .*\nNext: {2}kubectl rollouts-group release .*hangs loan -n plain\n$/,
    )
  })
})
