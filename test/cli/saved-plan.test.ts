import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { world } from '../support/objects.ts'
import { runCli, startCli } from '../support/cli-context.ts'
import { WORLDS } from '../view/worlds.ts'

const holds = world(WORLDS.ready)

describe('a saved plan', () => {
  let dir = ''
  let count = 0
  before(() => {
    dir = mkdtempSync(join(tmpdir(), 'saved-plan-'))
  })
  after(() => rmSync(dir, { recursive: true }))

  function saved(content: string): string {
    const file = join(dir, `plan-${count++}`)
    writeFileSync(file, content)
    return file
  }

  for (const format of ['json', 'yaml']) {
    it(`is written by --dry-run -o ${format}, and read again`, async () => {
      const { exit, stdout, stderr } = await runCli(['promote-all', 'loan', '--dry-run', '-o', format], { holds })
      assert.deepEqual([exit, stderr], [0, ''])
      const running = startCli(['promote-all', 'loan', '--yes', '--plan', saved(stdout)], { holds })
      await running.shows('promote sent')
      running.interrupt()
      await running.done
    })
  }

  it('is carried out only while the group is as it was: otherwise nothing is sent (5)', async () => {
    const { stdout } = await runCli(['promote-all', 'loan', '--dry-run', '-o', 'json'], { holds })
    const {
      exit,
      requests,
      stdout: report,
    } = await runCli(['promote-all', 'loan', '--yes', '--plan', saved(stdout)], { holds: world(WORLDS.half) })
    assert.deepEqual([exit, requests.filter((each) => /^(patch|create leases)/.test(each))], [5, []])
    assert.match(
      report,
      /my-frontend +✖ changed +the plan says promote 1\.0 → 2\.0; now it is on 2\.0 and nothing waits\n +my-backend +· not started +nothing was sent, since the plan is out of date\n/,
    )
  })

  for (const dryRun of ['--dry-run', '--dry-run=server']) {
    it(`is held against the group by ${dryRun} too, which says what differs (5)`, async () => {
      const { stdout } = await runCli(['promote-all', 'loan', '--dry-run', '-o', 'json'], { holds })
      const file = saved(stdout)
      const same = await runCli(['promote-all', 'loan', '--plan', file, '--dry-run'], { holds })
      assert.equal(same.exit, 0)
      assert.ok(same.stdout.endsWith('\n\nThe saved plan holds: nothing that it expects has changed.\n'), same.stdout)
      const { exit, stdout: said } = await runCli(['promote-all', 'loan', '--plan', file, dryRun], {
        holds: world(WORLDS.half),
      })
      assert.equal(exit, 5)
      assert.doesNotMatch(said, /holds/)
      assert.match(
        said,
        /my-frontend +✖ changed +the plan says promote 1\.0 → 2\.0; now it is on 2\.0 and nothing waits\n/,
      )
    })
  }

  it('keeps the flags it was made with, and is carried out with them', async () => {
    const { stdout } = await runCli(
      ['promote-all', 'loan', '--dry-run', '-o', 'json', '--drain=endpoints', '--mode', 'modern'],
      { holds },
    )
    const { options, mode } = JSON.parse(stdout)
    assert.deepEqual([options, mode], [{ drain: 'endpoints', mode: 'modern' }, 'modern'])
    const { exit, stdout: again } = await runCli(
      ['promote-all', 'loan', '--plan', saved(stdout), '--dry-run', '-o', 'json'],
      { holds },
    )
    assert.deepEqual([exit, JSON.parse(again).options, JSON.parse(again).mode], [0, options, mode])
  })

  const flags: readonly (readonly [made: readonly string[], given: readonly string[], said: RegExp | undefined])[] = [
    [
      [],
      ['--drain=endpoints'],
      /^error: --drain is not what \S+ was saved with \(--drain=pods\): leave it out, or save another plan\n/,
    ],
    [[], ['--drain=pods'], undefined],
    [['--drain=10s'], ['--drain=10s'], undefined],
    [['--drain=10s'], ['--drain=20s'], /^error: --drain is not what \S+ was saved with \(--drain=10s\)/],
    [[], ['--to-end'], /^error: --to-end is not what \S+ was saved with \(without it\)/],
    [['--to-end'], ['--to-end=false'], /^error: --to-end is not what \S+ was saved with \(with it\)/],
    [[], ['--full'], /^error: --full is not/],
    [[], ['--only=my-frontend'], /^error: --only is not/],
    [[], ['--mode=modern'], /^error: --mode is not/],
    [[], ['--allow-mixed-window'], /^error: --allow-mixed-window is not/],
    [[], ['--trust-depends-on'], /^error: --trust-depends-on is not/],
    [[], ['--timeout=20m', '--on-failure=abort', '--break-lock'], undefined],
  ]
  for (const [made, given, said] of flags) {
    it(`saved ${made.join(' ') || 'without a flag'} ${said === undefined ? 'is carried out' : 'is a mistake (2)'} with ${given.join(' ')}`, async () => {
      const { stdout } = await runCli(['promote-all', 'loan', '--dry-run', '-o', 'json', ...made], { holds })
      const { exit, stderr } = await runCli(['promote-all', 'loan', '--plan', saved(stdout), '--dry-run', ...given], {
        holds,
      })
      assert.equal(exit, said === undefined ? 0 : 2, stderr)
      if (said !== undefined) assert.match(stderr, said)
    })
  }

  it('of another namespace is a mistake (2)', async () => {
    const { stdout } = await runCli(['promote-all', 'loan', '--dry-run', '-o', 'json'], { holds })
    const { exit, stderr } = await runCli(
      [
        'promote-all',
        'loan',
        '--yes',
        '--plan',
        saved(stdout.replace('"namespace": "legacy"', '"namespace": "staging"')),
      ],
      { holds },
    )
    assert.equal(exit, 2)
    assert.match(stderr, /^error: \S+ is a plan of namespace staging, not of legacy\n/)
  })

  it('with a flag that nobody knows is a mistake (2)', async () => {
    const { stdout } = await runCli(['promote-all', 'loan', '--dry-run', '-o', 'json'], { holds })
    const { exit, stderr } = await runCli(
      ['promote-all', 'loan', '--yes', '--plan', saved(stdout.replace('"options": {}', '"options": {"yes": true}'))],
      { holds },
    )
    assert.deepEqual(
      [exit, stderr.split('\n')[0]!.replace(/\S*plan-\d+/, 'FILE')],
      [2, 'error: FILE was saved with --yes, which this version does not know'],
    )
  })

  const plan = async () => (await runCli(['promote-all', 'loan', '--dry-run', '-o', 'json'], { holds })).stdout
  const cases: readonly (readonly [
    what: string,
    argv: readonly string[],
    content: () => string | Promise<string>,
    said: RegExp,
  ])[] = [
    ['of another verb', ['abort-all', 'loan'], plan, /^error: \S+ is a plan of promote-all, not of abort-all\n/],
    ['of another group', ['promote-all', 'savings'], plan, /^error: \S+ is a plan of group loan\n/],
    [
      'of a group by its labels, for one by its name',
      ['promote-all', '-l', 'app=x'],
      plan,
      /^error: \S+ is a plan of group loan\n/,
    ],
    [
      'that is another document',
      ['promote-all', 'loan'],
      async () => (await runCli(['get-group', 'loan', '-o', 'json'], { holds })).stdout,
      /^error: \S+ is no plan; save one with --dry-run -o json\n/,
    ],
    [
      'whose steps were taken apart',
      ['promote-all', 'loan'],
      async () => (await plan()).replaceAll('"hash"', '"hush"'),
      /is no plan; save one/,
    ],
    [
      'that asks for what this version cannot do',
      ['promote-all', 'loan'],
      async () => (await plan()).replaceAll('"action": "promote"', '"action": "rewind"'),
      /^error: \S+ asks for rewind of my-frontend, which this version does not know\n/,
    ],
    [
      'that leads to what this version does not know',
      ['promote-all', 'loan'],
      async () => (await plan()).replaceAll('"kind": "live"', '"kind": "undone"'),
      /^error: \S+ asks for undone of my-frontend, which this version does not know\n/,
    ],
    ['that is no YAML', ['promote-all', 'loan'], () => 'a: [', /^error: \S+ cannot be read as a plan: /],
    ['that is empty', ['promote-all', 'loan'], () => '', /^error: \S+ (is no plan|cannot be read as a plan)/],
    ['that is only a text', ['promote-all', 'loan'], () => 'hello', /is no plan; save one/],
  ]
  for (const [what, argv, content, said] of cases) {
    it(`${what} is a mistake (2)`, async () => {
      const { exit, stderr, flags } = await runCli([...argv, '--yes', '--plan', saved(await content())], { holds })
      assert.match(stderr, said)
      assert.deepEqual([exit, flags], [2, undefined], 'no cluster is opened')
    })
  }

  it('that is not there is a mistake (2)', async () => {
    const { exit, stderr } = await runCli(['promote-all', 'loan', '--yes', '--plan', '/nonexistent/plan'], { holds })
    assert.equal(exit, 2)
    assert.match(stderr, /^error: the plan cannot be read: open \/nonexistent\/plan: no such file or directory$/m)
  })
})
