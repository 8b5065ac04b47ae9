/** What the core makes of a world in a few words: its scene, and what users would meet in it. */

import { contextOf } from '../../src/domain/checks/context.ts'
import { called, type Member } from '../../src/domain/group/member.ts'
import { type Group, readGroup } from '../../src/domain/group/read-group.ts'
import type { PlanOptions } from '../../src/domain/intent.ts'
import type { Moment } from '../../src/domain/trace/moments.ts'
import type { Scene } from '../../src/domain/trace/requests.ts'
import type { Violation } from '../../src/domain/trace/violations.ts'
import { meet } from '../../src/domain/trace/words.ts'
import { world, type WorldSpec } from './objects.ts'

export const groupOf = (spec: WorldSpec): Group => readGroup(world(spec), 'loan')

export function memberOf(group: Group, name: string): Member {
  const found = group.members.find((each) => each.name === name)
  if (found === undefined) throw new Error(`no member ${name}`)
  return found
}

/** A world as it stands now. */
export function sceneOf(spec: WorldSpec, options: PlanOptions = {}): Scene {
  return contextOf(groupOf(spec), 'promote-all', options).scene
}

/** `users of web 1.0 meet …`, once for each violation. */
export function told(violations: readonly Violation[]): string[] {
  return violations.map((each) => `users of ${called(each.root)} ${meet(each)}`)
}

/** A moment in a line: which Services select what, and what each revision of the member is and does. */
export function momentLine({ selects, present, ready, carrying, held, roles }: Moment): string {
  const short = (id: string) => id.slice(id.indexOf('/') + 1)
  const services = [...selects].map(([name, ids]) => `${name}=${ids.map(short).join('+') || 'nothing'}`)
  const revisions = [...roles].map(([id, role]) => {
    const marks = [present.has(id) ? (ready.has(id) ? 'ready' : 'starting') : 'gone']
    if (carrying.has(id)) marks.push('users')
    if (held.has(id)) marks.push('old connections')
    return `${short(id)} ${role}: ${marks.join(', ')}`
  })
  return [...services, ...revisions.sort()].join('; ')
}
