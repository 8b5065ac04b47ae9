import { execFile } from 'node:child_process'
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { promisify } from 'node:util'
import { BUN_MAIN, ENTRY } from '../bundle.ts'
import { locked, packageFolder, readLock } from '../node-binary.ts'
import { signAdHoc, withoutSignature } from '../sign-macho.ts'
import { binaryName, hostTarget, type Target } from '../targets.ts'
import type { Packer } from './packer.ts'

const call = promisify(execFile)

const LOCK = readLock('build/bun-runtimes.json')

/** Names in npm's packages, and of `--target`; those for amd64 need no instruction that a processor of 2010 lacks. */
const ARCH: Readonly<Record<Target['arch'], readonly [inPackages: string, asTarget: string]>> = {
  amd64: ['x64-baseline', 'x64-baseline'],
  arm64: ['aarch64', 'arm64'],
}

/** Bun for a platform: no dependency of ours, so it is pinned apart. @throws Error where it cannot be had */
export async function bunBinary(target: Target): Promise<string> {
  const name = `@oven/bun-${target.os}-${ARCH[target.arch][0]}`
  const folder = await packageFolder(name, LOCK)
  return join(folder, 'bin', target.os === 'windows' ? 'bun.exe' : 'bun')
}

/** What it is, and is linked with, and the licences that want to be there word by word. */
const LICENCES = ['bun.txt', 'lgpl-2.txt', 'lgpl-2.1.txt']

/** No file of the directory it is run in may say how it runs. */
const ALONE = ['--no-compile-autoload-dotenv', '--no-compile-autoload-bunfig']

/** What the launcher starts: no name that kubectl takes for a plugin's. */
export const RUNTIME = 'rollouts-group.bin'

/** Modules inside Bun, compiled beforehand, and a launcher, which keeps from Bun what is not meant for the program. */
export const bun: Packer = {
  name: '`bun build --compile`',
  runtime: {
    title: 'Bun',
    name: 'bun',
    license: 'MIT',
    version: locked('@oven/bun-linux-x64-baseline', LOCK).version,
    licence: async () =>
      (await Promise.all(LICENCES.map((each) => readFile(`build/licences/${each}`, 'utf8')))).join('\n\n'),
  },
  async pack(target, folder) {
    const files = [BUN_MAIN, ENTRY, 'chunks'].map((each) => join('dist', each))
    await compile(target, files, join(folder, RUNTIME))
    await cp('build/starters/bun.sh', join(folder, binaryName(target)))
    return [binaryName(target), RUNTIME]
  },
}

/**
 * Makes a program of a script and what it imports, from copies: their place would become part of it.
 * @param files the script, and the files and folders beside it that it needs
 * @throws Error with Bun's own words
 */
export async function compile(target: Target, files: readonly string[], output: string): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), 'bun-'))
  try {
    for (const each of files) await cp(each, join(dir, basename(each)), { recursive: true })
    const to = `--target=bun-${target.os}-${ARCH[target.arch][1]}`
    const runtime = `--compile-executable-path=${await bunBinary(target)}`
    const words = ['build', '--compile', to, runtime, ...ALONE, '--splitting', '--minify', '--bytecode', '--format=esm']
    const made = join(dir, RUNTIME)
    await call(await bunBinary(hostTarget()), [...words, `--outfile=${made}`, basename(files[0]!)], {
      cwd: dir,
      // What else the environment says Bun would take for its own.
      env: { PATH: process.env['PATH'], HOME: dir, TMPDIR: dir },
    })
    // It has Bun's signature still, which is of other pages, or one without a name.
    if (target.os === 'darwin')
      await writeFile(made, signAdHoc(withoutSignature(await readFile(made)), 'kubectl-rollouts_group'))
    await cp(made, output)
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}
