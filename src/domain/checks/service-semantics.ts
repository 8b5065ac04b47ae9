import type { Finding } from '../findings/finding.ts'
import type { Member } from '../group/member.ts'
import type { Oddity } from '../objects/service.ts'
import { frontDoors } from '../trace/doors.ts'
import type { CheckContext } from './context.ts'
import { say } from './say.ts'

/** What each field does to requests, while the endpoints look full (Kubernetes, Service). */
const EFFECTS: Record<Oddity, string> = {
  'internalTrafficPolicy: Local': 'answer only callers on a node that has one of their pods',
  publishNotReadyAddresses: 'send requests to pods that are not ready',
  'sessionAffinity: ClientIP': 'keep a caller on the pod it was on before, for hours',
}

/** Services that users' requests pass and whose endpoints look full, though not everybody is answered by them. */
export function serviceSemantics(context: CheckContext): Finding[] {
  const { group, graph } = context
  const entries = new Set(graph.entries)
  const passed = group.members.flatMap((member) =>
    [...wired(member), ...(entries.has(member.name) ? frontDoors(group, member) : [])].map((service) => ({
      service,
      members: group.owners.get(service) ?? [],
    })),
  )
  const services = new Map(passed.map((each) => [each.service, each]))
  return (Object.keys(EFFECTS) as Oddity[]).flatMap((oddity) => {
    const odd = [...services.values()].filter(({ service }) => group.services.get(service)?.oddities.includes(oddity))
    if (odd.length === 0) return []
    const names = odd.map((each) => each.service).sort()
    return [
      say(context, 'service-semantics', {
        members: [...new Set(odd.flatMap((each) => each.members))].sort(),
        sentence:
          `Service${names.length === 1 ? '' : 's'} ${names.join(', ')} (${oddity}) may ${EFFECTS[oddity]}: ` +
          'what users meet was judged as if every caller reached every ready pod, and no other',
        remedy:
          `take ${oddity.split(':')[0]} out of ${names.length === 1 ? 'it' : 'them'}, ` +
          'or keep in mind that it is not covered',
      }),
    ]
  })
}

/** The Services that a member's revisions call. */
function wired({ live, next }: Member): string[] {
  return [live, next].flatMap((each) => each?.wires.map((wire) => wire.service) ?? [])
}
