import type { Configs } from '../objects/config-map.ts'
import { canonical } from '../objects/canonical.ts'
import { at, fields, list, text } from '../objects/fields.ts'
import { HASH_LABEL, RELEASE } from '../objects/labels.ts'
import { parseImage } from '../objects/image.ts'
import { type Container, configMapsOf, type PodTemplate } from '../objects/pod-template.ts'
import type { ReplicaSet } from '../objects/replica-set.ts'
import { filesOf, settings } from './environment.ts'
import { isRead } from './read-metadata.ts'
import { idsOf, runTheSame } from './same-images.ts'

/** One thing that a new revision changes beside its image and its version. */
export interface SettingChange {
  /** What it is, in a person's words: `BACKEND_HOST`, `resources`. */
  readonly what: string
  /** Undefined: it was not there. */
  readonly from: string | undefined
  /** Undefined: it is not there any more. */
  readonly to: string | undefined
  /** What a member and others must agree on is not changed by it. */
  readonly own: boolean
}

/** Where addresses of members lead: the members behind each Service. */
export interface Addressed {
  readonly namespace: string
  readonly owners: ReadonlyMap<string, readonly string[]>
  readonly configs: Configs
}

/**
 * What a new revision changes, where each of its containers runs what it ran (same-images.ts). Undefined where one may
 * run something else.
 *
 * | changed | own |
 * |---|---|
 * | resources, probes, scheduling, labels and annotations that no process reads (read-metadata.ts) | yes |
 * | the address of a member, to another Service of that member | yes |
 * | any other variable, argument, file, or field | no |
 */
export function settingChanges(
  before: ReplicaSet,
  after: ReplicaSet,
  addressed: Addressed,
): SettingChange[] | undefined {
  if (before.edited !== undefined || after.edited !== undefined || !runTheSame(before, after)) return undefined
  const [one, other] = [factsOf(before, addressed.configs), factsOf(after, addressed.configs)]
  const told = [...new Set([...one.keys(), ...other.keys()])].flatMap((what) => {
    const [was, is] = [one.get(what), other.get(what)]
    const [from, to] = [was?.value, is?.value]
    if (from === to) return []
    const own =
      [was, is].every((each) => each?.own !== false) ||
      (from !== undefined && to !== undefined && ledTo(from, addressed) === ledTo(to, addressed))
    return [{ what, from, to, own }]
  })
  return [...told, ...editedUnder(before, addressed.configs)]
}

/** One thing that two revisions have otherwise. */
export type Difference = Pick<SettingChange, 'what' | 'from' | 'to'>

/** All that two revisions have otherwise, images first; of Secrets no more than where they are named. */
export function differences(before: ReplicaSet, after: ReplicaSet, configs: Configs): Difference[] {
  const [one, other] = [factsOf(before, configs), factsOf(after, configs)]
  const values = (facts: ReadonlyMap<string, Fact>) => new Map([...facts].map(([what, { value }]) => [what, value]))
  return [...unlikeImages(before, after), ...unlike(values(one), values(other)), ...editedUnder(before, configs)]
}

/**
 * Whether two revisions have nothing otherwise but the name of their release, and addresses that lead to the same; of
 * ConfigMaps counts what they hold now.
 */
export function differInWiringAlone(one: ReplicaSet, other: ReplicaSet, addressed: Addressed): boolean {
  const led = (set: ReplicaSet) =>
    new Map(
      [...factsOf(set, addressed.configs)].flatMap(([what, { value }]) =>
        what === `label ${RELEASE}` ? [] : [[what, ledTo(value, addressed)] as const],
      ),
    )
  return unlikeImages(one, other).length === 0 && unlike(led(one), led(other)).length === 0
}

function unlike(one: ReadonlyMap<string, string>, other: ReadonlyMap<string, string>): Difference[] {
  return [...new Set([...one.keys(), ...other.keys()])].flatMap((what) => {
    const [from, to] = [one.get(what), other.get(what)]
    return from === to ? [] : [{ what, from, to }]
  })
}

/** Images that are named otherwise; and those that pods ran under one name, and are others. */
function unlikeImages(before: ReplicaSet, after: ReplicaSet): Difference[] {
  const [named, run] = [imageNamed, imageRun].map((value) => unlike(imagesOf(before, value), imagesOf(after, value)))
  const isMoved = ({ what, from, to }: Difference) =>
    from !== undefined && to !== undefined && !named!.some((each) => each.what === what)
  return [...named!, ...run!.filter(isMoved)]
}

type ImageOf = (container: Container, set: ReplicaSet) => string | undefined

function imagesOf(set: ReplicaSet, value: ImageOf): ReadonlyMap<string, string> {
  const { template } = set
  const all = [...template.containers, ...template.initContainers]
  return new Map(
    all.flatMap((each): [string, string][] => {
      const image = value(each, set)
      return image === undefined ? [] : [[`image${ofContainer(each, template)}`, image]]
    }),
  )
}

const imageNamed: ImageOf = ({ image }) => image

/** Where it is named by a tag, and all pods run one. */
const imageRun: ImageOf = (container, set) => {
  const [id, ...more] = new Set(idsOf(set, container))
  if (id === undefined || more.length > 0 || parseImage(container.image).digest !== undefined) return undefined
  return `${container.image} (${id.replace(/^sha256:/, '').slice(0, 7)})`
}

/** Of the one that speaks for the Rollout nobody says which it is. */
function ofContainer(container: Container, { containers }: PodTemplate): string {
  return container === containers[0] ? '' : ` of container ${container.name}`
}

/** ConfigMaps that were changed under running pods: what these were given cannot be read any more. */
function editedUnder({ template, started }: ReplicaSet, configs: Configs): SettingChange[] {
  return configMapsOf(template).flatMap(({ name }) => {
    const config = configs.get(name)
    const edited = typeof config === 'object' && config.edited !== undefined && config.edited > started
    return edited
      ? [{ what: `ConfigMap ${name}`, from: 'what its pods were given', to: 'what it holds now', own: false }]
      : []
  })
}

interface Fact {
  readonly value: string
  readonly own: boolean
}

/** Fields of a pod's spec that say where its pods run. */
const SCHEDULING: ReadonlySet<string> = new Set([
  'affinity',
  'nodeSelector',
  'priority',
  'priorityClassName',
  'runtimeClassName',
  'schedulerName',
  'tolerations',
  'topologySpreadConstraints',
])
const OWN_FIELDS: ReadonlySet<string> = new Set(['resources', 'livenessProbe', 'readinessProbe', 'startupProbe'])
/** What is told by its strings, or by what else stands here. */
const TOLD: ReadonlySet<string> = new Set(['name', 'image', 'env', 'envFrom', 'command', 'args'])

/** Everything a pod template says, by what a person calls it; the order of keys says nothing. */
function factsOf({ template, rawTemplate, injected }: ReplicaSet, configs: Configs): Map<string, Fact> {
  const facts = new Map<string, Fact>()
  const tell = (what: string, value: string, own = false) => facts.set(what, { value, own })
  for (const kind of ['labels', 'annotations'] as const)
    for (const [key, value] of template[kind])
      if (key !== HASH_LABEL && !injected[kind].has(key))
        tell(`${kind.slice(0, -1)} ${key}`, value, !isRead(kind, key, template))
  for (const [key, value] of Object.entries(fields(at(rawTemplate, 'spec'))))
    if (key === 'volumes') for (const each of list(value)) tell(...volumeOf(each))
    else if (key !== 'containers' && key !== 'initContainers') tell(key, canonical(value), SCHEDULING.has(key))
  for (const { content, where } of namedFiles(template, configs)) tell(where, content)
  for (const container of [...template.containers, ...template.initContainers]) {
    const of = ofContainer(container, template)
    const raw = rawContainer(rawTemplate, container.name)
    for (const [name, value] of stringsOf(container, template, list(raw['env']), configs)) tell(`${name}${of}`, value)
    for (const [key, value] of Object.entries(raw))
      if (!TOLD.has(key)) tell(`${key}${of}`, canonical(value), OWN_FIELDS.has(key))
  }
  return facts
}

/** A ConfigMap's name may change with each release: what counts is what it holds. */
function volumeOf(raw: unknown): [what: string, value: string] {
  const { name, configMap, ...rest } = fields(raw)
  const { name: _, ...keys } = fields(configMap)
  return [`volume ${String(name)}`, canonical(configMap === undefined ? rest : { ...rest, configMap: keys })]
}

function namedFiles(template: PodTemplate, configs: Configs) {
  return template.files.flatMap((file, index) => {
    const found = filesOf({ ...template, files: [file] }, configs)
    return configs.get(file.configMap) === undefined || typeof configs.get(file.configMap) === 'string'
      ? [{ content: `ConfigMap ${file.configMap}`, where: `file ${index + 1}` }]
      : found.map(({ content, where }) => ({ content, where: where.replace(/ of ConfigMap .*/, '') }))
  })
}

/** The strings of a process, and of those that cannot be read where they come from. */
function stringsOf(
  container: Container,
  template: PodTemplate,
  rawEnv: readonly unknown[],
  configs: Configs,
): [name: string, value: string][] {
  const known = settings(container, template, configs)
  const words = known.filter((each) => each.name === undefined).map((each) => each.value)
  return [
    ...known.flatMap(({ name, value }): [string, string][] => (name === undefined ? [] : [[name, value]])),
    ...container.env.flatMap((entry): [string, string][] => {
      switch (entry.from) {
        case 'literal':
          return []
        case 'configMap':
          return known.some((each) => each.name === entry.name)
            ? []
            : [[entry.name, `${entry.key} in ConfigMap ${entry.configMap}`]]
        case 'wholeConfigMap':
          return typeof configs.get(entry.configMap) === 'object' ? [] : [[`ConfigMap ${entry.configMap}`, 'all of it']]
        case 'wholeSecret':
          return [[`Secret ${entry.secret}`, 'all of it']]
        case 'secret':
        case 'field': {
          if (known.some((each) => each.name === entry.name)) return []
          const raw = rawEnv.find((each) => text(at(each, 'name')) === entry.name)
          return [[entry.name, canonical(at(raw, 'valueFrom'))]]
        }
      }
    }),
    ...(words.length > 0 ? [['arguments', words.join(' ')] as [string, string]] : []),
  ]
}

function rawContainer(rawTemplate: unknown, name: string): Readonly<Record<string, unknown>> {
  const all = [...list(at(rawTemplate, 'spec', 'containers')), ...list(at(rawTemplate, 'spec', 'initContainers'))]
  return fields(all.find((each) => text(at(each, 'name')) === name))
}

/** A string with the Services of members in it replaced by these members. */
function ledTo(value: string, { namespace, owners }: Addressed): string {
  return value.replaceAll(/[a-z0-9][\w-]*(?:\.[\w-]+)*/gi, (word) => {
    const [service = '', where = namespace, ...rest] = word.toLowerCase().split('.')
    const to = where === namespace ? owners.get(service) : undefined
    return to === undefined ? word : ['the address of', ...to, ...rest].join(' ')
  })
}
