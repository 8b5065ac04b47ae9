import { few, listed } from '../checks/say.ts'
import { finding, type Finding } from '../findings/finding.ts'
import type { Mode } from '../findings/mode.ts'
import { isByLiveLabel, isMemberIn, lackingLabel, type Membership } from '../group/membership.ts'
import { at, text } from '../objects/fields.ts'

/** One object of a person's files. */
export interface InFile {
  readonly object: unknown
  /** The file and document it stands in, for people. */
  readonly where: string
}

/** The group that files are to be of, and who is a member of it. */
export interface Aimed extends Membership {
  readonly group: string
  readonly namespace: string
  readonly mode: Mode
}

/** What is to be said of the group's label: Rollouts that would be no members, and those that the cluster makes ones. */
export function strangers(rollouts: readonly InFile[], aim: Aimed): Finding[] {
  return [...noMembers(rollouts, aim), ...labelledThere(rollouts, aim)]
}

function noMembers(rollouts: readonly InFile[], aim: Aimed): Finding[] {
  const lacking = rollouts.flatMap((each) => {
    const found = lackingLabel(each.object, aim.labels)
    if (found === undefined || isMemberIn(each.object, aim)) return []
    const { key, value, other } = found
    const label = `${key}=${value}`
    return [
      {
        ...each,
        key,
        value,
        other,
        label,
        has: other === undefined ? `no label ${label}` : `the label ${key}=${other}`,
      },
    ]
  })
  return [...Map.groupBy(lacking, ({ has }) => has)].map(([label, found]) => {
    const [{ key, value, other, label: wanted }] = found as [(typeof found)[number]]
    const [is, has, them] =
      found.length === 1 ? ['is no member', 'it has', 'it'] : ['are no members', 'they have', 'them']
    const all = found.length === rollouts.length
    const names = found.map(({ object }) => nameIn(object))
    const labelThere = { tool: 'kubectl', words: ['label', 'rollout', ...names, wanted], namespace: aim.namespace }
    return unfit(aim, {
      sentence: `${placed(found)} ${is} of group ${aim.group}: ${has} ${label}`,
      remedy:
        other === undefined
          ? [
              `write that label into the files (metadata.labels of the Rollout), or leave ${them} out; ` +
                'of one that is in the cluster already its label there is enough: ',
              labelThere as { tool: 'kubectl' } & typeof labelThere,
            ]
          : all
            ? `name group ${other}, if that is meant`
            : `where one of them calls another, take them as one group: -l '${key} in (${value},${other})' in place ` +
              'of its name; else deploy the groups one after the other',
    })
  })
}

/** Said once: files may do without the label, since applying them leaves it where it is. */
export function labelledThere(rollouts: readonly InFile[], aim: Aimed): Finding[] {
  const found = rollouts.filter(({ object }) => isByLiveLabel(object, aim))
  if (found.length === 0) return []
  const { key, value } = lackingLabel(found[0]!.object, aim.labels)!
  const members = found.map(({ object }) => nameIn(object))
  return [
    finding(aim.mode, 'labelled-there', {
      members,
      sentence:
        `the files do not say ${key}=${value} of ${listed(members)}, and the cluster does: ` + 'that counts, and stays',
      remedy: 'write it into the files, too (metadata.labels of the Rollout): what is made anew from them has it then',
    }),
  ]
}

/** Where the very apply would take the label away: the next run would not find the member any more. */
export function losesLabel(
  name: string,
  where: string,
  { was, will }: { readonly was: unknown; readonly will: unknown },
  aim: Aimed,
): Finding[] {
  const lost = lackingLabel(will, aim.labels)
  if (lost === undefined || lackingLabel(was, aim.labels) !== undefined) return []
  return [
    unfit(aim, {
      member: name,
      sentence:
        `Rollout ${name} (${where}) would lose its label ${lost.key}=${lost.value}, ` +
        `with which it was applied before: it would be no member of group ${aim.group} any more`,
      remedy: 'write that label into the files (metadata.labels of the Rollout), or leave it out',
    }),
  ]
}

/** Objects with their places, as many as a person reads. */
export function placed(objects: readonly InFile[]): string {
  return few(objects.map(({ object, where }) => `${nameOf(object)} (${where})`))
}

/** `Rollout my-frontend`. */
export function nameOf(object: unknown): string {
  return [text(at(object, 'kind')) ?? 'an object', nameIn(object)].join(' ').trim()
}

function nameIn(object: unknown): string {
  return text(at(object, 'metadata', 'name')) ?? ''
}

/** Files that cannot be meant. */
export function unfit({ mode }: Aimed, said: Pick<Finding, 'sentence' | 'remedy'> & { member?: string }): Finding {
  return finding(mode, 'unfit-files', said)
}
