import type { Wire } from '../group/member.ts'

/**
 * A wire's address as it would be typed to lead to another Service: only the host changes, so that scheme, namespace,
 * port and path stay.
 */
export function addressedTo(wire: Wire, service: string): string {
  const written = wire.written ?? wire.service
  const address = wire.where
    .replace(`, where ${written} is ${wire.service}`, '')
    .replace(/ in (ConfigMap \S+|\w+Metadata\.\w+)$/, '')
  const value = address.startsWith('argument ') ? 0 : address.indexOf('=') + 1
  // A host begins a word, or follows a scheme, or a user; what follows a path is another's affair.
  const host = new RegExp(`(^|[\\s'"\`,:;|=(){}<>[\\]]|//|@)${written.replaceAll(/[^\w-]/g, '\\$&')}(?![\\w-])`, 'gi')
  return address.slice(0, value) + address.slice(value).replace(host, `$1${service}`)
}
