import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Target } from './targets.ts'

const call = promisify(execFile)

/** A package as package-lock.json pins it. */
interface Locked {
  readonly version: string
  readonly integrity: string
}

/** The part of a package-lock.json that pins. */
export interface Lock {
  readonly packages: Readonly<Record<string, Partial<Locked>>>
}

export function readLock(path: string): Lock {
  return JSON.parse(readFileSync(path, 'utf8')) as Lock
}

/** The pinned version and checksum of a package. @throws Error where package-lock.json has none */
export function locked(name: string, lock: Lock = readLock('package-lock.json')): Locked {
  const { version, integrity } = lock.packages[`node_modules/${name}`] ?? {}
  if (version === undefined || integrity === undefined || !integrity.startsWith('sha512-'))
    throw new Error(`package-lock.json pins no sha512 of ${name}: add it to optionalDependencies`)
  return { version, integrity }
}

/** @throws Error where the bytes are not those that were pinned */
export function verify(bytes: Uint8Array, integrity: string, what: string): void {
  const found = `sha512-${createHash('sha512').update(bytes).digest('base64')}`
  if (found !== integrity)
    throw new Error(`${what} is not what is pinned: it has ${found}, pinned is ${integrity}; nothing was built`)
}

/** Node for a platform. */
export async function nodeBinary({ nodePackage, nodePath }: Target): Promise<string> {
  return join(await packageFolder(nodePackage), nodePath)
}

/**
 * The folder of an npm package, unpacked; fetched from the registry once and kept outside of the tree.
 * @param lock what pins it, where that is not package-lock.json
 * @throws Error where it cannot be fetched, or its checksum is not the pinned one
 */
export async function packageFolder(name: string, lock?: Lock): Promise<string> {
  const { version, integrity } = locked(name, lock)
  const cache = join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'kubectl-rollouts-group', 'node')
  await mkdir(cache, { recursive: true })
  const tarball = join(cache, `${name.replace('/', '-')}-${version}.tgz`)
  if (!existsSync(tarball)) await fetchTo(tarball, `${name}@${version}`, cache)
  verify(readFileSync(tarball), integrity, tarball)
  const folder = tarball.replace(/\.tgz$/, '')
  if (!existsSync(folder)) await unpackTo(folder, tarball, cache)
  return folder
}

/** Both appear under their names only when they are whole. */
async function fetchTo(path: string, spec: string, cache: string): Promise<void> {
  const dir = await mkdtemp(join(cache, 'fetch-'))
  try {
    const { stdout } = await call('npm', ['pack', spec, '--json', '--pack-destination', dir], {
      maxBuffer: 64 * 1024 * 1024,
      shell: process.platform === 'win32',
    })
    const [{ filename }] = JSON.parse(stdout) as [{ filename: string }]
    await rename(join(dir, filename), path)
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}

async function unpackTo(folder: string, tarball: string, cache: string): Promise<void> {
  const dir = await mkdtemp(join(cache, 'unpack-'))
  try {
    await call('tar', [
      '-xzf',
      tarball,
      '-C',
      dir,
      '--strip-components=1',
      '--exclude=package/include',
      '--exclude=package/share',
    ])
    await rename(dir, folder)
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}
