/**
 * What V8 made of scripts in a former run, kept in the user's cache: where kubectl has its own (KUBECACHEDIR, otherwise
 * `~/.kube/cache`). It is of one build of the program, one Node, and one verb: the functions that this needs. Nothing
 * depends on it: where it cannot be read or written, scripts are compiled as ever.
 */
import { closeSync, fstatSync, mkdirSync, openSync, readdirSync, readFileSync } from 'node:fs'
import { renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { Script } from 'node:vm'
import { crc32 } from 'node:zlib'

/** Milliseconds after which what another build or Node has left is in nobody's way any more. */
const MONTH = 30 * 24 * 60 * 60 * 1000

/** What is before a script in its file: a check sum, since V8 runs whatever bytes it is given. */
const SUM = 4

/**
 * @param build which scripts these are
 * @param verb what is run
 * @returns makes a script of its name, its text, and the file it is in
 */
export function compiledBefore(
  build: string,
  verb: string | undefined,
): (name: string, source: string, filename: string) => Script {
  const dir = placeFor(build)
  const made: { readonly file: string; readonly script: Script }[] = []
  if (dir !== undefined)
    process.once('exit', (code) => {
      // What fails at once has not come to what others need.
      if (code === 0 && made.length > 0) keep(dir, made)
    })
  return (name, source, filename) => {
    const file = dir && join(dir, `${/^\w[\w-]{0,30}$/.test(verb ?? '') ? verb : 'any'}-${name}`)
    const cachedData = file === undefined ? undefined : kept(file)
    const script = new Script(source, { filename, cachedData })
    if (file !== undefined && script.cachedDataRejected !== false) made.push({ file, script })
    return script
  }
}

function placeFor(build: string): string | undefined {
  if (process.env['NODE_DISABLE_COMPILE_CACHE'] !== undefined) return undefined
  try {
    const within = process.env['KUBECACHEDIR'] || join(homedir(), '.kube', 'cache')
    return join(within, 'rollouts-group', `${build}-${process.version}-${process.arch}`)
  } catch {
    // Nobody's home is known.
    return undefined
  }
}

/** Of one's own file alone that nobody else may write: what is in it is run. */
function kept(file: string): Buffer | undefined {
  try {
    const opened = openSync(file, 'r')
    try {
      const { uid, mode } = fstatSync(opened)
      if (process.getuid !== undefined && (uid !== process.getuid() || (mode & 0o022) !== 0)) return undefined
      const bytes = readFileSync(opened)
      const data = bytes.subarray(SUM)
      return data.length > 0 && bytes.readUInt32LE() === crc32(data) ? data : undefined
    } finally {
      closeSync(opened)
    }
  } catch {
    // There is none yet.
    return undefined
  }
}

function keep(dir: string, made: readonly { readonly file: string; readonly script: Script }[]): void {
  try {
    mkdirSync(dir, { recursive: true, mode: 0o700 })
    for (const { file, script } of made) {
      const data = script.createCachedData()
      const sum = Buffer.alloc(SUM)
      sum.writeUInt32LE(crc32(data))
      // Whoever reads it meanwhile reads the whole of one.
      const written = `${file}.${process.pid}`
      writeFileSync(written, Buffer.concat([sum, data]), { mode: 0o600, flag: 'wx' })
      renameSync(written, file)
    }
    const others = dirname(dir)
    for (const each of readdirSync(others).map((name) => join(others, name)))
      if (each !== dir && statSync(each).mtimeMs < Date.now() - MONTH) rmSync(each, { recursive: true, force: true })
  } catch {
    // The next run tries it again.
  }
}
