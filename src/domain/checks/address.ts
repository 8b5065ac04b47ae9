import type { Wire } from '../group/member.ts'
import type { Service } from '../objects/service.ts'

/**
 * A wire's address as it would be typed to lead to another Service: only the host changes, so that scheme, namespace,
 * port and path stay; a cluster IP gives way to a cluster IP, and the variables of a Service to those of the other.
 */
export function addressedTo(
  wire: Wire,
  service: string,
  services: ReadonlyMap<string, Pick<Service, 'clusterIPs'>>,
): string {
  const written = wire.written ?? wire.service
  const address = wire.where
    .replace(`, where ${written} is ${wire.service}`, '')
    .replace(/ in (ConfigMap \S+|\w+Metadata\.\w+)$/, '')
  const value = address.startsWith('argument ') ? 0 : address.indexOf('=') + 1
  const [key, text] = [address.slice(0, value), address.slice(value)]
  // A variable has an underscore, and few hosts have.
  if (written.includes('_')) {
    const variable = new RegExp(`(?<![A-Z0-9_])${variableOf(wire.service)}(?=_(?:SERVICE_|PORT))`, 'g')
    if (variable.test(written)) return key + text.replace(variable, variableOf(service))
  }
  const ip = services.get(wire.service)?.clusterIPs.indexOf(written.toLowerCase().replace(/^\[|\]$/g, '')) ?? -1
  const host = services.get(service)?.clusterIPs[ip] ?? service
  return key + withHost(text, written, host)
}

/** What the variables begin with that the kubelet sets for a Service (pkg/kubelet/envvars). */
function variableOf(service: string): string {
  return service.toUpperCase().replaceAll('-', '_')
}

/** A text with each of a host's mentions replaced, in whatever letters it is written. */
function withHost(text: string, written: string, host: string): string {
  const name = written.toLowerCase()
  const folded = text.toLowerCase()
  // One letter, İ, becomes two.
  const within = folded.length === text.length ? folded : text
  let done = ''
  let rest = 0
  for (let from = within.indexOf(name); from >= 0; from = within.indexOf(name, from + name.length)) {
    const to = from + name.length
    HOST_BEFORE.lastIndex = from
    if (!HOST_BEFORE.test(text) || /[\w-]/.test(text.charAt(to))) continue
    done += text.slice(rest, from) + host
    rest = to
  }
  return done + text.slice(rest)
}

/**
 * A host begins a word, or follows a scheme, a user, or the port and protocol of an SRV name; what follows a path is
 * another's affair.
 */
const HOST_BEFORE = /(?<=(?:^|[\s'"`,:;|=(){}<>[\]]|\/\/|@)(?:_[\w-]+\._\w+\.)?)/y
