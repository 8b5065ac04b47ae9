import { saysAddress } from './evidence.ts'

/** One value of a file of settings, with the key or directive it stands under. */
export interface FileValue {
  readonly key: string | undefined
  readonly value: string
}

/** `key: value`, `key = value`, `"key": "value"`, each also as an item of a list. */
const PAIR = /^[ \t]*(- +)?["']?([\w./-]+)["']?[ \t]*(?:=|:(?!\d|\/\/))[ \t]*(.*)$/

/** A directive of nginx, HAProxy and the like, with what it is given. */
const DIRECTIVE = /^[ \t]*([a-z_-]+)[ \t]+(.*?)[ \t]*;?$/i

/** Where a file names a part of itself, to which it refers later: upstreams, sections of HAProxy, clusters of Envoy. */
const OWN =
  /^[ \t]*(?:upstream[ \t]+["']?([\w.-]+)["']?[ \t]*\{|(?:backend|frontend|listen)[ \t]+([\w.-]+)[ \t]*$|- +name:[ \t]*["']?([\w.-]+))/gm

/**
 * The values of a file of settings, whatever its syntax; none of comments, nor of names that a file gives to its own
 * parts, and by which it refers to them.
 */
export function valuesIn(content: string): FileValue[] {
  const own = new Set([...content.matchAll(OWN)].map((each) => each[1] ?? each[2] ?? each[3]!))
  const lines = content.replaceAll(/[{,][ \t]*(?=["'][\w./-]+["'][ \t]*:)/g, (as) => `${as}\n`).split('\n')
  const parents: { readonly indent: number; readonly key: string }[] = []
  return lines.flatMap((line): FileValue[] => {
    if (/^[ \t]*(?:#|;|\/\/|$)/.test(line)) return []
    const text = line.replace(/[ \t]#.*$/, '').trimEnd()
    const indent = text.search(/\S/)
    while (parents.length > 0 && parents.at(-1)!.indent > indent) parents.pop()
    const { key, value } = split(text, parents.at(-1)?.key)
    if (key !== undefined && (value === '' || /^[[{|>]-?$/.test(value))) {
      if (parents.at(-1)?.indent === indent) parents.pop()
      parents.push({ indent, key })
      return []
    }
    return isOwn(key, value, own)
      ? []
      : [
          {
            key,
            value: value.replaceAll(/\/\/([\w.-]+)(?![\w.:-])/g, (as, host: string) => (own.has(host) ? '//' : as)),
          },
        ]
  })
}

function split(text: string, parent: string | undefined): FileValue {
  const pair = PAIR.exec(text)
  if (pair !== null) return { key: pair[2], value: pair[3]! }
  const item = /^[ \t]*- +(.*)$/.exec(text)
  if (item !== null) return { key: parent, value: item[1]! }
  const inner = text.replace(/^.*\{[ \t]*(?=\S)/, '').replace(/[ \t]*\}.*$/, '')
  const directive = DIRECTIVE.exec(inner)
  return directive === null ? { key: parent, value: text } : { key: directive[1], value: directive[2]! }
}

/** Whether a value is the name of a part of the same file. */
function isOwn(key: string | undefined, value: string, own: ReadonlySet<string>): boolean {
  const word = /^["']?([\w.-]+)/.exec(value)?.[1]
  if (word === undefined || !own.has(word)) return false
  return key === undefined || !saysAddress(key) || /(^|_)(backend|frontend|listen|upstream|pass)$/.test(key)
}
