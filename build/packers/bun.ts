import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { START } from '../bundle.ts'
import { packageFolder, readLock } from '../node-binary.ts'
import { hostTarget, type Target } from '../targets.ts'
import type { Packer } from './packer.ts'

const call = promisify(execFile)

const ARCH: Readonly<Record<Target['arch'], string>> = { amd64: 'x64', arm64: 'aarch64' }

/** Bun for a platform: no dependency of ours, so it is pinned apart. @throws Error where it cannot be had */
export async function bunBinary(target: Target): Promise<string> {
  const name = `@oven/bun-${target.os}-${ARCH[target.arch]}`
  const folder = await packageFolder(name, readLock('build/bun-runtimes.json'))
  return join(folder, 'bin', target.os === 'windows' ? 'bun.exe' : 'bun')
}

/** No file of the directory it is run in may say how it runs. */
const ALONE = ['--no-compile-autoload-dotenv', '--no-compile-autoload-bunfig']

/** Modules inside Bun, compiled beforehand. */
export const bun: Packer = {
  name: '`bun build --compile`',
  async pack(target, output, dist = 'dist') {
    const dir = await mkdtemp(join(tmpdir(), 'bun-'))
    try {
      const entry = join(dir, 'kubectl-rollouts_group.mjs')
      // Under Bun the second word is a path inside the program; as everywhere, it is to be what was called.
      const called = 'process.argv[1] = process.argv0'
      await writeFile(entry, `${called}\nawait import(${JSON.stringify(resolve(dist, START))})\n`)
      const runtime = await bunBinary(target)
      const words = ['build', '--compile', '--target=bun', ...ALONE, '--splitting', '--minify', '--bytecode']
      const made = ['--format=esm', `--compile-executable-path=${runtime}`, `--outfile=${resolve(output)}`]
      await call(await bunBinary(hostTarget()), [...words, ...made, entry], { cwd: dir })
    } finally {
      await rm(dir, { recursive: true, force: true })
    }
  },
}
