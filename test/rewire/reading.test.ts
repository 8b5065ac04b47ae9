import assert from 'node:assert/strict'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { Readable } from 'node:stream'
import { edited } from '../../src/domain/manifests/edit.ts'
import { type Asked, readManifests } from '../../src/manifests/read.ts'
import type { Reading } from '../../src/manifests/render.ts'
import { writeManifests } from '../../src/manifests/write.ts'

const SERVICE = (name: string) => `apiVersion: v1\nkind: Service\nmetadata: {name: ${name}}\n`

const reading = (stdin = '', env: Reading['env'] = process.env): Reading => ({
  stdin: Readable.from([stdin]),
  env,
  signal: new AbortController().signal,
})
const read = (stdin: string) => readManifests({ files: ['-'], kustomizations: [] }, reading(stdin))
const names = async (asked: Partial<Asked>, around = reading()) =>
  (await readManifests({ files: [], kustomizations: [], ...asked }, around)).manifests.map((each) => each.name)

describe('manifests', () => {
  let directory: string
  before(() => {
    directory = mkdtempSync(join(tmpdir(), 'manifests-'))
    const write = (path: string, content: string) => writeFileSync(join(directory, path), content)
    mkdirSync(join(directory, 'deeper'))
    mkdirSync(join(directory, 'bin'))
    mkdirSync(join(directory, 'empty'))
    write('b.yaml', SERVICE('b'))
    write('a.yml', `${SERVICE('a')}---\n${SERVICE('a2')}`)
    write('c.json', '{"apiVersion": "v1", "kind": "Service", "metadata": {"name": "c"}}')
    write('README.md', 'no manifest')
    write('deeper/d.yaml', SERVICE('d'))
    write(
      'bin/kubectl',
      '#!/bin/sh\n[ "$2" = bad ] && { echo "error: no kustomization.yaml in bad" >&2; exit 1; }\n' +
        `printf 'apiVersion: v1\\nkind: Service\\nmetadata: {name: %s-of-%s}\\n' "$1" "$2"\n`,
    )
    chmodSync(join(directory, 'bin/kubectl'), 0o755)
  })
  after(() => rmSync(directory, { recursive: true }))

  it('are read from files in the order given, and once where one is given twice', async () =>
    assert.deepEqual(
      await names({ files: [join(directory, 'c.json'), join(directory, 'a.yml'), join(directory, 'c.json')] }),
      ['c', 'a', 'a2'],
    ))

  it('are read from a directory by file name, its own directories and other files left out, as kubectl does', async () =>
    assert.deepEqual(await names({ files: [directory] }), ['a', 'a2', 'b', 'c']))

  it('are read from standard input', async () =>
    assert.deepEqual(await names({ files: ['-'] }, reading(SERVICE('piped'))), ['piped']))

  it('of a kustomization are rendered by the kubectl that runs us, else by that of the PATH', async () => {
    const bin = join(directory, 'bin')
    assert.deepEqual(
      await names({ kustomizations: ['overlay'] }, reading('', { KUBECTL_PATH: join(bin, 'kubectl'), PATH: '' })),
      ['kustomize-of-overlay'],
    )
    assert.deepEqual(
      await names({ kustomizations: ['overlay'] }, reading('', { PATH: `${bin}${delimiter}${process.env['PATH']}` })),
      ['kustomize-of-overlay'],
    )
  })

  const REFUSED: readonly (readonly [what: string, asked: () => Partial<Asked>, around: () => Reading, why: RegExp])[] =
    [
      [
        'a file that is not there',
        () => ({ files: ['/no/such.yaml'] }),
        reading,
        /^stat \/no\/such.yaml: no such file/,
      ],
      ['a URL', () => ({ files: ['https://a/b.yaml'] }), reading, /is a URL.*-f -$/],
      [
        'a directory without manifests',
        () => ({ files: [join(directory, 'empty')] }),
        reading,
        /no Kubernetes object in/,
      ],
      [
        'empty standard input',
        () => ({ files: ['-'] }),
        () => reading('# nothing\n---\n'),
        /no Kubernetes object in standard/,
      ],
      [
        'a kubectl that is not there',
        () => ({ kustomizations: ['overlay'] }),
        () => reading('', { PATH: '/nowhere' }),
        /^-k overlay is rendered by kubectl, and there is no kubectl: .*KUBECTL_PATH/,
      ],
      [
        'a kustomization that fails',
        () => ({ kustomizations: ['bad'] }),
        () => reading('', { KUBECTL_PATH: join(directory, 'bin/kubectl') }),
        /^the kustomization bad cannot be rendered: no kustomization.yaml in bad$/,
      ],
    ]
  for (const [what, asked, around, why] of REFUSED)
    it(`of ${what} are refused with the reason`, () =>
      assert.rejects(names(asked(), around()), { name: 'ManifestError', message: why }))

  const UNREADABLE: readonly (readonly [what: string, source: string, why: RegExp])[] = [
    ['what is no YAML', `${SERVICE('a')}---\na: b: c\n`, /^standard input:5 cannot be read: nested mappings/],
    ['a key that stands twice', 'a: 1\na: 2\n', /^standard input:2 cannot be read: map keys must be unique$/],
    ['an object without a name', 'apiVersion: v1\nkind: Service\n', /:1 is no Kubernetes object: .* no metadata.name$/],
    ['a text', 'hello\n', /^standard input:1 is no Kubernetes object: it has no apiVersion and no kind/],
    [
      'a list in a list',
      'kind: List\napiVersion: v1\nitems:\n- kind: List\n  apiVersion: v1\n  items: []\n',
      /^standard input:4 is a list in a list/,
    ],
    [
      'an item that is no object',
      'kind: List\napiVersion: v1\nitems: [1]\n',
      /^standard input:\d is no Kubernetes object/,
    ],
  ]
  for (const [what, source, why] of UNREADABLE)
    it(`are refused for ${what}, with file and line`, () =>
      assert.rejects(read(source), { name: 'ManifestError', message: why }))

  it('are found in lists, each with its own line', async () => {
    const { manifests } = await read(
      'apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Service\n  metadata:\n    name: a\n' +
        '- apiVersion: v1\n  kind: Secret\n  metadata: {name: b, namespace: shop}\n',
    )
    assert.deepEqual(
      manifests.map(({ kind, name, namespace, where }) => [kind, name, namespace, where]),
      [
        ['Service', 'a', undefined, 'standard input:4'],
        ['Secret', 'b', 'shop', 'standard input:8'],
      ],
    )
  })

  it('have the values that kubectl reads in them', async () => {
    const { manifests } = await read(
      `${SERVICE('a')}data: {on: yes, mode: 0644, at: 12:30:45, day: 2001-01-01, list: [1]}\n`,
    )
    assert.deepEqual((manifests[0]!.object as { data: unknown }).data, {
      true: true,
      mode: 420,
      at: '12:30:45',
      day: '2001-01-01',
      list: [1],
    })
  })
})

describe('manifests written again', () => {
  const SOURCE =
    `# the first\n${SERVICE('a')}\n---\n# a list\napiVersion: v1\nkind: List\nitems:\n  - apiVersion: v1\n` +
    '    kind: ConfigMap\n    metadata: {name: b}\n    data:\n      # why\n      HOST: "backend" # here\n      PORT: "80"\n'

  it('are what they were to the letter where nothing is edited', async () => {
    const source = await read(SOURCE)
    assert.deepEqual(writeManifests(source, [], []), { text: SOURCE, uncommented: [] })
  })

  it('keep comments, quotes, order and indents around what is edited', async () => {
    const source = await read(SOURCE)
    const edit = { manifest: source.manifests[1]!, path: ['data', 'HOST'], from: 'backend', to: 'backend-2' }
    assert.equal(writeManifests(source, [edit], []).text, SOURCE.replace('"backend"', '"backend-2"'))
  })

  it('read again are the objects with the edits made', async () => {
    const source = await read(SOURCE)
    const edits = [
      { manifest: source.manifests[1]!, path: ['data', 'HOST'], from: 'backend', to: 'on' },
      { manifest: source.manifests[1]!, path: ['data', 'PORT'], from: '80', to: undefined },
      { manifest: source.manifests[0]!, path: ['metadata', 'labels', 'a/b'], from: undefined, to: '2.0' },
    ]
    const added = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'yes' } }
    const again = await read(writeManifests(source, edits, [added]).text)
    assert.deepEqual(
      again.manifests.map(({ object }) => object),
      [
        added,
        ...source.manifests.map((each) =>
          edited(
            each.object,
            edits.filter(({ manifest }) => manifest === each),
          ),
        ),
      ],
    )
  })

  for (const [what, labels] of [
    ['nothing is', 'labels:\n    # none yet'],
    ['null is', 'labels: null'],
    ['a list is', 'labels: []'],
  ] as const)
    it(`get what is added where ${what} behind its key`, async () => {
      const source = await read(`apiVersion: v1\nkind: Service\nmetadata:\n  name: a\n  ${labels}\nspec: {}\n`)
      const edit = { manifest: source.manifests[0]!, path: ['metadata', 'labels', 'a/b'], from: undefined, to: 'c' }
      const [again] = (await read(writeManifests(source, [edit], []).text)).manifests
      assert.deepEqual(again!.object, edited(source.manifests[0]!.object, [edit]))
    })

  for (const edits of [0, 1])
    it(`with a directive of YAML can be read behind what is added, after ${edits} edits`, async () => {
      const source = await read(`# note\n%YAML 1.1\n---\n${SERVICE('a')}`)
      const [manifest] = source.manifests
      const edit = { manifest: manifest!, path: ['metadata', 'labels'], from: undefined, to: { x: 'y' } }
      const added = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'new' } }
      const { text } = writeManifests(source, [edit].slice(0, edits), [added])
      assert.doesNotMatch(text, /%/)
      assert.deepEqual(
        (await read(text)).manifests.map(({ name }) => name),
        ['new', 'a'],
      )
    })

  it('leave out what is taken away, documents and items alike, and edit the others in their places', async () => {
    const source = await read(
      `${SERVICE('gone')}---\n${SOURCE}  - ${SERVICE('last').trimEnd().replaceAll('\n', '\n    ')}\n`,
    )
    const named = (name: string) => source.manifests.find((each) => each.name === name)!
    const edits = [
      { manifest: named('gone'), path: [], from: {}, to: undefined },
      { manifest: named('b'), path: [], from: {}, to: undefined },
      { manifest: named('last'), path: ['metadata', 'name'], from: 'last', to: 'first' },
    ]
    const { text } = writeManifests(source, edits, [])
    assert.deepEqual(
      (await read(text)).manifests.map(({ name }) => name),
      ['a', 'first'],
    )
    assert.doesNotMatch(text, /null|gone/)
  })

  it('stay a ResourceList where they were one, with what is added in it', async () => {
    const source = await read(
      `apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nfunctionConfig: {x: 1}\nitems:\n- ${SERVICE('a').replaceAll('\n', '\n  ')}\n`,
    )
    const { text } = writeManifests(source, [], [{ apiVersion: 'v1', kind: 'Service', metadata: { name: 'b' } }])
    assert.match(text, /^apiVersion: config[^]*functionConfig[^]*name: b[^]*name: a/)
    assert.deepEqual(
      (await read(text)).manifests.map(({ name }) => name),
      ['b', 'a'],
    )
  })

  it('lose the comments of a document that says one thing in two places, which is told', async () => {
    const source = await read(`${SERVICE('a')}x: &x {k: v} # shared\nz: *x\n`)
    const written = writeManifests(
      source,
      [{ manifest: source.manifests[0]!, path: ['x', 'k'], from: 'v', to: 'w' }],
      [],
    )
    assert.deepEqual(written.uncommented, ['standard input:1'])
    const { x, z } = (await read(written.text)).manifests[0]!.object as { x: unknown; z: unknown }
    assert.deepEqual([x, z], [{ k: 'w' }, { k: 'v' }])
  })
})
