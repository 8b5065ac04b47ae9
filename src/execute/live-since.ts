import { ClusterError } from '../cluster/port.ts'
import type { Member } from '../domain/group/member.ts'
import type { Step } from '../domain/actions/step.ts'
import { LIVE_BY, LIVE_SINCE, LIVE_UNTIL } from '../domain/objects/labels.ts'
import type { Report } from '../domain/run/outcome.ts'
import { type RunContext, tell } from './context.ts'
import { within } from './waiting.ts'

/** Milliseconds it may take: nothing waits for it. */
const LONGEST = 3000

/** Writes on ReplicaSets that users are on one now, who brought them there, and that they have left the other. */
export type LiveSince = (step: Step, member: Member | undefined, report: Report) => Promise<void>

/**
 * What `history` goes by: Events are gone within the hour. Best effort: that it cannot be written is told once, and the
 * run goes on.
 */
export function openLiveSince(context: RunContext): LiveSince {
  const { cluster, clock, user, stopped } = context
  let told = false
  return async ({ until, from }, member, { outcome }) => {
    const [live, left] = [until.hash, from.hash].map((hash) => member?.revisions.find((each) => each.hash === hash))
    if (until.kind !== 'live' || outcome !== 'done' || member === undefined || live === undefined) return
    const now = new Date(clock.now()).toISOString().replace(/\.\d+Z$/, 'Z')
    using budget = within(context, LONGEST, stopped)
    const written = (name: string, annotations: Readonly<Record<string, string>>) =>
      cluster.patch(
        'replicasets',
        { namespace: member.namespace, name },
        Object.entries(annotations).map(([key, value]) => annotated(key, value)),
        { signal: budget.signal },
      )
    try {
      await written(live.name, { [LIVE_SINCE]: now, [LIVE_BY]: user })
      if (left !== undefined && left !== live) await written(left.name, { [LIVE_UNTIL]: now })
    } catch (error) {
      if (!(error instanceof ClusterError)) throw error
      if (told || error.reason === 'Aborted') return
      told = true
      const sentence = `history will not know since when ${live.version.text} is live: ${error.message}`
      tell(context, { type: 'warning', sentence })
    }
  }
}

function annotated(key: string, value: string) {
  return { op: 'add', path: `/metadata/annotations/${key.replace('/', '~1')}`, value } as const
}
