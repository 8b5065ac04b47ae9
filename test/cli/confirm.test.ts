import assert from 'node:assert/strict'
import { world } from '../support/objects.ts'
import { runCli, startCli } from '../support/cli-context.ts'
import { WORLDS } from '../view/worlds.ts'

const holds = world(WORLDS.ready)
const PROTECTED = world({
  members: WORLDS.ready.members.map((each) => ({ ...each, annotations: { 'rollouts-group/protected': 'true' } })),
})
const sent = (requests: readonly string[]) => requests.filter((each) => /^(patch|create leases)/.test(each))

describe('the question before anything is written', () => {
  it('comes after the plan, on standard error', async () => {
    const { stdout, stderr } = await runCli(['promote-all', 'loan', '--color=never'], {
      holds,
      typed: 'n\n',
      columns: 100,
    })
    assert.match(
      stderr,
      /^Promote group loan in legacy \(context prod-eu\): 2 rollouts, consumers first\n[^]*no service is empty\n[^]*\n\nPromote\? \[y\/N\] $/,
    )
    assert.match(stdout, /^Group loan not promoted\.\n/)
  })

  it('names what is done', async () =>
    assert.match((await runCli(['abort-all', 'loan'], { holds, typed: '\n' })).stderr, /\nAbort\? \[y\/N\] $/))

  for (const answer of ['n', 'N', 'no', '', 'yy', 'yep', 'loan', 'y n']) {
    it(`is answered no by ${JSON.stringify(answer)}: nothing is sent, and the exit code is 1`, async () => {
      const { exit, stdout, requests, closed } = await runCli(['promote-all', 'loan'], { holds, typed: `${answer}\n` })
      assert.deepEqual([exit, sent(requests), closed], [1, [], true])
      assert.match(stdout, /my-frontend +· not started +not confirmed\n/)
    })
  }

  for (const answer of ['y', 'Y', 'yes', 'YES', ' y ']) {
    it(`is answered yes by ${JSON.stringify(answer)}: the run begins`, async () => {
      const running = startCli(['promote-all', 'loan'], { holds, typed: `${answer}\n` })
      await running.shows('promote sent')
      running.interrupt()
      assert.deepEqual(sent((await running.done).requests), [
        'create leases rollouts-group-loan',
        'patch rollouts my-frontend',
      ])
    })
  }

  it('is answered no by the end of the input, which ends the line', async () => {
    const { exit, stderr, requests } = await runCli(['promote-all', 'loan'], { holds, typed: '' })
    assert.deepEqual([exit, sent(requests)], [1, []])
    assert.match(stderr, /Promote\? \[y\/N\] \n$/)
  })

  it('is answered no by Ctrl-C, and nothing is written into its line', async () => {
    const running = startCli(['promote-all', 'loan'], { holds, asks: true })
    await running.shows('[y/N] ')
    running.interrupt()
    const { exit, requests, stderr } = await running.done
    assert.deepEqual(sent(requests), [])
    assert.equal(exit, 130)
    assert.match(stderr, /\[y\/N\] \n$/)
  })

  it('is not asked with --yes', async () => {
    const running = startCli(['promote-all', 'loan', '--yes'], { holds })
    await running.shows('promote sent')
    running.interrupt()
    assert.doesNotMatch((await running.done).stderr, /\[y\/N\]/)
  })

  it('is not asked where there is nothing to do', async () => {
    const { exit, stdout, stderr } = await runCli(['promote-all', 'loan'], { holds: world(WORLDS.settled), typed: '' })
    assert.deepEqual([exit, stderr], [0, ''])
    assert.equal(
      stdout,
      'Group loan: nothing to promote.\n  · my-backend    it is on 1.0 and nothing waits\n  · my-frontend   it is on 1.0 and nothing waits\n',
    )
  })

  it('is not asked where the plan is refused', async () => {
    const { exit, stderr } = await runCli(['promote-all', 'loan'], { holds: world(WORLDS.trouble), typed: 'y\n' })
    assert.equal(exit, 3)
    assert.doesNotMatch(stderr, /\[y\/N\]/)
  })
})

describe('a protected group', () => {
  it('asks for its name', async () => {
    const running = startCli(['promote-all', 'loan'], { holds: PROTECTED, typed: 'loan\n' })
    await running.shows('promote sent')
    running.interrupt()
    assert.match((await running.done).stderr, /\nGroup loan is protected\. Promote\? Type its name: /)
  })

  for (const answer of ['y', 'yes', 'Loan', 'loa', '']) {
    it(`is not satisfied with ${JSON.stringify(answer)}`, async () => {
      const { exit, requests } = await runCli(['promote-all', 'loan'], { holds: PROTECTED, typed: `${answer}\n` })
      assert.deepEqual([exit, sent(requests)], [1, []])
    })
  }
})

describe('a context marked as production', () => {
  it('asks for the name of the group, and takes no yes', async () => {
    const { exit, requests, stderr } = await runCli(['promote-all', 'loan'], {
      holds: world(WORLDS.ready),
      guarded: true,
      typed: 'y\n',
    })
    assert.match(stderr, /\nContext prod-eu is production\. Promote\? Type the name of the group: /)
    assert.deepEqual([exit, sent(requests)], [1, []])
  })

  it('takes the name', async () => {
    const running = startCli(['promote-all', 'loan'], { holds: world(WORLDS.ready), guarded: true, typed: 'loan\n' })
    await running.shows('promote sent')
    running.interrupt()
    await running.done
  })
})
