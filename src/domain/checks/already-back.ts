import { broughtBack } from '../group/brought-back.ts'
import type { Revision } from '../group/member.ts'
import type { CheckContext } from './context.ts'

/** Whether it was brought back to where others still go: it has no part in what waits beside these. */
export function isAlreadyBack({ group, releases: { back } }: CheckContext, live: Revision): boolean {
  const to = broughtBack(live)
  const going = group.members.filter((each) => back.includes(each.name))
  return to !== undefined && going.some(({ next }) => broughtBack(next!) === to)
}
