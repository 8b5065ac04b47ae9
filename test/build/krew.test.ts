import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { dump, load } from 'js-yaml'
import { botTemplate, fillManifest, sha256 } from '../../build/krew.ts'
import { brokenRules, type Manifest } from '../support/krew-rules.ts'

const FILE = 'rollouts-group.yaml'
const filled = fillManifest(readFileSync('krew-manifest.yaml', 'utf8'), '1.2.3', (archive) =>
  sha256(Buffer.from(archive)),
)

/** The manifest with one thing changed. */
function changed(change: (manifest: any) => void): string {
  const manifest = load(filled) as Manifest
  change(manifest)
  return dump(manifest)
}

describe('the krew manifest', () => {
  it('keeps every rule of krew', () => assert.deepEqual(brokenRules(FILE, filled), []))

  it('has the version, the addresses and the checksums of the archives', () => {
    const { spec } = load(filled) as Manifest
    assert.equal(spec.version, 'v1.2.3')
    assert.deepEqual(
      spec.platforms.map(({ uri }: Manifest) => uri.split('/').slice(-2).join('/')),
      [
        'v1.2.3/kubectl-rollouts_group_v1.2.3_linux_amd64.tar.gz',
        'v1.2.3/kubectl-rollouts_group_v1.2.3_linux_arm64.tar.gz',
        'v1.2.3/kubectl-rollouts_group_v1.2.3_darwin_arm64.tar.gz',
        'v1.2.3/kubectl-rollouts_group_v1.2.3_darwin_amd64.tar.gz',
        'v1.2.3/kubectl-rollouts_group_v1.2.3_windows_amd64.zip',
      ],
    )
    for (const { uri, sha256: digest } of spec.platforms)
      assert.equal(digest, sha256(Buffer.from(uri.split('/').at(-1))))
  })

  const breaks: Readonly<Record<string, (manifest: any) => void>> = {
    "apiVersion is krew's": (m) => {
      m.apiVersion = 'v1'
    },
    'kind is Plugin': (m) => {
      m.kind = 'Deployment'
    },
    'the name is safe': (m) => {
      m.metadata.name = 'rollouts group'
    },
    "the file has the plugin's name": (m) => {
      m.metadata.name = 'rollouts'
    },
    'the version is semantic and begins with v': (m) => {
      m.spec.version = '1.2.3'
    },
    'there is a short description of one line': (m) => {
      m.spec.shortDescription = 'a\nb'
    },
    'the short description is a few words': (m) => {
      m.spec.shortDescription = 'x'.repeat(51)
    },
    'there is a description, and it lists no flags': (m) => {
      m.spec.description = 'take --yes'
    },
    'there is a homepage': (m) => {
      delete m.spec.homepage
    },
    'there is a platform': (m) => {
      m.spec.platforms = []
    },
    'no two platforms overlap': (m) => {
      m.spec.platforms[1].selector.matchLabels.arch = 'amd64'
    },
    'a platform is selected by os and arch': (m) => {
      m.spec.platforms[0].selector.matchLabels.libc = 'musl'
    },
    'a platform has both labels': (m) => {
      delete m.spec.platforms[4].selector.matchLabels.arch
    },
    'a platform is one that krew knows': (m) => {
      m.spec.platforms[0].selector.matchLabels.arch = 'x64'
    },
    'an archive is a .zip or .tar.gz': (m) => {
      m.spec.platforms[0].uri = 'https://example.test/a.tgz'
    },
    'a checksum is sha256 in lower-case hex': (m) => {
      m.spec.platforms[0].sha256 = m.spec.platforms[0].sha256.toUpperCase()
    },
    'a program is inside its archive': (m) => {
      m.spec.platforms[0].bin = '../kubectl'
    },
    'a program for Windows ends in .exe': (m) => {
      m.spec.platforms[4].bin = 'kubectl-rollouts_group'
    },
    'a list of files is whole, or absent': (m) => {
      m.spec.platforms[0].files = []
    },
  }
  for (const [rule, change] of Object.entries(breaks))
    it(`would be found out where it broke: ${rule}`, () => assert.ok(brokenRules(FILE, changed(change)).includes(rule)))
  it('would be found out under another name', () =>
    assert.ok(brokenRules('rollouts-group.yml', filled).includes('the file ends in .yaml')))
})

describe('the template of the release bot', () => {
  const template = readFileSync('krew-manifest.yaml', 'utf8')
  const written = readFileSync('.krew.yaml', 'utf8')

  it('is up to date with krew-manifest.yaml (make krew-bot)', () => assert.equal(written, botTemplate(template)))

  it('becomes the manifest where the bot fills it in', () => {
    // As pkg/source/template.go of the bot does it, its indentation included.
    const rendered = written
      .replaceAll(
        /\{\{addURIAndSha "(.*)" \.TagName \}\}/g,
        (_, uri: string) =>
          `uri: ${uri}\n    sha256: ${sha256(Buffer.from(uri.split('/').at(-1)!.replaceAll('{{ .TagName }}', 'v1.2.3')))}`,
      )
      .replaceAll('{{ .TagName }}', 'v1.2.3')
    assert.doesNotMatch(rendered, /[{}]/)
    assert.deepEqual(load(rendered), load(filled))
  })
})
