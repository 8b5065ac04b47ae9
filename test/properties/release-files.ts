import { blueGreen, canary, configMap, env, envFrom, rollout, service } from '../../src/sim/scenarios/manifests.ts'
import type { RawManifest } from '../../src/sim/scenarios/scenario.ts'
import { nameOf } from './group-manifests.ts'
import { EITHER, RELEASE } from './judge/raw.ts'
import type { Entry } from './judge/judge.ts'
import type { Address, ReleasedMember, ReleasesSpec } from './release-spec.ts'

export const GROUP = 'group'
/** The pod template annotation by which a test knows again what a file asked for. */
export const REVISION = 'test/revision'

/** Everything that stands in the files of a release; of what was there before it, 0. */
export function filesOf(spec: ReleasesSpec, release: number): readonly RawManifest[] {
  return spec.members.flatMap((_, index) => manifestsOf(spec, index, release)).map(typed)
}

/** What was applied of a member before the first release: where calls are pinned, as the tool leaves them. */
export function liveOf(spec: ReleasesSpec, index: number): readonly RawManifest[] {
  return manifestsOf(spec, index, 0, true)
}

/** The last release up to this one in which a member changed. */
export function changedIn({ members }: ReleasesSpec, index: number, release: number): number {
  const { changes } = members[index]!
  return changes.slice(0, release).lastIndexOf(true) + 1
}

/** Where users come in: at members that no other one calls. */
export function entriesOf({ members, calls }: ReleasesSpec): Entry[] {
  return members.flatMap((member, index) => {
    if (calls.some((each) => each.dependency === index)) return []
    const name = nameOf(index)
    return [{ rollout: name, doors: [member.strategy === 'canary' ? `${name}-all` : liveService(member, name)] }]
  })
}

function manifestsOf(spec: ReleasesSpec, index: number, release: number, isLive = false): readonly RawManifest[] {
  const member = spec.members[index]!
  const [name, changed] = [nameOf(index), changedIn(spec, index, release)]
  const calls = spec.calls.filter((each) => each.consumer === index)
  const isPinned = spec.calls.some(
    (each) => each.address === 'pinned' && (each.consumer === index || each.dependency === index),
  )
  const settings = Object.fromEntries(
    calls.map(({ dependency, address }) => [
      `${nameOf(dependency).toUpperCase()}_URL`,
      `http://${hostOf(spec, dependency, isLive || address !== 'pinned' ? address : 'live', release)}:8080`,
    ]),
  )
  const config = `${name}-settings${member.settings === 'suffixed' ? `-${changed}` : ''}`
  const tells = member.changes.every(Boolean)
  const made = {
    name,
    group: GROUP,
    // Of a member that has to do with no other somebody has to say so.
    ...(!spec.calls.some((each) => each.consumer === index || each.dependency === index) && {
      annotations: { 'rollouts-group/depends-on': '' },
    }),
    replicas: member.replicas,
    image: `example.com/${name}:${tells ? `${changed + 1}.0` : `${7 + index}.${changed}`}`,
    templateLabels: { build: `b${changed}`, ...(isLive && isPinned && { 'rollouts-group/release': '1.0' }) },
    templateAnnotations: { [RELEASE]: tells ? `${changed}` : EITHER, [REVISION]: `${changed}` },
    settings: member.settings === 'literal' ? env(settings) : envFrom(config),
  }
  return [
    ...(member.settings === 'literal' ? [] : [configMap(config, settings)]),
    service(`${name}-all`, name),
    { ...service(`${name}-b${changed}`, name), spec: selecting({ app: name, build: `b${changed}` }) },
    ...(isLive && isPinned ? [madeByTool(member, name)] : []),
    ...ownOf(member, made),
  ]
}

function ownOf(member: ReleasedMember, made: Parameters<typeof rollout>[0]): readonly RawManifest[] {
  const { name } = made
  if (member.strategy === 'canary') {
    if (member.services === 'by-role') return canary(made)
    return [
      service(name, name),
      rollout(made, { canary: { maxUnavailable: 0, steps: [{ setWeight: 20 }, { pause: {} }] } }),
    ]
  }
  const strategy = { scaleDownDelaySeconds: member.scaleDownDelay, abortScaleDownDelaySeconds: member.scaleDownDelay }
  if (member.services === 'by-role') return blueGreen({ ...made, strategy })
  return [
    service(name, name),
    rollout(made, { blueGreen: { activeService: name, autoPromotionEnabled: false, ...strategy } }),
  ]
}

/** As the tool makes them. */
function madeByTool(member: ReleasedMember, name: string): RawManifest {
  return {
    ...service(`${name}-1-0`, name),
    metadata: { name: `${name}-1-0`, annotations: { 'rollouts-group/service': liveService(member, name) } },
    spec: selecting({ app: name, 'rollouts-group/release': '1.0' }),
  }
}

function selecting(selector: Readonly<Record<string, string>>): RawManifest {
  return { selector, ports: [{ port: 8080 }] }
}

function hostOf(spec: ReleasesSpec, index: number, address: Address, release: number): string {
  const [member, name] = [spec.members[index]!, nameOf(index)]
  switch (address) {
    case 'live':
      return liveService(member, name)
    case 'preview':
      if (member.services === 'one') return name
      return `${name}-${member.strategy === 'canary' ? 'canary' : 'preview'}`
    case 'plain':
      return `${name}-all`
    case 'by-hand':
      return `${name}-b${changedIn(spec, index, release)}`
    case 'pinned':
      return `${name}-1-0`
  }
}

function liveService({ strategy, services }: ReleasedMember, name: string): string {
  if (services === 'one') return name
  return `${name}-${strategy === 'canary' ? 'stable' : 'active'}`
}

/** The manifests of scenarios leave out what the simulated server fills in by itself. */
function typed(object: RawManifest): RawManifest {
  return { apiVersion: object['kind'] === 'Rollout' ? 'argoproj.io/v1alpha1' : 'v1', ...object }
}
