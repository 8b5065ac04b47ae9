import { execFile } from 'node:child_process'
import { globSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { promisify } from 'node:util'
import { ENTRY, SEA_MAIN } from '../bundle.ts'
import { nodeBinary } from '../node-binary.ts'
import { signAdHoc } from '../sign-macho.ts'
import { insideOf, SCRIPTS } from '../starters/inside.ts'
import { binaryName } from '../targets.ts'
import { nodeRuntime } from './node-runtime.ts'
import type { Packer } from './packer.ts'

const call = promisify(execFile)

/**
 * MiB of a half of V8's young generation, as the launcher in bin/ has it: the live screen stays small, and nothing
 * becomes slower for it.
 */
const SEMI_SPACE = 8

/** What Node is started with. */
const FLAGS = [`--max-semi-space-size=${SEMI_SPACE}`]

/**
 * What Node is told to make of the bundle (nodejs.org/api/single-executable-applications.html). NODE_OPTIONS is left to
 * the programs it is meant for.
 * @param dist the bundle, relative: no path of the machine it is built on is to become part of the binary
 */
function seaConfig(dist: string, node: string, output: string): object {
  const modules = [ENTRY, ...globSync('chunks/*.mjs', { cwd: dist }).sort()]
  const scripts = [SCRIPTS, ...Object.keys(insideOf(dist).scripts)]
  return {
    main: `${dist}/${SEA_MAIN}`,
    output,
    executable: node,
    disableExperimentalSEAWarning: true,
    useSnapshot: false,
    useCodeCache: false,
    execArgv: FLAGS,
    execArgvExtension: 'none',
    assets: Object.fromEntries([...modules, ...scripts].map((each) => [each.replaceAll('\\', '/'), `${dist}/${each}`])),
  }
}

/** Modules inside the program, those of a look and of a run in scripts: fewer are to be found, and linked. */
export const nodeSea: Packer = {
  name: 'Node `--build-sea`',
  runtime: nodeRuntime,
  async pack(target, folder) {
    const output = join(folder, binaryName(target))
    const node = await nodeBinary(target)
    await runSea(seaConfig('dist', node, output))
    if (target.os === 'darwin') await writeFile(output, signAdHoc(await readFile(output), 'kubectl-rollouts_group'))
    return [binaryName(target)]
  },
}

/** Has this Node build a binary; the Node inside must be of the same version. */
async function runSea(config: object): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), 'sea-'))
  try {
    const path = join(dir, 'sea.json')
    await writeFile(path, JSON.stringify(config))
    await call(process.execPath, ['--build-sea', relative(process.cwd(), path)])
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}
