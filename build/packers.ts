import { bun } from './packers/bun.ts'
import { nodeSea } from './packers/node-sea.ts'
import type { Packer } from './packers/packer.ts'
import { pkg } from './packers/pkg.ts'

/** The one whose programs are released: the fastest that passes every test of processes. */
export const RELEASED: Packer = nodeSea

export const PACKERS: readonly Packer[] = [nodeSea, pkg, bun]
