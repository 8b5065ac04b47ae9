import type { Snapshot } from '../group/snapshot.ts'
import { at, fields, strings } from '../objects/fields.ts'
import { HASH_LABEL, SERVICE_NAME } from '../objects/labels.ts'
import { parseRollout } from '../objects/rollout.ts'
import { selects } from '../objects/service.ts'
import { liveService, namedServices, nextService } from '../objects/strategy.ts'
import type { Desired } from './desired.ts'
import { hashIn, hashOf, nameOf, podsOf } from './names.ts'
import type { Overlaid } from './overlaid.ts'

/**
 * The Services as the files have them, each where its controller points it. One that a strategy names no more loses its
 * hash, and selects every revision from then on (seen on 1.10.1).
 */
export function pointedServices(snapshot: Snapshot, desired: Desired, made: readonly Overlaid[]): unknown[] {
  const files = new Map(desired.objects.flatMap((each) => (each.kind === 'Service' ? [[each.name, each.will]] : [])))
  const points = new Map<string, string | undefined>()
  for (const { kind, rollout, replicaSets } of made) {
    const [was, is] = [snapshot.rollouts.find((each) => nameOf(each) === nameOf(rollout)), rollout].map((each) => {
      const parsed = each === undefined ? undefined : parseRollout(each)
      return parsed !== undefined && 'uid' in parsed ? parsed : undefined
    })
    for (const name of was === undefined ? [] : namedServices(was.strategy)) points.set(name, undefined)
    if (is === undefined) continue
    const [live, next] = [liveService(is.strategy), nextService(is.strategy)]
    const kept = kind === 'same' && was !== undefined
    const before = (name: string) => hashIn(snapshot.services.find((each) => nameOf(each) === name))
    const hasPods = replicaSets.some((each) => hashOf(each) === is.status.currentPodHash && podsOf(each) > 0)
    const current = hasPods || is.strategy.kind === 'BlueGreen' ? is.status.currentPodHash : is.status.stableRS
    if (next !== undefined) points.set(next, (kept ? before(next) : undefined) ?? current)
    if (live !== undefined) points.set(live, (was === undefined ? undefined : before(live)) ?? is.status.stableRS)
  }
  const names = [...new Set([...snapshot.services.flatMap((each) => nameOf(each) ?? []), ...files.keys()])]
  return names.map((name) => {
    const service = files.get(name) ?? snapshot.services.find((each) => nameOf(each) === name)
    const { [HASH_LABEL]: own, ...base } = fields(at(service, 'spec', 'selector'))
    const now = hashIn(snapshot.services.find((each) => nameOf(each) === name))
    const hash = points.has(name) ? points.get(name) : (own ?? now)
    const selector = hash === undefined ? base : { ...base, [HASH_LABEL]: hash }
    return { ...fields(service), spec: { ...fields(at(service, 'spec')), selector } }
  })
}

/** Whether the Service of a slice selects other pods than it did. */
export function isMoved(slice: unknown, { services: before }: Snapshot, services: readonly unknown[]): boolean {
  const name = at(slice, 'metadata', 'labels', SERVICE_NAME)
  const hash = (all: readonly unknown[]) => hashIn(all.find((each) => nameOf(each) === name))
  return hash(before) !== hash(services)
}

/** The pods that come behind a Service: all of one that selects others than before, else those of new ReplicaSets. */
export function slicesOf(
  service: unknown,
  snapshot: Snapshot,
  replicaSets: readonly unknown[],
  made: readonly Overlaid[],
): unknown[] {
  const name = nameOf(service)
  const before = snapshot.services.find((each) => nameOf(each) === name)
  const all = before === undefined || hashIn(before) !== hashIn(service)
  const fresh = new Set(made.flatMap((each) => (each.kind === 'same' ? [] : each.replicaSets.slice(-1))))
  const selector = strings(at(service, 'spec', 'selector'))
  const behind = replicaSets.filter(
    (set) => (all || fresh.has(set)) && selects(selector, strings(at(set, 'spec', 'template', 'metadata', 'labels'))),
  )
  if (behind.length === 0) return []
  return [
    {
      metadata: { name: `${name}-next`, labels: { [SERVICE_NAME]: name } },
      endpoints: behind.flatMap((set) =>
        Array.from({ length: podsOf(set) }, (_, index) => ({
          conditions: { ready: true },
          targetRef: { kind: 'Pod', name: `${nameOf(set)}-${String(index).padStart(5, '0')}` },
        })),
      ),
    },
  ]
}
