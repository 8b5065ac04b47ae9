import { listed } from '../checks/say.ts'
import type { Revision } from '../group/member.ts'
import { containerPorts } from '../objects/pod-template.ts'
import { selects, type Service } from '../objects/service.ts'

type Pods = Pick<Revision, 'template' | 'rawTemplate'>

/** What is to be done where revisions that run use an object: the new ones alone get what is new. */
export const ANOTHER_NAME = 'give what changes another name, so that the new revisions alone use it'

/** What is to be done where nothing leads new pods and old ones apart. */
export const BY_ITSELF = 'leave it as it is in this release, and change it by itself before or after it'

/**
 * What is to be done in place of what files change about a Service, so that it leads to all pods that run as it does
 * now; nothing where it does all the same.
 * @param used the revisions that users are on, or that wait
 */
export function insteadOf(now: Service, then: Service, used: readonly Pods[]): string[] {
  const behind = used.filter(({ template }) => selects(now.base, template.labels))
  const alias = now.alias === then.alias ? [] : [ANOTHER_NAME]
  return [
    ...new Set([...alias, ...selector(now, then, behind), ...now.ports.flatMap((each) => port(each, then, behind))]),
  ]
}

/** The hash in a selector tells the pods of a Rollout apart: as long as all of them match it may ask for less. */
function selector(now: Service, then: Service, behind: readonly Pods[]): string[] {
  const keys = [...new Set([...now.base.keys(), ...then.base.keys()])]
  const other = keys.filter((each) => now.base.get(each) !== then.base.get(each))
  const stay = now.hash !== undefined && behind.every(({ template }) => selects(then.base, template.labels))
  if (other.length === 0 || stay) return []
  return now.hash === undefined || other.length === keys.length
    ? [ANOTHER_NAME]
    : [`leave ${listed(other)} out of the selector: the pod template hash in it tells the pods apart`]
}

type Port = ReadonlyMap<string, string | number>

/** A port that is there stays, and leads every pod's callers where it did; one may be given a name beside others. */
function port(now: Port, then: Service, behind: readonly Pods[]): string[] {
  const protocol = (each: Port) => each.get('protocol') ?? 'TCP'
  const found = then.ports.find((each) => each.get('port') === now.get('port') && protocol(each) === protocol(now))
  if (found === undefined || (now.has('name') && now.get('name') !== found.get('name'))) return [BESIDE]
  const leads = (to: Port) => JSON.stringify(behind.map((each) => reachedAt(to, each)))
  const same = behind.length === 0 ? targetOf(now) === targetOf(found) : leads(now) === leads(found)
  if (!same) return [byName(now, behind)]
  return now.get('appProtocol') === found.get('appProtocol') ? [] : [BY_ITSELF]
}

const BESIDE =
  'leave each port that it has as it is, with its name, and give the new one beside it; take the old one out by ' +
  'itself once no pod calls it any more'

function targetOf(port: Port): string | number {
  return port.get('targetPort') ?? port.get('port')!
}

/** Without a target a port leads to its own number, and to a name of a container's port in each pod by itself. */
function reachedAt(port: Port, revision: Pods): unknown {
  const target = targetOf(port)
  return typeof target === 'number'
    ? target
    : containerPorts(revision.rawTemplate).find((each) => each.name === target)?.number
}

/** What leads to pods that listen at two ports: a name that both kinds have for theirs. */
function byName(now: Port, behind: readonly Pods[]): string {
  const names = behind.map((each) =>
    containerPorts(each.rawTemplate).flatMap(({ name, number }) =>
      number === reachedAt(now, each) ? (name ?? []) : [],
    ),
  )
  const name = names[0]?.find((each) => names.every((all) => all.includes(each)))
  if (name !== undefined)
    return `give ${name} as its targetPort, and that name to the new port of the container: ${EACH}`
  return (
    `leave its targetPort ${targetOf(now)}, and let the new pods listen there, too; or do it in two releases, ` +
    `a name for that port of the container first, then that name as targetPort and for the new port: ${EACH}`
  )
}

const EACH = 'each pod is reached where it listens'
