import { type Annotation, CALLS_NOT, DEPENDS_ON } from '../objects/labels.ts'
import type { PodTemplate } from '../objects/pod-template.ts'
import type { ReplicaSet } from '../objects/replica-set.ts'
import type { Rollout } from '../objects/rollout.ts'
import { saysAddress } from '../evidence/evidence.ts'
import type { Evidence, Mention, Unread, Wire } from './member.ts'

/** What somebody who knows a revision says of whom it calls. */
export interface Declared {
  /** All that it calls. */
  readonly calls: readonly string[] | undefined
  /** Whom it does not call, whatever looks like it. */
  readonly callsNot: readonly string[]
  /**
   * What is said of the newest revision: it holds for the same settings of this older one, where nothing is said of it.
   */
  readonly lent: readonly string[] | undefined
}

/**
 * The annotations of the pod template, else of the Rollout while this is its newest revision. An older one has those
 * that the Rollout had then, since the controller copies them to the newest ReplicaSet (utils/annotations.go): a denial
 * says nothing of what was there before it.
 */
export function declaredFor(set: ReplicaSet, rollout: Rollout): Declared {
  const newest = set.hash === rollout.status.currentPodHash
  const said = (key: Annotation) =>
    namesIn(set.template.annotations.get(key) ?? (newest ? rollout.annotations : set.annotations).get(key))
  return {
    calls: said(DEPENDS_ON),
    callsNot: said(CALLS_NOT) ?? [],
    lent: newest ? undefined : namesIn(rollout.annotations.get(DEPENDS_ON)),
  }
}

function namesIn(list: string | undefined): string[] | undefined {
  const names = list?.split(',').map((each) => each.trim())
  return names && [...new Set(names.filter((each) => each !== ''))]
}

/** The evidence of a revision, parted by what is declared. */
export interface Weighed {
  readonly wires: readonly Wire[]
  readonly weak: readonly Mention[]
}

/**
 * | evidence | undeclared | declared | declared, to another | denied by name |
 * |---|---|---|---|---|
 * | sure | wire | wire | wire (`declared-differs`) | named |
 * | doubtful, an address by its form | doubtful | wire | named | named |
 * | doubtful else | doubtful | wire, where nothing sure leads there | named | named |
 * | named | named | named | named | named |
 *
 * In a pod template that was wired for a release, doubtful beside sure is named: who wired it was told. What is an
 * address by its form and yet doubtful stands under a key such as `LOGIN_URL`; what others compare it with, as an
 * `ISSUER`, is none that is called.
 * @param shared whether the newest revision has the same setting @param wired for a release
 */
export function weigh(
  evidence: readonly Evidence[],
  { calls, callsNot, lent }: Declared,
  shared: (where: string) => boolean,
  wired: boolean,
): Weighed {
  const saidOf = ({ where }: Evidence) => calls ?? (shared(where) ? lent : undefined)
  const isCalled = (each: Evidence) => each.callable === true && saidOf(each)?.includes(each.to) === true
  const proved = new Set(evidence.filter((each) => each.strength === 'sure' || isCalled(each)).map((each) => each.to))
  const weighed = evidence.map((each): Evidence => {
    if (callsNot.includes(each.to)) return { ...each, strength: 'named' }
    const said = saidOf(each)
    if (each.strength !== 'doubtful') return each
    if (proved.has(each.to) && (wired || said !== undefined) && !isCalled(each)) return { ...each, strength: 'named' }
    return said === undefined ? each : { ...each, strength: said.includes(each.to) ? 'sure' : 'named' }
  })
  return {
    wires: weighed.filter((each) => each.strength === 'sure').map(({ strength: _, callable: __, ...wire }) => wire),
    weak: weighed.filter((each): each is Mention => each.strength !== 'sure'),
  }
}

/** Stores of data and services of others, by the names of the variables that lead to them. */
const STORES =
  /(?:^|_)(database|db|postgres|postgresql|pg|mysql|mariadb|mongo|mongodb|redis|amqp|rabbitmq|kafka|memcached|elasticsearch|smtp|mail|s3|aws|sentry|ldap|vault)(?:_|$)/i

/** What of a revision's environment comes from Secrets and may be an address, unless it is declared whom it calls. */
export function unreadOf(
  template: PodTemplate,
  { calls, lent }: Declared,
  shared: (where: string) => boolean,
  members: ReadonlySet<string>,
): Unread[] {
  if (calls !== undefined) return []
  return secretsIn(template, members).filter(({ where }) => lent === undefined || !shared(where))
}

/** @param members names, one of which a store's variable may mean after all */
export function secretsIn({ containers, initContainers }: PodTemplate, members: ReadonlySet<string>): Unread[] {
  const found = [...containers, ...initContainers].flatMap((container) =>
    container.env.flatMap((entry): Unread[] => {
      if (entry.from === 'wholeSecret') return [{ where: `Secret ${entry.secret}`, strength: 'unknown' }]
      if (entry.from !== 'secret' || ![entry.name, entry.key].some(saysAddress)) return []
      const store = STORES.exec(entry.name)?.[1]?.toLowerCase()
      if (store !== undefined && ![...members].some((each) => each.includes(store))) return []
      return [{ where: `${entry.name} from Secret ${entry.secret}`, strength: 'doubtful' }]
    }),
  )
  return [...new Map(found.map((each) => [each.where, each])).values()]
}

/** The variable, file or argument in which something stands, whatever its value. */
export function settingOf(where: string): string {
  return where.replace(/^([\w.-]+|argument -*[\w.-]+)=.*$/s, '$1')
}
