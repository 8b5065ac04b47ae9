/**
 * Reads the ad-hoc signature of a Mach-O executable, from Apple's description of it (xnu, osfmk/kern/cs_blobs.h);
 * shares nothing with what writes it.
 */

import { createHash } from 'node:crypto'

/** A signature, as it stands in the file. */
export interface CodeDirectory {
  readonly identifier: string
  readonly flags: number
  /** Up to where the file is signed. */
  readonly codeLimit: number
  readonly execSegment: { readonly base: bigint; readonly limit: bigint; readonly flags: bigint }
  /** Numbers of the pages whose hash is not the one in the signature. */
  readonly wrongPages: readonly number[]
  readonly pages: number
}

export interface MachO {
  readonly cpu: number
  readonly segments: ReadonlyMap<string, { readonly offset: bigint; readonly size: bigint; readonly vmSize: bigint }>
  readonly signature: { readonly offset: number; readonly size: number } | undefined
}

/** The load commands of an executable. @throws Error where it is none */
export function readMachO(file: Buffer): MachO {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  if (view.getUint32(0, true) !== 0xfeedfacf) throw new Error('no 64-bit Mach-O')
  const segments = new Map<string, { offset: bigint; size: bigint; vmSize: bigint }>()
  let signature: MachO['signature']
  let at = 32
  for (let left = view.getUint32(16, true); left > 0; left--) {
    const [command, size] = [view.getUint32(at, true), view.getUint32(at + 4, true)]
    if (command === 0x19) {
      const name = file
        .subarray(at + 8, at + 24)
        .toString('ascii')
        .replaceAll('\0', '')
      segments.set(name, {
        vmSize: view.getBigUint64(at + 32, true),
        offset: view.getBigUint64(at + 40, true),
        size: view.getBigUint64(at + 48, true),
      })
    }
    if (command === 0x1d) signature = { offset: view.getUint32(at + 8, true), size: view.getUint32(at + 12, true) }
    at += size
  }
  if (at !== 32 + view.getUint32(20, true)) throw new Error('the load commands are not as long as the header says')
  return { cpu: view.getUint32(4, true), segments, signature }
}

/** The CodeDirectory of a file, each page hashed again. */
export function readCodeDirectory(file: Buffer, { offset, size }: NonNullable<MachO['signature']>): CodeDirectory {
  const blob = file.subarray(offset, offset + size)
  if (
    blob.readUInt32BE(0) !== 0xfade0cc0 ||
    blob.readUInt32BE(4) !== blob.length ||
    blob.readUInt32BE(8) !== 1 ||
    blob.readUInt32BE(12) !== 0
  )
    throw new Error('no embedded signature of one CodeDirectory')
  const directory = blob.subarray(blob.readUInt32BE(16))
  if (directory.readUInt32BE(0) !== 0xfade0c02 || directory.readUInt32BE(4) !== directory.length)
    throw new Error('no CodeDirectory')
  const [hashesAt, identifierAt, special, pages, codeLimit] = [16, 20, 24, 28, 32].map((each) =>
    directory.readUInt32BE(each),
  ) as [number, number, number, number, number]
  const [hashSize, hashType, , pageBits] = directory.subarray(36, 40)
  if (hashSize !== 32 || hashType !== 2 || special !== 0) throw new Error('not SHA-256 of pages alone')
  const pageSize = 2 ** pageBits!
  const wrongPages = Array.from({ length: pages }, (_, page) => page).filter((page) => {
    const hash = createHash('sha256')
      .update(file.subarray(page * pageSize, Math.min(codeLimit, (page + 1) * pageSize)))
      .digest()
    return !hash.equals(directory.subarray(hashesAt + page * hashSize, hashesAt + (page + 1) * hashSize))
  })
  const identifier = directory.subarray(identifierAt, directory.indexOf(0, identifierAt)).toString('utf8')
  return {
    identifier,
    flags: directory.readUInt32BE(12),
    codeLimit,
    pages,
    wrongPages,
    execSegment: {
      base: directory.readBigUInt64BE(64),
      limit: directory.readBigUInt64BE(72),
      flags: directory.readBigUInt64BE(80),
    },
  }
}
