/**
 * The rules that krew holds a manifest to (kubernetes-sigs/krew: internal/index/validation/validate.go and
 * cmd/validate-krew-manifest/main.go), as far as they can be told without installing.
 */

import { load } from 'js-yaml'

/** A manifest, unjudged. */
export type Manifest = Readonly<Record<string, any>>

/** A platform as krew knows it; these are all for which a plugin can be installed. */
const SUPPORTED = [
  'windows/386',
  'windows/amd64',
  'windows/arm64',
  'linux/386',
  'linux/amd64',
  'linux/arm',
  'linux/arm64',
  'linux/ppc64le',
  'darwin/386',
  'darwin/amd64',
  'darwin/arm64',
].map((each) => each.split('/') as [os: string, arch: string])
const WINDOWS_DEVICE = /^(con|prn|aux|nul|com[0-9]|lpt[0-9])$/i
const SEMVER = /^v(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[\w.-]+)?(\+[\w.-]+)?$/
/** Names under which krew looks for the licence among what is installed, whatever their case. */
export const LICENCE = /^(licenses?|copying)(\.txt|\.md)?$/i

/**
 * Every rule that a manifest breaks, in a few words; empty where krew would take it. @param file its name, with ending
 */
export function brokenRules(file: string, source: string): string[] {
  const manifest = load(source) as Manifest
  const { metadata = {}, spec = {} } = manifest
  const platforms: readonly Manifest[] = spec.platforms ?? []
  const rules: readonly (readonly [holds: unknown, rule: string])[] = [
    [file.endsWith('.yaml'), 'the file ends in .yaml'],
    [manifest['apiVersion'] === 'krew.googlecontainertools.github.com/v1alpha2', "apiVersion is krew's"],
    [manifest['kind'] === 'Plugin', 'kind is Plugin'],
    [/^[\w-]+$/.test(metadata.name ?? '') && !WINDOWS_DEVICE.test(metadata.name), 'the name is safe'],
    [`${metadata.name}.yaml` === file, "the file has the plugin's name"],
    [SEMVER.test(spec.version ?? ''), 'the version is semantic and begins with v'],
    [spec.shortDescription && !/[\r\n]/.test(spec.shortDescription), 'there is a short description of one line'],
    [spec.shortDescription?.length <= 50, 'the short description is a few words'],
    [spec.description && !/--\w/.test(spec.description), 'there is a description, and it lists no flags'],
    [/^https:\/\//.test(spec.homepage ?? ''), 'there is a homepage'],
    [platforms.length > 0, 'there is a platform'],
    ...platforms.flatMap((each) => platformRules(each)),
    [
      SUPPORTED.every(([os, arch]) => platforms.filter((each) => matches(each, os, arch)).length <= 1),
      'no two platforms overlap',
    ],
  ]
  return rules.flatMap(([holds, rule]) => (holds ? [] : [rule]))
}

function platformRules(platform: Manifest): (readonly [holds: unknown, rule: string])[] {
  const { selector, uri = '', sha256 = '', bin = '', files } = platform
  const labels = selector?.matchLabels
  return [
    [
      labels !== undefined &&
        Object.keys(labels).length > 0 &&
        Object.keys(labels).every((each) => each === 'os' || each === 'arch') &&
        selector.matchExpressions === undefined,
      'a platform is selected by os and arch',
    ],
    [labels?.os !== undefined && labels?.arch !== undefined, 'a platform has both labels'],
    [SUPPORTED.some(([os, arch]) => matches(platform, os, arch)), 'a platform is one that krew knows'],
    [/^https:\/\/.*\.(zip|tar\.gz)$/.test(uri), 'an archive is a .zip or .tar.gz'],
    [/^[a-f0-9]{64}$/.test(sha256), 'a checksum is sha256 in lower-case hex'],
    [bin !== '' && !bin.startsWith('/') && !bin.split(/[\\/]/).includes('..'), 'a program is inside its archive'],
    [labels?.os !== 'windows' || bin.endsWith('.exe'), 'a program for Windows ends in .exe'],
    [
      files === undefined || (files.length > 0 && files.every((each: Manifest) => each['from'] && each['to'])),
      'a list of files is whole, or absent',
    ],
  ]
}

function matches({ selector }: Manifest, os: string, arch: string): boolean {
  const { os: wantedOs = os, arch: wantedArch = arch } = selector?.matchLabels ?? {}
  return wantedOs === os && wantedArch === arch
}
