import { type Edit, edited, type FieldPath, valueAt } from '../manifests/edit.ts'
import type { Manifest } from '../manifests/manifest.ts'
import { at, text } from '../objects/fields.ts'

/** Manifests on their way: what they are after the edits so far, and these. */
export interface Working {
  readonly objects: ReadonlyMap<Manifest, unknown>
  readonly edits: readonly Edit[]
  /** Objects that are new, by kind and name. */
  readonly added: ReadonlyMap<string, unknown>
}

export function begin(manifests: readonly Manifest[]): Working {
  return { objects: new Map(manifests.map((each) => [each, each.object])), edits: [], added: new Map() }
}

/** With a value put in place of what stands at a path, or taken away; without effect where that is so already. */
export function put(working: Working, manifest: Manifest, path: FieldPath, to: unknown): Working {
  const object = working.objects.get(manifest)
  const from = valueAt(object, path)
  if (from === to) return working
  return {
    ...working,
    objects: new Map(working.objects).set(manifest, edited(object, [{ path, to }])),
    edits: [...working.edits, { manifest, path, from, to }],
  }
}

/** With an object more, unless there is one of its kind and name. */
export function add(working: Working, object: unknown): Working {
  const key = keyOf(object)
  if ([...working.objects.values()].some((each) => keyOf(each) === key)) return working
  return { ...working, added: new Map(working.added).set(key, object) }
}

/** All that there is now. */
export function objectsIn({ objects, added }: Working): readonly unknown[] {
  return [...[...objects.values()].filter((each) => each !== undefined), ...added.values()]
}

function keyOf(object: unknown): string {
  return `${text(at(object, 'kind'))} ${text(at(object, 'metadata', 'name'))}`
}
