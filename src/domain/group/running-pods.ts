import { at, list, text, time } from '../objects/fields.ts'
import { parseImage } from '../objects/image.ts'
import { VERSION, VERSION_LABEL } from '../objects/labels.ts'
import { type Container, type PodTemplate, parsePodTemplate } from '../objects/pod-template.ts'
import { ownerOf, runs } from '../objects/pod.ts'
import { parseReplicaSet, type ReplicaSet } from '../objects/replica-set.ts'
import type { Snapshot } from './snapshot.ts'

/** The ReplicaSets of each Rollout by its uid, the newest revision first. */
export function byOwner(snapshot: Pick<Snapshot, 'replicaSets' | 'pods'>): Map<string | undefined, ReplicaSet[]> {
  return Map.groupBy(
    parseReplicaSets(snapshot).sort((a, b) => b.revision - a.revision),
    (each) => each.owner,
  )
}

/** ReplicaSets of Rollouts, with the pods that are really there where these were listed. */
function parseReplicaSets({ replicaSets, pods }: Pick<Snapshot, 'replicaSets' | 'pods'>): ReplicaSet[] {
  const sets = replicaSets.flatMap((raw) => parseReplicaSet(raw) ?? [])
  if (pods === undefined) return sets
  const owned = Map.groupBy(pods.filter(runs), ownerOf)
  return sets.map((set) => {
    const own = owned.get(set.name) ?? []
    if (own.length === 0) return set
    const started = Math.min(...own.map((pod) => time(at(pod, 'metadata', 'creationTimestamp')) ?? set.created))
    return { ...withPods(set, own), pods: Math.max(set.pods, own.length), started }
  })
}

/**
 * A ReplicaSet with what its pods run. One whose template was edited goes on with the pods it has (Kubernetes makes no
 * new ones for it), so that these say what users meet; where they do not agree, nobody can tell.
 * @param pods its own that run, as the API has them
 */
function withPods(set: ReplicaSet, pods: readonly unknown[]): ReplicaSet {
  const ran = pods.map((pod) => asRun(set.template, parsePodTemplate(pod)))
  const edited = [...new Set(ran.flatMap((each) => differences(set.template, each)))]
  const [first] = ran
  const agree = first !== undefined && ran.every((each) => differences(first, each).length === 0)
  const imageIds = imageIdsOf(pods)
  return {
    ...set,
    ...(imageIds.size > 0 && { imageIds }),
    ...(edited.length > 0 && { edited, ...(agree && { template: first }) }),
  }
}

/** A template with what a pod has of it: what others have put into the pod says nothing of the template. */
function asRun(template: PodTemplate, pod: PodTemplate): PodTemplate {
  const ran = (own: readonly Container[], all: readonly Container[]) =>
    own.map((each) => {
      const found = all.find(({ name }) => name === each.name)
      return found === undefined ? each : { ...found, image: pulled(each, found) }
    })
  const kept = (own: ReadonlyMap<string, string>, all: ReadonlyMap<string, string>, key: string) =>
    all.has(key) ? new Map([...own, [key, all.get(key)!]]) : own
  return {
    ...template,
    labels: kept(template.labels, pod.labels, VERSION_LABEL),
    annotations: kept(template.annotations, pod.annotations, VERSION),
    containers: ran(template.containers, pod.containers),
    initContainers: ran(template.initContainers, pod.initContainers),
  }
}

/** Admission may name another registry, or the digest for the tag: it is the same image by another name. */
function pulled(own: Container, found: Container): string {
  const [said, ran] = [parseImage(own.image), parseImage(found.image)]
  const same = said.name === ran.name && (said.tag === ran.tag || ran.tag === undefined)
  return same && (said.digest === undefined || said.digest === ran.digest) ? own.image : found.image
}

/** What a pod has that a template says otherwise, in words. */
function differences(template: PodTemplate, ran: PodTemplate): string[] {
  const keyed = (key: string, was: string | undefined, is: string | undefined) =>
    was === is || is === undefined ? [] : [`${key}=${is}`]
  return [
    ...keyed(VERSION_LABEL, template.labels.get(VERSION_LABEL), ran.labels.get(VERSION_LABEL)),
    ...keyed(VERSION, template.annotations.get(VERSION), ran.annotations.get(VERSION)),
    ...[...template.containers, ...template.initContainers].flatMap((each) => {
      const found = [...ran.containers, ...ran.initContainers].find(({ name }) => name === each.name)
      if (found === undefined) return []
      return [
        ...(each.image === found.image ? [] : [`image ${found.image}`]),
        ...each.env.flatMap((entry) => {
          if (!('name' in entry) || lastOf(each, entry.name) !== entry) return []
          const own = lastOf(found, entry.name)
          if (own === undefined || JSON.stringify(own) === JSON.stringify(entry)) return []
          return [own.from === 'literal' ? `${entry.name}=${own.value}` : `another ${entry.name}`]
        }),
      ]
    }),
  ]
}

/** Of a variable that is set more than once the last value counts. */
function lastOf({ env }: Container, name: string) {
  return env.findLast((each) => 'name' in each && each.name === name)
}

/** The images that these pods run, by the kubelet's word; which registry they come from says nothing. */
function imageIdsOf(pods: readonly unknown[]): ReadonlyMap<string, readonly (string | undefined)[]> {
  const told = pods.map(
    (pod) =>
      new Map(
        ['containerStatuses', 'initContainerStatuses']
          .flatMap((kind) => list(at(pod, 'status', kind)))
          .flatMap((each): [string, string][] => {
            const [name, id] = [text(at(each, 'name')), text(at(each, 'imageID'))]
            return name === undefined || id === undefined || id === '' ? [] : [[name, id.slice(id.indexOf('@') + 1)]]
          }),
      ),
  )
  const names = new Set(told.flatMap((each) => [...each.keys()]))
  return new Map([...names].map((name) => [name, told.map((each) => each.get(name))]))
}
