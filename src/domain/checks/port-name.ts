import type { Finding } from '../findings/finding.ts'
import { called, type Revision } from '../group/member.ts'
import { containerPorts } from '../objects/pod-template.ts'
import type { Service } from '../objects/service.ts'
import { type CheckContext, servicesOf } from './context.ts'
import { listed, say } from './say.ts'

/**
 * Ports of a Service that lead to a port of the container by its name, which the next pods have not: they are behind
 * that Service, and nobody reaches them. What the live ones have not either leads nowhere now.
 */
export function lostPortNames(context: CheckContext): Finding[] {
  return context.changing.flatMap(({ name, strategy, live, next }) => {
    const lost = servicesOf(context, strategy).flatMap((service) =>
      lostBy(service, live, next!).map((target) => ({ service, target })),
    )
    return [...Map.groupBy(lost, ({ target }) => target)].map(([target, all]) => {
      const [they, send] = all.length === 1 ? ['Service', 'sends'] : ['Services', 'send']
      return say(context, 'dead-end', {
        member: name,
        sentence:
          `${they} ${listed(all.map(({ service }) => service.name))} ${send} to a port named ${target}, which ` +
          `${called(next!)} does not have: nobody would reach its pods there`,
        remedy: 'give the port of the container that name in the pod template',
      })
    })
  })
}

function lostBy({ ports }: Service, live: Revision | undefined, next: Revision): string[] {
  const names = (revision: Revision) => new Set(containerPorts(revision.rawTemplate).map(({ name }) => name))
  const [were, are] = [live === undefined ? new Set() : names(live), names(next)]
  const targets = ports.map((each) => each.get('targetPort')).filter((each) => typeof each === 'string')
  return [...new Set(targets)].filter((each) => were.has(each) && !are.has(each))
}
