import type { Place } from '../group/environment.ts'
import type { Address } from '../group/wires.ts'
import type { Configs } from '../objects/config-map.ts'
import type { PodTemplate } from '../objects/pod-template.ts'
import type { Given, ManifestGroup } from './reading.ts'

/** Before a word: a key that says of its value that it is a service, as in `BACKEND_SERVICE_NAME=backend`. */
const SERVICE_KEY = /(?:service|svc)s?[_.-]?(?:name|id)?s?["']?[ \t]*[:=][ \t]*["'[]*(?:[\w-]+,[ \t]*)*$/i

/** The same of a flag: `--service backend`. */
const SERVICE_FLAG = /(?<![^\s])--?[\w-]*(?:service|svc)[\w-]*[ \t]+["']?$/i

/**
 * Whether what stands for a Service in a string is a word like any other: no part of an address by its form, and under
 * no key that says that it is a service.
 */
export function isWord(address: Address, given: Given, { group }: ManifestGroup): boolean {
  const name = address.written ?? address.service
  if (!/^[a-z0-9-]+$/i.test(name) || address.place === undefined) return false
  return mentionsOf(name, address, given, group.configs).every(
    ([before, after]) =>
      !/(?:\/\/|@)$/.test(before) &&
      !/^(?::\d|\.\w)/.test(after) &&
      !SERVICE_KEY.test(before) &&
      !SERVICE_FLAG.test(before),
  )
}

/** What stands before and after each mention in a string, the variable or flag that it is the value of too. */
function mentionsOf(
  name: string,
  { place, where, spans }: Address,
  { revision: { template } }: Given,
  configs: Configs,
): (readonly [before: string, after: string])[] {
  const key = /^[\w.-]+=/.exec(where)?.[0] ?? ''
  const head = place?.in === 'word' ? `${wordOf(template, place, -1)} ` : key
  if (spans.length > 0 && place !== undefined) {
    const text = head + textOf(template, configs, place)
    return spans.map(([start, end]) => [lineBefore(text, head.length + start), text.slice(head.length + end)])
  }
  // Of what other variables are put into it every mention counts.
  const filled = where.slice(key.length)
  return [...filled.matchAll(new RegExp(`(?<![\\w.-])${name}(?![\\w-])`, 'gi'))].map(({ index }) => [
    head + filled.slice(0, index),
    filled.slice(index + name.length),
  ])
}

function lineBefore(text: string, start: number): string {
  return text.slice(text.slice(0, start).lastIndexOf('\n') + 1, start)
}

/** The string of a place, as it is written. */
export function textOf(template: PodTemplate, configs: Configs, place: Place): string {
  if (place.in === 'word') return wordOf(template, place, 0)
  if (place.in === 'field') return template.fields.get(place.path) ?? ''
  if (place.in === 'variable') {
    const entry = containerOf(template, place)?.env.findLast(
      (each) => each.from === 'literal' && each.name === place.name,
    )
    return (entry?.from === 'literal' ? entry.value : undefined) ?? ''
  }
  const content = configs.get(place.configMap)
  return (typeof content === 'object' ? content.data.get(place.key) : undefined) ?? ''
}

/** A word of a command line, or one that stands so far from it. */
function wordOf(template: PodTemplate, place: Place & { readonly in: 'word' }, away: number): string {
  return containerOf(template, place)?.words[place.index + away] ?? ''
}

function containerOf(
  { containers, initContainers }: PodTemplate,
  { container }: Extract<Place, { container: string }>,
) {
  return [...containers, ...initContainers].find((each) => each.name === container)
}
