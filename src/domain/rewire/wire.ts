import type { Place } from '../group/environment.ts'
import { replacedIn } from '../evidence/replaced.ts'
import type { Address } from '../group/wires.ts'
import { valueAt } from '../manifests/edit.ts'
import type { Manifest } from '../manifests/manifest.ts'
import { parseConfigMap } from '../objects/config-map.ts'
import { at, text } from '../objects/fields.ts'
import { RELEASE } from '../objects/labels.ts'
import { configMapsOf, type PodTemplate } from '../objects/pod-template.ts'
import { isCertain } from './certain.ts'
import { copyOf, pinnedTo } from './copied.ts'
import { editedInPlace, leftAlone } from './edited-in-place.ts'
import { namedAt, pathOf } from './places.ts'
import { type Given, type ManifestGroup, type Surrounding, TEMPLATE } from './reading.ts'
import { type Led, type Scheme, schemeFor, targetOf } from './targets.ts'
import { add, put, type Working } from './working.ts'

/** An address that was given another host. */
export interface Rewritten {
  readonly consumer: string
  readonly to: string
  readonly address: Address
  readonly service: string
  /** The string in which it stands, before. */
  readonly value: string
}

/** A ConfigMap that was copied for one consumer. */
export interface Copied {
  readonly consumer: string
  readonly from: string
  readonly copy: unknown
  /** It has other contents in the cluster, and keeps these. */
  readonly leftAlone: boolean
}

/** Manifests rewired, and what was done to them. */
export interface Wired {
  readonly working: Working
  /** The Services of ours that addresses lead to, by name. */
  readonly made: ReadonlyMap<string, unknown>
  readonly rewritten: readonly Rewritten[]
  readonly copied: readonly Copied[]
}

/** Rewires all members that are given; what cannot be changed stays, and is seen when the result is read again. */
export function wire(working: Working, scheme: Scheme, reading: ManifestGroup, around: Surrounding): Wired {
  // Back on the ConfigMaps that somebody wrote, what stands in them is that one's affair.
  const edited = scheme.wiring === 'unpinned' ? undefined : editedInPlace(working, around)
  const begun: Wired = { working, made: new Map(), rewritten: [], copied: [] }
  const wired = [...reading.given.values()].reduce((each, given) => {
    const found = given.addresses.flatMap((address) =>
      calledBy(given, address, schemeFor(scheme, given.name), reading, around),
    )
    const literal = inTemplate(each, given, releaseOf(given, scheme, around), found, reading)
    const live = scheme.changing.has(given.name) ? undefined : liveTemplate(given.name, around)
    const used = new Set(live === undefined ? [] : configMapsOf(live).map((each) => each.name))
    return edited === undefined ? literal : inConfigs(literal, given, found, reading, { edited, used })
  }, begun)
  const left = wired.copied.filter(({ from }) => edited?.has(from) === true)
  return {
    ...wired,
    working: left.reduce((here, { from }) => leftAlone(here, from, edited!.get(from)), wired.working),
  }
}

/** Label, Services, and the addresses that stand in the pod template itself. */
function inTemplate(
  before: Wired,
  { name, holder }: Given,
  release: string | undefined,
  found: readonly Called[],
  reading: ManifestGroup,
): Wired {
  if (holder === undefined) return before
  const made = new Map(found.flatMap(({ target }) => madeFor(target, reading)))
  const rewritten: Rewritten[] = []
  let working = put(before.working, holder, [...TEMPLATE, 'metadata', 'labels', RELEASE], release)
  for (const each of made.values()) working = add(working, each)
  for (const all of Map.groupBy(found.filter(isMoved), ({ place }) => keyOf(place)).values()) {
    const { place } = all[0]!
    if (place.in === 'config') continue
    const template = valueAt(working.objects.get(holder), TEMPLATE)
    const path = pathOf(template, place)
    const value = path && text(valueAt(template, path))
    if (path === undefined || value === undefined) continue
    rewritten.push(...all.map((each) => rewrittenIn(name, each, value)))
    working = put(working, holder, [...TEMPLATE, ...path], replacedIn(value, changesOf(all)))
  }
  return {
    ...before,
    working,
    made: new Map([...before.made, ...made]),
    rewritten: [...before.rewritten, ...rewritten],
  }
}

/**
 * A copy of each ConfigMap in which an address changes, that would change under running pods, or of which the very same
 * copy is live already.
 * @param edited those that would change, by name @param used what the live revision of one that stays uses
 */
function inConfigs(
  before: Wired,
  { name: consumer, holder, revision }: Given,
  found: readonly Called[],
  { objects }: ManifestGroup,
  { edited, used }: { readonly edited: ReadonlyMap<string, unknown>; readonly used: ReadonlySet<string> },
): Wired {
  if (holder === undefined) return before
  const moved = found.filter(isMoved)
  return configMapsOf(revision.template).reduce<Wired>((wired, { name: from }) => {
    const config = objects.get(`ConfigMap ${from}`)
    const own = moved.flatMap((each) =>
      each.place.in === 'config' && each.place.configMap === from ? [{ ...each, key: each.place.key }] : [],
    )
    if (config === undefined) return wired
    const { data } = parseConfigMap(config)
    const rewritten = own.flatMap((each) => {
      const value = data.get(each.key)
      return value === undefined ? [] : [rewrittenIn(consumer, each, value)]
    })
    const written = [...Map.groupBy(own, (each) => each.key)].flatMap(([key, all]): [string, string][] => {
      const value = data.get(key)
      return value === undefined ? [] : [[key, replacedIn(value, changesOf(all))]]
    })
    const copy = copyOf(config, new Map(written))
    const name = text(at(copy, 'metadata', 'name'))!
    if (own.length === 0 && !edited.has(from) && !used.has(name)) return wired
    return {
      ...wired,
      working: pointedAt(add(wired.working, copy), holder, from, name),
      rewritten: [...wired.rewritten, ...rewritten],
      copied: [...wired.copied, { consumer, from, copy, leftAlone: edited.has(from) }],
    }
  }, before)
}

function isMoved({ address, target }: Called): boolean {
  return address.service !== target.service
}

function rewrittenIn(consumer: string, { to, address, target }: Called, value: string): Rewritten {
  return { consumer, to, address, service: target.service, value }
}

/** A pod template whose every mention of one ConfigMap names another. */
export function pointedAt(working: Working, holder: Manifest, from: string, to: string): Working {
  return namedAt(valueAt(working.objects.get(holder), TEMPLATE), from).reduce(
    (here, path) => put(here, holder, [...TEMPLATE, ...path], to),
    working,
  )
}

interface Called {
  readonly to: string
  readonly address: Address
  readonly place: Place
  readonly target: Led
}

/**
 * A call that an address makes, if it is one, and can be changed; what is called past a proxy is so by the name that it
 * is called by.
 */
function calledBy(
  given: Given,
  address: Address,
  scheme: Scheme,
  reading: ManifestGroup,
  around: Surrounding,
): Called[] {
  const { place, service, spans, written, pastProxy } = address
  const { wires } = given.revision
  const [to, ...more] = (reading.group.owners.get(service) ?? []).filter((each) => each !== given.name)
  if (to === undefined || more.length > 0 || place === undefined || spans.length === 0) return []
  if (pastProxy !== true && !isCertain(address, to, given, reading)) return []
  if (!wires.some((each) => each.to === to && each.service === service)) return []
  if (written !== undefined && reading.group.services.get(written.toLowerCase())?.alias !== undefined) return []
  const target = targetOf(given.name, to, service, scheme, reading, around)
  return 'why' in target ? [] : [{ to, address, place, target }]
}

/** The label of a member's pods: of the release, or of the one that its live revision belongs to. */
function releaseOf(
  { name }: Given,
  { wiring, changing, release }: Scheme,
  { cluster }: Surrounding,
): string | undefined {
  if (wiring === 'unpinned') return undefined
  if (changing.has(name)) return release
  return liveTemplate(name, { cluster })?.labels.get(RELEASE)
}

function liveTemplate(name: string, { cluster }: Pick<Surrounding, 'cluster'>): PodTemplate | undefined {
  return cluster?.group.members.find((each) => each.name === name)?.live?.template
}

function madeFor({ service, made }: Led, { objects }: ManifestGroup): [name: string, service: unknown][] {
  const base = made && objects.get(`Service ${made.of}`)
  return made === undefined || base === undefined ? [] : [[service, pinnedTo(base, service, made.pin)]]
}

function changesOf(all: readonly Called[]) {
  return all.flatMap(({ address, target }) => address.spans.map((span) => ({ span, to: target.service })))
}

function keyOf(place: Place): string {
  return Object.values(place).join('\n')
}
