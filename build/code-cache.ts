/**
 * What V8 makes of the scripts, so that a start need not compile them. V8 takes it back only where it is of the same
 * version and build, with the same flags: on the platform it was made on.
 */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'

/** MiB that no warm-up fills. */
const ROOM = 256

/**
 * So that the same scripts always give the same bytes: V8's dice have seeds, and no garbage is collected, whose rests
 * would be in what V8 leaves unwritten.
 */
const FIXED = ['--hash-seed=1', '--random-seed=1', `--max-semi-space-size=${ROOM}`, `--min-semi-space-size=${ROOM}`]

/** What they are otherwise: what was made with other flags than the program's is refused. */
export const USUAL = ['--hash-seed=0', '--random-seed=0']

/** Of the environment. */
const NEEDED = ['PATH', 'TMPDIR', 'TEMP', 'SYSTEMROOT']

/**
 * Has a Node warm up on the scripts of a bundle, and writes what comes of each beside it.
 * @param flags those that the program will run with
 * @param slowness milliseconds until its cluster answers: it makes no difference
 * @throws Error where they do not compile, or a look at a group comes to nothing
 */
export async function writeCodeCaches(
  node: string,
  flags: readonly string[],
  dist: string,
  slowness = 0,
): Promise<void> {
  // What else the environment says would be in it: options of Node, colours, proxies.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => NEEDED.includes(name.toUpperCase())))
  const words = [join(import.meta.dirname, 'warm-up.ts'), dist, String(slowness)]
  await promisify(execFile)(node, [...flags, ...FIXED, ...words], { env })
}
