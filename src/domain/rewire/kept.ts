import { at, fields, text } from '../objects/fields.ts'
import { CONFIG_OF, RELEASE, SERVICE_OF } from '../objects/labels.ts'
import { configMapsOf } from '../objects/pod-template.ts'
import type { Surrounding } from './reading.ts'

/**
 * Services and copies of ConfigMaps of earlier releases whose pods still run, for tools that take away what is not in
 * the files.
 * @param most of so many releases, the newest first
 */
export function keptFor({ cluster }: Surrounding, most: number): readonly unknown[] {
  if (cluster === undefined) return []
  const running = cluster.group.members.flatMap(({ revisions }) => revisions.filter((each) => each.pods > 0))
  const releases = [
    ...new Set(
      [...running]
        .sort((one, other) => other.created - one.created)
        .flatMap((each) => each.template.labels.get(RELEASE) ?? []),
    ),
  ].slice(0, most)
  const configs = new Set(
    running
      .filter(({ template }) => releases.includes(template.labels.get(RELEASE) ?? ''))
      .flatMap(({ template }) => configMapsOf(template).map((each) => each.name)),
  )
  const isMade = (object: unknown, by: string) => at(object, 'metadata', 'annotations', by) !== undefined
  return [
    ...cluster.snapshot.services
      .filter((each) => isMade(each, SERVICE_OF))
      .filter((each) => releases.includes(text(at(each, 'spec', 'selector', RELEASE)) ?? ''))
      .map((each) => asWritten(each, 'Service')),
    ...cluster.configMaps
      .filter((each) => isMade(each, CONFIG_OF) && configs.has(text(at(each, 'metadata', 'name')) ?? ''))
      .map((each) => asWritten(each, 'ConfigMap')),
  ]
}

/** An object as somebody wrote it, without what the API server has added. */
function asWritten(object: unknown, kind: string): unknown {
  const { status: _, metadata, spec, ...rest } = fields(object)
  const { name, namespace, labels, annotations } = fields(metadata)
  const { 'kubectl.kubernetes.io/last-applied-configuration': __, ...own } = fields(annotations)
  const { clusterIP, clusterIPs, ...plain } = fields(spec)
  return {
    apiVersion: 'v1',
    kind,
    metadata: {
      name,
      ...(namespace !== undefined && { namespace }),
      ...(labels !== undefined && { labels }),
      annotations: own,
    },
    ...Object.fromEntries(Object.entries(rest).filter(([key]) => key !== 'apiVersion' && key !== 'kind')),
    ...(spec !== undefined && { spec: { ...plain, ...(clusterIP === 'None' && { clusterIP }) } }),
  }
}
