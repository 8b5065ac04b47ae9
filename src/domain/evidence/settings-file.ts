import { withoutComments } from './comments.ts'
import type { FileValue, Placed } from './file-value.ts'
import { DEEPEST, ownNamesIn } from './own-names.ts'
import { ITEM, linesOf, PAIR } from './settings-lines.ts'

/** A directive of nginx, HAProxy and the like, or a tag of a template, with what it is given. */
const DIRECTIVE = /^[ \t]*(?:\{[{%][-~]?[ \t]*)?([a-z_-]+)[ \t]+(\S.*)$/i

/** The head of a part of TOML or INI: `[http.services.api]`, `[[servers]]`. */
const SECTION = /^[ \t]*\[{1,2}[ \t]*(\w[\w./-]*(?: +[\w./-]+)*)[ \t]*\]{1,2}$/

/**
 * The values of a file of settings, whatever its syntax; none of comments, nor of names that a file gives to its own
 * parts, and by which it refers to them.
 * @param isWanted whether a value, or a whole file, is worth a look
 */
export function valuesIn(content: string, isWanted: (text: string) => boolean = () => true): FileValue[] {
  if (!isWanted(content)) return []
  const read = withoutComments(content)
  const all = placedIn(read)
  const { asRead } = ownNamesIn(read, all)
  return all.filter((each) => isWanted(each.value)).flatMap(asRead)
}

function placedIn(content: string): Placed[] {
  let section: readonly string[] = []
  let inside = NONE
  const parents: { readonly indent: number; readonly key: string }[] = []
  return linesOf(content).flatMap(({ text, start, indent, first, last }): Placed[] => {
    if (first) inside = NONE
    while (parents.length > 0 && parents.at(-1)!.indent > indent) parents.pop()
    const header = SECTION.exec(text)?.[1]
    if (header !== undefined && (parents.at(-1)?.indent ?? indent) >= indent) {
      section = header.split('.')
      parents.length = 0
      return []
    }
    const { key, value, offset } = split(text, parents.at(-1)?.key)
    const around = inside.keys
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

/** The mappings and blocks that are open at a place of a line: their keys, as far as they are looked at, and how many. */
interface Open {
  readonly keys: readonly string[]
  readonly depth: number
}
const NONE: Open = { keys: [], depth: 0 }

/** What is open after a part of a line. */
function within(open: Open, key: string | undefined, text: string): Open {
  if (!/[{}]/.test(text)) return open
  const { keys, depth } = open
  const opened = text.split('{').length - 1
  const left = Math.max(0, depth + opened - (text.split('}').length - 1))
  const more = Array.from({ length: opened }, (_, index) => (index === 0 ? (key ?? '') : ''))
  return { keys: [...keys, ...more].slice(0, Math.min(left, DEEPEST + 1)), depth: left }
}

/** The values of one setting: of several lines, or of JSON, it is a file in itself. */
export function settingIn(key: string, value: string): FileValue[] {
  return /\n|^\s*[{[]/.test(value) ? valuesIn(value) : [{ key, value, offset: 0 }]
}

function split(text: string, parent: string | undefined): FileValue {
  const toEnd = (key: string | undefined, value: string) => ({ key, value, offset: text.length - value.length })
  const pair = PAIR.exec(text)
  if (pair !== null) return toEnd(pair[2], pair[3]!)
  const item = ITEM.exec(text)
  if (item !== null) return toEnd(parent, item[1]!)
  const whole = text.replace(/;$/, '').trimEnd()
  const directive = DIRECTIVE.exec(whole)
  if (directive === null) return toEnd(parent, text)
  return { key: directive[1], value: directive[2]!, offset: whole.length - directive[2]!.length }
}
