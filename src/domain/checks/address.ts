import type { Wire } from '../wires.ts'

/** A wire's address as it would be typed to lead to another Service: only the host changes, so that scheme, namespace, port and path stay. */
export function addressedTo(wire: Wire, service: string): string {
  const address = wire.where.replace(/ in (ConfigMap \S+|\w+Metadata\.\w+)$/, '')
  const host = new RegExp(`(?<![\\w.-])${wire.service.replaceAll(/[^\w-]/g, '\\$&')}(?![\\w-])`, 'gi')
  const equals = address.indexOf('=')
  return address.slice(0, equals + 1) + address.slice(equals + 1).replace(host, service)
}
