import { at, list } from '../domain/parse.ts'
import { printable } from '../domain/printable.ts'

/** A JSONPath template that cannot be read. */
export class JsonPathError extends Error {
  override readonly name = 'JsonPathError'
}

type Part =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'path'; readonly steps: readonly Step[] }
  | { readonly kind: 'range'; readonly steps: readonly Step[]; readonly body: readonly Part[] }

type Step = string | number | '*'

/**
 * Fills a template of `{.path}` expressions as `kubectl -o jsonpath` does (k8s.io/client-go/util/jsonpath): fields, `['field']`,
 * `[0]`, `[-1]`, `[*]`, quoted text, `{range …}…{end}`. Filters, slices and recursive descent are not known to it.
 * @throws JsonPathError
 */
export function jsonPath(template: string, document: unknown): string {
  const tokens = tokensOf(template.includes('{') ? template : `{${template.startsWith('.') ? '' : '.'}${template}}`)
  const parts = parse(tokens, false)
  return fill(parts, document)
}

function fill(parts: readonly Part[], here: unknown): string {
  return parts.map((part) => {
    if (part.kind === 'text') return part.text
    const found = walk(part.steps, [here])
    return part.kind === 'path' ? found.map(shown).join(' ') : found.map((each) => fill(part.body, each)).join('')
  }).join('')
}

function walk(steps: readonly Step[], from: readonly unknown[]): readonly unknown[] {
  return steps.reduce<readonly unknown[]>((values, step) => values.flatMap((value) => {
    if (step === '*') return Array.isArray(value) ? value : Object.values((value ?? {}) as object)
    const found = typeof step === 'number' ? list(value).at(step) : at(value, step)
    return found === undefined ? [] : [found]
  }), from)
}

function shown(value: unknown): string {
  return typeof value === 'string' ? printable(value) : printable(JSON.stringify(value))
}

/** Text and the insides of braces, in turn. */
function tokensOf(template: string): { readonly inside: boolean; readonly text: string }[] {
  return [...template.matchAll(/\{((?:"(?:[^"\\]|\\.)*"|'[^']*'|[^}"'])*)\}|([^{]+)|(\{)/gs)].map(([, inside, text, open]) => {
    if (open !== undefined) throw new JsonPathError(`unclosed { in jsonpath ${JSON.stringify(template)}`)
    return inside === undefined ? { inside: false, text: text! } : { inside: true, text: inside.trim() }
  })
}

function parse(tokens: { readonly inside: boolean; readonly text: string }[], nested: boolean): Part[] {
  const parts: Part[] = []
  for (let token = tokens.shift(); token !== undefined; token = tokens.shift()) {
    const { inside, text } = token
    if (!inside) parts.push({ kind: 'text', text })
    else if (text === 'end') {
      if (nested) return parts
      throw new JsonPathError('{end} without {range} in jsonpath')
    } else if (/^range\s/.test(text)) parts.push({ kind: 'range', steps: stepsOf(text.slice(5).trim()), body: parse(tokens, true) })
    else if (/^["']/.test(text)) parts.push({ kind: 'text', text: unquoted(text) })
    else parts.push({ kind: 'path', steps: stepsOf(text) })
  }
  if (nested) throw new JsonPathError('{range} without {end} in jsonpath')
  return parts
}

const STEP = /\.?(?:([A-Za-z_][\w-]*)|(\*))|\[(?:(-?\d+)|(\*)|'([^']*)'|"([^"]*)")\]/y

function stepsOf(path: string): Step[] {
  const steps: Step[] = []
  const text = path.replace(/^[$@]/, '').replace(/^\.$/, '')
  for (STEP.lastIndex = 0; STEP.lastIndex < text.length;) {
    const found = STEP.exec(text)
    if (found === null) throw new JsonPathError(`jsonpath {${path}} cannot be read; fields, [0], [*], ['name'] and range are known`)
    const [, name, star, index, all, quoted, double] = found
    steps.push(index !== undefined ? Number(index) : (name ?? quoted ?? double ?? star ?? all)!)
  }
  return steps
}

function unquoted(text: string): string {
  try {
    return String(JSON.parse(text.startsWith('\'') ? `"${text.slice(1, -1).replaceAll('"', '\\"')}"` : text))
  } catch {
    throw new JsonPathError(`jsonpath {${text}} is no quoted text`)
  }
}
