import { at, list, text } from './fields.ts'
import { remembering } from './parse-once.ts'

/**
 * The Services that Ingresses and routes lead to, with what does; `forbidden` where that may not be read, undefined
 * where nobody looked.
 */
export type FrontDoors = ReadonlyMap<string, string> | 'forbidden' | undefined

/** The kinds of objects that lead callers in, of those that are read. */
export const FRONT_DOORS: readonly string[] = ['Ingress', 'HTTPRoute']

/** What leads callers from outside the cluster to Services of its namespace. */
interface FrontDoor {
  /** `Ingress shop`. */
  readonly name: string
  readonly services: readonly string[]
}

/**
 * The Services that Ingresses and HTTPRoutes lead to, each with the first that does, in words (networking.k8s.io/v1
 * Ingress: spec.defaultBackend, spec.rules; gateway.networking.k8s.io/v1 HTTPRoute: spec.rules.backendRefs).
 */
export function frontDoorsIn(objects: readonly unknown[] | 'forbidden' | undefined): FrontDoors {
  if (objects === undefined || objects === 'forbidden') return objects
  const found = new Map<string, string>()
  for (const { name, services } of objects.map((raw) => parseFrontDoor(raw)))
    for (const each of services) if (!found.has(each)) found.set(each, name)
  return found
}

const parseFrontDoor = remembering((raw): FrontDoor => {
  const rules = list(at(raw, 'spec', 'rules'))
  const routed = rules.flatMap((each) => list(at(each, 'backendRefs')))
  const backends = [
    at(raw, 'spec', 'defaultBackend', 'service', 'name'),
    ...rules.flatMap((each) => list(at(each, 'http', 'paths')).map((path) => at(path, 'backend', 'service', 'name'))),
    ...routed.flatMap((each) => (isService(raw, each) ? [at(each, 'name')] : [])),
  ]
  const kind = routed.length > 0 ? 'HTTPRoute' : 'Ingress'
  return {
    name: `${kind} ${text(at(raw, 'metadata', 'name')) ?? ''}`,
    services: [...new Set(backends.flatMap((each) => text(each) ?? []))],
  }
})

/** A backend of a route is a Service of its own namespace where it says nothing else. */
function isService(route: unknown, backend: unknown): boolean {
  const namespace = text(at(backend, 'namespace'))
  return (
    (text(at(backend, 'kind')) ?? 'Service') === 'Service' &&
    (namespace === undefined || namespace === text(at(route, 'metadata', 'namespace')))
  )
}
