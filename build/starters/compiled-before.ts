/**
 * What V8 made of scripts in former runs, kept in the user's cache: where kubectl has its own (KUBECACHEDIR, otherwise
 * `~/.kube/cache`). It is of one build of the program, one Node, and one verb: the functions that this needs. Nothing
 * depends on it: where it cannot be read or written, scripts are compiled as ever.
 */
import { closeSync, constants, fstatSync, lstatSync, mkdirSync, openSync, readdirSync, readFileSync } from 'node:fs'
import { renameSync, rmSync, type Stats, statSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, isAbsolute, join } from 'node:path'
import { Script } from 'node:vm'
import { crc32 } from 'node:zlib'

/** Runs that add what they needed: the first one may have come to little. */
const RUNS = 3

/** Milliseconds after which what another build or Node has left is in nobody's way any more. */
const MONTH = 30 * 24 * 60 * 60 * 1000

/** What is before the data in a file: a check sum of the rest, since V8 runs whatever it is given, and the runs so far. */
const SUM = 4
const HEAD = SUM + 1

interface Kept {
  readonly runs: number
  readonly data: Buffer
}

interface Made {
  readonly file: string
  readonly script: Script
  readonly runs: number
}

/**
 * @param build which scripts these are
 * @param verb what is run
 * @returns makes a script of its name, its text, and the file it is in
 */
export function compiledBefore(
  build: string,
  verb: string,
): (name: string, source: string, filename: string) => Script {
  const dir = placeFor(build)
  const made: Made[] = []
  if (dir !== undefined)
    process.once('exit', (code) => {
      // What fails at once has not come to what others need.
      if (code === 0 && made.length > 0) keep(dir, made)
    })
  return (name, source, filename) => {
    const file = dir && join(dir, `${verb}-${name}`)
    const known = file === undefined ? undefined : kept(file)
    const script = new Script(source, { filename, cachedData: known?.data })
    const runs = script.cachedDataRejected === false ? known!.runs : 0
    if (file !== undefined && runs < RUNS) made.push({ file, script, runs: runs + 1 })
    return script
  }
}

function placeFor(build: string): string | undefined {
  if (process.env['NODE_DISABLE_COMPILE_CACHE'] !== undefined) return undefined
  try {
    const said = process.env['KUBECACHEDIR']
    // Another's home, as under sudo, is nothing to write to; a working directory, nothing to run from.
    if (said ? !isAbsolute(said) : !isOwn(statSync(homedir()))) return undefined
    const all = join(said || join(homedir(), '.kube', 'cache'), 'rollouts-group')
    const dir = join(all, `${build}-${process.version}-${process.arch}`)
    return [dirname(all), all, dir].every(isSafe) ? dir : undefined
  } catch {
    // Nobody's home is known.
    return undefined
  }
}

/** Whether a directory, if it is there, is one's own: what is in it is run. */
function isSafe(dir: string): boolean {
  const found = lstatSync(dir, { throwIfNoEntry: false })
  return found === undefined || (found.isDirectory() && isOwn(found))
}

/** Whether something belongs to who runs this, and nobody else may write it. */
function isOwn({ uid, mode }: Pick<Stats, 'uid' | 'mode'>): boolean {
  return process.getuid === undefined || (uid === process.getuid() && (mode & 0o022) === 0)
}

function kept(file: string): Kept | undefined {
  try {
    // No link is followed, and no pipe waited for; Windows has neither flag.
    const opened = openSync(file, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0))
    try {
      const found = fstatSync(opened)
      if (!found.isFile() || !isOwn(found)) return undefined
      const bytes = readFileSync(opened)
      if (bytes.length <= HEAD || bytes.readUInt32LE() !== crc32(bytes.subarray(SUM))) return undefined
      return { runs: bytes[SUM]!, data: bytes.subarray(HEAD) }
    } finally {
      closeSync(opened)
    }
  } catch {
    // There is none yet.
    return undefined
  }
}

function keep(dir: string, made: readonly Made[]): void {
  try {
    mkdirSync(dir, { recursive: true, mode: 0o700 })
    for (const each of made) write(each)
    const others = dirname(dir)
    for (const each of readdirSync(others).map((name) => join(others, name)))
      if (each !== dir && statSync(each).mtimeMs < Date.now() - MONTH) rmSync(each, { recursive: true, force: true })
  } catch {
    // The next run tries it again.
  }
}

function write({ file, script, runs }: Made): void {
  const bytes = Buffer.concat([Buffer.alloc(HEAD), script.createCachedData()])
  bytes[SUM] = runs
  bytes.writeUInt32LE(crc32(bytes.subarray(SUM)))
  // Whoever reads it meanwhile reads the whole of one.
  const written = `${file}.${process.pid}-${Date.now()}`
  try {
    writeFileSync(written, bytes, { mode: 0o600, flag: 'wx' })
    renameSync(written, file)
  } catch (error) {
    rmSync(written, { force: true })
    throw error
  }
}
