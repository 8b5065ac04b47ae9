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

  it('--script plays two releases, a refusal and a way back, and users never meet two versions', async () => {
    const { code, stdout, stderr } = await demo('--script')
    assert.equal(code, 0, stderr)
    assert.deepEqual(
      [...stdout.matchAll(/^Group loan (.+?)(?: in .*)?\.$/gm)].map((each) => each[1]),
      [
        'deployed: 2 of 2',
        'promoted: 2 of 2',
        'deployed: 2 of 2',
        'promoted: 2 of 2',
        'not deployed',
        'deployed: 2 of 2',
        'aborted: 2 of 2',
      ],
    )
    assert.match(stderr, /✖ next-wired-to-live {2}my-frontend 4\.0 still talks to my-backend 3\.0/)
    assert.doesNotMatch(stderr, /already-mixed/)
    assert.match(`${stdout}${stderr}`, /^Next: {2}.* release -f \S+ --smoke 'exit 1' loan$/m)
    assert.match(stdout, /LIVE {2}users ─▶ my-frontend 3\.0 ─▶ my-backend 3\.0 +✔ one version[^]*$/)
  })

  for (const [words, why] of [
    [['canary', '--script'], '--script plays the scenario plain'],
    [['--script', 'get-group'], 'either --serve, or --script, or a verb to run'],
  ] as const) {
    it(`${words.join(' ')} is a mistake: ${why}`, async () => {
      const { code, stderr } = await demo(...words)
      assert.equal(code, 2)
      assert.ok(stderr.includes(why), stderr)
    })
  }
})
