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
  before(() => { dir = mkdtempSync(join(tmpdir(), 'saved-plan-')) })
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
    const { exit, requests, stdout: report } = await runCli(['promote-all', 'loan', '--yes', '--plan', saved(stdout)], { holds: world(WORLDS.half) })
    assert.deepEqual([exit, requests.filter((each) => /^(patch|create leases)/.test(each))], [5, []])
    assert.match(report, /my-backend +✖ changed +the group is not as it was when the plan was saved: now it would be promote my-backend .*; the plan says promote my-frontend .*; then promote my-backend/)
  })

  const plan = async () => (await runCli(['promote-all', 'loan', '--dry-run', '-o', 'json'], { holds })).stdout
  const cases: readonly (readonly [what: string, argv: readonly string[], content: () => string | Promise<string>, said: RegExp])[] = [
    ['of another verb', ['abort-all', 'loan'], plan, /^error: \S+ is a plan of promote-all, not of abort-all\n/],
    ['of another group', ['promote-all', 'savings'], plan, /^error: \S+ is a plan of group loan\n/],
    ['of a group by its labels, for one by its name', ['promote-all', '-l', 'app=x'], plan, /^error: \S+ is a plan of group loan\n/],
    ['that is another document', ['promote-all', 'loan'], async () => (await runCli(['get-group', 'loan', '-o', 'json'], { holds })).stdout, /^error: \S+ is no plan; save one with --dry-run -o json\n/],
    ['whose steps were taken apart', ['promote-all', 'loan'], async () => (await plan()).replaceAll('"hash"', '"hush"'), /is no plan; save one/],
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
    assert.match(stderr, /^error: \/nonexistent\/plan cannot be read as a plan: ENOENT/)
  })
})
