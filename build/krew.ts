/** `make krew`: fills the manifest's template from the archives that were built. */
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { dump, load } from 'js-yaml'
import { archiveName, binaryName, TARGETS } from './targets.ts'

/** Where the archives of a release are found. */
const DOWNLOADS = 'https://github.com/kubectl-rollouts-group/kubectl-rollouts-group/releases/download'

/** Lower-case hex, as krew wants it. */
export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/**
 * The manifest of a version: the template with one platform per archive, each found by both of its labels so that no two overlap.
 * @param digestOf the sha256 of an archive by its name
 */
export function fillManifest(template: string, version: string, digestOf: (archive: string) => string): string {
  const manifest = load(template) as { spec: Record<string, unknown> }
  const platforms = TARGETS.map((target) => {
    const archive = archiveName(target, version)
    return { selector: { matchLabels: { os: target.os, arch: target.arch } }, uri: `${DOWNLOADS}/v${version}/${archive}`, sha256: digestOf(archive), bin: binaryName(target) }
  })
  return dump({ ...manifest, spec: { ...manifest.spec, version: `v${version}`, platforms } }, { lineWidth: -1 })
}

if (import.meta.main) {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }
  const path = join('dist', 'release', 'rollouts-group.yaml')
  writeFileSync(path, fillManifest(readFileSync('krew-manifest.yaml', 'utf8'), version, (archive) => sha256(readFileSync(join('dist', 'release', archive)))))
  console.log(path)
}
