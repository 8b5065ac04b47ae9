import { copyFileSync, renameSync } from 'node:fs'

/** Copies a file once, as a person has it: of what was written piece by piece the kernel keeps more in memory. */
export function asUnpacked(file: string): void {
  copyFileSync(file, `${file}.copy`)
  renameSync(`${file}.copy`, file)
}
