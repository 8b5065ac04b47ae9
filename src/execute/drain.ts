import { HASH_LABEL } from '../domain/labels.ts'
import { at, list, text } from '../domain/parse.ts'
import type { Draining } from '../domain/plan.ts'
import { tell, type RunContext } from './context.ts'
import type { Bounds } from './waiting.ts'

/**
 * Waits until no pod is left of revisions that users have left, terminating ones included: until then their last requests still
 * call what the next wave changes. With `--drain` a duration, at most that long.
 * @throws TimedOut, Interrupted
 */
export async function drainPods(context: RunContext, bounds: Bounds, wave: number, revisions: readonly Draining[]): Promise<void> {
  const { clock, cluster, options, scope } = context
  const started = clock.now()
  const over = new AbortController()
  const ended = AbortSignal.any([bounds.signal, over.signal])
  if (typeof options.drain === 'number') clock.after(options.drain, ended).then(() => over.abort(), () => {})
  const pods = new Map<string, string>()
  const told = new Map<string, number>()
  const count = (each: Draining) => [...pods.values()].filter((owner) => owner === `${each.member}-${each.hash}`).length
  const hashes = [...new Set(revisions.map((each) => each.hash))].sort().join(',')
  for await (const event of cluster.watch('pods', { namespace: scope.namespace, labelSelector: `${HASH_LABEL} in (${hashes})` }, ended)) {
    if (event.type === 'disconnected') tell(context, { type: 'disconnected', reason: event.reason })
    if (event.type === 'connected') tell(context, { type: 'connected' })
    if (event.type === 'listed') {
      pods.clear()
      for (const pod of event.items) pods.set(nameOf(pod), ownerOf(pod))
    } else if (event.type === 'deleted') {
      pods.delete(nameOf(event.object))
    } else if (event.type === 'added' || event.type === 'modified') {
      pods.set(nameOf(event.object), ownerOf(event.object))
    } else {
      continue
    }
    for (const each of revisions) {
      const left = count(each)
      const key = `${each.member}/${each.hash}`
      if (told.get(key) === left) continue
      const about = { wave, member: each.member, version: each.version.text }
      if (left > 0) tell(context, { type: 'draining', ...about, pods: left, deadline: each.deadline })
      else if (told.has(key)) tell(context, { type: 'drained', ...about, after: clock.now() - started })
      told.set(key, left)
    }
    if (revisions.every((each) => count(each) === 0)) break
  }
  over.abort()
  bounds.check()
}

function nameOf(pod: unknown): string {
  return text(at(pod, 'metadata', 'name')) ?? ''
}

function ownerOf(pod: unknown): string {
  return text(at(list(at(pod, 'metadata', 'ownerReferences'))[0], 'name')) ?? ''
}
