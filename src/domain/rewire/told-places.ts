import type { Address } from '../group/wires.ts'
import type { Given, ManifestGroup } from './reading.ts'
import { textOf } from './word.ts'

/** Most letters of a place that are worth reading, and most lines of it. */
const LONGEST = 100
const MOST_LINES = 3

/** Where strings of a member stand, each once, long ones cut; of those of several lines also in which. */
export function placesOf(addresses: readonly Address[], given: Given, reading: ManifestGroup): string {
  const places = [...Map.groupBy(addresses, ({ where }) => where)].map(([where, all]) => {
    const lines = linesOf(all, given, reading)
    const more = lines.length > MOST_LINES ? [`and ${lines.length - MOST_LINES} more`] : []
    const told = [...lines.slice(0, MOST_LINES), ...more]
    return `${cut(where)}${told.length === 0 ? '' : ` (${told.join('; ')})`}`
  })
  return [...new Set(places)].join(', ')
}

/** The lines in which addresses of one text stand. */
function linesOf(addresses: readonly Address[], { revision }: Given, { group }: ManifestGroup): string[] {
  const place = addresses[0]?.place
  const text = place === undefined ? '' : textOf(revision.template, group.configs, place)
  if (!text.includes('\n')) return []
  const starts = addresses.flatMap(({ spans }) => spans.map(([start]) => start)).sort((one, other) => one - other)
  let [told, end] = [0, -1]
  return text.split('\n').flatMap((line, index) => {
    end += line.length + 1
    const before = told
    while (told < starts.length && starts[told]! <= end) told++
    return told === before ? [] : [`line ${index + 1}: ${cut(line.trim())}`]
  })
}

function cut(text: string): string {
  return (text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text).replaceAll(/\s+/g, ' ')
}
