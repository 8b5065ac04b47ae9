import { ClusterError, type Cluster, type Ref } from '../cluster/port.ts'
import { at, text, time, whole } from '../domain/parse.ts'
import { Locked, tell, type RunContext } from './context.ts'
import { onChange } from './waiting.ts'

/** Seconds a lock outlives its holder. */
const LEASE_SECONDS = 15
/** Milliseconds between two renewals. */
const RENEW_EVERY = 4_000

export interface Lock {
  /** Aborted, with a Locked, when somebody took the lock away. */
  readonly lost: AbortSignal
  release(): Promise<void>
}

/**
 * Takes the group's Lease, so that one run at a time works on it, and keeps it renewed. Where Leases are forbidden it
 * warns and goes on: the conditional patches still protect.
 * @throws Locked, naming the holder
 */
export async function lockGroup(context: RunContext): Promise<Lock> {
  const { cluster, clock, scope, group } = context
  const ref: Ref = { namespace: scope.namespace, name: leaseName(group) }
  const holder = `${context.user}/${context.runId}`
  let lease: unknown
  try {
    lease = await take(context, ref, holder)
  } catch (error) {
    if (!(error instanceof ClusterError) || error.reason !== 'Forbidden') throw error
    tell(context, { type: 'warning', sentence: `no lock for group ${group}: ${error.message}; another run could start at the same time` })
    return { lost: new AbortController().signal, release: async () => {} }
  }
  const lost = new AbortController()
  const over = new AbortController()
  const renewing = renew()
  return {
    lost: lost.signal,
    release: async () => {
      over.abort()
      await renewing
      await drop(cluster, ref, holder)
    },
  }

  async function renew(): Promise<void> {
    const warn = onChange((sentence) => tell(context, { type: 'warning', sentence }))
    while (!over.signal.aborted) {
      try {
        await clock.after(RENEW_EVERY, over.signal)
        lease = await cluster.replace('leases', ref, leaseOf(ref, holder, clock.now(), lease))
      } catch (error) {
        if (over.signal.aborted) return
        const found = await look(cluster, ref)
        if (found !== undefined && holderOf(found.lease) !== holder) {
          const why = `the lock of group ${group} was taken${found.lease === undefined ? ' away' : ` by ${holderOf(found.lease) ?? 'nobody'}`}`
          warn(`${why}; starting nothing new`)
          return lost.abort(new Locked(why))
        }
        lease = found?.lease ?? lease
        // Where it is still ours after a conflict, only the answer to the last renewal was lost.
        const conflict = error instanceof ClusterError && error.reason === 'Conflict'
        if (!conflict) warn(`the lock of group ${group} could not be renewed: ${error instanceof Error ? error.message : String(error)}`)
      }
    }
  }
}

/** The Lease as it is now, if there is one; undefined where that is not known. */
async function look(cluster: Cluster, ref: Ref): Promise<{ readonly lease: unknown } | undefined> {
  try {
    return { lease: await cluster.get('leases', ref) }
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error
    return error.reason === 'NotFound' ? { lease: undefined } : undefined
  }
}

async function take(context: RunContext, ref: Ref, holder: string): Promise<unknown> {
  const { cluster, clock, breakLock } = context
  let seen: string | undefined
  for (;;) {
    try {
      return await cluster.create('leases', ref.namespace, leaseOf(ref, holder, clock.now(), undefined))
    } catch (error) {
      if (!(error instanceof ClusterError) || error.reason !== 'AlreadyExists') throw error
    }
    try {
      const current = await cluster.get('leases', ref)
      const other = holderOf(current)
      const until = expiry(current)
      if (other === undefined || other === holder || until <= clock.now() || breakLock === true) {
        return await cluster.replace('leases', ref, leaseOf(ref, holder, clock.now(), current))
      }
      // A lock nobody renews belongs to a run that crashed: it is taken over when it ends. One that is renewed is alive.
      const mark = `${other} ${String(at(current, 'spec', 'renewTime'))}`
      if (seen !== undefined && seen !== mark) {
        throw new Locked(`group ${context.group} in namespace ${ref.namespace} is being worked on by ${other}; wait for that run to end, or say --break-lock to take its place`)
      }
      if (seen === undefined) {
        tell(context, { type: 'warning', sentence: `group ${context.group} is locked by ${other}; looking whether that run is alive (${Math.ceil((until - clock.now()) / 1000)}s at most)` })
      }
      seen = mark
      await clock.after(Math.min(RENEW_EVERY, until - clock.now()), context.stopping)
    } catch (error) {
      if (!(error instanceof ClusterError) || (error.reason !== 'Conflict' && error.reason !== 'NotFound')) throw error
    }
  }
}

/** When a lock ends unless it is renewed, milliseconds since the epoch. */
function expiry(lease: unknown): number {
  return (time(at(lease, 'spec', 'renewTime')) ?? 0) + 1000 * (whole(at(lease, 'spec', 'leaseDurationSeconds')) ?? LEASE_SECONDS)
}

/** Frees the lock; a lock that cannot be freed ends by itself. */
async function drop(cluster: Cluster, ref: Ref, holder: string): Promise<void> {
  try {
    const current = await cluster.get('leases', ref)
    const version = text(at(current, 'metadata', 'resourceVersion'))
    if (holderOf(current) === holder) await cluster.remove('leases', ref, version === undefined ? {} : { resourceVersion: version })
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error
  }
}

function holderOf(lease: unknown): string | undefined {
  const holder = text(at(lease, 'spec', 'holderIdentity'))
  return holder === '' ? undefined : holder
}

function leaseOf(ref: Ref, holder: string, now: number, previous: unknown): unknown {
  const time = new Date(now).toISOString().replace('Z', '000Z')
  const same = holderOf(previous) === holder
  return {
    apiVersion: 'coordination.k8s.io/v1', kind: 'Lease',
    metadata: { ...ref, ...(previous === undefined ? {} : { resourceVersion: text(at(previous, 'metadata', 'resourceVersion')) }) },
    spec: {
      holderIdentity: holder, leaseDurationSeconds: LEASE_SECONDS, renewTime: time,
      acquireTime: same ? (at(previous, 'spec', 'acquireTime') ?? time) : time,
    },
  }
}

/** A Lease's name must be a DNS subdomain; a group's, which may be a selector, need not. */
function leaseName(group: string): string {
  return `rollouts-group-${group.toLowerCase().replace(/[^a-z0-9]+/g, '-').slice(0, 200)}`.replace(/-+$/, '')
}
