import { at, fields, list } from '../../domain/objects/fields.ts'
import { printable } from '../../text/printable.ts'

/** A JSONPath template that cannot be read. */
export class JsonPathError extends Error {
  override readonly name = 'JsonPathError'
}

type Part =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'path'; readonly steps: readonly Step[] }
  | { readonly kind: 'range'; readonly steps: readonly Step[]; readonly body: readonly Part[] }

type Step = string | number | '*' | Filter

/** `[?(@.path)]`, or compared with a literal: `[?(@.path=="text")]`. */
interface Filter {
  readonly path: readonly Step[]
  readonly compared: { readonly by: keyof typeof COMPARISONS; readonly to: string | number | boolean } | undefined
}

type Comparable = string | number | boolean

const COMPARISONS = {
  '==': (one: Comparable, other: Comparable) => one === other,
  '!=': (one: Comparable, other: Comparable) => one !== other,
  '<=': (one: Comparable, other: Comparable) => one <= other,
  '>=': (one: Comparable, other: Comparable) => one >= other,
  '<': (one: Comparable, other: Comparable) => one < other,
  '>': (one: Comparable, other: Comparable) => one > other,
} as const

/**
 * Fills a template of `{.path}` expressions as `kubectl -o jsonpath` does (k8s.io/client-go/util/jsonpath): fields,
 * `['field']`, `[0]`, `[-1]`, `[*]`, `[?(@.field=="value")]`, quoted text, `{range …}…{end}`. Slices, unions and
 * recursive descent are not known to it; a bare path, which kubectl prints as it stands, is taken for one.
 * @throws JsonPathError
 */
export function jsonPath(template: string, document: unknown): string {
  const tokens = tokensOf(/[{}]/.test(template) ? template : `{${template.startsWith('.') ? '' : '.'}${template}}`)
  const parts = parse(tokens, false)
  return fill(parts, document)
}

function fill(parts: readonly Part[], here: unknown): string {
  return parts
    .map((part) => {
      if (part.kind === 'text') return part.text
      const found = walk(part.steps, [here])
      return part.kind === 'path' ? found.map(shown).join(' ') : found.map((each) => fill(part.body, each)).join('')
    })
    .join('')
}

function walk(steps: readonly Step[], from: readonly unknown[]): readonly unknown[] {
  return steps.reduce<readonly unknown[]>(
    (values, step) =>
      values.flatMap((value) => {
        if (typeof step === 'object') return list(value).filter((each) => matches(each, step))
        if (step === '*') return Array.isArray(value) ? value : Object.values(fields(value))
        const found = typeof step === 'number' ? list(value).at(step) : at(value, step)
        return found === undefined ? [] : [found]
      }),
    from,
  )
}

function matches(value: unknown, { path, compared }: Filter): boolean {
  const found = walk(path, [value])
  if (compared === undefined) return found.length > 0
  return found.some(
    (each) => typeof each === typeof compared.to && COMPARISONS[compared.by](each as Comparable, compared.to),
  )
}

function shown(value: unknown): string {
  return typeof value === 'string' ? printable(value) : printable(JSON.stringify(value))
}

/** Text and the insides of braces, in turn. */
function tokensOf(template: string): { readonly inside: boolean; readonly text: string }[] {
  return [...template.matchAll(/\{((?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[^}"'])*)\}|([^{]+)|(\{)/gs)].map(
    ([, inside, text, open]) => {
      if (open !== undefined) throw new JsonPathError(`unclosed { in jsonpath ${JSON.stringify(template)}`)
      return inside === undefined ? { inside: false, text: text! } : { inside: true, text: inside.trim() }
    },
  )
}

function parse(tokens: { readonly inside: boolean; readonly text: string }[], nested: boolean): Part[] {
  const parts: Part[] = []
  for (let token = tokens.shift(); token !== undefined; token = tokens.shift()) {
    const { inside, text } = token
    if (!inside) parts.push({ kind: 'text', text })
    else if (text === 'end') {
      if (nested) return parts
      throw new JsonPathError('{end} without {range} in jsonpath')
    } else if (/^range\s/.test(text))
      parts.push({ kind: 'range', steps: stepsOf(text.slice(5).trim()), body: parse(tokens, true) })
    else if (/^["']/.test(text)) parts.push({ kind: 'text', text: unquoted(text) })
    else parts.push({ kind: 'path', steps: stepsOf(text) })
  }
  if (nested) throw new JsonPathError('{range} without {end} in jsonpath')
  return parts
}

const STEP =
  /\.?(?:((?:\\.|[^\s.*,[\]{}()'"=<>!@$?\\])+)|(\*))|\[(?:(-?\d+)|(\*)|'([^']*)'|"([^"]*)"|\?\(([^()]+)\))\]/y
const FILTER = /^\s*(@[^=!<>]*?)\s*(?:(==|!=|<=|>=|<|>)\s*("[^"]*"|'[^']*'|[\w.-]+)\s*)?$/

function stepsOf(path: string): Step[] {
  const steps: Step[] = []
  const text = path.replace(/^[$@]/, '').replace(/^\.$/, '')
  for (let from = 0; from < text.length; ) {
    STEP.lastIndex = from
    const found = STEP.exec(text)
    if (found === null)
      throw new JsonPathError(
        `jsonpath {${path}} cannot be read; fields, [0], [*], ['name'], [?(@.field=="value")] and range are known`,
      )
    from = STEP.lastIndex
    const [, name, star, index, all, quoted, double, filter] = found
    if (filter !== undefined) steps.push(filterOf(filter))
    else
      steps.push(
        index !== undefined ? Number(index) : (name?.replace(/\\(.)/g, '$1') ?? quoted ?? double ?? star ?? all)!,
      )
  }
  return steps
}

function filterOf(text: string): Filter {
  const [, path, by, to] = FILTER.exec(text) ?? []
  if (path === undefined)
    throw new JsonPathError(
      `jsonpath filter [?(${text})] cannot be read; it is @.field, or @.field compared with a text in quotes, a number, true or false`,
    )
  return {
    path: stepsOf(path),
    compared:
      by === undefined
        ? undefined
        : { by: by as keyof typeof COMPARISONS, to: /^["']/.test(to!) ? unquoted(to!) : literal(to!) },
  }
}

function literal(text: string): number | boolean {
  if (text === 'true' || text === 'false') return text === 'true'
  if (text === '' || Number.isNaN(Number(text)))
    throw new JsonPathError(`${text} in a jsonpath filter is neither in quotes nor a number, true or false`)
  return Number(text)
}

function unquoted(text: string): string {
  try {
    return String(
      JSON.parse(text.startsWith("'") ? `"${text.slice(1, -1).replaceAll("\\'", "'").replaceAll('"', '\\"')}"` : text),
    )
  } catch {
    throw new JsonPathError(`jsonpath {${text}} is no quoted text`)
  }
}
