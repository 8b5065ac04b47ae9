/** `make release-check`: the version, the changelog, the manifest and the help say the same before a tag is set. */
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { load } from 'js-yaml'

/** What the parts of a release say of it. */
export interface Claims {
  /** Of package.json. */
  readonly version: string
  readonly repository: string
  readonly lockVersion: string
  readonly changelog: string
  /** The krew manifest's template. */
  readonly manifest: string
  /** What `version` prints. */
  readonly printed: string
  /** What `help` prints. */
  readonly help: string
  /** The tag that is released, where there is one. */
  readonly tag?: string | undefined
}

/** Everything in which they differ, a sentence each with what to change; empty where they agree. */
export function disagreements(claims: Claims): string[] {
  const { version, tag } = claims
  const { spec, metadata } = load(claims.manifest) as { spec: Record<string, string>; metadata: { name: string } }
  const [, newest, state] = /^## (\S+)(?: \(([^)]*)\))?$/m.exec(claims.changelog) ?? []
  const rules: readonly (readonly [holds: boolean, complaint: string])[] = [
    [
      /^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version),
      `package.json has version ${version}, which is no semantic version: write MAJOR.MINOR.PATCH`,
    ],
    [
      claims.lockVersion === version,
      `package-lock.json has version ${claims.lockVersion}, package.json ${version}: run npm install`,
    ],
    [
      newest === version,
      `the newest entry of CHANGELOG.md is ${newest ?? 'missing'}, package.json has ${version}: write what is new in ${version}`,
    ],
    [
      tag === undefined || tag === `v${version}`,
      `the tag is ${tag}, package.json has ${version}: the tag of this version is v${version}`,
    ],
    [
      tag === undefined || /^\d{4}-\d\d-\d\d$/.test(state ?? ''),
      `CHANGELOG.md calls ${version} ${JSON.stringify(state)}: a version that is tagged has a date, YYYY-MM-DD`,
    ],
    [
      spec['version'] === `v${version}`,
      `krew-manifest.yaml has version ${spec['version']}, package.json ${version}: write v${version}`,
    ],
    [
      metadata.name === 'rollouts-group',
      `krew-manifest.yaml is of ${metadata.name}: the plugin is called rollouts-group`,
    ],
    [
      spec['homepage'] === claims.repository,
      `krew-manifest.yaml leads to ${spec['homepage']}, package.json to ${claims.repository}: they are the same place`,
    ],
    [
      claims.printed.trim() === `kubectl rollouts-group v${version}`,
      `the plugin calls itself ${JSON.stringify(claims.printed.trim())}, package.json has ${version}: build it again`,
    ],
    [claims.help.includes('Usage: kubectl rollouts-group VERB'), 'the help does not say how the plugin is called'],
  ]
  return rules.flatMap(([holds, complaint]) => (holds ? [] : [complaint]))
}

/** Reads the parts. @param tag that is released; absent before there is one @throws Error where one is missing */
export async function claimsOfTree(tag?: string): Promise<Claims> {
  const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string; repository: { url: string } }
  const say = async (word: string) => (await promisify(execFile)(process.execPath, ['dist/start.cjs', word])).stdout
  return {
    version: manifest.version,
    repository: manifest.repository.url.replace(/^git\+|\.git$/g, ''),
    lockVersion: (JSON.parse(readFileSync('package-lock.json', 'utf8')) as { version: string }).version,
    changelog: readFileSync('CHANGELOG.md', 'utf8'),
    manifest: readFileSync('krew-manifest.yaml', 'utf8'),
    printed: await say('version'),
    help: await say('help'),
    tag,
  }
}

if (import.meta.main) {
  const found = disagreements(await claimsOfTree(process.argv[2]))
  for (const each of found) console.error(`✖ ${each}`)
  if (found.length === 0) console.log('✔ version, changelog, manifest and help agree')
  process.exitCode = found.length === 0 ? 0 : 1
}
