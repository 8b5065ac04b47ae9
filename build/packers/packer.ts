import type { Target } from '../targets.ts'

/** A way to make one program of the bundle and a runtime. */
export interface Packer {
  readonly name: string
  /**
   * Writes the program of a platform.
   * @param dist the bundle, relative: no path of the machine it is built on is to become part of the program
   * @throws Error with the packer's own words where it cannot be made
   */
  pack(target: Target, output: string, dist?: string): Promise<void>
}
