import { type Cluster, ClusterError, type Ref } from '../cluster/port.ts'
import { at, text } from '../domain/objects/fields.ts'
import { Locked, type RunContext, tell, TimedOut } from './context.ts'
import { holderOf, lasts, leaseName, leaseOf } from './lease.ts'
import { pauseAfter } from './pause-after.ts'
import { type Bounds, cutting, onChange, within } from './waiting.ts'

/** Milliseconds between two renewals. */
const RENEW_EVERY = 4_000
/** Milliseconds that one renewal may take (client-go's RenewDeadline). */
const LONGEST_RENEWAL = 10_000
/** Milliseconds that giving it back may take. */
const LONGEST_DROP = 3_000
/** A Lease that a server has not taken so often is given up. */
const MOST_TRIES = 6
/** Milliseconds of waiting that a person notices, and wants to know what for. */
const NOTICED = 1_000

export interface Lock {
  /** Aborted, with a Locked, when somebody took the lock away. */
  readonly lost: AbortSignal
  release(): Promise<void>
}

/**
 * Takes the group's Lease, so that one run at a time works on it, and keeps it renewed. Where Leases are forbidden it
 * warns and goes on: the conditional patches still protect.
 * @throws Locked, naming the holder; TimedOut, Interrupted; ClusterError where the server takes it neither at once nor
 * after a while
 */
export async function lockGroup(context: RunContext, bounds: Bounds): Promise<Lock> {
  const { cluster, clock, scope, group } = context
  const ref: Ref = { namespace: scope.namespace, name: leaseName(group) }
  const holder = `${context.user}/${context.runId}`
  let lease: unknown
  try {
    lease = await take(context, bounds, ref, holder)
  } catch (error) {
    if (error instanceof Locked || error instanceof TimedOut) throw error
    const isForbidden = error instanceof ClusterError && error.reason === 'Forbidden'
    // A request that was cut off, or not answered, may be in all the same.
    if (!isForbidden) await drop(context, ref, holder)
    bounds.overdue.throwIfAborted()
    if (!isForbidden) throw error
    tell(context, {
      type: 'warning',
      sentence: `no lock for group ${group}: ${error.message}; another run could start at the same time`,
    })
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
      await drop(context, ref, holder)
    },
  }

  /** A request that goes unanswered is given up before the lock is over, so that the next one can still save it. */
  async function asking<Answer>(request: (signal: AbortSignal) => Promise<Answer>): Promise<Answer> {
    using budget = within(context, LONGEST_RENEWAL, over.signal)
    return await request(budget.signal)
  }

  async function renew(): Promise<void> {
    const warn = onChange((sentence) => tell(context, { type: 'warning', sentence }))
    while (!over.signal.aborted) {
      try {
        await clock.after(RENEW_EVERY, over.signal)
        lease = await asking((signal) =>
          cluster.replace('leases', ref, leaseOf(ref, holder, clock.now(), lease), { signal }),
        )
      } catch (error) {
        if (over.signal.aborted) return
        const found = await asking((signal) => look(cluster, ref, signal))
        if (over.signal.aborted) return
        if (found !== undefined && holderOf(found.lease) !== holder) {
          const why =
            `the lock of group ${group} was ` +
            `taken${found.lease === undefined ? ' away' : ` by ${holderOf(found.lease) ?? 'nobody'}`}`
          warn(`${why}; starting nothing new`)
          return lost.abort(new Locked(why))
        }
        lease = found?.lease ?? lease
        // Where it is still ours after a conflict, only the answer to the last renewal was lost.
        const reason = error instanceof ClusterError ? error.reason : undefined
        if (reason === 'Conflict') continue
        const why =
          reason === 'Aborted'
            ? `no answer within ${LONGEST_RENEWAL / 1000} s`
            : error instanceof Error
              ? error.message
              : String(error)
        warn(`the lock of group ${group} could not be renewed: ${why}`)
      }
    }
  }
}

/** The Lease as it is now, if there is one; undefined where that is not known. */
async function look(cluster: Cluster, ref: Ref, signal: AbortSignal): Promise<{ readonly lease: unknown } | undefined> {
  try {
    return { lease: await cluster.get('leases', ref, signal) }
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error
    return error.reason === 'NotFound' ? { lease: undefined } : undefined
  }
}

/**
 * Takes the Lease. Whether its holder lives is told by whether it renews it, seen by this machine's clock alone, as
 * client-go's leader election does: another machine's clock may be wrong by hours.
 */
async function take(context: RunContext, bounds: Bounds, ref: Ref, holder: string): Promise<unknown> {
  const { cluster, clock, breakLock } = context
  const signal = cutting(context, bounds)
  const rest = resting(context, bounds)
  let seen: { readonly other: string; readonly mark: string; readonly since: number } | undefined
  for (;;) {
    try {
      const lease = leaseOf(ref, holder, clock.now(), undefined)
      return await cluster.create('leases', ref.namespace, lease, { once: true, signal })
    } catch (error) {
      if (!(error instanceof ClusterError)) throw error
      if (error.reason !== 'AlreadyExists') {
        // It may be in all the same: then it is there at the next try, and ours.
        await rest(error)
        continue
      }
    }
    try {
      const current = await cluster.get('leases', ref, signal)
      const other = holderOf(current)
      const mark = `${other} ${String(at(current, 'spec', 'renewTime'))}`
      const left = (seen?.since ?? clock.now()) + lasts(current) - clock.now()
      const dead = seen?.mark === mark && left <= 0
      if (other === undefined || other === holder || dead || breakLock === true) {
        return await cluster.replace('leases', ref, leaseOf(ref, holder, clock.now(), current), { signal })
      }
      // A lock nobody renews belongs to a run that crashed: it is taken over when it ends. One that is renewed is
      // alive.
      if (seen !== undefined && seen.mark !== mark) {
        throw new Locked(
          `group ${context.group} in namespace ${ref.namespace} is being worked on by ` +
            `${other}; wait for that run to end, or say --break-lock to take its place`,
        )
      }
      if (seen === undefined) {
        tell(context, {
          type: 'warning',
          sentence:
            `group ${context.group} is locked by ${other}; looking ` +
            `whether that run is alive (${Math.ceil(left / 1000)}s at most)`,
        })
      }
      seen ??= { other, mark, since: clock.now() }
      await clock.after(Math.min(RENEW_EVERY, left), bounds.signal)
    } catch (error) {
      if (seen !== undefined && bounds.overdue.aborted)
        throw new TimedOut(`it is locked by ${seen.other}, and whether that run is alive was not seen yet`)
      if (!(error instanceof ClusterError) || (error.reason !== 'Conflict' && error.reason !== 'NotFound')) throw error
    }
  }
}

/**
 * Gives a server time that has not taken the Lease, and tells a person who would notice.
 * @returns what throws the failure itself where it does not pass, or has come too often
 */
function resting(context: RunContext, bounds: Bounds): (error: ClusterError) => Promise<void> {
  const warn = onChange((sentence) => tell(context, { type: 'warning', sentence }))
  let tried = 0
  let waited = 0
  return async (error) => {
    tried += 1
    if (tried === MOST_TRIES) throw error
    const pause = pauseAfter(error, tried)
    waited += pause
    if (waited >= NOTICED) warn(`group ${context.group} could not be locked yet: ${error.message}; trying again`)
    await context.clock.after(pause, bounds.signal)
  }
}

/** Frees the lock; a lock that cannot be freed soon ends by itself. */
async function drop(context: RunContext, ref: Ref, holder: string): Promise<void> {
  const { cluster } = context
  using budget = within(context, LONGEST_DROP)
  const { signal } = budget
  try {
    const current = await cluster.get('leases', ref, signal)
    const version = text(at(current, 'metadata', 'resourceVersion'))
    if (holderOf(current) === holder)
      await cluster.remove('leases', ref, { signal, ...(version !== undefined && { resourceVersion: version }) })
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error
  }
}
