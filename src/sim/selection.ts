import type { KubeObject, ResourceName } from './objects.ts'
import { fieldSelector, labelSelector } from './selectors.ts'

/** One change of one object. */
export interface Change {
  /** The resourceVersion it made. */
  readonly version: number
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'
  readonly resource: ResourceName
  readonly object: KubeObject
  /** What it was before; absent for ADDED. */
  readonly previous: KubeObject | undefined
}

/** Which objects of a resource are meant. */
export interface Selection {
  readonly namespace?: string | undefined
  readonly labelSelector?: string | undefined
  readonly fieldSelector?: string | undefined
}

/**
 * What a watch with this selection is told of a change: an object that stops matching is DELETED with its former
 * labels.
 */
export function seenBy(
  change: Change,
  resource: ResourceName,
  selection: Selection,
): { type: Change['type']; object: KubeObject } | undefined {
  if (change.resource !== resource) return undefined
  const matches = matcher(selection)
  const before = change.previous !== undefined && matches(change.previous)
  const after = change.type !== 'DELETED' && matches(change.object)
  if (after) return { type: before ? 'MODIFIED' : 'ADDED', object: change.object }
  return before
    ? {
        type: 'DELETED',
        object: {
          ...change.previous!,
          metadata: { ...change.previous!.metadata, resourceVersion: change.object.metadata.resourceVersion },
        },
      }
    : undefined
}

/** Whether an object is in a selection. @throws ApiFailure 400 for a selector that cannot be parsed */
export function matcher({
  namespace,
  labelSelector: labels,
  fieldSelector: fields,
}: Selection): (object: KubeObject) => boolean {
  const tests = [
    ...(namespace === undefined ? [] : [(object: KubeObject) => object.metadata.namespace === namespace]),
    ...(labels === undefined || labels === '' ? [] : [labelSelector(labels)]),
    ...(fields === undefined || fields === '' ? [] : [fieldSelector(fields)]),
  ]
  return (object) => tests.every((test) => test(object))
}
