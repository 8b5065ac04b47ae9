import { type CheckContext, contextOf } from '../checks/context.ts'
import { once } from '../checks/once.ts'
import { ours } from '../checks/say.ts'
import { findingsOf } from '../checks/table.ts'
import { STRUCK } from '../checks/traffic.ts'
import { type Finding, forbids, rowOf } from '../findings/finding.ts'
import type { Remedy } from '../findings/remedy.ts'
import { type Verb, VERBS } from '../intent.ts'
import { without } from '../trace/moments.ts'
import type { Scene } from '../trace/requests.ts'
import { type Violation, violationKey, violations } from '../trace/violations.ts'
import { strikingNow } from '../trace/words.ts'
import { atGates, forward } from './forward.ts'
import { prove } from './prove.ts'
import { wayBack } from './way-back.ts'

/** What a verb would come to as things stand. */
interface WayOut {
  readonly verb: Verb
  /** It has something to do, and nothing forbids it. */
  readonly open: boolean
  /** Of what users meet now, all or a part of which they will not once it is over. */
  readonly ends: ReadonlyMap<Violation['kind'], 'it' | 'a part of it'>
}

/** The verb that is proved to end something of what users meet now, or undefined; withdrawing comes first. */
export function cureOf(context: CheckContext): Verb | undefined {
  return waysOut(context).find((each) => each.ends.size > 0)?.verb
}

/** Whether the release can be withdrawn as things stand. */
export function isWayBackOpen(context: CheckContext): boolean {
  return waysOut(context).some((each) => VERBS[each.verb].towards === 'stable' && each.open)
}

/** The findings of a check, with a verb as the remedy of those that it leads out of. */
export function withWayOut(context: CheckContext, findings: readonly Finding[]): readonly Finding[] {
  if (!findings.some((each) => rowOf(each.code).endedBy !== undefined)) return findings
  const ways = waysOut(context)
  return findings.map((each) => ({ ...each, remedy: outOf(each, context, ways) }))
}

function outOf({ code, remedy }: Finding, context: CheckContext, ways: readonly WayOut[]): Remedy {
  switch (rowOf(code).endedBy) {
    case 'withdrawing':
      return isWayBackOpen(context)
        ? ['withdraw what is left of it, then deploy a new version of the group: ', ours(context, 'abort-all')]
        : remedy
    case 'mending': {
      const kind = STRUCK[code as keyof typeof STRUCK]
      const way = (['it', 'a part of it'] as const).flatMap((share) =>
        ways.filter((each) => each.ends.get(kind) === share),
      )[0]
      if (way === undefined) return remedy
      const proof = `is proved to end ${way.ends.get(kind)}`
      if (VERBS[way.verb].towards === 'next') return [`going on ${proof}: `, ours(context, way.verb)]
      return context.towards === 'stable'
        ? `this plan ${proof}`
        : [`withdrawing the release ${proof}: `, ours(context, way.verb)]
    }
    default:
      return remedy
  }
}

function waysOut({ group, options: { assume } }: CheckContext): WayOut[] {
  return leads(group, assume === undefined ? {} : { assume })
}

const leads = once((group, options): WayOut[] => [
  back(contextOf(group, 'abort-all', options)),
  on(contextOf(group, 'promote-all', options)),
])

function back(context: CheckContext): WayOut {
  const { waves, findings } = wayBack(context)
  const open = waves.length > 0 && ![...findings, ...findingsOf(context)].some(forbids)
  return { verb: 'abort-all', open, ends: open ? ended(context.scene, prove(context.scene, waves).after) : new Map() }
}

/** To the end of the release, since a gate on the way may be no better. */
function on(context: CheckContext): WayOut {
  const { waves, later } = forward(context)
  const proof = prove(atGates(context), [...waves, ...later])
  const open = waves.flat().length > 0 && proof.broken.length === 0 && !findingsOf(context).some(forbids)
  return { verb: 'promote-all', open, ends: open ? ended(context.scene, proof.after) : new Map() }
}

/** Whoever is on pods that are about to go meets what he met until they are gone. */
function ended(scene: Scene, after: Scene['state']): WayOut['ends'] {
  const rest = new Map([...after].map(([name, moments]) => [name, moments.map((each) => without(each, each.held))]))
  const left = new Set(violations({ ...scene, state: rest }).map(violationKey))
  return new Map(
    [...Map.groupBy(strikingNow(scene), (each) => each.kind)].flatMap(([kind, now]) => {
      const staying = now.filter((each) => left.has(violationKey(each))).length
      return staying === now.length ? [] : [[kind, staying === 0 ? 'it' : 'a part of it'] as const]
    }),
  )
}
