/** `key: value`, `key = value`, `"key": "value"`, each also as an item of a list. */
export const PAIR =
  /^(?![ \t]*location[ \t]+=[ \t]*\/)[ \t]*(- +)?["']?([\w./-]+)["']?[ \t]*(?:=|:(?!\d|\/\/))[ \t]*(.*)$/

/** An item of a list. */
export const ITEM = /^[ \t]*- +(.*)$/

/** A line, or the part of one that stands under a key or a directive of its own. */
export interface SettingsLine {
  readonly text: string
  readonly start: number
  /** Of the whole line. */
  readonly indent: number
  readonly first: boolean
  /** Whether the next line goes on from it. */
  readonly last: boolean
}

/** A mapping of YAML or TOML in one line: `route: { cluster: api, timeout: 1s }`, `db = { host = "pg", port = 80 }`. */
const FLOW = /\{[ \t]*(?:[\w./-]+:|["']?[\w./-]+["']?[ \t]*=)[ \t]/
const FLOW_KEY = /(?=["'\w./-])(?<=[{,][ \t]*)(?=["'][\w./-]+["'][ \t]*:|[\w./-]+:[ \t]|["']?[\w./-]+["']?[ \t]*=[ \t])/
const JSON_KEY = /(?=["'])(?<=[{,][ \t]*)(?=["'][\w./-]+["'][ \t]*:)/

/** What is escaped or stands in quotes. */
const QUOTED = /\\.|"(?:[^"\\]|\\.)*"|(?<!\w)'[^']*'/

/** A comment behind a blank. */
const COMMENT = new RegExp(`(${QUOTED.source})|[ \\t]#.*$`, 'g')

/** How a statement begins that holds what requests are compared with. */
const COMPARES = /^[ \t]*(?:location|rewrite|proxypassmatch|if|["']?~)/i

/**
 * What nginx and Apache compare requests with, behind what stays of it: `location ~ ^/(orders|search)/`,
 * `rewrite ^/orders/(.*) /$1`, `if ($x ~ orders)`, of a `map` `~^/orders 1`.
 */
const PATTERNS: readonly RegExp[] = [
  /^([ \t]*location)(?!.*:\/\/)([ \t]+(?:[~^@*/]|=[ \t]*\/).*[^\s{])/i,
  /^([ \t]*(?:rewrite(?:rule)?|proxypassmatch))([ \t]+(?:"[^"]*"|'[^']*'|\S+))(?=[ \t]+\S)/i,
  /^([ \t]*rewritecond)([ \t].*)/i,
  /^([ \t]*if)([ \t]*\([ \t]*\$\w+[ \t]+(?:!?~.*|!?=[ \t]*[^\s()]*[ \t]*)\))/i,
  /^([ \t]*)(["']?~\S+)/,
]

/**
 * What begins, parts and ends the statements of a line, unless it stands in quotes:
 *
 * | it is | the text is cut |
 * |---|---|
 * | a tag that steers a template, before a statement: `{{ if .Tls }}`, `{% else %}` | behind it |
 * | a value of a template or a variable, or braces without a blank: `{{ .Host }}`, `${HOST}`, `/{id}` | nowhere |
 * | the beginning of a block | behind it |
 * | the end of a block | around it |
 * | `;` before a blank | behind it, in a line that is nothing but statements |
 */
const BORDER = new RegExp(
  [
    QUOTED.source,
    /(?<tag>(?<=(?:^|[;{}])[ \t]*)\{(?:%[^%]*%|\{-?[ \t]*(?:if|else|end|range|with)\b[^{}]*\})\})/.source,
    /\{\{[^{}]*\}\}|\{%[^%]*%\}|[$#%@]\{[^{}]*\}|\{[^\s{};]*\}/.source,
    /(?<open>\{)|(?<close>\})|(?<end>;(?=[ \t]))/.source,
  ].join('|'),
  'g',
)

/** Its lines without comments, none that is empty, each in its parts. */
export function linesOf(content: string): SettingsLine[] {
  let end = -1
  return content.split('\n').flatMap((whole): SettingsLine[] => {
    const start = end + 1
    end = start + whole.length
    if (/^\s*(?:#|;|\/\/|$)/.test(whole)) return []
    const line = /[ \t]#/.test(whole) ? whole.replaceAll(COMMENT, (_, quoted?: string) => quoted ?? '') : whole
    const indent = line.search(/\S/)
    return partsOf(line).map(({ text, start: from }, index, all) => {
      return { text, start: start + from, indent, first: index === 0, last: index === all.length - 1 }
    })
  })
}

/** The parts of a line, with where they begin in it: each key of a mapping, each block, each statement. */
function partsOf(line: string): Pick<SettingsLine, 'text' | 'start'>[] {
  const keyed = line.split(FLOW.test(line) ? FLOW_KEY : JSON_KEY)
  const isWhole = keyed.length === 1 && (PAIR.test(line) || ITEM.test(line))
  const isStatements = /[;{}]$/.test(line.trimEnd())
  let start = 0
  return keyed
    .flatMap((part) => (isWhole ? [part] : statementsOf(part, isStatements)))
    .flatMap((part) => {
      const found = { text: withoutPattern(part).trimEnd(), start }
      start += part.length
      return found.text === '' ? [] : [found]
    })
}

/** A text of the same length without what requests are compared with. */
function withoutPattern(part: string): string {
  if (!COMPARES.test(part)) return part
  return PATTERNS.reduce(
    (text, each) => text.replace(each, (_, before: string, pattern: string) => before + ' '.repeat(pattern.length)),
    part,
  )
}

function statementsOf(part: string, isStatements: boolean): string[] {
  if (!/[{};]/.test(part)) return [part]
  const cuts = [...part.matchAll(BORDER)].flatMap(({ 0: { length }, index, groups }) => {
    const { tag, open, close, end } = groups!
    if (close !== undefined) return [index, index + length]
    return (tag ?? open) !== undefined || (end !== undefined && isStatements) ? [index + length] : []
  })
  return [0, ...cuts].map((cut, index) => part.slice(cut, cuts[index]))
}
