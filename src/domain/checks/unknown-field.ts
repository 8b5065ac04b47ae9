import type { Finding } from '../findings/finding.ts'
import type { Member } from '../group/member.ts'
import { type CheckContext } from './context.ts'
import { listed, say } from './say.ts'

/**
 * Fields of a strategy, its steps or its router that a newer controller may know: what they do to users is in nothing
 * that is said. One that names a Service may well bring users there.
 */
export function unknownFields(context: CheckContext): Finding[] {
  return context.group.members.flatMap((member) => {
    const { unknown } = member.strategy
    if (unknown.length === 0) return []
    const services = [...new Set(unknown.flatMap((each) => each.words))].filter((each) =>
      context.group.services.has(each),
    )
    const paths = unknown.map((each) => each.path)
    return [
      say(
        context,
        'unknown-field',
        {
          member: member.name,
          sentence:
            `rollout/${member.name} says ${listed(paths)} in its strategy, which this program does not know: ` +
            'what that does to users is in nothing that is said here' +
            (services.length === 0 ? '' : `, though it names Service ${listed(services)}`),
          remedy: `take ${paths.length === 1 ? 'it' : 'them'} out if misspelt; a newer version may know more fields`,
        },
        services.length > 0 && context.towards === 'next' ? 'error' : 'warning',
      ),
    ]
  })
}

/** What is read, and cannot be followed: where users really are, or whose pods stand behind a Service. */
export function beyondWeights(context: CheckContext): Finding[] {
  return context.group.members.flatMap((member) =>
    oddities(member).map((why) =>
      say(context, 'service-semantics', {
        member: member.name,
        sentence: `users of ${member.name} may be elsewhere than is said: ${why}`,
        remedy: 'keep in mind that it is not covered',
      }),
    ),
  )
}

function oddities({ strategy, workloadRef, name }: Member): string[] {
  const sticky = strategy.kind === 'Canary' && strategy.stickiness !== undefined ? [strategy.stickiness] : []
  const own = workloadRef?.kind === 'Deployment' && workloadRef.scaleDown === 'progressively'
  return own
    ? [...sticky, `pods of deployment/${workloadRef.name} itself serve beside those of rollout/${name} until they go`]
    : sticky
}
