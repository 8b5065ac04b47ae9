import type { Snapshot } from '../../src/domain/group/snapshot.ts'
import { world } from './objects.ts'

/** Groups of any size that are wired by role. */
export const SHAPES = ['chain', 'layers of 32', 'star', 'entries over one dependency'] as const
export type Shape = (typeof SHAPES)[number]

/** Whom the member of a number calls. */
const CALLS: Record<Shape, (number: number, size: number) => readonly number[]> = {
  chain: (number, size) => (number + 1 < size ? [number + 1] : []),
  'layers of 32': (number, size) => [32 + number, 32 * Math.floor(1 + number / 32)].filter((each) => each < size),
  star: (number, size) => (number === 0 ? Array.from({ length: size - 1 }, (_, index) => index + 1) : []),
  'entries over one dependency': (number, size) => (number + 1 < size ? [size - 1] : []),
}

/** The container of a ReplicaSet of such a group. */
export function containerOf(replicaSet: unknown): object {
  return (replicaSet as { spec: { template: { spec: { containers: [object] } } } }).spec.template.spec.containers[0]
}

/** A group of so many members at their gates, among five Services a member. */
export function sized(shape: Shape, size: number): Snapshot {
  const name = (number: number) => `m${String(number).padStart(4, '0')}`
  const release = (version: string, role: string, number: number) => ({
    version,
    env: Object.fromEntries(CALLS[shape](number, size).map((to) => [`M${to}_URL`, `http://${name(to)}-${role}:8080`])),
  })
  const made = world({
    members: Array.from({ length: size }, (_, number) => ({
      name: name(number),
      live: release('1.0', 'active', number),
      next: release('2.0', 'preview', number),
    })),
  })
  const others = Array.from({ length: 3 * size }, (_, number) => ({
    metadata: { name: `other-${number}`, namespace: 'legacy' },
    spec: { selector: { app: `other-${number}` }, ports: [{ port: 8080 }] },
  }))
  return { ...made, services: [...made.services, ...others] }
}
