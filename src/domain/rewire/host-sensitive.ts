import { finding, type Finding } from '../findings/finding.ts'
import { serviceIn } from '../evidence/hosts.ts'
import { memberNamed } from '../group/member.ts'
import { ruleFor } from '../objects/host-rules.ts'
import { nextService } from '../objects/strategy.ts'
import type { ManifestGroup } from './reading.ts'
import type { Rewritten } from './wire.ts'

/** What is called with TLS, where the caller looks at whom the certificate is for. */
const SECURE_SCHEME =
  /(?<![a-z0-9])(?:https|wss|grpcs|h2|rediss|amqps|mqtts|ldaps|stomps|smtps|ftps|tls|ssl|[a-z]+\+(?:tls|ssl|https)):\/\/(?:[^\s/@]*@)?$/i
/** What says that nothing is called with TLS, whatever the port. */
const PLAIN_SCHEME = /(?<![a-z0-9+.-])(?:http|ws|h2c):\/\/(?:[^\s/@]*@)?$/i
/** The port after a host, in whatever domain. */
const SECURE_PORT = /^[\w.-]*:(?:443|8443)(?!\d)/
/** A parameter of its URL. */
const SECURE_PARAMETER =
  /^[\w.:/-]*\?[^\s"'`]*(?<=[?&])(?:sslmode=verify[_-](?:full|identity)|(?:ssl|tls|usessl|secure)=true)\b/i
/** Neither a scheme nor a user with a password goes on for longer. */
const LONGEST_HEAD = 500

/**
 * Addresses whose host others look at, too: a certificate, a router, a policy, a list of hosts that are let in.
 * @param objects all of the files
 */
export function hostSensitive(
  rewritten: readonly Rewritten[],
  reading: ManifestGroup,
  objects: readonly unknown[],
  trusted: boolean,
): Finding[] {
  return rewritten.flatMap((each) => {
    const { consumer, to, address, service } = each
    if (address.pastProxy) return []
    const why = strictly(each, reading, objects)
    const soft = why === undefined ? ownNames(to, address.service, reading) : undefined
    if (why === undefined && soft === undefined) return []
    return [
      finding(
        'legacy',
        'host-sensitive',
        {
          members: [consumer],
          sentence: `${consumer} is to call ${to} by the host ${service} (${address.where}), and ${why ?? soft!}`,
          remedy: `${orKnown(to, reading)}; or, if the new host works as well, --trust-host`,
        },
        why === undefined || trusted ? 'warning' : 'error',
      ),
    ]
  })
}

/** The wiring that leaves the hosts as they are, where there is a Service for it. */
function orKnown(to: string, { group }: ManifestGroup): string {
  const strategy = memberNamed(group.members, to)?.strategy
  const preview = 'choose --wiring=preview, whose hosts they know'
  if (strategy === undefined || nextService(strategy) !== undefined) return preview
  const named = strategy.kind === 'Canary' ? 'a stableService and a canaryService' : 'a previewService'
  return `give ${to} ${named}, and ${preview}`
}

function strictly(
  { value, address, to }: Rewritten,
  { group }: ManifestGroup,
  objects: readonly unknown[],
): string | undefined {
  const tls = address.spans.some(([start, end]) =>
    isSecure(value.slice(Math.max(0, start - LONGEST_HEAD), start), value.slice(end)),
  )
  if (tls) return `its certificate may be for ${address.service} alone`
  const strategy = memberNamed(group.members, to)?.strategy
  if (strategy?.kind === 'Canary' && strategy.mesh) return `a mesh routes calls by the host ${address.service}`
  for (const each of objects) {
    const does = ruleFor(each, address.service, (host) => serviceIn(host, group.namespace))
    if (does !== undefined) return `${does} calls by the host ${address.service} alone`
  }
  return undefined
}

/** Whether a host is called with TLS, by what stands before and after it. */
function isSecure(before: string, after: string): boolean {
  if (SECURE_SCHEME.test(before) || SECURE_PARAMETER.test(after)) return true
  return SECURE_PORT.test(after) && !PLAIN_SCHEME.test(before)
}

/** Where the dependency's own settings name its Service among the hosts that it answers to. */
function ownNames(to: string, service: string, { given }: ManifestGroup): string | undefined {
  const named = given.get(to)?.addresses.find((each) => each.service === service && each.compared === true)
  return named && `${to} itself knows ${named.where}`
}
