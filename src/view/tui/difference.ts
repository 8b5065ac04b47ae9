import { type Difference, differences } from '../../domain/group/settings-change.ts'
import { called } from '../../domain/group/member.ts'
import { printable } from '../../text/printable.ts'
import type { Drawing } from '../draw/drawing.ts'
import { widthOf, wrap } from '../draw/width.ts'
import type { GroupView, MemberRow } from '../words/group-view.ts'

/** What live and next have otherwise: images, variables, keys and files of ConfigMaps, and all else of the template. */
export function differenceLines({ member }: MemberRow, { group }: GroupView, drawing: Drawing): string[] {
  const { live, next } = member
  const title = (text: string) => drawing.paint({ text: printable(text), tone: 'strong' })
  if (live === undefined || next === undefined) return [title(`${member.name}: nothing waits to be compared with live`)]
  const found = differences(live, next, group.configs)
  return [
    title(`${called(live)} → ${next.version.text}: ${found.length === 0 ? 'nothing differs' : 'what differs'}`),
    ...found.flatMap((each) => oneDifference(each, drawing)),
  ]
}

function oneDifference({ what, from, to }: Difference, { width = Infinity, paint }: Drawing): string[] {
  const [had, has] = [from ?? 'not there', to ?? 'not there any more'].map(printable)
  const line = `${printable(what)}  ${had} → ${has}`
  if (!/\n/.test(`${from}${to}`) && widthOf(line) <= width) return [line]
  const told = (sign: '-' | '+', text: string) =>
    wrap(printable(text), Math.max(1, width - 4)).map((line, index) =>
      paint({ text: `${index === 0 ? `  ${sign} ` : '    '}${line}`, tone: sign === '-' ? 'bad' : 'good' }),
    )
  const [gone, come] = apart(from, to)
  return [
    ...wrap(printable(what), width),
    ...gone.flatMap((text) => told('-', text)),
    ...come.flatMap((text) => told('+', text)),
  ]
}

/** Of text of several lines those that only one of the two has. */
function apart(from: string | undefined, to: string | undefined): readonly [string[], string[]] {
  const [one, other] = [from, to].map((each) => each?.replace(/\n$/, '').split('\n') ?? [])
  if (one!.length < 2 && other!.length < 2) return [one!, other!]
  const [had, has] = [new Set(one), new Set(other)]
  return [one!.filter((line) => !has.has(line)), other!.filter((line) => !had.has(line))]
}
