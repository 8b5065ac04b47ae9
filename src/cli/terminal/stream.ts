import { fstatSync, writeSync } from 'node:fs'
import type { Output } from '../context.ts'

/** An output of the process, and why something of it was lost, where that was not for want of a reader. */
export interface Stream extends Output {
  readonly lost: () => string | undefined
  /** Resolves when all that was written is out of the process, or cannot be written. */
  readonly flushed: () => Promise<void>
}

/** The other end has left, or the terminal has: whoever wrote need not hear of it. */
const LEFT = new Set(['EPIPE', 'EIO', 'ECONNRESET', 'ERR_STREAM_DESTROYED'])

const PLAIN: Readonly<Record<string, string>> = {
  ENOSPC: 'no space left on device',
  EDQUOT: 'disk quota exceeded',
  EFBIG: 'file too large',
  ESTALE: 'stale file handle',
  EBADF: 'bad file descriptor',
}

/**
 * An output over a stream of the process: what cannot be written is dropped, and never ends what runs.
 * @param fd of the stream: what is a file is written to its end here, since Node drops what a full disk takes only in
 *   part
 */
export function openStream(stream: NodeJS.WriteStream, fd: number): Stream {
  const gone = new AbortController()
  let lost: string | undefined
  const fail = (error: NodeJS.ErrnoException): void => {
    if (gone.signal.aborted) return
    if (!LEFT.has(error.code ?? '')) lost = PLAIN[error.code ?? ''] ?? error.message
    gone.abort()
  }
  stream.on('error', fail)
  let flushed = Promise.resolve()
  const queue = (text: string): void => {
    const { promise, resolve } = Promise.withResolvers<void>()
    flushed = promise
    stream.write(text, () => resolve())
  }
  const whole = takesAtOnce(fd, stream) ? (text: string) => writeWhole(fd, Buffer.from(text)) : queue
  return {
    write(text) {
      if (gone.signal.aborted) return
      try {
        whole(text)
      } catch (error) {
        fail(error as NodeJS.ErrnoException)
      }
    },
    get isTTY() {
      return stream.isTTY === true
    },
    get columns() {
      // A pseudo-terminal that nobody has given a size says 0.
      return stream.isTTY ? stream.columns || undefined : undefined
    },
    closed: gone.signal,
    lost: () => lost,
    flushed: () => flushed,
  }
}

/** A file, or a device that is no terminal: it takes what is written there and then, or says why not. */
function takesAtOnce(fd: number, { isTTY }: NodeJS.WriteStream): boolean {
  try {
    const stats = fstatSync(fd)
    return stats.isFile() || (stats.isCharacterDevice() && isTTY !== true)
  } catch {
    return false
  }
}

function writeWhole(fd: number, bytes: Buffer): void {
  for (let from = 0; from < bytes.length; from += writeSync(fd, bytes, from));
}
