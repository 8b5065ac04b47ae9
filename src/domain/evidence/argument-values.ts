import type { FileValue } from './file-value.ts'

/** `--flag=value`, `-Dkey=value`, `KEY=value`. */
const ASSIGNED = /^(-{0,2}[\w.-]+)=(.*)$/s

/** Which pods are meant: `-l app=orders`, `-lapp=orders`. */
const SELECTOR = /^(?:-l|--selector)$/
const PAIR = /^[\w./-]+[!=]?=[\w.-]*(?:,|$)/
const SELECTS = /^-l(?:[\w.-]+\/)?(?:app|k8s-app|name|component|instance|part-of)(?==)/

/** A word of a script; a property of Java may hold a list with `|`. */
const WORD = /-D[\w.-]+=[^\s;&]*|[^\s;|&]+/g

/** The values in a word of a command line, each with the flag it belongs to; of a script, in each of its words. */
export function argumentValues(word: string, before: string | undefined): FileValue[] {
  const found = [...word.matchAll(WORD)]
  const words = found.map((each) => each[0])
  return found.map(({ 0: each, index: offset }, index): FileValue => {
    const previous = index > 0 ? words[index - 1]! : (before ?? '')
    if ((SELECTOR.test(previous) && PAIR.test(each)) || SELECTS.test(each))
      return { key: 'selector', value: each, offset }
    const [, key, value] = ASSIGNED.exec(each) ?? []
    if (key !== undefined) return { key, value: value!, offset: offset + each.length - value!.length }
    // `nc -z backend 80`: a host and its port in two words.
    if (/^\d{1,5}$/.test(words[index + 1] ?? '') && /^[\w.-]+$/.test(each))
      return { key: undefined, value: `${each}:${words[index + 1]}`, offset }
    const flag = index > 0 ? words[index - 1] : words.length === 1 ? before : undefined
    return { key: flag !== undefined && /^-{1,2}[\w.-]+$/.test(flag) ? flag : undefined, value: each, offset }
  })
}
