import type { GoalRule } from './goal-rule.ts'
import { done, overtaken, serving, waiting, withdrawn } from './progress.ts'

/** The stable pod template is the current one again, and every Service selects its pods. */
export const stable: GoalRule<'stable'> = {
  progress: ({ hash, services }, member, group, expect) => {
    const { status } = member
    if (status.currentPodHash !== hash)
      return (
        overtaken(hash, member, expect) ?? waiting(`waiting for ${member.name} to go back to its stable pod template`)
      )
    if (status.stableRS !== hash) return waiting('waiting for the stable revision to be stable again')
    const behind = services.find((name) => group.services.get(name)?.hash !== hash && group.services.has(name))
    if (behind !== undefined) return waiting(`waiting for Service ${behind} to select the stable pods`)
    return serving(services[0], hash, member, group) ?? withdrawn(member) ?? done
  },
  isUnderWay: ({ until: { hash } }, { status }) => status.currentPodHash === hash && status.stableRS === hash,
  stands: ({ until: { hash } }, { status }) => status.stableRS === hash && status.currentPodHash === hash,
  words: {
    until: ({ until: { services }, to }) =>
      `${services.join(' and ')} ${services.length === 1 ? 'serves' : 'serve'} ${to.version.text}`,
    done: ({ to }) => `${to.version.text} put back, users on ${to.version.text}`,
    undone: ({ member, from }) => `${member} ${from.version.text} was withdrawn, and is under way again`,
  },
}
