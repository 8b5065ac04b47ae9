import { closeSync, openSync, readSync } from 'node:fs'

/** More bytes than a kubeconfig has, or a file that it names. */
const MOST = 16 * 1024 * 1024
const PIECE = 64 * 1024

/** A file to its end, whatever it is, a pipe too; one that has none is given up. @throws as node:fs does */
export function readFile(path: string): Buffer {
  const file = openSync(path, 'r')
  try {
    const pieces: Buffer[] = []
    for (let size = 0; size <= MOST; ) {
      const piece = Buffer.alloc(PIECE)
      const read = readSync(file, piece)
      if (read === 0) return Buffer.concat(pieces)
      pieces.push(piece.subarray(0, read))
      size += read
    }
    throw Object.assign(new Error(`larger than ${MOST} bytes`), { syscall: 'read', code: 'EFBIG' })
  } finally {
    closeSync(file)
  }
}
