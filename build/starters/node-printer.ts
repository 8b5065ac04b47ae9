import { fstatSync, writeSync } from 'node:fs'
import type { Printer } from '../../src/entry.ts'

/** Standard output, as Node has it. */
export const printer: Printer = {
  columns: () => (mayBeTerminal() ? process.stdout.columns : undefined),
  print(text, otherwise) {
    if (!written(text)) otherwise()
  },
}

/** To ask a pipe or a file for its columns would take longer than all the rest. */
function mayBeTerminal(): boolean {
  try {
    return fstatSync(1).isCharacterDevice()
  } catch {
    // It is closed: that is told where it is written to.
    return false
  }
}

function written(text: string): boolean {
  const bytes = Buffer.from(text)
  for (let from = 0; from < bytes.length; ) {
    try {
      from += writeSync(1, bytes, from)
    } catch (error) {
      if (from === 0 || (error as NodeJS.ErrnoException).code !== 'EAGAIN') return false
      // Whoever reads has not kept up: half of it is there already.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5)
    }
  }
  return true
}
