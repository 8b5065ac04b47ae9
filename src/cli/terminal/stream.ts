import { fstatSync, type Stats, write as writeTo, writeSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import type { Output } from '../context.ts'
import { isTerminal } from './is-terminal.ts'

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

/** Takes a text now or in its turn. @throws Error where it takes it now, and cannot */
type Take = (text: string) => void

/**
 * An output of the process: what cannot be written is dropped, and never ends what runs.
 * @param terminal its stream, which is asked for only where it is one: that of a pipe leaves the pipe to others in a
 *   state in which they fail as soon as it is full
 */
export function openStream(fd: number, terminal: () => NodeJS.WriteStream): Stream {
  const gone = new AbortController()
  let lost: string | undefined
  const fail = (error: NodeJS.ErrnoException): void => {
    if (gone.signal.aborted) return
    if (!LEFT.has(error.code ?? '')) lost = PLAIN[error.code ?? ''] ?? error.message
    gone.abort()
  }
  const shown = isTerminal(fd) ? terminal().on('error', fail) : undefined
  let flushed = Promise.resolve()
  const taking = (): Take => {
    if (shown !== undefined)
      return (text) => {
        const { promise, resolve } = Promise.withResolvers<void>()
        flushed = promise
        shown.write(text, () => resolve())
      }
    const stats = statsOf(fd)
    if (takesAtOnce(stats)) return (text) => writeWhole(fd, text)
    const line = lineOf(stats)
    return (text) => {
      const bytes = Buffer.from(text)
      flushed = line.last = line.last.then(() => (gone.signal.aborted ? undefined : writeInTurn(fd, bytes).catch(fail)))
    }
  }
  const take = taking()
  return {
    write(text) {
      if (gone.signal.aborted) return
      try {
        take(text)
      } catch (error) {
        fail(error as NodeJS.ErrnoException)
      }
    },
    isTTY: shown !== undefined,
    get columns() {
      // A pseudo-terminal that nobody has given a size says 0.
      return shown?.columns || undefined
    },
    closed: gone.signal,
    lost: () => lost,
    flushed: () => flushed,
  }
}

/** What an output is; undefined where it is closed, which is told when it is written to. */
function statsOf(fd: number): Stats | undefined {
  try {
    return fstatSync(fd)
  } catch {
    return undefined
  }
}

/** A file, or a device that is no terminal: it takes what is written there and then, or says why not. */
function takesAtOnce(stats: Stats | undefined): boolean {
  return stats !== undefined && (stats.isFile() || stats.isCharacterDevice())
}

function writeWhole(fd: number, text: string): void {
  const bytes = Buffer.from(text)
  for (let from = 0; from < bytes.length; from += writeSync(fd, bytes, from));
}

/** The end of what waits to be written. */
interface Waiting {
  last: Promise<void>
}

const lines = new Map<string, Waiting>()

/** One for each pipe: what two outputs write to one of them stays in order. */
function lineOf(stats: Stats | undefined): Waiting {
  const pipe = `${stats?.dev} ${stats?.ino}`
  const line = lines.get(pipe) ?? { last: Promise.resolve() }
  lines.set(pipe, line)
  return line
}

/** Milliseconds after which a pipe that was full is tried again: nothing tells when it no longer is. */
const FULL_MS = 5

/** To a reader who may be slow: nothing else waits for that. */
async function writeInTurn(fd: number, bytes: Buffer): Promise<void> {
  for (let from = 0; from < bytes.length; ) {
    const { promise, resolve, reject } = Promise.withResolvers<number>()
    writeTo(fd, bytes, from, (error, written) => (error === null ? resolve(written) : reject(error)))
    try {
      from += await promise
    } catch (error) {
      // Another process that shares the pipe has set it not to wait.
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error
      await setTimeout(FULL_MS)
    }
  }
}
