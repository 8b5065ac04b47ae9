import { createWriteStream } from 'node:fs'
import { finished, pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { pack } from 'tar-stream'
import { ZipFile } from 'yazl'

/** A file as it stands in an archive. */
export interface Entry {
  readonly name: string
  readonly bytes: Buffer
  readonly executable: boolean
}

/**
 * When every file of a release was changed, as npm has it for packages: the same bytes come out whenever it is built.
 */
const MOMENT = new Date('1985-10-26T08:15:00Z')

/**
 * Writes `.tar.gz` or `.zip`, by the path's ending; the same entries give the same bytes. @throws Error where the path
 * cannot be written
 */
export async function writeArchive(path: string, entries: readonly Entry[]): Promise<void> {
  await (path.endsWith('.zip') ? writeZip(path, entries) : writeTar(path, entries))
}

async function writeTar(path: string, entries: readonly Entry[]): Promise<void> {
  const tar = pack()
  const written = pipeline(tar, createGzip(), createWriteStream(path))
  for (const { name, bytes, executable } of entries)
    tar.entry({ name, mode: modeOf(executable), mtime: MOMENT, uid: 0, gid: 0, uname: '', gname: '' }, bytes)
  tar.finalize()
  await written
}

async function writeZip(path: string, entries: readonly Entry[]): Promise<void> {
  const zip = new ZipFile()
  const file = createWriteStream(path)
  zip.outputStream.pipe(file)
  // A zip has the time of day where it was made, unless it is told which.
  const local = new Date(MOMENT.getTime() + MOMENT.getTimezoneOffset() * 60_000)
  for (const { name, bytes, executable } of entries)
    zip.addBuffer(bytes, name, { mtime: local, mode: modeOf(executable) | 0o100000, forceDosTimestamp: true })
  zip.end()
  await finished(file)
}

function modeOf(executable: boolean): number {
  return executable ? 0o755 : 0o644
}
