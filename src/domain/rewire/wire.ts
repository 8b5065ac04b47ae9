import type { Place } from '../group/environment.ts'
import type { Address } from '../group/wires.ts'
import { valueAt } from '../manifests/edit.ts'
import type { Manifest } from '../manifests/manifest.ts'
import { parseConfigMap } from '../objects/config-map.ts'
import { at, text } from '../objects/fields.ts'
import { RELEASE } from '../objects/labels.ts'
import { copyOf, pinnedTo } from './copied.ts'
import { namedAt, pathOf, replacedIn } from './places.ts'
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
  return [...reading.given.values()].reduce<Wired>((wired, each) => wireOne(wired, each, scheme, reading, around), {
    working,
    made: new Map(),
    rewritten: [],
    copied: [],
  })
}

function wireOne(before: Wired, given: Given, scheme: Scheme, reading: ManifestGroup, around: Surrounding): Wired {
  const { holder } = given
  if (holder === undefined) return before
  const own = schemeFor(scheme, given.name)
  const found = given.addresses.flatMap((address) => calledBy(given, address, own, reading, around))
  let { working } = before
  const label = [...TEMPLATE, 'metadata', 'labels', RELEASE]
  working = put(working, holder, label, releaseOf(given, scheme, around))
  const made = new Map(found.flatMap(({ target }) => madeFor(target, reading)))
  for (const each of made.values()) working = add(working, each)
  const copied: Copied[] = []
  const rewritten: Rewritten[] = []
  const moved = found.filter(({ address, target }) => address.service !== target.service)
  const note = (each: Called, value: string): void => {
    rewritten.push({ consumer: given.name, to: each.to, address: each.address, service: each.target.service, value })
  }
  for (const all of Map.groupBy(moved, ({ place }) => keyOf(place)).values()) {
    const { place } = all[0]!
    if (place.in === 'config') continue
    const template = valueAt(working.objects.get(holder), TEMPLATE)
    const path = pathOf(template, place)
    const value = path && text(valueAt(template, path))
    if (path === undefined || value === undefined) continue
    for (const each of all) note(each, value)
    working = put(working, holder, [...TEMPLATE, ...path], replacedIn(value, changesOf(all)))
  }
  const configs = Map.groupBy(moved, ({ place }) => (place.in === 'config' ? place.configMap : undefined))
  for (const [name, all] of configs) {
    const config = name === undefined ? undefined : reading.objects.get(`ConfigMap ${name}`)
    // Back on the ConfigMap that somebody wrote, its addresses are that one's affair.
    if (name === undefined || config === undefined || scheme.wiring === 'unpinned') continue
    const written = new Map<string, string>()
    for (const [key, own] of Map.groupBy(all, ({ place }) => (place.in === 'config' ? place.key : ''))) {
      const value = parseConfigMap(config).data.get(key)
      if (value === undefined) continue
      for (const each of own) note(each, value)
      written.set(key, replacedIn(value, changesOf(own)))
    }
    const copy = copyOf(config, written)
    copied.push({ consumer: given.name, from: name, copy })
    working = pointedAt(add(working, copy), holder, name, text(at(copy, 'metadata', 'name'))!)
  }
  return {
    working,
    made: new Map([...before.made, ...made]),
    rewritten: [...before.rewritten, ...rewritten],
    copied: [...before.copied, ...copied],
  }
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

/** A call that an address makes, if it is one, and can be changed. */
function calledBy(
  given: Given,
  address: Address,
  scheme: Scheme,
  reading: ManifestGroup,
  around: Surrounding,
): Called[] {
  const { place, service, strength, spans, written } = address
  const { wires } = given.revision
  const [to, ...more] = (reading.group.owners.get(service) ?? []).filter((each) => each !== given.name)
  if (to === undefined || more.length > 0 || place === undefined || spans.length === 0 || strength === 'named')
    return []
  if (!wires.some((each) => each.to === to && each.service === service)) return []
  if (written !== undefined && reading.group.services.get(written.toLowerCase())?.alias !== undefined) return []
  const target = targetOf(to, service, scheme, reading, around)
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
  return cluster?.group.members.find((each) => each.name === name)?.live?.template.labels.get(RELEASE)
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
