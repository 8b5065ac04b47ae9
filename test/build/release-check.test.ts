import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { claimsOfTree, disagreements, type Claims } from '../../build/release-check.ts'
import { locked, verify } from '../../build/node-binary.ts'
import { TARGETS } from '../../build/targets.ts'

describe('a release', () => {
  let tree: Claims
  before(async () => {
    tree = await claimsOfTree()
  })

  it('agrees with itself', () => assert.deepEqual(disagreements(tree), []))

  const table: readonly (readonly [what: string, change: (claims: Claims) => Partial<Claims>, complaint: RegExp])[] = [
    ['a version that is none', () => ({ version: '1.2' }), /no semantic version/],
    ['another version in the lock file', () => ({ lockVersion: '0.0.9' }), /package-lock\.json has version 0\.0\.9/],
    [
      'no entry in the changelog',
      () => ({ changelog: '# Changelog\n\n## 0.0.9\n' }),
      /newest entry of CHANGELOG\.md is 0\.0\.9/,
    ],
    ['a tag of another version', () => ({ tag: 'v0.0.9' }), /the tag is v0\.0\.9/],
    [
      'a tag before the changelog has a date',
      ({ version }) => ({ tag: `v${version}`, changelog: `## ${version} (unreleased)` }),
      /has a date/,
    ],
    [
      'another version in the manifest',
      ({ manifest }) => ({ manifest: manifest.replace(/version: v.*/, 'version: v9.9.9') }),
      /krew-manifest\.yaml has version v9\.9\.9/,
    ],
    [
      'another plugin in the manifest',
      ({ manifest }) => ({ manifest: manifest.replace('name: rollouts-group', 'name: rollouts') }),
      /is of rollouts:/,
    ],
    [
      'another homepage',
      ({ manifest }) => ({ manifest: manifest.replace(/homepage: .*/, 'homepage: https://example.test') }),
      /leads to https:\/\/example\.test/,
    ],
    ['an old build', () => ({ printed: 'kubectl rollouts-group v0.0.1\n' }), /build it again/],
    ['a help that does not say how it is called', () => ({ help: '' }), /how the plugin is called/],
  ]
  for (const [what, change, complaint] of table) {
    it(`is stopped by ${what}`, () => assert.match(disagreements({ ...tree, ...change(tree) }).join('\n'), complaint))
  }

  it('may be tagged once the changelog has a date', () =>
    assert.deepEqual(
      disagreements({ ...tree, tag: `v${tree.version}`, changelog: `## ${tree.version} (2026-01-31)` }),
      [],
    ))
})

describe('Node for each platform', () => {
  it('is pinned by version and checksum, the same version for all', () => {
    assert.deepEqual(
      new Set(TARGETS.map(({ nodePackage }) => `v${locked(nodePackage).version}`)),
      new Set([process.version]),
    )
  })

  it('is not taken where nothing is pinned', () =>
    assert.throws(() => locked('node-plan9-x64'), /pins no sha512 of node-plan9-x64/))

  it('is not taken where a byte differs', () => {
    const integrity = `sha512-${createHash('sha512').update('node').digest('base64')}`
    verify(Buffer.from('node'), integrity, 'it')
    assert.throws(() => verify(Buffer.from('nodf'), integrity, 'it'), /it is not what is pinned/)
  })
})
