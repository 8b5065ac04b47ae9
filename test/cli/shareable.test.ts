import assert from 'node:assert/strict'
import { runCli } from '../support/cli-context.ts'
import { world } from '../support/objects.ts'
import { WORLDS } from '../view/worlds.ts'

const READY = { holds: world(WORLDS.ready) }

describe('what is shared as a file', () => {
  it('is one group, or all, as a picture and as a page', async () => {
    for (const words of [['get-group', 'loan'], ['get-group']]) {
      const [svg, html] = await Promise.all(['svg', 'html'].map((format) => runCli([...words, '-o', format], READY)))
      assert.match(svg!.stdout, /^<svg [^]*>loan<[^]*<\/svg>\n$/)
      assert.match(html!.stdout, /^<!doctype html>[^]*ready to promote[^]*<\/html>\n$/)
    }
  })

  it('is a plan as Markdown, refused or not', async () => {
    const ready = await runCli(['promote-all', 'loan', '--dry-run', '-o', 'markdown'], READY)
    assert.match(ready.stdout, /^## Promote group `loan` in `legacy` \(context `prod-eu`\)\n/)
    const trouble = await runCli(['promote-all', 'loan', '--dry-run', '-o', 'markdown'], {
      holds: world(WORLDS.trouble),
    })
    assert.deepEqual([trouble.exit, /\*\*Refused\*\*/.test(trouble.stdout)], [3, true])
  })

  it('is no report of a run (2)', async () => {
    const { exit, stderr } = await runCli(['promote-all', 'loan', '-y', '-o', 'markdown'], READY)
    assert.deepEqual(
      [exit, stderr.split('\n')[0]],
      [2, 'error: -o markdown is the plan, not what a run comes to: give --dry-run with it'],
    )
  })
})
