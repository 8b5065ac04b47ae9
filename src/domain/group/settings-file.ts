import { saysAddress } from './evidence.ts'

/** One value of a file of settings, with the key or directive it stands under. */
export interface FileValue {
  readonly key: string | undefined
  readonly value: string
  /** Where the value begins in the whole. */
  readonly offset: number
}

/** `key: value`, `key = value`, `"key": "value"`, each also as an item of a list. */
const PAIR = /^[ \t]*(- +)?["']?([\w./-]+)["']?[ \t]*(?:=|:(?!\d|\/\/))[ \t]*(.*)$/

/** A directive of nginx, HAProxy and the like, with what it is given. */
const DIRECTIVE = /^[ \t]*([a-z_-]+)[ \t]+(.*?)[ \t]*;?$/di

/** Where a file names a part of itself, to which it refers later: upstreams, sections of HAProxy and Varnish, clusters of Envoy. */
const OWN = [
  /^[ \t]*upstream[ \t]+["']?([\w.-]+)["']?[ \t]*\{/gm,
  /^[ \t]*(?:backend|frontend|listen)[ \t]+([\w.-]+)[ \t]*(?:\{|$)/gm,
  /(?:^[ \t]*- +|(?:^[ \t]*- +|[[,][ \t]*)\{[ \t]*)name:[ \t]*["']?([\w.-]+)/gm,
]

/**
 * The values of a file of settings, whatever its syntax; none of comments, nor of names that a file gives to its own
 * parts, and by which it refers to them.
 */
export function valuesIn(content: string): FileValue[] {
  const own = new Set(OWN.flatMap((each) => [...content.matchAll(each)].map((found) => found[1]!)))
  const parents: { readonly indent: number; readonly key: string }[] = []
  return linesOf(content).flatMap(({ text, start, indent, last }): FileValue[] => {
    while (parents.length > 0 && parents.at(-1)!.indent > indent) parents.pop()
    const { key, value, offset } = split(text, parents.at(-1)?.key)
    if (key !== undefined && (value === '' || /^[[{|>]-?$/.test(value))) {
      if (!last) return []
      if (parents.at(-1)?.indent === indent) parents.pop()
      parents.push({ indent, key })
      return []
    }
    if (isOwn(key, value, own)) return []
    const shown = refersInside(key)
      ? value.replaceAll(/\/\/([\w.-]+)(?![\w.:-])/g, (as, host: string) =>
          own.has(host) ? '//'.padEnd(as.length) : as,
        )
      : value
    return [{ key, value: shown, offset: start + offset }]
  })
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
  /** Whether the next line goes on from it. */
  readonly last: boolean
}

/** A mapping of YAML or TOML in one line: `route: { cluster: api, timeout: 1s }`, `db = { host = "pg", port = 80 }`. */
const FLOW = /\{[ \t]*(?:[\w./-]+:|["']?[\w./-]+["']?[ \t]*=)[ \t]/
const FLOW_KEY = /(?<=[{,][ \t]*)(?=["'][\w./-]+["'][ \t]*:|[\w./-]+:[ \t]|["']?[\w./-]+["']?[ \t]*=[ \t])/
const FLOW_END = /(?<=[^\s{])[ \t]*\}[\s,}\]]*$/
const JSON_KEY = /(?<=[{,][ \t]*)(?=["'][\w./-]+["'][ \t]*:)/
/** Directives in one line: `{ proxy_pass http://api; proxy_set_header Host api; }`. */
const DIRECTIVES = /^[ \t]*[a-z_].*;[ \t]+[a-z_]+[ \t].*[;}][ \t]*$/
const NEXT_DIRECTIVE = /(?<=;[ \t]+)(?=[a-z_]+[ \t])/

/** Its lines without comments, none that is empty. */
function linesOf(content: string): Line[] {
  let end = -1
  return content.split('\n').flatMap((whole): Line[] => {
    let start = end + 1
    end = start + whole.length
    if (/^\s*(?:#|;|\/\/|$)/.test(whole)) return []
    const line = whole.replace(/[ \t]#.*$/, '')
    const flow = FLOW.test(line)
    const several = DIRECTIVES.test(line) && !PAIR.test(line)
    return line.split(flow ? FLOW_KEY : several ? NEXT_DIRECTIVE : JSON_KEY).map((part, index, all) => {
      const text = (flow ? part.replace(FLOW_END, '') : part).trimEnd()
      const found = { text, start, indent: line.search(/\S/), last: index === all.length - 1 }
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
  const directive = DIRECTIVE.exec(rest.replace(/[ \t]*\}.*$/, ''))
  if (directive === null) return toEnd(parent, text)
  return { key: directive[1], value: directive[2]!, offset: text.length - rest.length + directive.indices![2]![0] }
}

/** Whether a value is the name of a part of the same file. */
function isOwn(key: string | undefined, value: string, own: ReadonlySet<string>): boolean {
  const word = /^["']?([\w.-]+)/.exec(value)?.[1]
  if (word === undefined || !own.has(word)) return false
  return refersInside(key)
}

/** Whether what stands under a key may be the name of a part of the file: no host is asked for by it. */
function refersInside(key: string | undefined): boolean {
  return key === undefined || !saysAddress(key) || /(^|_)(backend|frontend|listen|upstream|pass)$/.test(key)
}
