import { isFlag, saysAddress } from './evidence.ts'
import type { FileValue } from './file-value.ts'
import type { Span } from './hosts.ts'

/** A part of a value: its addresses, or one of their parameters. */
export interface Part {
  /** The key that it has inside the value, as `dbname` in `host=pg dbname=orders`. */
  readonly key: string | undefined
  readonly text: string
  /** Where it begins in the value. */
  readonly offset: number
  /** Whether it tells more of an address that stands beside it. */
  readonly parameter: boolean
}

/** `key=value`, among others of its kind: in a query, after `;`, in a connection string, in a list. */
const PAIR =
  /(?<=^|[\s?&;:,(|{])(?<key>data source|initial catalog|user id|-{0,2}[a-z_][\w.-]*)=(?<value>"[^"]*"|'[^']*'|(?:[^\s?&;,()|"']|\|(?![\w.-]*=))*)/

/** What is meant by a variable that is not set: `${ORDERS_HOST:-orders}`. */
const MEANT = /(?<=\$\{)(?<variable>[a-z_]\w*):-(?<meant>[^\s}]*)/

/** A flag, as the key of the next word: `--host orders`, `--host=orders`, `"--host", "orders"`. */
const FLAG = /(?<=^|[\s"'`(|;&])(?<flag>--?[a-z][\w.-]*)(?:=|[ \t]+|["'],[ \t]*(?=["']))(?!\S*:-)/

/** What is no flag and no pair. */
const WORD = /(?<told>"(?!-)[^"\s]*"|'(?!-)[^'\s]*'|(?!-|[\w.-]*=)(?:[^\s?&;,()|"'`]|[,|](?![\w.-]*=))+)/

const KEYED = new RegExp(`${MEANT.source}|${FLAG.source}${WORD.source}|${PAIR.source}`, 'gi')

/** Keys of connection strings of two words, each with the one that says the same. */
const SAME: ReadonlyMap<string, string> = new Map([
  ['data source', 'server'],
  ['initial catalog', 'database'],
  ['user id', 'user'],
])

/** What a URL ends with: no host stands there, but in a URL of its own. */
const QUERY = /(?<=[\w/)\]}:])[?#][^\s"'`<>]*/g

/** An address of anybody. */
export const ADDRESS = /:\/\/|[\w)\]]:\d{2,5}(?!\w)/

/** What may be of several parts. */
const COMPOSED = /[=?#]|:-|(?<![\w.-])-/

/**
 * The parts of a value, the addresses first. A parameter is judged by its own key: `user=orders` beside `host=pg` is no
 * host, `host=orders` is one. What stands under a flag is no parameter of anything.
 * @param mayName whether a text may name a Service
 */
export function partsOf({ key: of, value }: FileValue, mayName: (text: string) => boolean): [Part, ...Part[]] {
  const whole: Part = { key: undefined, text: value, offset: 0, parameter: false }
  if (of !== 'server' && !COMPOSED.test(value)) return [whole]
  const pairs = [...value.matchAll(KEYED)].map(({ 0: all, index, groups }) => {
    const { key = '', value: held = '', variable, flag, told, meant = told ?? held } = groups!
    const end = index + all.length
    const span: Span = [end - meant.length, end]
    const own = variable ?? flag ?? SAME.get(key.toLowerCase()) ?? key
    return { key: own, span, besides: variable === undefined && value[index - 1] !== ',' && !isFlag(own) }
  })
  const ofServer = of === 'server' ? besidesAddress(value, (text) => ADDRESS.test(text) || mayName(text)) : []
  const queried = [...value.matchAll(QUERY)].map(({ 0: { length }, index }): Span => [index, index + length])
  const queries = ofServer.length > 0 ? ofServer : queried
  const text = without(
    value,
    pairs.map(({ span }) => span),
  )
  const beside = ADDRESS.test(text) || pairs.some(({ key }) => saysAddress(key))
  const asked = inside(
    pairs.map(({ span }) => span[0]),
    queries,
  )
  return [
    { ...whole, text: without(text, queries) },
    ...queries.map((span): Part => ({ ...whole, text: text.slice(...span), offset: span[0], parameter: true })),
    ...pairs.map(({ key, span, besides }, index): Part => {
      const parameter = asked[index]! || (beside && besides)
      return { key, text: value.slice(...span), offset: span[0], parameter }
    }),
  ]
}

/** A URL, or a host with its port. */
const DIALLED = String.raw`[a-z][\w+.-]*:\/\/|(?=[\d.-]*[a-z_])[\w.-]+:\d{2,5}(?!\w)|\d+(?:\.\d+){3}`

/** Before an address: its scheme, or its key, behind which by `=` or `->` a bare host or a variable counts as well. */
const AHEAD = new RegExp(
  String.raw`(?<![\w.-])[a-z_][\w.-]*(?=(?:\+[\w.+-]*)?:\/\/|["']?\s*(?::\s*["']?(?:${DIALLED})|` +
    String.raw`(?:=|[-=]>)\s*["']?(?:${DIALLED}|(?<bare>[a-z][\w.-]*)(?![\w.:@/-])|\$[({]?(?<variable>\w+))))`,
  'gi',
)

/**
 * Where words begin that are no host for what follows them: `redis://other`, `orders=http://other`, `orders -> other`.
 * @param mayName whether a text may name a Service
 */
export function aheadIn(value: string, mayName: (text: string) => boolean): ReadonlySet<number> {
  const found = [...value.matchAll(AHEAD)].filter(({ groups }) => {
    const { bare, variable } = groups!
    if (variable !== undefined) return saysAddress(variable)
    return bare === undefined || /\.[a-z]{2,}$/i.test(bare) || mayName(bare)
  })
  return new Set(found.map(({ index }) => index))
}

/** What stands around the address of a server in HAProxy and nginx: `server s1 orders:8080 check resolvers dns`. */
function besidesAddress(value: string, isAddress: (text: string) => boolean): Span[] {
  // Of a template the words are not those of the line that it makes.
  if (!/^[^,;]+;?\s*$/.test(value) || /\{\{|\{%|<%/.test(value)) return []
  const [first, second] = value.matchAll(/\S+/g)
  const address = second !== undefined && isAddress(second[0]) ? second : first!
  const around: Span[] = [
    [0, address.index],
    [address.index + address[0].length, value.length],
  ]
  return around.filter(([start, end]) => start < end)
}

/** A text with blanks where the spans are. */
function without(text: string, spans: readonly Span[]): string {
  const left = spans.map(([start, end], index) => {
    const before = text.slice(index === 0 ? 0 : spans[index - 1]![1], start)
    return before + ' '.repeat(end - start)
  })
  return left.join('') + text.slice(spans.at(-1)?.[1] ?? 0)
}

/** Which places are in a span, both in their order. */
function inside(places: readonly number[], spans: readonly Span[]): boolean[] {
  let next = 0
  return places.map((place) => {
    while (next < spans.length && spans[next]![1] <= place) next++
    return next < spans.length && spans[next]![0] <= place
  })
}
