import assert from 'node:assert/strict'
import { resolve } from 'node:path'
import { run, type Finished } from '../controlplane/run.ts'
import { TestTerminal } from '../support/terminal.ts'

/** Another build can be tested, too. */
const LAUNCHER = resolve(process.env['LAUNCHER'] ?? 'bin/kubectl-rollouts_group')
const demo = (...words: readonly string[]): Promise<Finished> => run(LAUNCHER, ['demo', ...words])

describe('demo', function () {
  this.timeout(90_000)

  it('opens the live screen on a terminal', async () => {
    const terminal = new TestTerminal(LAUNCHER, ['demo', 'canary'])
    try {
      await terminal.shows(/Group shop[^]*quit$/)
      terminal.type('q')
      assert.equal(await terminal.exit, 0)
    } finally {
      terminal.close()
    }
  })

  it('in a pipeline shows the group, promotes it, and shows it again', async () => {
    const { code, stdout } = await demo()
    assert.equal(code, 0)
    assert.match(stdout, /ready to promote[^]*Group loan promoted: 2 of 2[^]*nothing waits/)
  })

  it('--script plays a release, the classic mistake, and the way back, and users never meet two versions', async () => {
    const { code, stdout, stderr } = await demo('--script')
    assert.equal(code, 0, stderr)
    const [release, back, refusal, abort] = [
      'Group loan promoted: 2 of 2',
      'Group loan promoted: 1 of 1',
      'Group loan not promoted',
      'Group loan aborted: 2 of 2',
    ].map((each) => stdout.indexOf(each))
    assert.ok(0 < release! && release! < back! && back! < refusal! && refusal! < abort!, stdout)
    assert.match(stderr, /✖ next-wired-to-live {2}my-frontend 3\.0 still talks to my-backend 2\.0/)
    assert.doesNotMatch(stderr, /already-mixed/)
    assert.match(stdout, /LIVE {2}users ─▶ my-frontend 2\.0 ─▶ my-backend 2\.0 +✔ one version[^]*$/)
  })

  for (const [words, why] of [
    [['canary', '--script'], '--script plays the scenario legacy'],
    [['--script', 'get-group'], 'either --serve, or --script, or a verb to run'],
  ] as const) {
    it(`${words.join(' ')} is a mistake: ${why}`, async () => {
      const { code, stderr } = await demo(...words)
      assert.equal(code, 2)
      assert.ok(stderr.includes(why), stderr)
    })
  }
})
