import { type CheckContext, contextOf } from '../checks/context.ts'
import { once } from '../checks/once.ts'
import { ours } from '../checks/say.ts'
import { findingsOf } from '../checks/table.ts'
import { type Finding, rowOf } from '../findings/finding.ts'
import { without } from '../trace/moments.ts'
import { violationKey, violations } from '../trace/violations.ts'
import { strikingNow } from '../trace/words.ts'
import { prove } from './prove.ts'
import { wayBack } from './way-back.ts'

/** What abort-all would come to as things stand. */
interface WayOut {
  /** It has something to do, and nothing forbids it. */
  readonly withdrawing: boolean
  /** It is proved to end all that users meet now. */
  readonly mending: boolean
}

/** Whether users meet two versions or an empty Service now, and abort-all is proved to end that. */
export function isMendedByAbort(context: CheckContext): boolean {
  return strikingNow(context.scene).length > 0 && outOf(context).mending
}

/** The findings of a check, with abort-all as the remedy of those that it leads out of. */
export function withWayOut(context: CheckContext, findings: readonly Finding[]): readonly Finding[] {
  if (!findings.some((each) => rowOf(each.code).endedBy !== undefined)) return findings
  const out = outOf(context)
  const command = ours(context, 'abort-all')
  return findings.map((each) => {
    const needs = rowOf(each.code).endedBy
    if (needs === undefined || !out[needs]) return each
    if (each.code === 'aborted')
      return { ...each, remedy: ['withdraw what is left of it, then deploy a new version of the group: ', command] }
    return {
      ...each,
      remedy:
        context.towards === 'stable'
          ? 'this plan is proved to end it'
          : ['withdrawing the release is proved to end it: ', command],
    }
  })
}

function outOf({ group, options: { assume } }: CheckContext): WayOut {
  return wayOut(group, assume === undefined ? {} : { assume })
}

const wayOut = once((group, options): WayOut => {
  const back = contextOf(group, 'abort-all', options)
  const { waves, findings } = wayBack(back)
  if (waves.length === 0 || [...findings, ...findingsOf(back)].some((each) => each.severity === 'error'))
    return { withdrawing: false, mending: false }
  const { after } = prove(back.scene, waves)
  // Whoever is on pods that are about to go meets what he met until they are gone.
  const rest = new Map([...after].map(([name, moments]) => [name, moments.map((each) => without(each, each.held))]))
  const left = new Set(violations({ ...back.scene, state: rest }).map(violationKey))
  return { withdrawing: true, mending: !strikingNow(back.scene).some((each) => left.has(violationKey(each))) }
})
