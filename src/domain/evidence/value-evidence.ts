import { comparesHosts, isFlag, isPastProxy, keyOf, mayBeCalled, namesService, saysAddresses } from './evidence.ts'
import { type Context, saysService, type Strength, strengthOf, STRENGTHS } from './evidence.ts'
import { type Directory, type Host, hostsIn, type IsTold, mayName, type Span } from './hosts.ts'
import type { FileValue } from './file-value.ts'
import { ADDRESS, aheadIn, type Part, partsOf } from './value-parts.ts'

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
  const plain = { key, value: value.replaceAll(ESCAPED, '  $1://'), offset }
  const mayBe = (text: string) => mayName(text, around.directory)
  const parts = partsOf(plain, mayBe)
  const named = parts.flatMap((part) => hostsIn(part.text, around.directory, isTold).map((host) => ({ part, host })))
  if (named.length === 0) return []
  const ahead = aheadIn(plain.value, mayBe)
  const found = named.flatMap(({ part, host }) => {
    const spans = host.spans.filter(([start]) => !ahead.has(part.offset + start))
    return host.spans.length > 0 && spans.length === 0 ? [] : [{ part, host: { ...host, spans } }]
  })
  const many = key !== undefined && saysAddresses(key)
  const ours = found.some(({ host }) => !isWord(host))
  const beside = besideIn(plain.value, parts[0], many, ours)
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

/** What stands in a value beside a word. */
interface Beside extends Pick<Context, 'list' | 'amongAddresses'> {
  /** An address of the group does, and the value is no list: nobody knows what the word is. */
  readonly unclear: boolean
}

/** One of several hosts and addresses, behind a key of its own or not. */
const LISTED = /^["'[(]*(?:[a-z0-9][\w.+-]*(?:=|:\d+|:\/\/\S*)?)?["'\])]*$/i

/** @param [whole] its addresses @param many whether its key says that there are several @param ours whether one is */
function besideIn(value: string, { text }: Part, many: boolean, ours: boolean): Beside {
  const list = text.includes(',')
  const several = list || text.split(many ? /[\s;|]+/ : /[;|]/).every((each) => LISTED.test(each.trim()))
  return { list, amongAddresses: several && ADDRESS.test(value), unclear: ours && !several }
}

/** @param whole the key of the whole value @param beside what stands in it, too */
function strengthIn(
  part: Part,
  host: Host,
  whole: string | undefined,
  beside: Beside,
  { directory, owners, names }: Around,
): Strength {
  const key = part.key === undefined ? whole : keyOf(part.key, whole, beside.list)
  // A parameter is an address by its form, or where its own key says so.
  if (part.parameter && !isAddress(host) && (part.key === undefined || key !== part.key)) return 'named'
  const form = formIn(part, host)
  const name = host.written ?? host.service
  const isServices = namesService(name) || saysService(key) || directory.pinned?.has(name) === true
  const amongAddresses = beside.amongAddresses && key === whole
  const strength = strengthOf(key, form, { list: beside.list, amongAddresses, plain: names.has(name) || !isServices })
  if (strength === 'sure' && beside.unclear && part.key === undefined && isWord(host)) return 'doubtful'
  const own = [host.service, ...(owners.get(host.service) ?? [])].some((each) => isSame(each, key))
  return own ? UNDER_ITS_NAME[form](strength) : strength
}

/** What is all of a parameter is a word of the whole; what follows a flag is a value of its own. */
function formIn({ key }: Part, { form }: Host): Host['form'] {
  return form === 'whole' && key !== undefined && !isFlag(key) ? 'word' : form
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
