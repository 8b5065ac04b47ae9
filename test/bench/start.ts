/**
 * `make bench-start`: how long the program takes to start, packaged in each of the ways there are, in turns; how large
 * it is then; and how long the packaged program takes the first time, when the disk has to be asked for all of it.
 */

import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative, resolve } from 'node:path'
import { bundle, ENTRY } from '../../build/bundle.ts'
import { nodeBinary } from '../../build/node-binary.ts'
import { PACKERS } from '../../build/packers.ts'
import { runSea, seaConfig } from '../../build/packers/node-sea.ts'
import { hostTarget } from '../../build/targets.ts'
import { run } from '../controlplane/run.ts'
import { compare, quantile } from './timing.ts'

const ROUNDS = 20
const COMMANDS = [['version'], ['get-group', '--help'], ['demo', 'legacy', 'get-group']]

const dir = mkdtempSync(join(tmpdir(), 'bench-start-'))
try {
  const target = hostTarget()
  const node = await nodeBinary(target)
  const at = (name: string): string => join(dir, name)
  const packed: (readonly [name: string, file: string])[] = []
  for (const [index, packer] of PACKERS.entries()) {
    mkdirSync(at(`packed-${index}`))
    const [first = ''] = await packer.pack(target, at(`packed-${index}`))
    packed.push([packer.name, join(at(`packed-${index}`), first)])
  }
  await bundle(at('one'), false)
  const one = relative(process.cwd(), at('one'))
  const { assets: _chunks, ...plain } = seaConfig('dist', node, at('one-file')) as Record<string, unknown>
  await runSea({ ...plain, main: `${one}/${ENTRY}`, mainFormat: 'module' })
  await runSea({
    ...plain,
    main: `${one}/${ENTRY}`,
    mainFormat: 'module',
    output: at('code-cache'),
    useCodeCache: true,
  })
  const { assets } = seaConfig('dist', node, '') as { assets: object }
  await runSea({ ...plain, main: `dist/${ENTRY}`, mainFormat: 'module', output: at('vfs'), useVfs: true, assets })

  const ways: readonly (readonly [name: string, file: string])[] = [
    ['the bundle, by bin/ and Node', resolve('bin/kubectl-rollouts_group')],
    ...packed,
    ['Node, its virtual file system', at('vfs')],
    ['Node, one file, code cache', at('code-cache')],
    ['Node, one file', at('one-file')],
  ]
  row('', 'size', ...COMMANDS.map((words) => words.slice(-2).join(' ')))
  const medians: number[][] = ways.map(() => [])
  for (const words of COMMANDS) {
    const timings = await compare(
      ways.map(([name, file]) => ({ name, run: () => succeed(file, words) })),
      ROUNDS,
    )
    for (const [index, { median }] of timings.entries()) medians[index]!.push(median)
  }
  for (const [index, [name, file]] of ways.entries())
    row(
      name,
      index === 0 ? '' : `${(sizeOf(file) / 1e6).toFixed(1)} MB`,
      ...medians[index]!.map((each) => `${each.toFixed(0)} ms`),
    )

  const first: number[] = []
  for (let round = 0; round < 5; round++) {
    for (const each of readdirSync(at('packed-0'))) forget(join(at('packed-0'), each))
    const began = performance.now()
    await succeed(packed[0]![1], ['version'])
    first.push(performance.now() - began)
  }
  row('packaged, nothing of it in memory yet', '', `${quantile(first, 0.5).toFixed(0)} ms`)
} finally {
  rmSync(dir, { recursive: true })
}

async function succeed(file: string, words: readonly string[]): Promise<void> {
  const { code, stderr } = await run(file, words)
  if (code !== 0) throw new Error(`${file} ${words.join(' ')}: ${stderr}`)
}

/** Bytes of a program, with what is packed with it. */
function sizeOf(file: string): number {
  const folder = dirname(file)
  const files = folder === dir ? [file] : readdirSync(folder).map((each) => join(folder, each))
  return files.reduce((sum, each) => sum + statSync(each).size, 0)
}

/** Has the kernel drop a file's pages (posix_fadvise, POSIX_FADV_DONTNEED). */
function forget(file: string): void {
  execFileSync('dd', [`of=${file}`, 'oflag=nocache', 'conv=notrunc,fdatasync', 'count=0', 'status=none'])
}

function row(name: string, ...cells: readonly string[]): void {
  console.log(name.padEnd(40) + cells.map((each) => each.padStart(18)).join(''))
}
