import type { CheckContext } from '../checks/context.ts'
import { kubectl, listed as words, say } from '../checks/say.ts'
import type { Finding } from '../findings/finding.ts'
import type { Call, Remedy } from '../findings/remedy.ts'
import { called, type Member, type Revision } from '../group/member.ts'
import { settingOf } from '../group/declared.ts'
import { callsUnknown, whyUnknown } from '../group/unknown-calls.ts'
import { DEPENDS_ON } from '../objects/labels.ts'
import type { Scene } from '../trace/requests.ts'
import { violationKey } from '../trace/violations.ts'
import type { Move } from '../actions/step.ts'
import { type Broken, prove, type Proof } from './prove.ts'

/** A proof, and what somebody must say before it holds. */
export interface Doubted {
  readonly proof: Proof
  readonly findings: readonly Finding[]
}

/**
 * Proves waves with and without the calls that doubtful evidence speaks of. Where they are safe with them, too, nobody
 * is asked; old pods that may make one are waited for.
 * @param told members of whom an error says already that it is unknown whom they call
 */
export function proveDoubted(
  context: CheckContext,
  from: Scene,
  waves: readonly (readonly Move[])[],
  told: ReadonlySet<string>,
): Doubted {
  const proof = prove(from, waves)
  if (context.group.mode === 'modern') return { proof, findings: [] }
  const unknown = unknownCalls(context, proof.doubted, told)
  const doubts = context.group.members.filter((each) =>
    revisionsOf(each).some((revision) => doubtsOf(revision).length > 0),
  )
  if (doubts.length === 0) return { proof, findings: unknown }
  const cautious = prove(from, waves, true)
  const known = new Set(proof.doubted.map(keyOf))
  if (cautious.doubted.every((each) => known.has(keyOf(each)))) return { proof: cautious, findings: unknown }
  return { proof, findings: [...unknown, doubtful(context, doubts)] }
}

/** What somebody must say before the next release of a group at rest can be proved. */
export function doubtsForeseen(context: CheckContext): Finding[] {
  const doubts = context.group.members.filter((each) => revisionsOf(each).some((one) => doubtsOf(one).length > 0))
  const unread = context.group.members.flatMap(({ live }) =>
    live?.unread.some((each) => each.strength === 'unknown') ? [live] : [],
  )
  return [...(doubts.length > 0 ? [doubtful(context, doubts)] : []), ...unknownTo(context, unread)]
}

function keyOf({ wave, violation }: Broken): string {
  return `${wave} ${violationKey(violation)}`
}

function revisionsOf(member: Member): Revision[] {
  return member.revisions.filter((each) => each.role !== 'old')
}

/** What of a revision may be a call and may be none, in a person's words. */
function doubtsOf({ weak, unread }: Revision): { readonly where: string; readonly to: string }[] {
  return [
    ...weak.filter((each) => each.strength === 'doubtful'),
    ...unread.filter((each) => each.strength === 'doubtful').map(({ where }) => ({ where, to: 'anybody' })),
  ]
}

function doubtful(context: CheckContext, members: readonly Member[]): Finding {
  const said = members.flatMap((member) => {
    const found = revisionsOf(member).flatMap((each) => doubtsOf(each).map(({ where, to }) => `${to} by ${where}`))
    return `${member.name} may call ${[...new Set(found)].join(', ')}`
  })
  return say(context, 'wire-doubtful', {
    members: members.map((each) => each.name),
    sentence: `it matters whether these are calls, and nothing tells: ${said.join('; ')}`,
    remedy: [
      'if none of them is, say whom the members call: ',
      ...listed(declarations(context, members, doubtsOf)),
      '; if one is, add its name there, separated by a comma',
    ],
  })
}

/** What is unknown and no error tells yet, one finding for all. */
function unknownCalls(context: CheckContext, doubted: readonly Broken[], told: ReadonlySet<string>): Finding[] {
  const found = new Set(doubted.flatMap((each) => each.violation.guessed ?? []).filter(callsUnknown))
  return unknownTo(
    context,
    [...found].filter((each) => !told.has(each.member)),
  )
}

function unknownTo(context: CheckContext, blamed: readonly Revision[]): Finding[] {
  if (blamed.length === 0) return []
  const members = context.group.members.filter((member) => blamed.some((each) => each.member === member.name))
  const why = blamed.map((each) => `${called(each)} (${whyUnknown(each)})`)
  const secrets = ({ unread }: Revision) => unread.filter((each) => each.strength === 'unknown')
  const lost = blamed.flatMap(({ unsure }) => unsure.filter((each) => each.calls).map((each) => each.configMap))
  const onlyLost = blamed.every((each) => secrets(each).length === 0)
  return [
    say(context, 'wire-unknown', {
      members: members.map((each) => each.name),
      sentence:
        `whom ${why.join(', ')} ${blamed.length === 1 ? 'calls' : 'call'} ` + 'is unknown, so what users meet is, too',
      remedy: [
        ...(onlyLost
          ? [`put ConfigMap ${words([...new Set(lost)])} back as these pods were given it`]
          : [
              'say whom they call, their names separated by commas: ',
              ...listed(declarations(context, members, secrets)),
            ]),
        '; --trust-depends-on goes on without this proof',
      ],
    }),
  ]
}

/**
 * The commands that declare what members' revisions call, as far as that is known: a Rollout's annotation speaks of the
 * newest revision and of the settings it shares with older ones, which otherwise have one of their own.
 */
function declarations(
  context: CheckContext,
  members: readonly Member[],
  open: (revision: Revision) => readonly { readonly where: string }[],
): Call[] {
  const targets = members.flatMap((member) => {
    const newest = member.next ?? member.live
    const shared = new Set(newest && open(newest).map((each) => settingOf(each.where)))
    const old = revisionsOf(member).filter(
      (each) => each !== newest && open(each).some(({ where }) => !shared.has(settingOf(where))),
    )
    return [
      ...(newest === undefined || (shared.size === 0 && old.length > 0)
        ? []
        : [{ kind: 'rollout', name: member.name, revision: newest }]),
      ...old.map((revision) => ({ kind: 'replicaset', name: revision.name, revision })),
    ]
  })
  const calls = ({ wires }: Revision) => [...new Set(wires.map((each) => each.to))].sort().join(',')
  const alike = Map.groupBy(targets, ({ kind, revision }) => `${kind} ${calls(revision)}`)
  return [...alike.values()].map((group) =>
    kubectl(
      context,
      'annotate',
      group[0]!.kind,
      ...group.map((each) => each.name),
      `${DEPENDS_ON}=${calls(group[0]!.revision)}`,
    ),
  )
}

function listed(calls: readonly Call[]): Exclude<Remedy, string> {
  return calls.flatMap((each, index) => (index === 0 ? [each] : [' and ', each]))
}
