import { ClusterError, type WatchEvent } from '../cluster/port.ts'
import type { Group } from '../domain/group/read-group.ts'
import { HASH_LABEL } from '../domain/objects/labels.ts'
import type { Revision } from '../domain/group/member.ts'
import { at, text } from '../domain/objects/fields.ts'
import type { Draining } from '../domain/actions/step.ts'
import { ownerOf, runs } from '../domain/objects/pod.ts'
import { countTerminating } from '../domain/objects/replica-set.ts'
import type { GroupStore } from '../watch/current-store.ts'
import { type RunContext, tell, TimedOut } from './context.ts'
import { type Bounds, groupIn, olderThan, until } from './waiting.ts'

/**
 * Waits until no pod is left of revisions that users have left, terminating ones included: until then their last
 * requests still call what the next wave changes. With `--drain` a duration, at most that long; and no longer once
 * users are on one of them again, as after somebody's undo: these pods stay. Where pods may not be watched, their
 * ReplicaSets tell, if the cluster counts what is terminating.
 * @param read the group in which users had left them
 * @throws TimedOut, Interrupted; ClusterError where neither can be watched
 */
export async function drainPods(
  context: RunContext,
  store: GroupStore,
  bounds: Bounds,
  wave: number,
  revisions: readonly Draining[],
  read: Group,
): Promise<void> {
  const { clock, cluster, options, scope } = context
  const hashes = [...new Set(revisions.map((each) => each.hash))].sort().join(',')
  const labelSelector = `${HASH_LABEL} in (${hashes})`
  const over = new AbortController()
  const ended = AbortSignal.any([bounds.signal, over.signal])
  if (typeof options.drain === 'number')
    clock.after(options.drain, ended).then(
      () => over.abort(),
      () => {},
    )
  const pods = new Map<string, string>()
  let refused: ClusterError | undefined
  const left = (each: Draining): number =>
    refused === undefined
      ? [...pods.values()].filter((owner) => owner === `${each.member}-${each.hash}`).length
      : counted(context, store, each, refused)
  const tellLeft = teller(context, store, wave, revisions, left)
  const isBack = () => cameBack(context, store, revisions, read)
  const unsubscribe = store.subscribe(() => {
    if (refused === undefined) tellLeft()
    if (isBack()) over.abort()
  })
  using _ending = {
    [Symbol.dispose]() {
      unsubscribe()
      over.abort()
    },
  }
  if (isBack()) over.abort()
  const gone = async (): Promise<void> => {
    for await (const event of cluster.watch('pods', { namespace: scope.namespace, labelSelector }, ended)) {
      take(event, pods)
      tellLeft()
      if (revisions.every((each) => left(each) === 0)) return
    }
  }
  try {
    await gone().catch((error: unknown) => {
      if (!(error instanceof ClusterError) || error.reason !== 'Forbidden') throw error
      if (!countTerminating(read.snapshot.replicaSets)) throw error
      refused = error
    })
    // ReplicaSets count their pods a moment later, and the next look at the group goes by them.
    if (refused !== undefined || typeof options.drain !== 'number')
      await until(context, store, { ...bounds, signal: ended }, () => {
        if (isBack() || over.signal.aborted) return true
        if (refused !== undefined) tellLeft()
        return lingering(context, store, revisions).every((each) => each.pods === 0) ? true : undefined
      })
  } catch (error) {
    throw bounds.overdue.aborted ? new TimedOut(stillThere(revisions, left)) : error
  }
}

/** `2 old pods of web 1.0 had not gone`. */
function stillThere(revisions: readonly Draining[], left: (each: Draining) => number): string | undefined {
  const there = revisions.flatMap((each) => {
    const pods = left(each)
    return pods === 0 ? [] : [`${pods} old pod${pods === 1 ? '' : 's'} of ${each.member} ${each.version.text}`]
  })
  return there.length === 0 ? undefined : `${there.join(' and ')} had not gone`
}

/** Pods by name, each with its ReplicaSet, as a watch tells of them. */
function take(event: WatchEvent, pods: Map<string, string>): void {
  switch (event.type) {
    case 'connected':
    case 'disconnected':
      return
    case 'listed':
      pods.clear()
      for (const pod of event.items.filter(runs)) pods.set(nameOf(pod), ownerOf(pod))
      return
    case 'deleted':
      pods.delete(nameOf(event.object))
      return
    default:
      if (runs(event.object)) pods.set(nameOf(event.object), ownerOf(event.object))
      else pods.delete(nameOf(event.object))
  }
}

/** The pods of a revision by its ReplicaSet. @throws ClusterError where that is gone, and nobody counts them any more */
function counted(context: RunContext, store: GroupStore, revision: Draining, refused: ClusterError): number {
  const [known] = lingering(context, store, [revision])
  if (known === undefined) {
    const set = `the ReplicaSet of ${revision.member} ${revision.version.text}`
    throw new ClusterError(refused.reason, `${set} is gone, and nobody counts its pods: ${refused.message}`)
  }
  return known.pods
}

/**
 * Whether one of these is live, or next, that was not when it was read; a watch that is behind what was read tells
 * nothing of it.
 */
function cameBack(context: RunContext, store: GroupStore, revisions: readonly Draining[], read: Group): boolean {
  const snapshot = store.getSnapshot()
  if (snapshot === undefined) return false
  return groupIn(context, snapshot).members.some((member) => {
    const known = read.members.find((each) => each.name === member.name)
    if (known === undefined || olderThan(member.resourceVersion, known.resourceVersion)) return false
    const back = [member.live, member.next].filter(
      (each) => each !== undefined && each.id !== known.live?.id && each.id !== known.next?.id,
    )
    return back.some((each) => revisions.some((one) => idOf(one) === each!.id))
  })
}

/** Tells how many pods are left, and when they are to go, whenever that changes. */
function teller(
  context: RunContext,
  store: GroupStore,
  wave: number,
  revisions: readonly Draining[],
  left: (each: Draining) => number,
): () => void {
  const started = context.clock.now()
  const told = new Map<Draining, { readonly pods: number; readonly deadline: number | undefined }>()
  return () => {
    const known = lingering(context, store, revisions)
    for (const each of revisions) {
      const about = { wave, member: each.member, version: each.version.text }
      const before = told.get(each) ?? { pods: 0, deadline: each.deadline }
      const now = { pods: left(each), deadline: known.find(({ id }) => id === idOf(each))?.deadline ?? before.deadline }
      told.set(each, now)
      if (now.pods > 0 && (now.pods !== before.pods || now.deadline !== before.deadline))
        tell(context, { type: 'draining', ...about, ...now })
      // A member may have left several revisions: its old pods are gone when all of these are.
      const gone = revisions.every((other) => other.member !== each.member || left(other) === 0)
      if (gone && now.pods === 0 && before.pods > 0)
        tell(context, { type: 'drained', ...about, after: context.clock.now() - started })
    }
  }
}

/** These revisions as the watch shows them. */
function lingering(context: RunContext, store: GroupStore, revisions: readonly Draining[]): Revision[] {
  const snapshot = store.getSnapshot()
  if (snapshot === undefined) return []
  return groupIn(context, snapshot)
    .members.flatMap((each) => each.revisions)
    .filter(({ id }) => revisions.some((each) => idOf(each) === id))
}

function idOf({ member, hash }: Draining): string {
  return `${member}/${hash}`
}

function nameOf(pod: unknown): string {
  return text(at(pod, 'metadata', 'name')) ?? ''
}
