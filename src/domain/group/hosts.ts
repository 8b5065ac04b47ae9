/**
 * A word that may be a host: in a URL of any kind, with ports, quoted, or in a list of these. Parts of a path are none
 * unless a port follows, as in gRPC's `dns://8.8.8.8/backend:80`.
 */
const HOST = /(?<![\w.-])(?:(?<!(?<!\/)\/)[a-z0-9][\w.-]*|[a-z0-9][\w.-]*(?=:\d))/gi

/** Who a URL logs in as is no host. */
const USER = /\/\/[^\s/@]*@/g

/** The Services (by name) a string names as hosts: `svc`, `svc.ns`, `svc.ns.svc`, `svc.ns.svc.DOMAIN`. */
export function hostsIn(value: string, namespace: string, services: ReadonlySet<string>): string[] {
  const found = [...value.replaceAll(USER, '//').matchAll(HOST)].flatMap(([word]) => {
    const [service = '', where = '', kind = ''] = word.toLowerCase().split('.')
    const here = (where === '' || where === namespace) && (kind === '' || kind === 'svc')
    return here && services.has(service) ? [service] : []
  })
  return [...new Set(found)]
}

/** The Services that a file of settings names as hosts; comments and the keys at the beginning of lines name none. */
export function hostsInFile(content: string, namespace: string, services: ReadonlySet<string>): string[] {
  return hostsIn(
    content.replaceAll(/^[ \t]*(?:[#;].*$|(?:- +)?["']?[\w.-]+["']?[ \t]*[:=](?!\d))/gm, ''),
    namespace,
    services,
  )
}
