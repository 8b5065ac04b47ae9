import { printable } from '../../text/printable.ts'
import { toJson } from './documents.ts'
import { TemplateError, type PathStep, stepsOf, unquoted, walk } from './jsonpath-steps.ts'

type Part =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'path'; readonly steps: readonly PathStep[] }
  | { readonly kind: 'range'; readonly steps: readonly PathStep[]; readonly body: readonly Part[] }

/** What a part of a template comes to: its own text, or what a path has found. */
type Found = { readonly text: string } | { readonly values: readonly unknown[] }

/**
 * Fills a template of `{.path}` expressions as `kubectl -o jsonpath` does (k8s.io/client-go/util/jsonpath): fields,
 * `['field']`, `[0]`, `[-1]`, `[*]`, `[0:2]`, `[0,1]`, `..field`, `[?(@.field=="value")]`, quoted text,
 * `{range …}…{end}`. A bare path, which kubectl prints as it stands, is taken for one.
 * @throws TemplateError
 */
export function jsonPath(template: string, document: unknown): string {
  return filled(partsOf(template), document)
    .map((each) => ('text' in each ? each.text : each.values.map(shown).join(' ')))
    .join('')
}

/** The same as `kubectl -o jsonpath-as-json`: a JSON list for each expression. @throws TemplateError */
export function jsonPathAsJson(template: string, document: unknown): string {
  return filled(partsOf(template), document)
    .map((each) => `${toJson('text' in each ? [each.text] : each.values)}\n`)
    .join('')
}

/** What a single path, with braces around it or not, leads to. @throws TemplateError */
export function pathValues(path: string, document: unknown): readonly unknown[] {
  return walk(
    stepsOf(
      path
        .trim()
        .replace(/^\{(.*)\}$/s, '$1')
        .replace(/^(?![.$@[])/, '.'),
    ),
    [document],
  )
}

function partsOf(template: string): readonly Part[] {
  return parse(
    tokensOf(/[{}]/.test(template) ? template : `{${template.startsWith('.') ? '' : '.'}${template}}`),
    false,
  )
}

function filled(parts: readonly Part[], here: unknown): readonly Found[] {
  return parts.flatMap((part): readonly Found[] => {
    if (part.kind === 'text') return [{ text: part.text }]
    const values = walk(part.steps, [here])
    return part.kind === 'path' ? [{ values }] : values.flatMap((each) => filled(part.body, each))
  })
}

/** A value as a template shows it. */
export function shown(value: unknown): string {
  return printable(typeof value === 'string' ? value : JSON.stringify(value))
}

/** Text and the insides of braces, in turn. */
function tokensOf(template: string): { readonly inside: boolean; readonly text: string }[] {
  return [...template.matchAll(/\{((?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[^}"'])*)\}|([^{]+)|(\{)/gs)].map(
    ([, inside, text, open]) => {
      if (open !== undefined) throw new TemplateError(`unclosed { in jsonpath ${JSON.stringify(template)}`)
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
      throw new TemplateError('{end} without {range} in jsonpath')
    } else if (/^range\s/.test(text))
      parts.push({ kind: 'range', steps: stepsOf(text.slice(5).trim()), body: parse(tokens, true) })
    else if (/^["']/.test(text)) parts.push({ kind: 'text', text: unquoted(text) })
    else parts.push({ kind: 'path', steps: stepsOf(text) })
  }
  if (nested) throw new TemplateError('{range} without {end} in jsonpath')
  return parts
}
