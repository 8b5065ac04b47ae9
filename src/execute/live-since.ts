import { ClusterError } from '../cluster/port.ts'
import type { Member } from '../domain/group/member.ts'
import type { Step } from '../domain/actions/step.ts'
import { LIVE_BY, LIVE_SINCE } from '../domain/objects/labels.ts'
import type { Report } from '../domain/run/outcome.ts'
import { type RunContext, tell } from './context.ts'
import { within } from './waiting.ts'

/** Milliseconds it may take: nothing waits for it. */
const LONGEST = 3000

/** Writes on a ReplicaSet that users are on it now, and who brought them there. */
export type LiveSince = (step: Step, member: Member | undefined, report: Report) => Promise<void>

/**
 * What `history` goes by: Events are gone within the hour. Best effort: that it cannot be written is told once, and the
 * run goes on.
 */
export function openLiveSince(context: RunContext): LiveSince {
  const { cluster, clock, user, stopped } = context
  let told = false
  return async ({ until }, member, { outcome }) => {
    const revision = member?.revisions.find((each) => each.hash === until.hash)
    if (until.kind !== 'live' || outcome !== 'done' || member === undefined || revision === undefined) return
    using budget = within(context, LONGEST, stopped)
    try {
      await cluster.patch(
        'replicasets',
        { namespace: member.namespace, name: revision.name },
        [annotated(LIVE_SINCE, new Date(clock.now()).toISOString().replace(/\.\d+Z$/, 'Z')), annotated(LIVE_BY, user)],
        { signal: budget.signal },
      )
    } catch (error) {
      if (!(error instanceof ClusterError)) throw error
      if (told || error.reason === 'Aborted') return
      told = true
      const sentence = `history will not know since when ${revision.version.text} is live: ${error.message}`
      tell(context, { type: 'warning', sentence })
    }
  }
}

function annotated(key: string, value: string) {
  return { op: 'add', path: `/metadata/annotations/${key.replace('/', '~1')}`, value } as const
}
