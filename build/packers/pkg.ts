import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { bundle, ENTRY } from '../bundle.ts'
import { nodeBinary } from '../node-binary.ts'
import { binaryName, type Target } from '../targets.ts'
import { nodeRuntime } from './node-runtime.ts'
import type { Packer } from './packer.ts'

const call = promisify(execFile)

const OS: Readonly<Record<Target['os'], string>> = { linux: 'linux', darwin: 'macos', windows: 'win' }
const ARCH: Readonly<Record<Target['arch'], string>> = { amd64: 'x64', arm64: 'arm64' }

/** One file beside Node; it bundles for itself, as pkg follows no chunks. */
export const pkg: Packer = {
  name: '`@yao-pkg/pkg --sea`',
  runtime: nodeRuntime,
  async pack(target, folder) {
    const home = await mkdtemp(join(tmpdir(), 'pkg-'))
    try {
      const place = `${OS[target.os]}-${ARCH[target.arch]}`
      await seed(join(home, '.pkg-cache', 'sea'), `node-${process.version}-${place}`, await nodeBinary(target))
      const one = join(home, 'one')
      await bundle(one, false)
      const manifest = { name: 'kubectl-rollouts_group', version: '0.0.0', type: 'module', bin: ENTRY }
      await writeFile(join(one, 'package.json'), JSON.stringify(manifest))
      const wanted = `node${process.versions.node}-${place}`
      const words = [one, '--sea', '--targets', wanted, '--output', resolve(folder, binaryName(target))]
      await call(process.execPath, ['node_modules/@yao-pkg/pkg/lib-es5/bin.js', ...words], {
        env: { ...process.env, HOME: home },
      })
      return [binaryName(target)]
    } finally {
      await rm(home, { recursive: true, force: true })
    }
  },
}

/** pkg looks for Node in its cache, and would fetch it from elsewhere. */
async function seed(cache: string, name: string, node: string): Promise<void> {
  const file = node.endsWith('.exe') ? 'node.exe' : join('bin', 'node')
  await mkdir(join(cache, name, 'bin'), { recursive: true })
  await cp(node, join(cache, name, file))
  for (const mark of [`${name}.tar.gz`, `${name}.tar.gz.ok`, join(name, `${file}.ok`)])
    await writeFile(join(cache, mark), '')
}
