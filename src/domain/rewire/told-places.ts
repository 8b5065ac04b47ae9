import type { Address } from '../group/wires.ts'
import type { Given, ManifestGroup } from './reading.ts'
import { textOf } from './word.ts'

/** Most letters of a place that are worth reading, and most lines of it. */
const LONGEST = 100
const MOST_LINES = 3

/** Where strings of a member stand, each once, long ones cut; of those of several lines also in which. */
export function placesOf(addresses: readonly Address[], given: Given, reading: ManifestGroup): string {
  const places = [...Map.groupBy(addresses, ({ where }) => where)].map(([where, all]) => {
    const lines = [...new Set(all.flatMap((each) => linesOf(each, given, reading)))]
    const more = lines.length > MOST_LINES ? [`and ${lines.length - MOST_LINES} more`] : []
    const told = [...lines.slice(0, MOST_LINES), ...more]
    return `${cut(where)}${told.length === 0 ? '' : ` (${told.join('; ')})`}`
  })
  return [...new Set(places)].join(', ')
}

function linesOf({ place, spans }: Address, { revision }: Given, { group }: ManifestGroup): string[] {
  const text = place === undefined ? '' : textOf(revision.template, group.configs, place)
  if (!text.includes('\n')) return []
  const all = text.split('\n')
  const numbers = new Set(spans.map(([start]) => text.slice(0, start).split('\n').length))
  return [...numbers].map((each) => `line ${each}: ${cut(all[each - 1]!.trim())}`)
}

function cut(text: string): string {
  return (text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text).replaceAll(/\s+/g, ' ')
}
