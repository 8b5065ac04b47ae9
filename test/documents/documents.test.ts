import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { FINDINGS } from '../../src/domain/findings/finding.ts'
import { EXIT } from '../../src/domain/run/outcome.ts'
import { ASSUMPTIONS } from '../../src/view/words/assumptions.ts'
import { DOCUMENTS } from './fences.ts'
import { BESIDE_KUBECTL, besideKubectl } from './beside-kubectl.ts'
import { commandPages } from './pages.ts'

const read = (file: string): string => readFileSync(file, 'utf8')

/** The first cells of the rows of a table of a page. */
function firstColumn(file: string, heading: string): string[] {
  const lines = read(file).split(`| ${heading} |`)[1]!.split('\n').slice(2)
  return lines
    .slice(
      0,
      lines.findIndex((each) => !each.startsWith('|')),
    )
    .map((each) => each.split('|')[1]!.trim().replaceAll('`', ''))
}

/** As GitHub makes them of headings. */
function anchorsOf(file: string): Set<string> {
  return new Set(
    [...read(file).matchAll(/^#+ (.+)$/gm)].map(([, title]) =>
      title!
        .toLowerCase()
        .replaceAll(/[^\w\- ]/g, '')
        .replaceAll(' ', '-'),
    ),
  )
}

/** The rooms of the domain. */
const DOMAIN = readdirSync('src/domain', { withFileTypes: true }).flatMap((each) =>
  each.isDirectory() ? [each.name] : [],
)

/** Rooms whose files are named alone where the text is about these. */
const ROOMS = [...DOMAIN.map((each) => `src/domain/${each}`), 'src/view/tui']

describe('the documents', function () {
  this.timeout(30_000)

  it('have a page for each verb that says what its help says (otherwise: make docs)', async () => {
    for (const [file, text] of await commandPages()) assert.equal(read(file), text, file)
  })

  it('have no help whose words run into the kind of an option', () => {
    const pages = readdirSync('docs/commands').map((each) => read(`docs/commands/${each}`))
    assert.deepEqual(pages.join('\n').match(/^.*[^\s|]\[(boolean|string|number|count|array)\]$/gm), null)
  })

  it('have a page for what is held at the border that says what its table says (otherwise: make docs)', () =>
    assert.equal(read(BESIDE_KUBECTL), besideKubectl()))

  it('explain each finding with its severity, and no other', () => {
    assert.deepEqual(firstColumn('docs/troubleshooting.md', 'finding'), Object.keys(FINDINGS))
    for (const [code, { legacy }] of Object.entries(FINDINGS)) {
      assert.ok(
        read('docs/troubleshooting.md').includes(`| \`${code}\` | ${legacy === 'varies' ? 'depends' : legacy} |`),
        code,
      )
    }
  })

  it('explain each exit code, and no other', () =>
    assert.deepEqual(firstColumn('docs/troubleshooting.md', 'exit code').map(Number), Object.values(EXIT)))

  it('say what proved rests on as `check -o wide` does', () => {
    const assumed = read('docs/proof.md').split('## What is assumed')[1]!.split('\n## ')[0]!
    const titles = [...assumed.matchAll(/^- \*\*(.+?)\.?\*\*/gm)].map((each) => each[1]!)
    const rest = ASSUMPTIONS.slice(titles.length)
    assert.deepEqual(
      titles.filter((each, index) => !ASSUMPTIONS[index]!.startsWith(each)),
      [],
    )
    assert.match(rest.join(), /^It is about calls/)
  })

  it('name files that are there where they say how it is built', () => {
    const named = [...read('docs/architecture.md').matchAll(/`([\w./-]+\.ts)`/g)].map((each) => each[1]!)
    const roots = ['', 'src', 'src/domain', 'src/execute', 'src/cli', 'src/view', ...ROOMS]
    assert.ok(named.length > 60)
    assert.deepEqual(
      named.filter((each) => !roots.some((root) => existsSync(join(root, each)))),
      [],
    )
  })

  it('say of every room of the domain what it holds', () =>
    assert.deepEqual(firstColumn('docs/architecture.md', 'room of `src/domain`').toSorted(), DOMAIN.toSorted()))

  for (const file of DOCUMENTS) {
    it(`${file} links to what is there`, () => {
      for (const [, target = ''] of read(file).matchAll(/\]\(([^)\s]+)\)/g)) {
        if (/^https:\/\//.test(target)) continue
        const [path = '', anchor] = target.split('#')
        const to = path === '' ? file : join(dirname(file), path)
        assert.ok(existsSync(to), `${file}: ${target}`)
        if (anchor !== undefined) assert.ok(anchorsOf(to).has(anchor), `${file}: ${target}`)
      }
    })
  }

  it('name targets of make that there are', () => {
    const targets = new Set([...readFileSync('Makefile', 'utf8').matchAll(/^([a-z-]+):/gm)].map((each) => each[1]!))
    const said = DOCUMENTS.flatMap((file) =>
      [...readFileSync(file, 'utf8').matchAll(/(?:^|`|\$ )make ([a-z-]+)/gm)].map((each) => each[1]!),
    )
    assert.ok(said.length > 5)
    assert.deepEqual(
      said.filter((each) => !targets.has(each)),
      [],
    )
  })
})
