import type { Configs } from '../objects/config-map.ts'
import { VERSION, VERSION_LABEL } from '../objects/labels.ts'
import type { PodTemplate } from '../objects/pod-template.ts'
import { settings } from './environment.ts'

/** What a human calls a revision, and what says so. */
export interface Version {
  readonly text: string
  /** Versions compare only within one source; `digest` and `revision` never do. */
  readonly source: 'annotation' | 'label' | 'APP_VERSION' | 'VERSION' | 'tag' | 'digest' | 'revision'
}

/** Sources that no ConfigMap comes before. */
export const FIRST_SOURCES: ReadonlySet<Version['source']> = new Set(['annotation', 'label', 'APP_VERSION'])

/** The version of a revision: the first source of the table that has one. */
export function versionOf(template: PodTemplate, revision: number, configs: Configs): Version {
  const container = template.containers[0]
  const env = container === undefined ? [] : settings(container, configs)
  const variable = (name: string) => env.find((each) => each.name === name)?.value
  const sources: readonly [Version['source'], string | undefined][] = [
    ['annotation', template.annotations.get(VERSION)],
    ['label', template.labels.get(VERSION_LABEL)],
    ['APP_VERSION', variable('APP_VERSION')],
    ['VERSION', variable('VERSION')],
    ['tag', imageTag(container?.image ?? '')],
    ['digest', imageDigest(container?.image ?? '')],
  ]
  for (const [source, text] of sources) if (text !== undefined && text !== '') return { text, source }
  return { text: `rev ${revision}`, source: 'revision' }
}

/** The ConfigMap that a version was read from. */
export function versionConfig(template: PodTemplate, { source }: Version, configs: Configs): string | undefined {
  const container = template.containers[0]
  return container && settings(container, configs).find((each) => each.name === source)?.configMap
}

/** Whether two versions are known to be the same. */
export function sameVersion(one: Version, other: Version): boolean {
  return comparable(one) && one.source === other.source && one.text === other.text
}

/** Whether a version says something across members; revision numbers and digests do not. */
export function comparable(version: Version): boolean {
  return version.source !== 'digest' && version.source !== 'revision'
}

/** The one version that all of these are, or undefined where they differ, are none, or do not compare. */
export function commonVersion(versions: readonly Version[]): Version | undefined {
  const [first, ...rest] = versions
  return first !== undefined && comparable(first) && rest.every((each) => sameVersion(first, each)) ? first : undefined
}

function imageTag(image: string): string | undefined {
  const name = image.split('@')[0] ?? ''
  const colon = name.lastIndexOf(':')
  const tag = colon > name.lastIndexOf('/') ? name.slice(colon + 1) : undefined
  return tag === 'latest' ? undefined : tag
}

function imageDigest(image: string): string | undefined {
  return /@sha256:([0-9a-f]{7})/.exec(image)?.[1]
}
