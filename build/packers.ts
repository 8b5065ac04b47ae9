import { bun } from './packers/bun.ts'
import { nodeSea } from './packers/node-sea.ts'
import type { Packer } from './packers/packer.ts'
import { pkg } from './packers/pkg.ts'
import type { Target } from './targets.ts'

/** The first is the fastest that passes every test of processes. */
export const PACKERS: readonly Packer[] = [bun, nodeSea, pkg]

/** By which the program of a platform is released. Bun's needs a launcher, which is a script of a shell. */
export function packerFor({ os }: Target): Packer {
  return os === 'windows' ? nodeSea : bun
}
