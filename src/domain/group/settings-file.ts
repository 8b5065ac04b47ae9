import type { FileValue, Placed } from './file-value.ts'
import { ownNamesIn } from './own-names.ts'

/** `key: value`, `key = value`, `"key": "value"`, each also as an item of a list. */
const PAIR = /^[ \t]*(- +)?["']?([\w./-]+)["']?[ \t]*(?:=|:(?!\d|\/\/))[ \t]*(.*)$/

/** A directive of nginx, HAProxy and the like, with what it is given. */
const DIRECTIVE = /^[ \t]*([a-z_-]+)[ \t]+(.*?)[ \t]*;?$/di

/** The head of a part of TOML or INI: `[http.services.api]`, `[[servers]]`. */
const SECTION = /^[ \t]*\[{1,2}[ \t]*(\w[\w./-]*(?: +[\w./-]+)*)[ \t]*\]{1,2}$/

/**
 * The values of a file of settings, whatever its syntax; none of comments, nor of names that a file gives to its own
 * parts, and by which it refers to them.
 * @param isWanted whether a value, or a whole file, is worth a look
 */
export function valuesIn(content: string, isWanted: (text: string) => boolean = () => true): FileValue[] {
  if (!isWanted(content)) return []
  const all = placedIn(content)
  const { asRead } = ownNamesIn(content, all)
  return all.filter((each) => isWanted(each.value)).flatMap(asRead)
}

function placedIn(content: string): Placed[] {
  let section: readonly string[] = []
  let inside: readonly string[] = []
  const parents: { readonly indent: number; readonly key: string }[] = []
  return linesOf(content).flatMap(({ text, start, indent, first, last }): Placed[] => {
    if (first) inside = []
    while (parents.length > 0 && parents.at(-1)!.indent > indent) parents.pop()
    const header = SECTION.exec(text)?.[1]
    if (header !== undefined && (parents.at(-1)?.indent ?? indent) >= indent) {
      section = header.split('.')
      parents.length = 0
      return []
    }
    const { key, value, offset } = split(text, parents.at(-1)?.key)
    const around = inside
    inside = within(inside, key, text)
    if (key !== undefined && (value === '' || /^[[{|>]-?$/.test(value))) {
      if (!last) return []
      if (parents.at(-1)?.indent === indent) parents.pop()
      parents.push({ indent, key })
      return []
    }
    // An item of a list may stand as far to the left as its key.
    const above = parents.filter((each) => each.indent < indent || text.trimStart().startsWith('- '))
    const path = [...section, ...above.map((each) => each.key), ...around]
    return [{ key, value, offset: start + offset, path }]
  })
}

/** The keys of the mappings that are open after a part of a line, by those that were before it. */
function within(keys: readonly string[], key: string | undefined, text: string): readonly string[] {
  const opened = text.split('{').slice(1)
  const more = opened.map((_, index) => (index === 0 ? (key ?? '') : ''))
  return [...keys, ...more].slice(0, Math.max(0, keys.length + more.length - (text.split('}').length - 1)))
}

/** The values of one setting: of several lines, or of JSON, it is a file in itself. */
export function settingIn(key: string, value: string): FileValue[] {
  return /\n|^\s*[{[]/.test(value) ? valuesIn(value) : [{ key, value, offset: 0 }]
}

/** A line, or the part of one that stands under a key of JSON, or of YAML written like it. */
interface Line {
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
const FLOW_END = /(?<=[^\s{])[ \t]*\}[\s,}\]]*$/
const JSON_KEY = /(?=["'])(?<=[{,][ \t]*)(?=["'][\w./-]+["'][ \t]*:)/
/** Directives in one line: `{ proxy_pass http://api; proxy_set_header Host api; }`. */
const NEXT_DIRECTIVE = /(?=[a-z_])(?<=;[ \t]+)(?=[a-z_]+[ \t])/

/** Whether a line is several directives; in quotes a `;` is none of its own. */
function holdsDirectives(line: string): boolean {
  return NEXT_DIRECTIVE.test(line) && /[;}]$/.test(line.trimEnd()) && !/["']/.test(line) && !PAIR.test(line)
}

/** What is escaped or stands in quotes, or a comment behind a blank. */
const COMMENT = /(\\.|"(?:[^"\\]|\\.)*"|(?<!\w)'[^']*')|[ \t]#.*$/g

/** Its lines without comments, none that is empty. */
function linesOf(content: string): Line[] {
  let end = -1
  return content.split('\n').flatMap((whole): Line[] => {
    let start = end + 1
    end = start + whole.length
    if (/^\s*(?:#|;|\/\/|$)/.test(whole)) return []
    const line = /[ \t]#/.test(whole) ? whole.replaceAll(COMMENT, (_, quoted?: string) => quoted ?? '') : whole
    const flow = FLOW.test(line)
    return line.split(flow ? FLOW_KEY : holdsDirectives(line) ? NEXT_DIRECTIVE : JSON_KEY).map((part, index, all) => {
      const text = (flow ? part.replace(FLOW_END, '') : part).trimEnd()
      const found = { text, start, indent: line.search(/\S/), first: index === 0, last: index === all.length - 1 }
      start += part.length
      return found
    })
  })
}

function split(text: string, parent: string | undefined): FileValue {
  const toEnd = (key: string | undefined, value: string) => ({ key, value, offset: text.length - value.length })
  const pair = PAIR.exec(text)
  if (pair !== null) return toEnd(pair[2], pair[3]!)
  const item = /^[ \t]*- +(.*)$/.exec(text)
  if (item !== null) return toEnd(parent, item[1]!)
  const rest = text.replace(/^.*\{[ \t]*(?=\S)/, '')
  const directive = DIRECTIVE.exec(rest.replace(/\}.*$/, '').trimEnd())
  if (directive === null) return toEnd(parent, text)
  return { key: directive[1], value: directive[2]!, offset: text.length - rest.length + directive.indices![2]![0] }
}
