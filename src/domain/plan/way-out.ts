import { type CheckContext, contextOf } from '../checks/context.ts'
import { findingsOf } from '../checks/table.ts'
import type { Code, Finding } from '../findings/finding.ts'
import { without } from '../trace/moments.ts'
import { violationKey, violations } from '../trace/requests.ts'
import { strikingNow } from '../trace/words.ts'
import { prove } from './prove.ts'
import { wayBack } from './way-back.ts'

/** What abort-all would come to as things stand. */
interface WayOut {
  /** It has something to do, and nothing forbids it. */
  readonly open: boolean
  /** It is proved to end all that users meet now. */
  readonly mends: boolean
}

/** Findings that are written anew where withdrawing leads out of them, by what it comes to. */
const LEADS_OUT: Partial<Record<Code, keyof WayOut>> = {
  'already-mixed': 'mends',
  'already-dead': 'mends',
  aborted: 'open',
}

/** Whether users meet two versions or an empty Service now, and abort-all is proved to end that. */
export function isMendedByAbort(context: CheckContext): boolean {
  return strikingNow(context.scene).length > 0 && wayOut(context).mends
}

/** The findings of a check, with abort-all as the remedy of those that it leads out of. */
export function withWayOut(context: CheckContext, findings: readonly Finding[]): readonly Finding[] {
  if (!findings.some((each) => LEADS_OUT[each.code] !== undefined)) return findings
  const out = wayOut(context)
  const command = `kubectl rollouts-group abort-all ${context.group.name} -n ${context.group.namespace}`
  return findings.map((each) => {
    const needs = LEADS_OUT[each.code]
    if (needs === undefined || !out[needs]) return each
    if (each.code === 'aborted')
      return { ...each, remedy: `withdraw what is left of it, then deploy a new version of the group: ${command}` }
    return {
      ...each,
      remedy:
        context.verb === 'abort-all'
          ? 'this plan is proved to end it'
          : `withdrawing the release is proved to end it: ${command}`,
    }
  })
}

function wayOut({ group, options: { assume } }: CheckContext): WayOut {
  const back = contextOf(group, 'abort-all', assume === undefined ? {} : { assume })
  const { waves, findings } = wayBack(back)
  if (waves.length === 0 || [...findings, ...findingsOf(back)].some((each) => each.severity === 'error'))
    return { open: false, mends: false }
  const { after } = prove(back.scene, waves)
  // Whoever is on pods that are about to go meets what he met until they are gone.
  const rest = new Map([...after].map(([name, moments]) => [name, moments.map((each) => without(each, each.held))]))
  const left = new Set(violations({ ...back.scene, state: rest }).map(violationKey))
  return { open: true, mends: !strikingNow(back.scene).some((each) => left.has(violationKey(each))) }
}
