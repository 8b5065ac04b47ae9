/**
 * What V8 makes of the scripts, so that a start need not compile them. V8 takes it back only where it is of the same
 * version and build, with the same flags: on the platform it was made on.
 */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'

/**
 * So that the same scripts always give the same bytes: V8's dice have seeds, nothing is forgotten meanwhile, and objects
 * stay in the order in which they were made.
 */
const FIXED = [
  '--hash-seed=1',
  '--random-seed=1',
  '--no-flush-bytecode',
  '--no-parallel-scavenge',
  '--no-concurrent-marking',
]

/** What they are otherwise: what was made with other flags than the program's is refused. */
export const USUAL = [
  '--hash-seed=0',
  '--random-seed=0',
  '--flush-bytecode',
  '--parallel-scavenge',
  '--concurrent-marking',
]

/**
 * Has a Node warm up on the scripts of a bundle, and writes what comes of each beside it.
 * @param flags those that the program will run with
 * @throws Error where they do not compile, or a look at a group comes to nothing
 */
export async function writeCodeCaches(node: string, flags: readonly string[], dist: string): Promise<void> {
  // What NODE_OPTIONS says would be in it; nobody's kubeconfig is read.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(NODE_|KUBE)/.test(name)))
  await promisify(execFile)(node, [...flags, ...FIXED, join(import.meta.dirname, 'warm-up.ts'), dist], { env })
}
