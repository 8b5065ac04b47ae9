import { at, strings, text } from '../domain/objects/fields.ts'
import { HASH_LABEL, SERVICE_NAME } from '../domain/objects/labels.ts'
import { parseRollout } from '../domain/objects/rollout.ts'
import { liveService, nextService } from '../domain/objects/strategy.ts'

/** Characters of a set in a URL: some proxies refuse lines beyond 8 kB. */
const LONGEST_SET = 4000

/** The members' own selector where they share one key (`app in (a,b)`), otherwise every ReplicaSet of a Rollout. */
export function replicaSetSelector(rollouts: readonly unknown[]): string {
  const shared = sharedLabel(rollouts)
  const own = shared && oneOf(shared.key, shared.values)
  return own === undefined || own === shared?.key ? HASH_LABEL : `${HASH_LABEL},${own}`
}

/**
 * The slices of the Services that the Rollouts name, while the Services are read, then of the others that may select
 * their pods: a namespace may have thousands that do not.
 * @param services undefined where they may not be read
 * @param read by a label selector; undefined where they may not be read
 */
export async function slicesOf(
  rollouts: readonly unknown[],
  services: Promise<readonly unknown[] | undefined>,
  read: (labelSelector: string) => Promise<readonly unknown[] | undefined>,
): Promise<readonly unknown[] | undefined> {
  const named = new Set(rollouts.flatMap(serviceNames))
  const first = named.size === 0 ? undefined : oneOf(SERVICE_NAME, named)
  const [own, around] = await Promise.all([first === undefined ? [] : read(first), services])
  const others = mayReach(rollouts, around ?? []).filter((each) => !named.has(each))
  if (own === undefined || first === SERVICE_NAME || others.length === 0) return own
  const then = oneOf(SERVICE_NAME, others)
  const more = await read(then)
  return more === undefined || then === SERVICE_NAME ? more : [...own, ...more]
}

/** The names of the Services that may select pods of the Rollouts: of the templates only the selectors are known. */
function mayReach(rollouts: readonly unknown[], services: readonly unknown[]): string[] {
  const shared = sharedLabel(rollouts)
  return services.flatMap((raw) => {
    const selector = strings(at(raw, 'spec', 'selector'))
    const value = shared && selector.get(shared.key)
    return selector.size > 0 && (value === undefined || shared!.values.has(value))
      ? (text(at(raw, 'metadata', 'name')) ?? [])
      : []
  })
}

/** A label that each Rollout selects its pods by, with the values they have of it. */
function sharedLabel(rollouts: readonly unknown[]): { key: string; values: ReadonlySet<string> } | undefined {
  const labels = rollouts.map((raw) => strings(at(raw, 'spec', 'selector', 'matchLabels')))
  const key = [...(labels[0]?.keys() ?? [])].find((each) => labels.every((own) => own.has(each)))
  return key === undefined ? undefined : { key, values: new Set(labels.map((own) => own.get(key)!)) }
}

/** The Services a Rollout's strategy names. */
function serviceNames(raw: unknown): string[] {
  const rollout = parseRollout(raw)
  if (!('uid' in rollout)) return []
  return [liveService(rollout.strategy), nextService(rollout.strategy)].filter((each) => each !== undefined)
}

/** A selector for a label's values; for any of them where they would fill a URL. */
function oneOf(key: string, values: Iterable<string>): string {
  const set = [...values].sort().join(',')
  return set.length > LONGEST_SET ? key : `${key} in (${set})`
}
