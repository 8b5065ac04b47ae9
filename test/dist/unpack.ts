/**
 * Where the archive of this machine's platform is unpacked, for the tests of what was packaged; as a program it prints
 * the path of the binary.
 */

import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { archiveName, binaryName, hostTarget, platform, type Target } from '../../build/targets.ts'

export const RELEASE = resolve('dist/release')

export const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }

/** The archive of a platform, as `make dist` wrote it. */
export function archiveOf(target: Target): string {
  return join(RELEASE, archiveName(target, version))
}

/** Unpacks an archive with the tools a person has. @throws Error with the tool's own words where it cannot */
export function unpack(archive: string, into: string): void {
  mkdirSync(into, { recursive: true })
  if (archive.endsWith('.zip')) execFileSync('unzip', ['-q', '-o', archive, '-d', into])
  else execFileSync('tar', ['-xzf', archive, '-C', into])
}

/** Unpacks this machine's archive anew, into a folder of one's own. @returns the path of the program */
export function unpackHost(into = resolve('dist', 'unpacked', platform(hostTarget()))): string {
  const target = hostTarget()
  rmSync(into, { recursive: true, force: true })
  unpack(archiveOf(target), into)
  return join(into, binaryName(target))
}

/** Installs the npm package anew, and nothing else. @returns the path of the program */
export function installNpm(): string {
  const into = resolve('dist', 'unpacked', 'npm')
  rmSync(into, { recursive: true, force: true })
  mkdirSync(into, { recursive: true })
  const tarball = join(RELEASE, `kubectl-rollouts-group-${version}.tgz`)
  execFileSync('npm', ['install', '--prefix', into, '--no-audit', '--no-fund', '--offline', tarball], {
    stdio: 'ignore',
  })
  return join(into, 'node_modules', '.bin', 'kubectl-rollouts_group')
}

if (import.meta.main) console.log(process.argv[2] === 'npm' ? installNpm() : unpackHost())
