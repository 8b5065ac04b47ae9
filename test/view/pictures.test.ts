import assert from 'node:assert/strict'
import { htmlOf } from '../../src/view/draw/html.ts'
import { cellsOf } from '../../src/view/draw/picture.ts'
import { svgOf } from '../../src/view/draw/svg.ts'
import { painter } from '../../src/view/draw/theme.ts'
import { groupScreen } from '../../src/view/words/group-screen.ts'
import { planMarkdown } from '../../src/view/words/plan-markdown.ts'
import { typed } from '../support/typed.ts'
import { legacyPair } from '../support/objects.ts'
import { planOf, viewOf, WORLDS } from './worlds.ts'

const LINES = groupScreen(viewOf(WORLDS.trouble), { width: 110, paint: painter(true), typed })
const HOSTILE = legacyPair({ frontend: { next: { version: '<script>|`*_' } } })

describe('a screen as one file', () => {
  it('has as HTML the rows of the screen, with its colours, and nothing of a server that a browser acts on', () => {
    const html = htmlOf('<loan>', LINES)
    const text = html
      .replace(/^[^]*<pre>|<\/pre>[^]*$/g, '')
      .replaceAll(/<[^>]+>/g, '')
      .replaceAll('&gt;', '>')
    assert.equal(text, LINES.join('\n').replaceAll(/\u001b\[\d+m/g, ''))
    assert.match(html, /<title>&lt;loan&gt;<\/title>/)
    assert.match(html, /<span class="c1">✖ next-wired-to-live<\/span>/)
    assert.doesNotMatch(
      htmlOf('x', groupScreen(viewOf(HOSTILE), { width: 110, paint: painter(true), typed })),
      /<script/,
    )
  })

  it('has as SVG each character in its cell, after wide ones, too', () => {
    assert.deepEqual(
      cellsOf(['\u001b[31ma漢\u001b[0mb']).map((row) => row.map(({ text, colour }) => [text, colour])),
      [
        [
          ['a', 1],
          ['漢', 1],
          ['', undefined],
          ['b', undefined],
        ],
      ],
    )
    const svg = svgOf(cellsOf(LINES))
    assert.match(svg, /^<svg [^]*<\/svg>\n$/)
    assert.match(svg, /fill="#ff7b72">next-wired-to-live</)
  })
})

describe('a plan as Markdown', () => {
  it('says what happens to whom, what is proved, what must be known, and the command', () => {
    const lines = planMarkdown(planOf(WORLDS.ready), 'prod-eu', 'pods', typed)
    assert.equal(lines[0], '## Promote group `loan` in `legacy` (context `prod-eu`)')
    assert.match(
      lines.join('\n'),
      /^2 rollouts, consumers first:\n\n\| \| rollout \| versions \| what happens \|\n\|---/m,
    )
    assert.match(
      lines.join('\n'),
      /^\| 1 \| `my-frontend` \| 1\.0 → 2\.0 \| promote, then wait until frontend-active serves 2\.0/m,
    )
    assert.match(lines.join('\n'), /^- ⚠ \*\*no-way-back-after\*\* once my-backend is promoted/m)
    assert.deepEqual(lines.slice(-3), ['```sh', 'kubectl rollouts-group promote-all loan -n legacy', '```'])
  })

  it('says what forbids it', () =>
    assert.match(
      planMarkdown(planOf(WORLDS.trouble), 'prod-eu', 'pods', typed).join('\n'),
      /\*\*Refused\*\*: as it is now, nothing would be sent\.\n\n- ✖ \*\*next-wired-to-live\*\* my-frontend 2\.0 still talks/,
    ))

  it('holds no text of a server that a renderer takes for a mark', () =>
    assert.match(planMarkdown(planOf(HOSTILE), 'x', 'pods', typed).join('\n'), /\\<script\\>\\\|\\`\\\*\\_/))
})
