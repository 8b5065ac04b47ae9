import { parseConfigMap } from '../objects/config-map.ts'
import { at, fields, text } from '../objects/fields.ts'
import type { Surrounding } from './reading.ts'
import { canonical } from '../objects/canonical.ts'
import { put, type Working } from './working.ts'

/**
 * ConfigMaps that have other contents in the cluster than in the manifests, as the cluster has them, by name: applied,
 * they would change under the pods that users are on.
 */
export function editedInPlace(working: Working, { cluster }: Surrounding): ReadonlyMap<string, unknown> {
  const given = new Map([...working.objects].map(([{ kind, name }, object]) => [`${kind} ${name}`, object]))
  return new Map(
    (cluster?.configMaps ?? []).flatMap((there): [string, unknown][] => {
      const name = text(at(there, 'metadata', 'name')) ?? ''
      const here = given.get(`ConfigMap ${name}`)
      return here === undefined || contentOf(here) === contentOf(there) ? [] : [[name, there]]
    }),
  )
}

/** With a ConfigMap of the manifests as the cluster has it. */
export function leftAlone(working: Working, name: string, there: unknown): Working {
  const [manifest] = [...working.objects].find(([each]) => each.kind === 'ConfigMap' && each.name === name) ?? []
  if (manifest === undefined) return working
  return ['data', 'binaryData'].reduce((here, part) => {
    const [was, is] = [fields(at(manifest.object, part)), fields(at(there, part))]
    return [...new Set([...Object.keys(was), ...Object.keys(is)])].reduce(
      (each, key) => put(each, manifest, [part, key], is[key]),
      here,
    )
  }, working)
}

function contentOf(config: unknown): string {
  return canonical(Object.fromEntries(parseConfigMap(config).data))
}
