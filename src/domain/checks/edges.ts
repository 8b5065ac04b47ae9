import type { Finding } from '../findings/finding.ts'
import { callsTo, type Edge, groupLabelOf } from '../group/call-graph.ts'
import { isChanging, type Wire } from '../group/member.ts'
import type { Group } from '../group/read-group.ts'
import { GROUP_LABEL } from '../objects/labels.ts'
import { splitByMesh } from '../trace/meshed.ts'
import { type CheckContext, memberOf } from './context.ts'
import { kubectl, listed, orModern, say } from './say.ts'
import { unread } from './unknown.ts'

/** Edges that no wire proves, and dependencies that are not there. */
export function edges(context: CheckContext): Finding[] {
  const active = new Set(context.changing.map((each) => each.name))
  const unproved = context.graph.edges.filter(
    (each) => !each.wired && (active.has(each.consumer) || active.has(each.dependency)),
  )
  return [...withoutAddress(context, unproved), ...meshed(context), ...missing(context)]
}

/** Canaries that others call, and whose calls a traffic router splits, where they or their callers move. */
function meshed(context: CheckContext): Finding[] {
  const { graph, group } = context
  const moves = new Set(context.changing.map((each) => each.name))
  const isSplit = (name: string) =>
    !graph.entries.includes(name) ||
    callsInto(group, name).some((wire) => splitByMesh(group, wire.service) !== undefined)
  return group.members
    .filter(({ strategy }) => strategy.kind === 'Canary' && strategy.routed)
    .filter((each) => isChanging(each) && isSplit(each.name))
    .filter(({ name }) => moves.has(name) || callsTo(graph, name).some(({ consumer }) => moves.has(consumer)))
    .map(({ name }) =>
      say(context, 'wire-unknown', {
        member: name,
        sentence:
          `${name} is split by a traffic router, which selectors ` +
          'do not show, so which of its versions a call meets is unknown',
        remedy:
          'make sure that the router leads old callers to the old version and new ones to the new (weights alone do ' +
          'not), then say --trust-depends-on',
      }),
    )
}

/** The calls of other members to one. */
function callsInto({ members }: Group, name: string): Wire[] {
  return members.flatMap(({ revisions }) =>
    revisions.flatMap(({ role, wires }) => (role === 'old' ? [] : wires.filter((wire) => wire.to === name))),
  )
}

/** Declared dependencies that are no members, each once, whoever declares it. */
function missing(context: CheckContext): Finding[] {
  const { name: group, members } = context.group
  const names = new Set(members.map((each) => each.name))
  const label = `${groupLabelOf(group, members) ?? GROUP_LABEL}=${group}`
  const declared = members.flatMap((member) =>
    (member.dependsOn ?? []).filter((each) => !names.has(each)).map((name) => ({ name, by: member.name })),
  )
  return [...Map.groupBy(declared, (each) => each.name)].map(([name, found]) => {
    const by = [...new Set(found.map((each) => each.by))]
    return say(context, 'unknown-dependency', {
      members: by,
      sentence:
        `${listed(by.map((each) => `rollout/${each}`))} ${by.length === 1 ? 'declares' : 'declare'} a dependency on ` +
        `${name}, which is not a member of group ${group}`,
      remedy: [
        'label it: ',
        kubectl(context, 'label', 'rollout', name, label),
        '; or correct the annotation rollouts-group/depends-on',
      ],
    })
  })
}

/** Calls that are only declared, once for all. */
function withoutAddress(context: CheckContext, edges: readonly Edge[]): Finding[] {
  const [only, ...others] = edges
  if (only === undefined) return []
  const consumers = [...new Set(edges.map((each) => each.consumer))]
  const members = consumers.map((each) => memberOf(context, each)!)
  const calls =
    others.length === 0
      ? `${only.consumer} depends on ${only.dependency} (${only.source})`
      : `${listed(edges.map((each) => `${each.consumer} → ${each.dependency}`))} are known by ` +
        `${only.source === 'declared' ? 'declarations' : 'sync waves'} alone`
  return [
    say(context, 'wire-unknown', {
      members: consumers,
      sentence:
        `${calls}, but no address in ${members.length === 1 ? 'its pod template' : 'the pod templates'} leads there, ` +
        `so what ${others.length === 0 ? 'its ' : ''}requests meet is unknown${unread(...members)}`,
      remedy: [
        `put the ${others.length === 0 ? 'address' : 'addresses'} into environment variables, ConfigMaps or arguments`,
        ...orModern(context),
        '; --trust-depends-on keeps to the order without this proof',
      ],
    }),
  ]
}
