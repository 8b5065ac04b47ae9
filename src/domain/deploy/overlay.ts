import type { Snapshot } from '../group/snapshot.ts'
import { type Config, type ConfigMap, parseConfigMap } from '../objects/config-map.ts'
import { at, list, text, time } from '../objects/fields.ts'
import { FRONT_DOORS } from '../objects/front-door.ts'
import type { Desired } from './desired.ts'
import { nameOf, ownerOf } from './names.ts'
import { type Overlaid, overlaid } from './overlaid.ts'
import { isMoved, pointedServices, slicesOf } from './pointed-services.ts'

/** The snapshot as it will stand once every object of the files is in and every new revision is at its gate. */
export function overlay(snapshot: Snapshot, desired: Desired): Snapshot {
  const rollouts = desired.objects.filter(({ kind }) => kind === 'Rollout')
  const after = newest([...snapshot.replicaSets, ...desired.objects.map(({ will }) => will)])
  const made = rollouts.map(({ name, will }) => overlaid(snapshot, desired, name, will, after))
  const changed = new Map(made.map((each) => [nameOf(each.rollout), each]))
  const owners = new Set(made.map(({ rollout }) => at(rollout, 'metadata', 'uid')))
  const replicaSets = [
    ...snapshot.replicaSets.filter((each) => !owners.has(ownerOf(each))),
    ...made.flatMap((each) => each.replicaSets),
  ]
  const services = pointedServices(snapshot, desired, made)
  return {
    ...snapshot,
    rollouts: [
      ...snapshot.rollouts.map((each) => changed.get(nameOf(each))?.rollout ?? each),
      ...made.filter(({ kind, rollout }) => kind === 'first' && !known(snapshot.rollouts, rollout)).map(rolloutOf),
    ],
    replicaSets,
    services,
    ...(Array.isArray(snapshot.fronts) && { fronts: frontsWith(snapshot.fronts, desired) }),
    endpointSlices: snapshot.endpointSlices && [
      ...snapshot.endpointSlices.filter((each) => !isMoved(each, snapshot, services)),
      ...services.flatMap((service) => slicesOf(service, snapshot, replicaSets, made)),
    ],
    configs: new Map([
      ...desired.configs,
      ...snapshot.configs,
      ...desired.objects.flatMap(({ kind, name, will }) =>
        kind === 'ConfigMap' ? [[name, configOf(snapshot.configs.get(name), parseConfigMap(will))] as const] : [],
      ),
    ]),
  }
}

/** What leads in from outside once these files are in: theirs, and what they leave as it is. */
function frontsWith(fronts: readonly unknown[], { objects }: Desired): unknown[] {
  const own = objects.flatMap(({ kind, will }) => (FRONT_DOORS.includes(kind) ? [will] : []))
  // What is listed does not say of which kind it is.
  const changed = new Set(own.map(uidOf))
  return [...fronts.filter((each) => !changed.has(uidOf(each))), ...own]
}

/** What is there stays what it is, where its data does. */
function configOf(now: Config | undefined, then: ConfigMap): Config {
  if (now === undefined || typeof now === 'string' || now.data.size !== then.data.size) return then
  return [...now.data].every(([key, value]) => then.data.get(key) === value) ? now : then
}

/** A time after all that is known of objects. */
function newest(objects: readonly unknown[]): string {
  const times = objects.flatMap((each) => [
    at(each, 'metadata', 'creationTimestamp'),
    ...list(at(each, 'metadata', 'managedFields')).map((owner) => at(owner, 'time')),
  ])
  return new Date(Math.max(0, ...times.map((each) => time(each) ?? 0)) + 2000).toISOString()
}

const rolloutOf = ({ rollout }: Overlaid): unknown => rollout

const uidOf = (object: unknown): string | undefined => text(at(object, 'metadata', 'uid'))

function known(rollouts: readonly unknown[], rollout: unknown): boolean {
  return rollouts.some((each) => nameOf(each) === nameOf(rollout))
}
