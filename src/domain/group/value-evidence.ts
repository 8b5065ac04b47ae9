import { comparesHosts, isPastProxy, keyOf, mayBeCalled, namesService, saysAddress, saysService } from './evidence.ts'
import { type Strength, strengthOf, STRENGTHS } from './evidence.ts'
import { type Directory, type Host, hostsIn, type IsTold, type Span } from './hosts.ts'
import type { FileValue } from './file-value.ts'
import { type Part, partsOf } from './value-parts.ts'

/** Where Services lead to. */
export interface Around {
  readonly directory: Directory
  /** The members whose pods each Service selects. */
  readonly owners: ReadonlyMap<string, readonly string[]>
  /** The names of the members. */
  readonly names: ReadonlySet<string>
}

/** A Service that a value names, with how sure it is that it is called. */
export interface Judged extends Host {
  readonly strength: Strength
  /** It stands where hosts of others are compared with it. */
  readonly compared: boolean
  /** It is a word of a larger string. */
  readonly inside: boolean
  /** It stands in a list of hosts that are called past a proxy. */
  readonly pastProxy: boolean
  /** Where people are sent by it, whoever calls its Service may do so by it: nothing is compared with it. */
  readonly callable: boolean
}

/** A URL in JSON as PHP writes it: `http:\/\/orders`. */
const ESCAPED = /(?<![\w+.-])([a-z][\w+.-]*):\\\/\\\//gi

/** The Services a value names, each in its surest places, with how sure it is that they are called. */
export function weighed({ key, value, offset }: FileValue, isTold: IsTold, around: Around): Judged[] {
  const parts = partsOf(value.replaceAll(ESCAPED, '  $1://'), saysAddress)
  const found = parts.flatMap((part) => hostsIn(part.text, around.directory, isTold).map((host) => ({ part, host })))
  if (found.length === 0) return []
  const beside = { list: parts[0].text.includes(','), address: found.some(({ host }) => !isWord(host)) }
  const all = found.map(({ part, host }): Judged => {
    const begin = offset + part.offset
    const spans = host.spans.map(([start, end]): Span => [start + begin, end + begin])
    const compared = !part.parameter && part.key === undefined && comparesHosts(key)
    const pastProxy = isPastProxy(part.key ?? key)
    const callable = mayBeCalled(part.key ?? key)
    const strength = strengthIn(part, host, key, beside, around)
    return { ...host, spans, compared, inside: formIn(part, host) === 'word', pastProxy, callable, strength }
  })
  return [...Map.groupBy(all, ({ service, pastProxy }) => `${service} ${pastProxy}`).values()].map((same) => {
    const strength = STRENGTHS.find((each) => same.some((one) => one.strength === each))!
    const surest = same.filter((each) => each.strength === strength)
    return { ...surest[0]!, inside: surest.some((each) => each.inside), spans: surest.flatMap((each) => each.spans) }
  })
}

/** @param whole the key of the whole value @param beside what stands in it, too */
function strengthIn(
  part: Part,
  host: Host,
  whole: string | undefined,
  beside: { readonly list: boolean; readonly address: boolean },
  { directory, owners, names }: Around,
): Strength {
  const key = part.key === undefined ? whole : keyOf(part.key, whole, beside.list)
  const spoken = part.key !== undefined && key === part.key
  // Beside an address the other words are its parameters, unless they stand in one list with it.
  const told = part.parameter ? !isAddress(host) : isWord(host) && beside.address && !beside.list
  if (told && !spoken) return 'named'
  const form = formIn(part, host)
  const name = host.written ?? host.service
  const isServices = namesService(name) || saysService(key) || directory.pinned?.has(name) === true
  const isPlain = names.has(name) || !isServices
  const strength = strengthOf(key, form, beside.list, isPlain)
  const own = [host.service, ...(owners.get(host.service) ?? [])].some((each) => isSame(each, key))
  return own ? UNDER_ITS_NAME[form](strength) : strength
}

/** What is all of a parameter is a word of the whole. */
function formIn({ key }: Part, { form }: Host): Host['form'] {
  return form === 'whole' && key !== undefined ? 'word' : form
}

/** What the very name of whom it leads to makes of a value under it: `IMAGES=http://images`. */
const UNDER_ITS_NAME: Record<Host['form'], (strength: Strength) => Strength> = {
  dialled: () => 'sure',
  qualified: () => 'sure',
  whole: (strength) => (strength === 'doubtful' ? 'sure' : strength),
  word: (strength) => strength,
  counted: (strength) => (strength === 'named' ? 'doubtful' : strength),
}

function isAddress({ form }: Host): boolean {
  return form === 'dialled' || form === 'qualified'
}

function isWord({ form }: Host): boolean {
  return form === 'whole' || form === 'word'
}

/** Whether a variable bears the very name of whom it leads to. */
function isSame(name: string, key: string | undefined): boolean {
  return key !== undefined && name.replaceAll('-', '').toLowerCase() === key.replaceAll(/[^a-z0-9]/gi, '').toLowerCase()
}
