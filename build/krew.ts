/**
 * `make krew` fills the manifest's template from the archives that were built; `make krew-bot` makes the release bot's
 * template of it.
 */
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { dump, load } from 'js-yaml'
import { archiveName, binaryName, TARGETS, type Target } from './targets.ts'

/** Where the archives of a release are found. */
const DOWNLOADS = 'https://github.com/kubectl-rollouts-group/kubectl-rollouts-group/releases/download'

/** Lower-case hex, as krew wants it. */
export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/**
 * The template as a document, with one platform per archive, each found by both of its labels so that no two overlap.
 */
function withPlatforms(template: string, tag: string, archive: (target: Target) => object): object {
  const manifest = load(template) as { spec: Record<string, unknown> }
  const platforms = TARGETS.map((target) => ({
    selector: { matchLabels: { os: target.os, arch: target.arch } },
    ...archive(target),
    bin: binaryName(target),
  }))
  return { ...manifest, spec: { ...manifest.spec, version: tag, platforms } }
}

/**
 * The manifest of a version.
 * @param digestOf the sha256 of an archive by its name
 */
export function fillManifest(template: string, version: string, digestOf: (archive: string) => string): string {
  return dump(
    withPlatforms(template, `v${version}`, (target) => {
      const archive = archiveName(target, version)
      return { uri: `${DOWNLOADS}/v${version}/${archive}`, sha256: digestOf(archive) }
    }),
    { lineWidth: -1 },
  )
}

/**
 * The same for krew-release-bot, which fills in the tag, the addresses and the checksums itself (its
 * pkg/source/template.go).
 */
export function botTemplate(template: string): string {
  const tag = '{{ .TagName }}'
  const text = dump(
    withPlatforms(template, tag, (target) => ({
      archive: `${DOWNLOADS}/${tag}/${archiveName(target, '').replace('_v_', `_${tag}_`)}`,
    })),
    { lineWidth: -1, seqNoIndent: true },
  )
  return `# Written by \`make krew-bot\` from krew-manifest.yaml, for krew-release-bot.\n${text.replaceAll(/version: '(.*)'/g, 'version: $1').replaceAll(/archive: (.*)/g, '{{addURIAndSha "$1" .TagName }}')}`
}

if (import.meta.main) {
  const template = readFileSync('krew-manifest.yaml', 'utf8')
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }
  const forBot = process.argv[2] === 'bot'
  const path = forBot ? '.krew.yaml' : join('dist', 'release', 'rollouts-group.yaml')
  writeFileSync(
    path,
    forBot
      ? botTemplate(template)
      : fillManifest(template, version, (archive) => sha256(readFileSync(join('dist', 'release', archive)))),
  )
  console.log(path)
}
