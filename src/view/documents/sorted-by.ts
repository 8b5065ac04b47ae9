import { pathValues } from './jsonpath.ts'

/**
 * Things in the order of what a path leads to in their documents, as `kubectl get --sort-by` has them: numbers by
 * size, texts with their numbers by size, what lacks it first; equal ones stay as they were.
 * @throws TemplateError where the path cannot be read
 */
export function sortedBy<Thing>(
  path: string,
  things: readonly Thing[],
  documentOf: (thing: Thing) => unknown,
): Thing[] {
  return things
    .map((thing) => ({ thing, key: pathValues(path, documentOf(thing))[0] }))
    .sort((one, other) => order(one.key, other.key))
    .map(({ thing }) => thing)
}

function order(one: unknown, other: unknown): number {
  if (one === undefined || other === undefined) return Number(one !== undefined) - Number(other !== undefined)
  if (typeof one === 'number' && typeof other === 'number') return one - other
  return String(one).localeCompare(String(other), 'en', { numeric: true })
}
