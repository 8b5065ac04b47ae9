import type { Configs } from '../objects/config-map.ts'
import { isMoved, parseImage } from '../objects/image.ts'
import { VERSION, VERSION_LABEL } from '../objects/labels.ts'
import type { PodTemplate } from '../objects/pod-template.ts'
import { settings } from './environment.ts'

/** What can say a version, the best first; `digest` and `revision` say it of one member only. */
export type Source = 'annotation' | 'label' | 'APP_VERSION' | 'VERSION' | 'tag' | 'digest' | 'revision'

/** What a human calls a revision, and what says so. */
export interface Version {
  /** As it is shown: told apart from other revisions of its member: `2.0 (settings)`, `2.0·r5`. */
  readonly text: string
  /** As its source says it; what is compared is `bareVersion` of it. */
  readonly value: string
  /** Versions compare only within one source; `digest` and `revision` never do. */
  readonly source: Source
}

/** Sources that no ConfigMap comes before. */
export const FIRST_SOURCES: ReadonlySet<Source> = new Set(['annotation', 'label', 'APP_VERSION'])

/**
 * Every source that says a version of a template, in their order, with what it says.
 * @param member the Rollout's name, which a tag may begin with
 */
export function saidBy(template: PodTemplate, member: string, configs: Configs): ReadonlyMap<Source, string> {
  const container = template.containers[0]
  const env = container === undefined ? [] : settings(container, template, configs)
  const variable = (name: string) => env.find((each) => each.name === name)?.value
  const image = parseImage(container?.image ?? '')
  const sources: readonly [Source, string | undefined][] = [
    ['annotation', template.annotations.get(VERSION)],
    ['label', template.labels.get(VERSION_LABEL)],
    ['APP_VERSION', variable('APP_VERSION')],
    ['VERSION', variable('VERSION')],
    ['tag', ownTag(image.tag, [member, container?.name ?? '', image.name])],
    ['digest', /^sha256:([0-9a-f]{7})/.exec(image.digest ?? '')?.[1]],
  ]
  return new Map(sources.flatMap(([source, text]) => (text === undefined || text === '' ? [] : [[source, text]])))
}

/** One repository for several members has tags such as `engine-2.3.0`: the version is what the names leave of it. */
function ownTag(tag: string | undefined, names: readonly string[]): string | undefined {
  const named = names.filter((each) => each !== '')
  const before = named.find((each) => tag?.startsWith(`${each}-`))
  const after = named.find((each) => tag?.endsWith(`-${each}`))
  const own = before ? tag?.slice(before.length + 1) : after ? tag?.slice(0, -after.length - 1) : tag
  return own === undefined || isMoved(own) ? undefined : own
}

/** The ConfigMap that a version was read from. */
export function versionConfig(
  template: PodTemplate,
  { source }: Pick<Version, 'source'>,
  configs: Configs,
): string | undefined {
  const container = template.containers[0]
  return container && settings(container, template, configs).find((each) => each.name === source)?.configMap
}

/** A version without the letter that some write before it: `v2.0` is `2.0`. */
export function bareVersion(value: string): string {
  return value.replace(/^v(?=\d)/i, '')
}

/** How one version is written that several may write otherwise: as all do, else bare. */
export function spelled(values: Iterable<string>): string {
  const [first, ...others] = new Set(values)
  return others.length === 0 ? first! : bareVersion(first!)
}

/** Whether two versions are known to be the same. */
export function sameVersion(one: Version, other: Version): boolean {
  return comparable(one) && one.source === other.source && bareVersion(one.value) === bareVersion(other.value)
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
