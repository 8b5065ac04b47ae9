import { finding, type Finding } from '../findings/finding.ts'
import type { Wire } from '../group/member.ts'
import { at, list, strings, text } from '../objects/fields.ts'
import { DEPENDS_ON, HASH_LABEL, RELEASE, SERVICE_OF } from '../objects/labels.ts'
import { containerPorts } from '../objects/pod-template.ts'
import { type Given, type ManifestGroup, type Surrounding, TEMPLATE } from './reading.ts'
import { originOf, type Scheme, schemeFor, targetOf } from './targets.ts'
import type { Copied, Wired } from './wire.ts'
import { leadingTo } from './certain.ts'
import { dialled } from './doubts.ts'
import { placesOf } from './told-places.ts'
import { valueAt } from '../manifests/edit.ts'
import type { Working } from './working.ts'

/** Most bytes of a ConfigMap (core/v1, MaxSecretSize). */
const MOST = 1024 * 1024

/**
 * What in rewired manifests does not lead where it should, by the same reading that finds calls: so no address is
 * forgotten in a place that cannot be changed.
 */
export function astray(reading: ManifestGroup, scheme: Scheme, around: Surrounding): Finding[] {
  return [...reading.given.values()].flatMap((given) => {
    const { name, revision } = given
    const own = schemeFor(scheme, name)
    const wires = revision.wires.filter((each) => each.to !== name)
    return [
      ...wires.flatMap((each) => {
        if (isShared(reading, each, scheme)) return [shared(reading, name, each)]
        const target = targetOf(name, each.to, each.service, own, reading, around)
        if ('why' in target)
          return [cannot(name, each.where, `${target.why}`, 'give it one, or choose another --wiring')]
        const isOwn = scheme.wiring === 'unpinned' && originOf(each.service, reading) === each.service
        return isOwn || target.service === each.service ? [] : [unchangeable(reading, given, each)]
      }),
      ...(scheme.wiring === 'unpinned' ? [] : unknownOf(given, own)),
    ]
  })
}

function isShared({ group }: ManifestGroup, { service, to }: Wire, { changing }: Scheme): boolean {
  const owners = group.owners.get(service) ?? []
  return owners.length > 1 && (changing.has(to) || owners.some((each) => changing.has(each)))
}

function shared({ group }: ManifestGroup, consumer: string, { service, where }: Wire): Finding {
  const owners = group.owners.get(service) ?? []
  return finding('legacy', 'shared-service', {
    members: [...owners],
    sentence: `${consumer} calls Service ${service} (${where}), which selects pods of ${owners.join(' and ')} alike`,
    remedy: 'give each its own Service, by a label of its own in the selector, and name that one in the address',
  })
}

function unchangeable(reading: ManifestGroup, given: Given, wire: Wire): Finding {
  const { group } = reading
  const { name } = given
  const alias = wire.written === undefined ? undefined : group.services.get(wire.written.toLowerCase())?.alias
  if (alias !== undefined)
    return cannot(
      name,
      wire.where,
      `${wire.written} is an ExternalName, which all revisions share`,
      `name the Service behind it in the address: ${wire.service}`,
    )
  if (/ of annotation \S+$/.test(wire.where))
    return cannot(
      name,
      wire.where,
      'an agent writes this file from the annotation, which stays as it is',
      `write the address into a variable or a ConfigMap, with the name of the Service: ${wire.service}`,
    )
  if (wire.role !== undefined)
    return cannot(
      name,
      wire.where,
      'it comes from ephemeral metadata by the downward API, and changes with the role of the pods',
      'write the address into the pod template, as a value or in a ConfigMap',
    )
  if (/ in label \S+$/.test(wire.where))
    return cannot(
      name,
      wire.where,
      'pods are selected by their labels, which stay as they are',
      `write the address into a variable, an annotation or a ConfigMap: ${dialled(wire, reading)}`,
    )
  const all = leadingTo(wire.to, given, reading).filter((each) => each.strength !== 'named')
  if (all.every((each) => each.strength === 'doubtful'))
    return cannot(
      name,
      placesOf(all, given, reading),
      `it is declared to call ${wire.to}, and nothing tells ` +
        (all.length === 1 ? 'whether this word is the address' : 'which of these is the address'),
      `write that one as an address, with its port: ${dialled(wire, reading)}; the others stay as they are`,
    )
  return cannot(
    name,
    wire.where,
    'it is put together from parts, or no name of a Service',
    `write it as a whole into the pod template, or in a ConfigMap, with the name of the Service: ${wire.service}`,
  )
}

/** Calls to members that change, of which no address can be read. */
function unknownOf({ name, revision }: Given, { changing }: Scheme): Finding[] {
  const others = [...changing].filter((each) => each !== name)
  const wired = new Set(revision.wires.map((each) => each.to))
  const declared = (revision.declared ?? []).filter((each) => others.includes(each) && !wired.has(each))
  return [
    ...(others.length === 0 ? [] : revision.unread).map((each) =>
      cannot(
        name,
        each.where,
        'it may hold an address, and Secrets are not read',
        `put the address into the pod template or a ConfigMap; or, if there is none in it, declare all that ${name} ` +
          `calls in its annotation ${DEPENDS_ON}`,
      ),
    ),
    ...declared.map((each) =>
      cannot(
        name,
        `${DEPENDS_ON}: ${each}`,
        'no address of it was found; it may stand in a Secret, or in the image',
        'put the address into the pod template or a ConfigMap',
      ),
    ),
  ]
}

/** Copies that no API server takes, or that somebody would go on looking for under the old name. */
export function uncopyable(copied: readonly Copied[], working: Working, { given }: ManifestGroup): Finding[] {
  return copied.flatMap(({ consumer, from, copy }) => {
    const size = JSON.stringify([at(copy, 'data'), at(copy, 'binaryData')]).length
    const { rollout, holder } = given.get(consumer)!
    const watched = [working.objects.get(rollout), valueAt(working.objects.get(holder!), TEMPLATE)].some((object) =>
      [...strings(at(object, 'metadata', 'annotations'))].some(
        ([key, value]) => /reloader\.|configmap-reload/.test(key) && value.split(/[\s,]+/).includes(from),
      ),
    )
    return [
      ...(size <= MOST
        ? []
        : [
            finding('legacy', 'config-too-large', {
              members: [consumer],
              sentence: `ConfigMap ${from} is too large to be copied for ${consumer}: ${size} bytes of ${MOST}`,
              remedy: 'take the address out of it, into the pod template or a ConfigMap of its own',
            }),
          ]),
      ...(watched
        ? [
            cannot(
              consumer,
              `ConfigMap ${from}`,
              'an annotation reloads the pods when it changes, and would not see its copy',
              'take the name out of the annotation: each release has its own copy',
            ),
          ]
        : []),
    ]
  })
}

/** Services of ours whose name another has, or that name a port the pods do not have. */
export function takenServices(made: Wired['made'], before: ManifestGroup, after: ManifestGroup): Finding[] {
  return [...made].flatMap(([name, service]) => {
    const selector = strings(at(service, 'spec', 'selector'))
    const there = before.objects.get(`Service ${name}`)
    const pin = [RELEASE, HASH_LABEL].find((each) => selector.has(each))!
    const members = [...(after.group.owners.get(name) ?? [])]
    if (there !== undefined && at(there, 'spec', 'selector', pin) !== selector.get(pin))
      return [
        finding('legacy', 'service-taken', {
          members,
          sentence: `Service ${name} is there already, and is none of the release`,
          remedy: 'choose another name for the release with --release, or take that Service away',
        }),
      ]
    const ports = members.flatMap((each) => portsOf(after.given.get(each)))
    return list(at(service, 'spec', 'ports')).flatMap((port) => {
      const target = text(at(port, 'targetPort'))
      if (target === undefined || ports.length === 0 || ports.includes(target)) return []
      return [
        finding('legacy', 'bad-manifest', {
          members,
          sentence:
            `Service ${text(at(service, 'metadata', 'annotations', SERVICE_OF))} sends to a port named ${target}, ` +
            `which the pods of ${members.join(', ')} do not have`,
          remedy: 'name the port in the pod template, or give its number as the targetPort',
        }),
      ]
    })
  })
}

/** The names of the ports of a member's pods. */
function portsOf(given: Given | undefined): string[] {
  return containerPorts(given?.revision.rawTemplate).flatMap(({ name }) => name ?? [])
}

function cannot(consumer: string, where: string, why: string, remedy: string): Finding {
  return finding('legacy', 'cannot-rewire', {
    members: [consumer],
    sentence: `${consumer}, ${where}: ${why}`,
    remedy,
  })
}
