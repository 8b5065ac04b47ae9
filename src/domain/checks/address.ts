import { argumentValues } from '../evidence/argument-values.ts'
import { STRENGTHS } from '../evidence/evidence.ts'
import type { FileValue } from '../evidence/file-value.ts'
import { directoryOf, type Span } from '../evidence/hosts.ts'
import type { Wire } from '../group/member.ts'
import type { Group } from '../group/read-group.ts'
import { replacedIn } from '../evidence/replaced.ts'
import { settingIn } from '../evidence/settings-file.ts'
import { weighed } from '../evidence/value-evidence.ts'

type Known = Pick<Group, 'namespace' | 'services'>

/**
 * A wire's address as it would be typed to lead to another Service: only the host changes, so that scheme, namespace,
 * port and path stay, and what only looks like it; a cluster IP gives way to a cluster IP, and the variables of a
 * Service to those of the other.
 */
export function addressedTo(wire: Wire, service: string, group: Known): string {
  const { services } = group
  const written = wire.written ?? wire.service
  const address = wire.where
    .replace(`, where ${written} is ${wire.service}`, '')
    .replace(/ in (ConfigMap \S+|\w+Metadata\.\w+)$/, '')
  const ip = services.get(wire.service)?.clusterIPs.indexOf(written.toLowerCase().replace(/^\[|\]$/g, '')) ?? -1
  const host = services.get(service)?.clusterIPs[ip] ?? service
  const [head] = /^(?:argument |[\w.-]+=)/.exec(address) ?? ['']
  // Of a file only the host is told.
  const length = /^\S+(?= in file )/.exec(address)?.[0].length ?? address.length
  const [text, rest] = [address.slice(head.length, length), address.slice(length)]
  return head + withHost(text, { written, host, head, from: wire.service, to: service }, group) + rest
}

interface Moved {
  /** What stands for the Service. */
  readonly written: string
  /** What is to stand there. */
  readonly host: string
  /** What it is the value of. */
  readonly head: string
  readonly from: string
  readonly to: string
}

function withHost(text: string, { written, host, head, from, to }: Moved, group: Known): string {
  // A variable has an underscore, and few hosts have.
  if (written.includes('_')) {
    const variable = new RegExp(`(?<![A-Z0-9_])${variableOf(from)}(?=_(?:SERVICE_|PORT))`, 'g')
    if (variable.test(written)) return text.replace(variable, variableOf(to))
  }
  // An IPv6 address is told in brackets, in which it need not stand.
  if (written.startsWith('['))
    return text.replaceAll(written, host.includes(':') ? `[${host}]` : host).replaceAll(written.slice(1, -1), host)
  const [start, last] = [text.indexOf(written), text.lastIndexOf(written)]
  if (start !== -1 && start === last) return text.slice(0, start) + host + text.slice(start + written.length)
  return replacedIn(
    text,
    hostsOf(from, valuesOf(head, text), group).map((span) => ({ span, to: host })),
  )
}

/** What is in an argument or a variable, by what it is under. */
function valuesOf(head: string, text: string): FileValue[] {
  if (head === 'argument ') return argumentValues(text, undefined)
  return settingIn(head.slice(0, -1), text)
}

/** Where a Service stands as an address, by the reading that finds calls: of its mentions the ones that are surest. */
function hostsOf(service: string, values: readonly FileValue[], group: Known): Span[] {
  const directory = directoryOf(group.namespace, group.services, new Set([service]))
  const around = { directory, owners: new Map(), names: new Set([service]) }
  const found = values.flatMap((each) => weighed(each, () => true, around))
  const surest = STRENGTHS.find((strength) => found.some((each) => each.strength === strength))
  return found.flatMap((each) => (each.strength === surest ? each.spans : []))
}

/** What the variables begin with that the kubelet sets for a Service (pkg/kubelet/envvars). */
function variableOf(service: string): string {
  return service.toUpperCase().replaceAll('-', '_')
}
