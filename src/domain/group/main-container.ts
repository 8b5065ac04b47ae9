import { parseImage } from '../objects/image.ts'
import { DEFAULT_CONTAINER } from '../objects/labels.ts'
import type { Container } from '../objects/pod-template.ts'
import type { ReplicaSet } from '../objects/replica-set.ts'
import type { Rollout } from '../objects/rollout.ts'

/**
 * The ReplicaSets of a Rollout, in each of whose templates the container comes first that speaks for it, whose version
 * is the member's: the one that the first row tells apart from the others.
 *
 * | the container |
 * |---|
 * | that the annotation default-container names, or that of the newest revision that has one |
 * | that is called as the Rollout is, or its workload |
 * | whose image is called so |
 * | whose name is a part of the Rollout's: `orders` in `prod-orders` |
 * | whose image's name is |
 * | that is none of those that stand beside others' applications |
 * | whose image changes most often from revision to revision |
 * | that is the first |
 */
export function mainFirst(
  rollout: Pick<Rollout, 'name' | 'workloadRef'>,
  sets: readonly ReplicaSet[],
): readonly ReplicaSet[] {
  if (sets.every(({ template }) => template.containers.length < 2)) return sets
  const names = [rollout.name, ...(rollout.workloadRef === undefined ? [] : [rollout.workloadRef.name])]
  const isPart = (word: string) => names.some((name) => `-${name}-`.includes(`-${word}-`))
  const newest = sets.flatMap(meant)[0]
  const ran = imagesOf(sets)
  return sets.map((set) => {
    const { containers } = set.template
    const [own] = meant(set)
    const speaks = ({ name, image }: Container): readonly number[] => {
      const ofImage = parseImage(image).name
      return [
        Number(name === own),
        Number(name === newest),
        Number(names.includes(name)),
        Number(names.includes(ofImage)),
        Number(isPart(name)),
        Number(isPart(ofImage)),
        Number(!BESIDE.test(name) && !BESIDE.test(ofImage)),
        ran.get(name)!.size,
      ]
    }
    const ranked = containers.map((each) => ({ each, rank: speaks(each) }))
    const main = ranked.toSorted((one, other) => compare(other.rank, one.rank))[0]?.each
    if (main === undefined || main === containers[0]) return set
    return { ...set, template: { ...set.template, containers: [main, ...containers.filter((each) => each !== main)] } }
  })
}

/** Proxies, log shippers and their like, by the names that they are usually given. */
const BESIDE =
  /^(istio-proxy|proxyv2|linkerd-proxy|envoy|dapr|daprd|(cloud-?sql|gce|oauth2|auth)-proxy|vault-agent|consul-.*|fluent-?bit|fluentd|filebeat|promtail|vector|datadog-agent|jaeger-agent|statsd|otel.*|opentelemetry-.*|.*-(exporter|sidecar|agent|reloader))$/

function meant({ template }: ReplicaSet): string[] {
  const name = template.annotations.get(DEFAULT_CONTAINER)
  return template.containers.some((each) => each.name === name) ? [name!] : []
}

/** The images that a container of a name has had. */
function imagesOf(sets: readonly ReplicaSet[]): ReadonlyMap<string, ReadonlySet<string>> {
  const containers = sets.flatMap(({ template }) => template.containers)
  return new Map(
    [...Map.groupBy(containers, ({ name }) => name)].map(([name, all]) => [
      name,
      new Set(
        all.map(({ image }) => {
          const { name: repository, tag, digest } = parseImage(image)
          return `${repository}:${tag ?? digest ?? ''}`
        }),
      ),
    ]),
  )
}

function compare(one: readonly number[], other: readonly number[]): number {
  const differs = one.findIndex((each, index) => each !== other[index])
  return differs === -1 ? 0 : one[differs]! - other[differs]!
}
