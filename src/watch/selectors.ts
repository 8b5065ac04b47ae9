import type { BriefService } from '../domain/objects/brief-service.ts'
import { at, strings } from '../domain/objects/fields.ts'
import { HASH_LABEL, LABEL_KEY, LABEL_VALUE, SERVICE_NAME } from '../domain/objects/labels.ts'
import { parseRollout } from '../domain/objects/rollout.ts'
import { namedServices } from '../domain/objects/strategy.ts'

/** Characters of a set in a URL: some proxies refuse lines beyond 8 kB. */
const LONGEST_SET = 4000

/** The members' own selector where they share one key (`app in (a,b)`), otherwise every ReplicaSet of a Rollout. */
export function replicaSetSelector(rollouts: readonly unknown[]): string {
  const shared = sharedLabel(rollouts)
  const own = shared && oneOf(shared.key, shared.values)
  return own === undefined || own === shared?.key ? HASH_LABEL : `${HASH_LABEL},${own}`
}

/**
 * The slices of the Services that the Rollouts name, while the Services are read, and of the others that may select
 * their pods: a namespace may have thousands that do not.
 * @param services undefined where they may not be read
 * @param read by a label selector; undefined where they may not be read
 */
export async function slicesOf(
  rollouts: readonly unknown[],
  services: Promise<readonly BriefService[] | undefined>,
  read: (labelSelector: string) => Promise<readonly unknown[] | undefined>,
): Promise<readonly unknown[] | undefined> {
  const named = new Set(rollouts.flatMap(serviceNames))
  const first = oneOf(SERVICE_NAME, named)
  const others = services.then(async (around) => {
    const names = mayReach(rollouts, around ?? []).filter((each) => !named.has(each))
    const then = first === SERVICE_NAME ? undefined : oneOf(SERVICE_NAME, names)
    return then === undefined ? undefined : { all: then === SERVICE_NAME, slices: await read(then) }
  })
  const [own, more] = await Promise.all([first === undefined ? [] : read(first), others])
  if (own === undefined || more === undefined) return own
  return more.slices === undefined || more.all ? more.slices : [...own, ...more.slices]
}

/** The names of the Services that may select pods of the Rollouts: of the templates only the selectors are known. */
function mayReach(rollouts: readonly unknown[], services: readonly BriefService[]): string[] {
  const shared = sharedLabel(rollouts)
  const known = shared && `${shared.key}=`
  const mayBe = ({ pairs }: BriefService): boolean => {
    const own = known && pairs.find((label) => label.startsWith(known))
    return pairs.length > 0 && (own === undefined || shared!.values.has(own.slice(known!.length)))
  }
  return services.filter(mayBe).map(({ name }) => name)
}

/** A label that each Rollout selects its pods by, with the values they have of it. */
function sharedLabel(rollouts: readonly unknown[]): { key: string; values: ReadonlySet<string> } | undefined {
  const labels = rollouts.map((raw) => strings(at(raw, 'spec', 'selector', 'matchLabels')))
  const key = [...(labels[0]?.keys() ?? [])].find(
    (each) => LABEL_KEY.test(each) && labels.every((own) => own.has(each)),
  )
  return key === undefined ? undefined : { key, values: new Set(labels.map((own) => own.get(key)!)) }
}

/** The Services a Rollout's strategy names. */
export function serviceNames(raw: unknown): string[] {
  const rollout = parseRollout(raw)
  return 'uid' in rollout ? namedServices(rollout.strategy) : []
}

/**
 * A selector for a label's values; for any of them where they would fill a URL, undefined where there are none. A
 * Rollout may name what is no value, which the API server would refuse, and which nothing can have.
 */
export function oneOf(key: string, values: Iterable<string>): string | undefined {
  const set = [...values].filter((each) => LABEL_VALUE.test(each)).sort()
  if (set.length === 0) return undefined
  const joined = set.join(',')
  return joined.length > LONGEST_SET ? key : `${key} in (${joined})`
}
