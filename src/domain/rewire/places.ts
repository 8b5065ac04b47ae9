import { metadataAt, type Place } from '../group/environment.ts'
import { type FieldPath, valueAt } from '../manifests/edit.ts'
import { at, list, text } from '../objects/fields.ts'
import { wordPaths } from '../objects/pod-template.ts'

/**
 * Where in a pod template the string of a place stands; undefined where it is in a ConfigMap, or in no text that may be
 * changed: by its labels pods are selected.
 */
export function pathOf(template: unknown, place: Exclude<Place, { in: 'config' }>): FieldPath | undefined {
  if (place.in === 'field') {
    const field = metadataAt(place.path)
    return field?.kind === 'annotation' ? ['metadata', 'annotations', field.key] : undefined
  }
  const container = containersOf(template).find((path) => at(valueAt(template, path), 'name') === place.container)
  if (container === undefined) return undefined
  const raw = valueAt(template, container)
  if (place.in === 'word') {
    const path = wordPaths(raw)[place.index]
    return path && [...container, ...path]
  }
  // Of a variable that is set more than once the last value counts.
  const index = list(at(raw, 'env')).findLastIndex((each) => at(each, 'name') === place.name)
  return index < 0 ? undefined : [...container, 'env', index, 'value']
}

/** Everywhere in a pod template where a ConfigMap is named. */
export function namedAt(template: unknown, configMap: string): FieldPath[] {
  const names = (path: FieldPath) => (text(valueAt(template, path)) === configMap ? [path] : [])
  return [
    ...containersOf(template).flatMap((container) => {
      const raw = valueAt(template, container)
      return [
        ...list(at(raw, 'env')).flatMap((_, index) =>
          names([...container, 'env', index, 'valueFrom', 'configMapKeyRef', 'name']),
        ),
        ...list(at(raw, 'envFrom')).flatMap((_, index) =>
          names([...container, 'envFrom', index, 'configMapRef', 'name']),
        ),
      ]
    }),
    ...list(at(template, 'spec', 'volumes')).flatMap((volume, index) => [
      ...names(['spec', 'volumes', index, 'configMap', 'name']),
      ...list(at(volume, 'projected', 'sources')).flatMap((_, source) =>
        names(['spec', 'volumes', index, 'projected', 'sources', source, 'configMap', 'name']),
      ),
    ]),
  ]
}

function containersOf(template: unknown): FieldPath[] {
  return ['containers', 'initContainers'].flatMap((key) =>
    list(at(template, 'spec', key)).map((_, index): FieldPath => ['spec', key, index]),
  )
}
