import type { Member } from '../group/member.ts'
import type { Group } from '../group/read-group.ts'
import { serviceOfNext } from '../group/service-of-next.ts'
import { liveService } from '../objects/strategy.ts'

/** Where ports of this machine lead on to members, by `member live` and `member next`. */
export type LocalAddresses = ReadonlyMap<string, string>

/**
 * What a smoke test is told of a release that stands at its gates: the group, and for each member its version and how
 * it is reached, `host:port`, from inside the cluster and, where it is forwarded, from here.
 */
export function smokeEnvironment(
  group: Group,
  release: string,
  local: LocalAddresses = new Map(),
): Readonly<Record<string, string>> {
  return {
    RG_GROUP: group.name,
    RG_NAMESPACE: group.namespace,
    RG_RELEASE: release,
    ...Object.assign({}, ...group.members.map((member) => told(group, member, local))),
  }
}

function told(group: Group, member: Member, local: LocalAddresses): Record<string, string> {
  const prefix = `RG_${member.name.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_')}`
  const given = {
    VERSION: (member.next ?? member.live)?.version.text,
    LIVE: hostOf(group, liveService(member.strategy) ?? ownService(group, member)),
    NEXT: hostOf(group, serviceOfNext(group, member)),
    LIVE_LOCAL: local.get(`${member.name} live`),
    NEXT_LOCAL: local.get(`${member.name} next`),
  }
  return Object.fromEntries(
    Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [[`${prefix}_${name}`, value]])),
  )
}

function ownService({ owners }: Group, { name }: Member): string | undefined {
  return [...owners].find(([, of]) => of.includes(name))?.[0]
}

function hostOf({ namespace, services }: Group, name: string | undefined): string | undefined {
  const port = services.get(name ?? '')?.ports[0]?.get('port')
  return name === undefined || port === undefined ? undefined : `${name}.${namespace}.svc:${port}`
}
