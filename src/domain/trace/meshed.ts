import { type Member, memberNamed } from '../group/member.ts'
import type { Group } from '../group/read-group.ts'
import type { Scene } from './requests.ts'

/**
 * The member of which a mesh splits the calls through a Service by their host, so that no selector shows which of its
 * revisions they meet: any Service of it that is not one of its roles.
 */
export function splitByMesh(group: Group, service: string): Member | undefined {
  for (const name of group.owners.get(service) ?? []) {
    const member = memberNamed(group.members, name)
    if (member?.strategy.kind !== 'Canary' || !member.strategy.mesh) continue
    if (![member.strategy.stableService, member.strategy.canaryService].includes(service)) return member
  }
  return undefined
}

/**
 * The scene without the calls that a mesh splits: what is left is certain.
 * @param of whose calls are left out; absent: those of all that are split
 */
export function withoutMeshed(scene: Scene, of?: ReadonlySet<string>): Scene {
  const { group } = scene
  if (!group.members.some(({ strategy }) => strategy.kind === 'Canary' && strategy.mesh)) return scene
  const isCertain = ({ service }: { readonly service: string }) => {
    const split = splitByMesh(group, service)
    return split === undefined || of?.has(split.name) === false
  }
  if (group.members.every(({ revisions }) => revisions.every(({ wires }) => wires.every(isCertain)))) return scene
  const members = group.members.map((member) => ({
    ...member,
    revisions: member.revisions.map((each) => ({ ...each, wires: each.wires.filter(isCertain) })),
  }))
  return { ...scene, group: { ...group, members } }
}
