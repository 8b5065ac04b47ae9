import { finding, type Finding } from '../findings/finding.ts'
import { memberNamed } from '../group/member.ts'
import { selects } from '../objects/service.ts'
import { liveService, nextService } from '../objects/strategy.ts'
import type { Changing } from './changing.ts'
import type { ManifestGroup, Surrounding } from './reading.ts'

/** Users whose calls reach what changes by a Service that selects each of its revisions, whatever is pinned now. */
export function plainFirst({ all }: Changing, { given }: ManifestGroup, { cluster }: Surrounding): Finding[] {
  if (cluster === undefined) return []
  const { members, services } = cluster.group
  const calls = members.flatMap(({ live }) =>
    (live?.wires ?? [])
      .filter(({ to, service }) => {
        const member = memberNamed(members, to)
        const found = services.get(service)
        const fresh = given.get(to)?.revision
        if (!all.has(to) || member?.live === undefined || found === undefined || fresh === undefined) return false
        const isRole = [liveService(member.strategy), nextService(member.strategy)].includes(service)
        return (
          !isRole &&
          found.hash === undefined &&
          [member.live, fresh].every(({ template }) => selects(found.base, template.labels))
        )
      })
      .map(({ to, service }) => ({ consumer: live!.member, to, service })),
  )
  if (calls.length === 0) return []
  const reached = [...new Set(calls.map(({ to, service }) => `${to} by Service ${service}`))]
  return [
    finding('legacy', 'on-plain-service', {
      members: [...new Set(calls.map((each) => each.consumer))],
      sentence:
        `users are led to ${reached.join(', ')}, which ${reached.length === 1 ? 'selects' : 'select'} ` +
        'every revision: ' +
        'they would meet the new one before its gate',
      remedy:
        'first release the manifests that are live now, pinned: give what pin -f prints of them to release -f -; ' +
        'they lead to the live ReplicaSets by their hash',
    }),
  ]
}
