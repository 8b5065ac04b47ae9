/**
 * What V8 makes of a script, all functions of it, so that a start need not compile them. V8 takes it back only where it
 * is of the same version and build, with the same flags: on the platform it was made on.
 */
import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { setFlagsFromString } from 'node:v8'
import { promisify } from 'node:util'
import { Script } from 'node:vm'

/** Seeds of V8's dice, so that the same script always gives the same bytes. */
const SEEDS = ['--hash-seed=1', '--random-seed=1']

/**
 * Has a Node compile a script of Latin-1, and writes what comes of it.
 * @param flags those that the program will run with
 * @throws Error where it does not compile
 */
export async function writeCodeCache(
  node: string,
  flags: readonly string[],
  script: string,
  cache: string,
): Promise<void> {
  // What NODE_OPTIONS says would be in it.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('NODE_')))
  await promisify(execFile)(node, [...flags, ...SEEDS, import.meta.filename, script, cache], { env })
}

if (import.meta.main) {
  const [script = '', cache = ''] = process.argv.slice(2)
  const source = await readFile(script, 'latin1')
  setFlagsFromString('--no-lazy')
  const compiled = new Script(source)
  // A cache of other flags than the program's is refused.
  for (const flag of ['--lazy', '--hash-seed=0', '--random-seed=0']) setFlagsFromString(flag)
  await writeFile(cache, compiled.createCachedData())
}
