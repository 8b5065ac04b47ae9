import { at, strings, text } from '../objects/fields.ts'

/** What makes a Rollout of a person's files a member of the group. */
export interface Membership {
  /** The labels of members; undefined: a selector says so that is more than these. */
  readonly labels: ReadonlyMap<string, string> | undefined
  /** The members in the cluster, by name: their label counts where the files say nothing. */
  readonly there: ReadonlySet<string>
}

/** A label that a Rollout should have. */
export interface Lacking {
  readonly key: string
  readonly value: string
  /** What it has instead; undefined: nothing. */
  readonly other: string | undefined
}

/** The first label of members that a Rollout has not. */
export function lackingLabel(rollout: unknown, labels: Membership['labels']): Lacking | undefined {
  const own = strings(at(rollout, 'metadata', 'labels'))
  const [found] = [...(labels ?? [])].filter(([key, value]) => own.get(key) !== value)
  return found && { key: found[0], value: found[1], other: own.get(found[0]) }
}

/** Whether a Rollout of the files is a member by the label that it has in the cluster alone. */
export function isByLiveLabel(rollout: unknown, { labels, there }: Membership): boolean {
  const lacking = lackingLabel(rollout, labels)
  return lacking !== undefined && lacking.other === undefined && there.has(text(at(rollout, 'metadata', 'name')) ?? '')
}

/** Whether a Rollout of the files is a member. */
export function isMemberIn(rollout: unknown, membership: Membership): boolean {
  return lackingLabel(rollout, membership.labels) === undefined || isByLiveLabel(rollout, membership)
}

/** The names of objects. */
export function namesIn(objects: readonly unknown[]): ReadonlySet<string> {
  return new Set(objects.flatMap((each) => text(at(each, 'metadata', 'name')) ?? []))
}
