import type { Group } from '../group/read-group.ts'
import { at, fields, list, text } from '../objects/fields.ts'
import { CONFIG_OF, RELEASE, SERVICE_OF } from '../objects/labels.ts'
import { configMapsOf, parsePodTemplate } from '../objects/pod-template.ts'

/**
 * Objects that were made for a release, owned by the Rollouts whose they are: while a revision is live or next that is
 * its Rollout, since somebody may delete its ReplicaSet, which comes again under another uid (seen on 1.10.1). A
 * Rollout that is not there yet owns nothing; the next run gives it what is its.
 */
export function withOwners(objects: readonly unknown[], { snapshot, owners }: Group): readonly unknown[] {
  const uids = new Map(
    snapshot.rollouts.map((each) => [text(at(each, 'metadata', 'name')) ?? '', text(at(each, 'metadata', 'uid'))]),
  )
  return objects.map((object) => {
    const names = ownersOf(object, objects, owners)
    const references = names.flatMap((name) => {
      const uid = uids.get(name)
      return uid === undefined ? [] : [{ apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', name, uid }]
    })
    return references.length === 0
      ? object
      : { ...fields(object), metadata: { ...fields(at(object, 'metadata')), ownerReferences: references } }
  })
}

function ownersOf(object: unknown, objects: readonly unknown[], owners: Group['owners']): readonly string[] {
  const base = made(object, SERVICE_OF)
  if (base !== undefined) return owners.get(base) ?? []
  const name = text(at(object, 'metadata', 'name'))
  if (made(object, CONFIG_OF) === undefined) return []
  return objects
    .filter((each) => at(each, 'kind') === 'Rollout')
    .filter((each) =>
      configMapsOf(parsePodTemplate(at(each, 'spec', 'template'))).some((config) => config.name === name),
    )
    .flatMap((each) => text(at(each, 'metadata', 'name')) ?? [])
}

function made(object: unknown, by: string): string | undefined {
  return text(at(object, 'metadata', 'annotations', by))
}

/** A Service of a release that is over, and the ReplicaSet with which it is to go. */
export interface HandedOver {
  readonly service: string
  readonly resourceVersion: string
  readonly owner: { readonly apiVersion: string; readonly kind: string; readonly name: string; readonly uid: string }
}

/** The Services of releases that a later one has replaced: Kubernetes then takes them away with their ReplicaSets. */
export function handedOver({ snapshot, members }: Group): HandedOver[] {
  return snapshot.services.flatMap((service): HandedOver[] => {
    const release = text(at(service, 'spec', 'selector', RELEASE))
    const owner = list(at(service, 'metadata', 'ownerReferences')).find((each) => at(each, 'kind') === 'Rollout')
    const member = members.find((each) => each.uid === at(owner, 'uid'))
    if (release === undefined || made(service, SERVICE_OF) === undefined || member === undefined) return []
    const of = member.revisions.filter((each) => each.template.labels.get(RELEASE) === release)
    const [last] = of
    if (last === undefined || of.some((each) => each.role !== 'old' || each.pods > 0)) return []
    const set = snapshot.replicaSets.find((each) => at(each, 'metadata', 'name') === last.name)
    const uid = text(at(set, 'metadata', 'uid'))
    if (uid === undefined) return []
    return [
      {
        service: text(at(service, 'metadata', 'name')) ?? '',
        resourceVersion: text(at(service, 'metadata', 'resourceVersion')) ?? '',
        owner: { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: last.name, uid },
      },
    ]
  })
}
