import type { Configs } from '../objects/config-map.ts'
import type { PodTemplate } from '../objects/pod-template.ts'
import type { Strategy } from '../objects/strategy.ts'
import { argumentValues } from './argument-values.ts'
import { filesOf, type Place, type Setting, settings } from './environment.ts'
import { keyOf, saysAddress, type Strength, strengthOf, STRENGTHS } from './evidence.ts'
import { type Directory, type Host, hostsIn, type Span } from './hosts.ts'
import type { Evidence, Outside, Wire } from './member.ts'
import { roleSettings } from './role-settings.ts'
import { type FileValue, valuesIn } from './settings-file.ts'
import { type Part, partsOf } from './value-parts.ts'

/** A string of a pod template that names a Service. */
export interface Address extends Omit<Wire, 'to'> {
  readonly strength: Strength
  /** The string it stands in, and where in that; undefined, or nowhere, where another cannot be written in its place. */
  readonly place?: Place
  readonly spans: readonly Span[]
}

/** Where Services lead to. */
export interface Around {
  readonly directory: Directory
  /** The members whose pods each Service selects. */
  readonly owners: ReadonlyMap<string, readonly string[]>
  /** The names of the members. */
  readonly names: ReadonlySet<string>
}

/**
 * Every string of one revision that names a Service: of its environment, arguments, files and host aliases, and of its
 * metadata where it reads that.
 */
export function addressesOf(template: PodTemplate, strategy: Strategy, configs: Configs, around: Around): Address[] {
  const found = (values: readonly FileValue[]) => values.flatMap((each) => weighed(each, template.serviceLinks, around))
  const strings = [...template.containers, ...template.initContainers].flatMap((container) => {
    const all = settings(container, configs)
    const names = new Set(all.map((each) => each.name))
    return all.flatMap((each) => {
      const { value, raw, configMap, place } = each
      const written = value === raw ? undefined : found(valuesOf({ ...each, value: raw }, names))
      return found(valuesOf(each, names)).map((host) => {
        const spans = written?.find(({ service }) => service === host.service)?.spans
        const own = written === undefined ? host : { ...host, spans: spans ?? [] }
        return addressOf(own, each.where, { configMap, place })
      })
    })
  })
  const roles = roleSettings(template, strategy).flatMap((each) =>
    found([{ ...each, offset: 0 }]).map((host) => addressOf(host, each.where, { role: each.role })),
  )
  const files = filesOf(template, configs).flatMap(({ content, configMap, key, where }) =>
    found(valuesIn(content)).map((host) =>
      addressOf(host, `${host.written ?? host.service} in ${where}`, {
        configMap,
        place: { in: 'config', configMap, key },
      }),
    ),
  )
  return [...strings, ...roles, ...files, ...aliased(template, around)]
}

/** The Services whose cluster IP a host name of the pods' own leads to. */
function aliased({ hostAliases }: PodTemplate, { directory }: Around): Address[] {
  return hostAliases.flatMap(({ ip, names }) => {
    const service = directory.addresses.get(ip)
    const where = `hostAliases ${ip} ${names.join(' ')}`
    return service === undefined
      ? []
      : [addressOf({ service, strength: 'sure', written: ip, form: 'dialled', spans: [] }, where, {})]
  })
}

type Weighed = Host & { readonly strength: Strength }

function addressOf(
  host: Weighed,
  where: string,
  rest: {
    readonly configMap?: string | undefined
    readonly role?: NonNullable<Wire['role']>
    readonly place?: Place
  },
): Address {
  const { service, strength, written, spans } = host
  return {
    service,
    strength,
    spans,
    where: written === undefined ? where : `${where}, where ${written} is ${service}`,
    ...(written !== undefined && { written }),
    ...(rest.configMap !== undefined && { configMap: rest.configMap }),
    ...(rest.role !== undefined && { role: rest.role }),
    ...(rest.place !== undefined && { place: rest.place }),
  }
}

/** A value of several lines, or of JSON, is a file in itself; beside a port of its own a variable holds a host. */
function valuesOf({ name, value, before }: Setting, names: ReadonlySet<string | undefined>): FileValue[] {
  if (name === undefined) return argumentValues(value, before)
  if (/\n|^\s*[{[]/.test(value)) return valuesIn(value)
  return [{ key: names.has(`${name}_PORT`) ? `${name}_HOST` : name, value, offset: 0 }]
}

/** The Services a value names, each in its surest places, with how sure it is that they are called. */
function weighed({ key, value, offset }: FileValue, serviceLinks: boolean, around: Around): Weighed[] {
  const parts = partsOf(value, saysAddress)
  const found = parts.flatMap((part) =>
    hostsIn(part.text, around.directory, serviceLinks).map((host) => ({ part, host })),
  )
  const beside = { list: parts[0].text.includes(','), address: found.some(({ host }) => !isWord(host)) }
  const all = found.map(({ part, host }): Weighed => {
    const begin = offset + part.offset
    const spans = host.spans.map(([start, end]): Span => [start + begin, end + begin])
    return { ...host, spans, strength: strengthIn(part, host, key, beside, around) }
  })
  return [...Map.groupBy(all, ({ service }) => service).values()].map((same) => {
    const strength = STRENGTHS.find((each) => same.some((one) => one.strength === each))!
    const surest = same.filter((each) => each.strength === strength)
    return { ...surest[0]!, spans: surest.flatMap((each) => each.spans) }
  })
}

/** @param whole the key of the whole value @param beside what stands in it, too */
function strengthIn(
  part: Part,
  host: Host,
  whole: string | undefined,
  beside: { readonly list: boolean; readonly address: boolean },
  { owners, names }: Around,
): Strength {
  const key = part.key === undefined ? whole : keyOf(part.key, whole, beside.list)
  const spoken = part.key !== undefined && key === part.key
  // Beside an address the other words are its parameters, unless they stand in one list with it.
  const told = part.parameter ? host.form !== 'dialled' : isWord(host) && beside.address && !beside.list
  if (told && !spoken) return 'named'
  const form = host.form === 'whole' && part.key !== undefined ? 'word' : host.form
  const strength = strengthOf(key, form, beside.list, names.has(host.written ?? host.service))
  const own = [host.service, ...(owners.get(host.service) ?? [])].some((each) => isSame(each, key))
  return own && form === 'whole' && strength === 'doubtful' ? 'sure' : strength
}

function isWord({ form }: Host): boolean {
  return form === 'whole' || form === 'word'
}

/** Whether a variable bears the very name of whom it leads to. */
function isSame(name: string, key: string | undefined): boolean {
  return key !== undefined && name.replaceAll('-', '').toLowerCase() === key.replaceAll(/[^a-z0-9]/gi, '').toLowerCase()
}

/** What a revision has to tell of whom it calls, the strongest of each address. */
export function evidenceOf(member: string, addresses: readonly Address[], owners: Around['owners']): Evidence[] {
  const found = new Map<string, Evidence>()
  for (const strength of STRENGTHS)
    for (const { place: _, spans: __, ...address } of addresses) {
      if (address.strength !== strength) continue
      for (const to of owners.get(address.service) ?? []) {
        const key = [to, address.service, address.role?.of, address.role?.by].join(' ')
        if (to !== member && !found.has(key)) found.set(key, { to, ...address })
      }
    }
  return [...found.values()]
}

/**
 * What of one revision leads to Rollouts outside the group, once for each Service.
 * @param outside the Services that belong to such ones, with their Rollout
 */
export function outsideOf(addresses: readonly Address[], outside: ReadonlyMap<string, string>): Outside[] {
  const found = new Map<string, Outside>()
  for (const { service, where, strength } of addresses) {
    const rollout = outside.get(service)
    if (rollout !== undefined && strength !== 'named' && !found.has(service))
      found.set(service, { rollout, service, where })
  }
  return [...found.values()]
}
