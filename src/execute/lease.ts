import type { Ref } from '../cluster/port.ts'
import { at, text, whole } from '../domain/objects/fields.ts'

/** Seconds a lock outlives its holder. */
const LEASE_SECONDS = 15

/** Who has a Lease; undefined where nobody does. */
export function holderOf(lease: unknown): string | undefined {
  const holder = text(at(lease, 'spec', 'holderIdentity'))
  return holder === '' ? undefined : holder
}

/** Milliseconds after which a lock ends unless it is renewed. */
export function lasts(lease: unknown): number {
  return 1000 * (whole(at(lease, 'spec', 'leaseDurationSeconds')) ?? LEASE_SECONDS)
}

/** A Lease (coordination.k8s.io/v1) that a holder has from now on, or still. */
export function leaseOf(ref: Ref, holder: string, now: number, previous: unknown): unknown {
  const time = new Date(now).toISOString().replace('Z', '000Z')
  const same = holderOf(previous) === holder
  return {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: {
      ...ref,
      ...(previous === undefined ? {} : { resourceVersion: text(at(previous, 'metadata', 'resourceVersion')) }),
    },
    spec: {
      holderIdentity: holder,
      leaseDurationSeconds: LEASE_SECONDS,
      renewTime: time,
      acquireTime: same ? (at(previous, 'spec', 'acquireTime') ?? time) : time,
    },
  }
}

/**
 * A Lease's name must be a DNS subdomain; a group's, which may be a selector, need not. What was folded is told apart
 * by a hash.
 */
export function leaseName(group: string): string {
  const folded = group
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 200)
    .replace(/^-+|-+$/g, '')
  return folded === group
    ? `rollouts-group-${group}`
    : `rollouts-group-${folded}-${fingerprint(group)}`.replace('--', '-')
}

/** FNV-1a, 32 bits, as hexadecimal digits. */
function fingerprint(text: string): string {
  let hash = 0x811c9dc5
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0
  return hash.toString(16).padStart(8, '0')
}
