/**
 * An ad-hoc signature for a Mach-O executable, as linkers for Apple silicon write it: one CodeDirectory with a SHA-256
 * of every page. macOS starts nothing on arm64 that has none. Layouts: xnu, osfmk/kern/cs_blobs.h and
 * EXTERNAL_HEADERS/mach-o/loader.h; what is filled in is what Go's linker fills in (cmd/internal/codesign).
 */

import { createHash } from 'node:crypto'

const MAGIC_64 = 0xfeedfacf
const HEADER_SIZE = 32
const SEGMENT_64 = 0x19
const CODE_SIGNATURE = 0x1d
const COMMAND_SIZE = 16

const EMBEDDED_SIGNATURE = 0xfade0cc0
const CODE_DIRECTORY = 0xfade0c02
/** The first version that says which segment may be executed. */
const VERSION = 0x20400
const ADHOC_LINKER_SIGNED = 0x20002
const SHA256 = 2
const HASH_SIZE = 32
const PAGE_BITS = 12
const PAGE = 1 << PAGE_BITS
const MAIN_BINARY = 1n
const INDEX_SIZE = 20
const DIRECTORY_SIZE = 88
/** Segments end at the largest page any Mac has. */
const VM_PAGE = 0x4000n

interface Segment {
  readonly at: number
  readonly name: string
  readonly fileOffset: number
  readonly fileSize: number
  readonly sectionOffsets: readonly number[]
}

/**
 * The same executable without the signature at its end, where there is one; the file that is given is written to.
 * @throws Error where the file is no 64-bit Mach-O, or its signature does not end it
 */
export function withoutSignature(file: Buffer): Buffer {
  const at = commandsOf(file).find(({ kind }) => kind === CODE_SIGNATURE)?.at
  const linkEdit = segmentsOf(file).find(({ name }) => name === '__LINKEDIT')
  if (at === undefined || linkEdit === undefined) return file
  const [start, size] = [file.readUInt32LE(at + 8), file.readUInt32LE(at + 12)]
  if (start + size !== file.length) throw new Error('cannot sign anew: the signature does not end the file')
  const end = HEADER_SIZE + file.readUInt32LE(20)
  file.copyWithin(at, at + COMMAND_SIZE, end)
  file.fill(0, end - COMMAND_SIZE, end)
  file.writeUInt32LE(file.readUInt32LE(16) - 1, 16)
  file.writeUInt32LE(end - HEADER_SIZE - COMMAND_SIZE, 20)
  // The command of the segment may be one of those that have moved.
  const segment = linkEdit.at > at ? linkEdit.at - COMMAND_SIZE : linkEdit.at
  file.writeBigUInt64LE(BigInt(start - linkEdit.fileOffset), segment + 48)
  return file.subarray(0, start)
}

/**
 * The same executable with an ad-hoc signature at its end.
 * @param identifier by which macOS names the program in its logs
 * @throws Error where the file is no 64-bit Mach-O, is signed already, or has no room for one more load command
 */
export function signAdHoc(file: Buffer, identifier: string): Buffer {
  if (commandsOf(file).some(({ kind }) => kind === CODE_SIGNATURE))
    throw new Error('cannot sign: the executable is signed already')
  const commands = file.readUInt32LE(16)
  const commandsEnd = HEADER_SIZE + file.readUInt32LE(20)
  const segments = segmentsOf(file)
  const [text, linkEdit] = ['__TEXT', '__LINKEDIT'].map((name) => segments.find((each) => each.name === name))
  if (text === undefined || linkEdit === undefined)
    throw new Error('cannot sign: the executable has no __TEXT or no __LINKEDIT segment')
  if (linkEdit.fileOffset + linkEdit.fileSize !== file.length)
    throw new Error('cannot sign: __LINKEDIT does not end the file')
  if (commandsEnd + COMMAND_SIZE > Math.min(...segments.flatMap((each) => each.sectionOffsets)))
    throw new Error('cannot sign: the header has no room for one more load command')

  const codeSize = Math.ceil(file.length / 16) * 16
  const pages = Math.ceil(codeSize / PAGE)
  const hashesAt = DIRECTORY_SIZE + Buffer.byteLength(identifier) + 1
  const signatureSize = INDEX_SIZE + hashesAt + pages * HASH_SIZE
  const signed = Buffer.alloc(codeSize + signatureSize)
  file.copy(signed)

  signed.writeUInt32LE(commands + 1, 16)
  signed.writeUInt32LE(commandsEnd - HEADER_SIZE + COMMAND_SIZE, 20)
  for (const [index, value] of [CODE_SIGNATURE, COMMAND_SIZE, codeSize, signatureSize].entries())
    signed.writeUInt32LE(value, commandsEnd + 4 * index)
  const linkEditSize = BigInt(signed.length - linkEdit.fileOffset)
  signed.writeBigUInt64LE(((linkEditSize + VM_PAGE - 1n) / VM_PAGE) * VM_PAGE, linkEdit.at + 32)
  signed.writeBigUInt64LE(linkEditSize, linkEdit.at + 48)

  const signature = signed.subarray(codeSize)
  // The index of blobs has one entry: slot 0, the CodeDirectory.
  for (const [index, value] of [EMBEDDED_SIGNATURE, signatureSize, 1, 0, INDEX_SIZE].entries())
    signature.writeUInt32BE(value, 4 * index)
  const directory = signature.subarray(INDEX_SIZE)
  for (const [index, value] of [
    CODE_DIRECTORY,
    directory.length,
    VERSION,
    ADHOC_LINKER_SIGNED,
    hashesAt,
    DIRECTORY_SIZE,
    0,
    pages,
    codeSize,
  ].entries()) {
    directory.writeUInt32BE(value, 4 * index)
  }
  directory.set([HASH_SIZE, SHA256, 0, PAGE_BITS], 36)
  for (const [index, value] of [BigInt(text.fileOffset), BigInt(text.fileSize), MAIN_BINARY].entries())
    directory.writeBigUInt64BE(value, 64 + 8 * index)
  directory.write(identifier, DIRECTORY_SIZE)
  for (let page = 0; page < pages; page++) {
    createHash('sha256')
      .update(signed.subarray(page * PAGE, Math.min((page + 1) * PAGE, codeSize)))
      .digest()
      .copy(directory, hashesAt + page * HASH_SIZE)
  }
  return signed
}

/** The load commands, and where each begins. @throws Error where there are none */
function commandsOf(file: Buffer): readonly { readonly kind: number; readonly at: number }[] {
  if (file.length < HEADER_SIZE || file.readUInt32LE(0) !== MAGIC_64)
    throw new Error('cannot sign: this is no 64-bit Mach-O executable')
  const found: { kind: number; at: number }[] = []
  for (let at = HEADER_SIZE; found.length < file.readUInt32LE(16); at += file.readUInt32LE(at + 4))
    found.push({ kind: file.readUInt32LE(at), at })
  return found
}

function segmentsOf(file: Buffer): Segment[] {
  return commandsOf(file)
    .filter(({ kind }) => kind === SEGMENT_64)
    .map(({ at }) => {
      const sections = Array.from({ length: file.readUInt32LE(at + 64) }, (_, index) =>
        file.readUInt32LE(at + 72 + 80 * index + 48),
      )
      return {
        at,
        name: file.toString('latin1', at + 8, at + 24).replace(/\0+$/, ''),
        fileOffset: Number(file.readBigUInt64LE(at + 40)),
        fileSize: Number(file.readBigUInt64LE(at + 48)),
        sectionOffsets: sections.filter((each) => each > 0),
      }
    })
}
