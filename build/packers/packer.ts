import type { Target } from '../targets.ts'

/** A way to make a program of the bundle and a runtime. */
export interface Packer {
  readonly name: string
  /** The runtime that is part of the program. */
  readonly runtime: Runtime
  /**
   * Writes the program of a platform, of the bundle in `dist/`, into a folder, which is there.
   * @returns the names of its executables; that of the program (targets.ts `binaryName`) comes first
   * @throws Error with the packer's own words where it cannot be made
   */
  pack(target: Target, folder: string): Promise<readonly string[]>
}

/** What is shipped with the program beside what is bundled. */
export interface Runtime {
  readonly title: string
  readonly name: string
  readonly version: string
  /** SPDX. */
  readonly license: string
  /** The text of its licence, which names all that is built into it. @throws Error where it cannot be had */
  licence(): Promise<string>
}
