import { unended } from '../objects/refusal.ts'
import { at, text, time, whole } from '../objects/fields.ts'
import { type PodState, podState } from '../objects/pod-state.ts'
import { called, type Member, type Revision } from './member.ts'

/** Why pods of a revision are not ready, as far as the cluster says it. */
export interface Why {
  readonly member: string
  readonly revision: string
  /** A whole sentence, without its full stop. */
  readonly sentence: string
  /** A pod in which a container has said something before it ended; its log may say more. */
  readonly log: { readonly pod: string; readonly container: string } | undefined
}

/** An Event, as far as it tells why something does not come. */
export interface KubeEvent {
  readonly kind: string
  readonly name: string
  readonly reason: string
  readonly message: string
  readonly count: number
  /** Milliseconds since the epoch. */
  readonly when: number
  readonly warns: boolean
}

/** Reads an Event of either API; never throws. */
export function eventOf(raw: unknown): KubeEvent {
  return {
    kind: text(at(raw, 'involvedObject', 'kind')) ?? '',
    name: text(at(raw, 'involvedObject', 'name')) ?? '',
    reason: text(at(raw, 'reason')) ?? '',
    message: text(at(raw, 'message')) ?? '',
    count: whole(at(raw, 'series', 'count')) ?? whole(at(raw, 'count')) ?? 1,
    when:
      time(at(raw, 'series', 'lastObservedTime')) ??
      time(at(raw, 'lastTimestamp')) ??
      time(at(raw, 'eventTime')) ??
      time(at(raw, 'metadata', 'creationTimestamp')) ??
      0,
    warns: at(raw, 'type') === 'Warning',
  }
}

/** The pods of a revision, the oldest first. */
export function podsOf({ name }: Pick<Revision, 'name'>, pods: readonly unknown[]): PodState[] {
  return pods
    .map(podState)
    .filter((each) => each.owner === name)
    .toSorted((a, b) => a.created - b.created || (a.name < b.name ? -1 : 1))
}

/**
 * Why the pods of members' live and next revisions are not all ready: what the scheduler, the kubelet, a quota or an
 * admission webhook says, each thing once.
 */
export function whyNotReady(members: readonly Member[], pods: readonly unknown[], events: readonly unknown[]): Why[] {
  const warnings = events
    .map(eventOf)
    .filter((each) => each.warns)
    .toSorted((a, b) => b.when - a.when)
  return members.flatMap(({ live, next }) =>
    [next, live].flatMap((each) => (each === undefined ? [] : ofRevision(each, podsOf(each, pods), warnings))),
  )
}

function ofRevision(revision: Revision, pods: readonly PodState[], warnings: readonly KubeEvent[]): Why[] {
  const why = (sentence: string, log?: Why['log']): Why => ({
    member: revision.member,
    revision: called(revision),
    sentence,
    log,
  })
  const refused = warnings.find((each) => each.kind === 'ReplicaSet' && each.name === revision.name)
  const missing = revision.desired > pods.length && refused !== undefined
  const struck = pods.filter((each) => !each.isReady && each.doing !== 'Terminating')
  const alike = Map.groupBy(struck, (each) => wordsOf(each, warnings))
  return [
    ...(missing ? [why(`no pod of ${called(revision)} is made: ${unended(refused.message)}`)] : []),
    ...[...alike].flatMap(([words, some]) => {
      if (words === '') return []
      const [first] = some
      const whose = some.length === 1 ? `pod ${first!.name}` : `${some.length} pods`
      return [why(`${whose} of ${called(revision)}: ${words}`, spokenIn(first!))]
    }),
  ]
}

/** The container of a pod that is not ready which has said something before it ended. */
export function spokenIn({ name, isReady, doing, restarts, trouble }: PodState): Why['log'] {
  const container = isReady ? undefined : trouble?.container
  const spoke = container !== undefined && (restarts > 0 || /Error|CrashLoop|OOM/.test(doing))
  return spoke ? { pod: name, container } : undefined
}

/** What a pod itself says, else its last warning; empty where it only starts. */
function wordsOf({ name, trouble }: PodState, warnings: readonly KubeEvent[]): string {
  const told = warnings.find((each) => each.kind === 'Pod' && each.name === name)
  if (trouble === undefined) return told === undefined ? '' : `${told.reason}: ${unended(told.message)}`
  const { reason, message, container } = trouble
  const said = message === '' && told !== undefined ? told.message : message
  return [
    ...(container === undefined ? [] : [`container ${container}`]),
    reason,
    ...(said === '' ? [] : [unended(said)]),
  ].join(': ')
}
