import type { GoalRule } from './goal-rule.ts'
import { done, overtaken, serving, waiting, withdrawn } from './progress.ts'

/** The next revision is withdrawn, and the controller has said so; users are on the stable one. */
export const aborted: GoalRule<'aborted'> = {
  progress: ({ hash, service }, member, group, expect) => {
    const { status } = member
    if (status.stableRS !== hash) return { state: 'changed', why: `${member.name} has another stable revision now` }
    const newer = overtaken(hash, member, expect)
    if (newer !== undefined) return newer
    if (status.currentPodHash === hash) return serving(service, hash, member, group) ?? done
    if (!status.abort || status.abortedAt === undefined) return waiting('waiting for the controller to abort it')
    return withdrawn(member) ?? serving(service, hash, member, group) ?? done
  },
  isUnderWay: ({ until: { hash }, expect }, { status }) =>
    status.abort && status.currentPodHash === expect.currentPodHash && status.stableRS === hash,
  stands: ({ until: { hash }, from }, { status }) =>
    status.stableRS === hash &&
    (status.currentPodHash === hash || (status.currentPodHash === from.hash && status.abort)),
  words: {
    until: ({ until: { service }, to }) =>
      service === undefined
        ? 'its next pods carry no users'
        : `it is withdrawn and ${service} serves ${to.version.text}`,
    done: ({ from, to }) => `${from.version.text} withdrawn, users on ${to.version.text}`,
    undone: ({ member, from }) => `${member} ${from.version.text} was withdrawn, and is under way again`,
  },
}
