import { at, fields, list } from '../../domain/objects/fields.ts'

/** A template of an output format that cannot be read. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError'
}

/** One step of a path, from the values found so far to the next ones. */
export type PathStep =
  | { readonly kind: 'field'; readonly name: string }
  /** `['a.b']`: the field of that name; where there is none, what kubectl takes it for, the path `.a.b`. */
  | { readonly kind: 'quoted'; readonly name: string; readonly path: readonly PathStep[] | undefined }
  | { readonly kind: 'index'; readonly index: number }
  | { readonly kind: 'slice'; readonly from: number; readonly to: number | undefined; readonly by: number }
  | { readonly kind: 'all' | 'descent' }
  | { readonly kind: 'union'; readonly of: readonly PathStep[] }
  | { readonly kind: 'filter'; readonly path: readonly PathStep[]; readonly compared: Compared | undefined }

/** What a filter compares with: a literal, or what another path leads to. */
interface Compared {
  readonly by: keyof typeof COMPARISONS
  readonly to: { readonly literal: Comparable } | { readonly path: readonly PathStep[] }
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

/** Everything a path leads to, in the order of the document (k8s.io/client-go/util/jsonpath, evalList). */
export function walk(steps: readonly PathStep[], from: readonly unknown[]): readonly unknown[] {
  return steps.reduce<readonly unknown[]>((values, step) => next(step, values), from)
}

function next(step: PathStep, values: readonly unknown[]): readonly unknown[] {
  switch (step.kind) {
    case 'field':
      return values.flatMap((each) => there(at(each, step.name)))
    case 'quoted':
      return values.flatMap((each) => {
        const found = there(at(each, step.name))
        return found.length > 0 || step.path === undefined ? found : walk(step.path, [each])
      })
    case 'index':
      return values.flatMap((each) => there(list(each).at(step.index)))
    case 'slice':
      return values.flatMap((each) =>
        list(each)
          .slice(step.from, step.to)
          .filter((_, index) => index % step.by === 0),
      )
    case 'all':
      return values.flatMap(children)
    case 'descent':
      return values.flatMap(descent)
    case 'union':
      return step.of.flatMap((each) => next(each, values))
    case 'filter':
      return values.flatMap((each) => list(each).filter((item) => matches(item, step)))
  }
}

function there(value: unknown): readonly unknown[] {
  return value === undefined ? [] : [value]
}

function children(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : Object.values(fields(value))
}

function descent(value: unknown): readonly unknown[] {
  const below = children(value)
  return below.length === 0 ? [] : [value, ...below.flatMap(descent)]
}

function matches(item: unknown, { path, compared }: Extract<PathStep, { readonly kind: 'filter' }>): boolean {
  const found = walk(path, [item])
  if (compared === undefined) return found.length > 0
  const { by, to } = compared
  const others = 'path' in to ? walk(to.path, [item]) : [to.literal]
  return found.some((each) =>
    others.some((other) => typeof each === typeof other && COMPARISONS[by](each as Comparable, other as Comparable)),
  )
}

const STEP =
  /(\.\.)|\.?(?:((?:\\.|[^\s.*,[\]{}()'"=<>!@$?\\])+)|(\*))|\[(?:\?\(([^()]+)\)|((?:'[^']*'|"[^"]*"|[^\]'"])+))\]/y
const FILTER = /^\s*(@[^=!<>]*?)\s*(?:(==|!=|<=|>=|<|>)\s*("[^"]*"|'[^']*'|@[^=!<>]*?|[\w.-]+)\s*)?$/
const ITEM = /^(?:(\*)|'([^']*)'|"([^"]*)"|(-?\d+)|(-?\d*):(-?\d*)(?::(\d*))?)$/

/** The steps of a path such as `.members[*].name`, with `$` or `@` before it or not. @throws TemplateError */
export function stepsOf(path: string): readonly PathStep[] {
  const steps: PathStep[] = []
  const text = path.replace(/^[$@]/, '').replace(/^\.$/, '')
  for (let from = 0; from < text.length; ) {
    STEP.lastIndex = from
    const found = STEP.exec(text)
    if (found === null) throw unreadable(path)
    from = STEP.lastIndex
    const [, deep, name, star, filter, items] = found
    if (deep !== undefined) steps.push({ kind: 'descent' })
    else if (star !== undefined) steps.push({ kind: 'all' })
    else if (filter !== undefined) steps.push(filterOf(filter))
    else if (name !== undefined) steps.push({ kind: 'field', name: name.replace(/\\(.)/g, '$1') })
    else steps.push(bracketed(items!, path))
  }
  return steps
}

function bracketed(items: string, path: string): PathStep {
  const of = items.split(/,(?=(?:[^'"]|'[^']*'|"[^"]*")*$)/).map((each) => itemOf(each.trim(), path))
  return of.length === 1 ? of[0]! : { kind: 'union', of }
}

function itemOf(item: string, path: string): PathStep {
  const [, star, single, double, index, from, to, by] = ITEM.exec(item) ?? []
  if (star !== undefined) return { kind: 'all' }
  if (index !== undefined) return { kind: 'index', index: Number(index) }
  const name = single ?? double
  if (name !== undefined) return { kind: 'quoted', name, path: dotted(name) }
  if (from === undefined || by === '0') throw unreadable(path)
  return { kind: 'slice', from: Number(from), to: to ? Number(to) : undefined, by: Number(by || 1) }
}

function dotted(name: string): readonly PathStep[] | undefined {
  return /^[\w./\\-]+$/.test(name) ? stepsOf(`.${name}`) : undefined
}

function unreadable(path: string): TemplateError {
  return new TemplateError(
    `jsonpath {${path}} cannot be read; .field, ..field, [0], [0:2], [*], ['name'], [0,1], ` +
      '[?(@.field=="value")] and range are known',
  )
}

function filterOf(text: string): PathStep {
  const [, path, by, to] = FILTER.exec(text) ?? []
  if (path === undefined)
    throw new TemplateError(
      `jsonpath filter [?(${text})] cannot be read; it is @.field, or @.field compared with a text in quotes, ` +
        'a number, true, false or another @.field',
    )
  const compared = by === undefined ? undefined : { by: by as keyof typeof COMPARISONS, to: operand(to!) }
  return { kind: 'filter', path: stepsOf(path), compared }
}

function operand(text: string): Compared['to'] {
  if (text.startsWith('@')) return { path: stepsOf(text) }
  if (/^["']/.test(text)) return { literal: unquoted(text) }
  if (text === 'true' || text === 'false') return { literal: text === 'true' }
  if (Number.isNaN(Number(text)))
    throw new TemplateError(`${text} in a jsonpath filter is neither in quotes nor a number, true or false`)
  return { literal: Number(text) }
}

/** What a text in quotes says. @throws TemplateError */
export function unquoted(text: string): string {
  try {
    return String(
      JSON.parse(text.startsWith("'") ? `"${text.slice(1, -1).replaceAll("\\'", "'").replaceAll('"', '\\"')}"` : text),
    )
  } catch {
    throw new TemplateError(`jsonpath {${text}} is no quoted text`)
  }
}
