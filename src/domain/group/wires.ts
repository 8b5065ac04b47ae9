import type { Configs } from '../objects/config-map.ts'
import type { Container, PodTemplate } from '../objects/pod-template.ts'
import type { Strategy } from '../objects/strategy.ts'
import { argumentValues } from '../evidence/argument-values.ts'
import {
  filesByAgents,
  filesOf,
  filesOfFields,
  metadataAt,
  type Place,
  type Setting,
  settings,
  variablesOf,
} from './environment.ts'
import { type Strength, STRENGTHS } from '../evidence/evidence.ts'
import { type IsTold, mayName, type Span } from '../evidence/hosts.ts'
import type { Evidence, Outside, Wire } from './member.ts'
import { roleSettings, withoutRoles } from './role-settings.ts'
import type { FileValue } from '../evidence/file-value.ts'
import { settingIn, valuesIn } from '../evidence/settings-file.ts'
import { type Around, type Judged, weighed } from '../evidence/value-evidence.ts'

/** A string of a pod template that names a Service. */
export interface Address extends Omit<Wire, 'to'> {
  readonly strength: Strength
  /** The string it stands in, and where in that; undefined, or nowhere, where another cannot be written in its place. */
  readonly place?: Place
  readonly spans: readonly Span[]
  /** It stands where hosts of others are compared with it. */
  readonly compared?: true
  /** It is a word of a larger string. */
  readonly inside?: true
  /** It stands in a list of hosts that are called past a proxy. */
  readonly pastProxy?: true
  /** Of one that is doubtful, though it is an address by its form: whether nothing is compared with it. */
  readonly callable?: boolean
}

/**
 * Every string of one revision that names a Service: of its environment, arguments, files and host aliases, and of its
 * metadata where it reads that.
 */
export function addressesOf(template: PodTemplate, strategy: Strategy, configs: Configs, around: Around): Address[] {
  const own = withoutRoles(template, strategy)
  const processes = [...template.containers, ...template.initContainers]
  const found = (values: readonly FileValue[], isTold: IsTold) =>
    values.flatMap((each) => weighed(each, isTold, around))
  // What a container sets itself overrides what the kubelet tells (makeEnvironmentVariables).
  const toldTo = (containers: readonly Container[]): IsTold => {
    let set: ReadonlySet<string> | undefined
    return (variable) => {
      set ??= new Set(containers.flatMap((each) => variablesOf(each, own, configs)))
      return template.serviceLinks && !set.has(variable)
    }
  }
  const strings = processes.flatMap((container) => {
    const all = settings(container, own, configs)
    const names = new Set(all.map((each) => each.name))
    const isTold = toldTo([container])
    return all.flatMap((each) => {
      const { value, raw, configMap, place } = each
      const written = value === raw ? undefined : found(valuesOf({ ...each, value: raw }, names), isTold)
      return found(valuesOf(each, names), isTold).map((host) => {
        const isIt = ({ service, pastProxy }: Judged) => service === host.service && pastProxy === host.pastProxy
        const spans = written?.find(isIt)?.spans
        const found = written === undefined ? host : { ...host, spans: spans ?? [] }
        return addressOf(inLabel(found, place), each.where, { configMap, place })
      })
    })
  })
  const shown = filesOfFields(own).flatMap(({ key, content, where, place }) =>
    found(settingIn(key, content), toldTo(processes)).map((host) =>
      addressOf(inLabel(host, place), inFile(host, where), { place }),
    ),
  )
  const roles = roleSettings(template, strategy).flatMap((each) =>
    found([{ ...each, offset: 0 }], toldTo([])).map((host) => addressOf(host, each.where, { role: each.role })),
  )
  const mayBe = (value: string) => mayName(value, around.directory)
  const files = filesOf(template, configs).flatMap(({ content, configMap, key, where, by }) =>
    found(valuesIn(content, mayBe), toldTo(processes.filter(({ name }) => by.includes(name)))).map((host) =>
      addressOf(host, inFile(host, where), {
        configMap,
        place: { in: 'config', configMap, key },
      }),
    ),
  )
  const byAgents = filesByAgents(template).flatMap(({ content, where }) =>
    found(valuesIn(content, mayBe), toldTo(processes)).map((host) => addressOf(host, inFile(host, where), {})),
  )
  return [...strings, ...shown, ...roles, ...files, ...byAgents, ...aliased(template, around)]
}

/** A label says what a pod is: what may be an address elsewhere is a name there. */
function inLabel(host: Judged, place: Place): Judged {
  const isLabels = place.in === 'field' && metadataAt(place.path)?.kind === 'label'
  return isLabels && host.strength === 'doubtful' ? { ...host, strength: 'named' } : host
}

function inFile({ written, service }: Judged, where: string): string {
  return `${written ?? service} in ${where}`
}

const BY_IP = {
  strength: 'sure',
  form: 'dialled',
  spans: [],
  compared: false,
  inside: false,
  pastProxy: false,
  callable: true,
} as const

/** The Services whose cluster IP a host name of the pods' own leads to. */
function aliased({ hostAliases }: PodTemplate, { directory }: Around): Address[] {
  return hostAliases.flatMap(({ ip, names }) => {
    const service = directory.addresses.get(ip)
    const where = `hostAliases ${ip} ${names.join(' ')}`
    return service === undefined ? [] : [addressOf({ ...BY_IP, service, written: ip }, where, {})]
  })
}

function addressOf(
  host: Judged,
  where: string,
  rest: {
    readonly configMap?: string | undefined
    readonly role?: NonNullable<Wire['role']>
    readonly place?: Place
  },
): Address {
  const { service, strength, written, spans, compared, inside, pastProxy, callable } = host
  return {
    service,
    strength,
    spans,
    ...(compared && { compared }),
    ...(inside && { inside }),
    ...(pastProxy && { pastProxy }),
    ...(host.form === 'dialled' && strength === 'doubtful' && { callable }),
    where: written === undefined ? where : `${where}, where ${written} is ${service}`,
    ...(written !== undefined && { written }),
    ...(rest.configMap !== undefined && { configMap: rest.configMap }),
    ...(rest.role !== undefined && { role: rest.role }),
    ...(rest.place !== undefined && { place: rest.place }),
  }
}

/** Beside a port of its own a variable holds a host. */
function valuesOf({ name, value, before }: Setting, names: ReadonlySet<string | undefined>): FileValue[] {
  if (name === undefined) return argumentValues(value, before)
  return settingIn(names.has(`${name}_PORT`) ? `${name}_HOST` : name, value)
}

/** What a revision has to tell of whom it calls, the strongest of each address. */
export function evidenceOf(member: string, addresses: readonly Address[], owners: Around['owners']): Evidence[] {
  const found = new Map<string, Evidence>()
  for (const strength of STRENGTHS)
    for (const { place: _, spans: __, inside: ___, ...address } of addresses) {
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
