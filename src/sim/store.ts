import { admit } from './admission.ts'
import {
  about,
  ApiFailure,
  fullKind,
  fullName,
  type KubeObject,
  notFound,
  type ResourceName,
  RESOURCES,
  timestamp,
} from './objects.ts'
import { undecodable } from './metadata.ts'
import { jsonPatch, mergePatch, type Operation, same } from './patch.ts'
import { type Change, matcher, type Selection } from './selection.ts'
import { refilledService } from './service-defaults.ts'
import { conflict, generation, nextGeneration, written } from './written.ts'

export interface StoredPatch {
  readonly type: 'json' | 'merge'
  readonly body: unknown
  readonly subresource?: 'status' | undefined
  readonly dryRun?: boolean
  /** Who writes, as `metadata.managedFields` shall name him; nobody is noted without. */
  readonly by?: string | undefined
}

/** Changes kept for watches; older ones answer 410. */
const HISTORY = 5000

/** Letters of a generated name before its five random ones (apiserver, names.go: maxGeneratedNameLength). */
const LONGEST_BASE = 58

/**
 * The objects of the simulated API server, with the rules it has for writes: resource versions, generations, the status
 * subresource, conflicts. Every write is one change that listeners see before the next.
 */
export class Store {
  readonly #objects = new Map<ResourceName, Map<string, KubeObject>>()
  readonly #listeners = new Set<(change: Change) => void>()
  readonly #now: () => number
  #history: Change[] = []
  #version = 1000
  #uids = 0

  /** @param now milliseconds since the epoch, for timestamps */
  constructor(now: () => number) {
    this.#now = now
  }

  get version(): number {
    return this.#version
  }

  get(resource: ResourceName, namespace: string | undefined, name: string): KubeObject | undefined {
    return this.#objects.get(resource)?.get(key(namespace, name))
  }

  /** In the order in which they were created. */
  all(resource: ResourceName): Iterable<KubeObject> {
    return this.#objects.get(resource)?.values() ?? []
  }

  /** By namespace and name. @throws ApiFailure 400 for a selector that cannot be parsed */
  list(resource: ResourceName, selection: Selection = {}): KubeObject[] {
    const matches = matcher(selection)
    return [...this.all(resource)]
      .filter(matches)
      .sort((a, b) =>
        key(a.metadata.namespace, a.metadata.name) < key(b.metadata.namespace, b.metadata.name) ? -1 : 1,
      )
  }

  /** A user's create. @throws ApiFailure 403, 409 AlreadyExists, 422 */
  create(resource: ResourceName, namespace: string | undefined, body: any, dryRun = false, by?: string): KubeObject {
    const generated =
      body?.metadata?.generateName === undefined
        ? undefined
        : String(body.metadata.generateName).slice(0, LONGEST_BASE) + (this.#uids + 1).toString(36).padStart(5, '0')
    const name = body?.metadata?.name ?? generated
    if (typeof name !== 'string')
      throw new ApiFailure(
        422,
        'Invalid',
        `${fullKind(resource)} "" is invalid: metadata.name: Required value: name or generateName is required`,
      )
    if (this.get(resource, namespace, name) !== undefined)
      throw new ApiFailure(
        409,
        'AlreadyExists',
        `${fullName(resource)} "${name}" already exists`,
        about(resource, name),
      )
    admit(resource, namespace, name, body, this)
    const { group, version, kind, status } = RESOURCES[resource]
    const { status: _status, ...rest } = body
    const made: KubeObject = {
      ...(status ? rest : body),
      apiVersion: group === '' ? version : `${group}/${version}`,
      kind,
      metadata: {
        ...body.metadata,
        name,
        ...(namespace !== undefined && { namespace }),
        uid: `00000000-0000-4000-8000-${String(++this.#uids).padStart(12, '0')}`,
        creationTimestamp: timestamp(this.#now()),
        resourceVersion: '',
        ...generation(resource, 1),
        ...written(resource, undefined, body, by, this.#now()),
      },
    }
    return dryRun ? made : this.#commit('ADDED', resource, made, undefined)
  }

  /** A user's patch. @throws ApiFailure 404, 409, 422 */
  patch(
    resource: ResourceName,
    namespace: string | undefined,
    name: string,
    { type, body, subresource, dryRun = false, by }: StoredPatch,
  ): KubeObject {
    const current = this.#existing(resource, namespace, name)
    const patched = type === 'json' ? jsonPatch(current, body as Operation[]) : mergePatch(current, body)
    return this.#admit(resource, current, patched, subresource, dryRun, by)
  }

  /** A user's update. @throws ApiFailure 404, 409 */
  replace(
    resource: ResourceName,
    namespace: string | undefined,
    name: string,
    body: any,
    subresource?: 'status',
    dryRun = false,
    by?: string,
  ): KubeObject {
    return this.#admit(resource, this.#existing(resource, namespace, name), body, subresource, dryRun, by)
  }

  /** @throws ApiFailure 404 */
  remove(resource: ResourceName, namespace: string | undefined, name: string): KubeObject {
    const current = this.#existing(resource, namespace, name)
    return this.#commit('DELETED', resource, current, current)
  }

  /** A controller's write: all of the object, status included. */
  put(resource: ResourceName, object: KubeObject): KubeObject {
    const current = this.#existing(resource, object.metadata.namespace, object.metadata.name)
    return this.#update(
      resource,
      current,
      { ...object, metadata: { ...object.metadata, ...nextGeneration(resource, current, object) } },
      false,
    )
  }

  /** Changes after a resourceVersion, or undefined where they are not kept any more. */
  since(version: number): readonly Change[] | undefined {
    const first = this.#history[0]
    if (first === undefined ? version < this.#version : version < first.version - 1) return undefined
    return this.#history.filter((each) => each.version > version)
  }

  /** Forgets what happened, as compaction does: watches from before answer 410. */
  compact(): void {
    this.#history = []
  }

  /** Calls back at every single change. */
  subscribe(listener: (change: Change) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  #existing(resource: ResourceName, namespace: string | undefined, name: string): KubeObject {
    const found = this.get(resource, namespace, name)
    if (found === undefined) throw notFound(resource, name)
    return found
  }

  /** The API server's rules: what the addressed part may not change is dropped silently. */
  #admit(
    resource: ResourceName,
    current: KubeObject,
    wanted: any,
    subresource: 'status' | undefined,
    dryRun: boolean,
    by: string | undefined,
  ): KubeObject {
    const wrong = undecodable(wanted)
    if (wrong !== undefined) throw new ApiFailure(422, 'Invalid', ` "" is invalid: patch: Invalid value: ${wrong}`)
    const { resourceVersion: asked } = wanted.metadata
    if (asked && asked !== current.metadata.resourceVersion) throw conflict(resource, current.metadata.name)
    if (subresource === 'status') return this.#update(resource, current, { ...current, status: wanted.status }, dryRun)
    const {
      apiVersion,
      kind,
      status,
      metadata: { name, namespace, uid, creationTimestamp },
    } = current
    const given: KubeObject = { ...wanted, apiVersion, kind, ...(RESOURCES[resource].status && { status }) }
    const next = resource === 'services' ? refilledService(given, current) : given
    const kept = {
      name,
      ...(namespace !== undefined && { namespace }),
      uid,
      creationTimestamp,
      ...nextGeneration(resource, current, next),
      ...written(resource, current, next, by, this.#now()),
    }
    return this.#update(resource, current, { ...next, metadata: { ...wanted.metadata, ...kept } }, dryRun)
  }

  /** A write that changes nothing is no change. */
  #update(resource: ResourceName, current: KubeObject, wanted: KubeObject, dryRun: boolean): KubeObject {
    const next = { ...wanted, metadata: { ...wanted.metadata, resourceVersion: current.metadata.resourceVersion } }
    if (same(next, current)) return current
    return dryRun ? next : this.#commit('MODIFIED', resource, next, current)
  }

  #commit(
    type: Change['type'],
    resource: ResourceName,
    object: KubeObject,
    previous: KubeObject | undefined,
  ): KubeObject {
    const version = ++this.#version
    const stored: KubeObject = { ...object, metadata: { ...object.metadata, resourceVersion: String(version) } }
    const of = this.#objects.get(resource) ?? new Map<string, KubeObject>()
    this.#objects.set(resource, of)
    const id = key(object.metadata.namespace, object.metadata.name)
    if (type === 'DELETED') of.delete(id)
    else of.set(id, stored)
    const change: Change = { version, type, resource, object: stored, previous }
    this.#history.push(change)
    if (this.#history.length > 2 * HISTORY) this.#history = this.#history.slice(-HISTORY)
    for (const listener of [...this.#listeners]) listener(change)
    return stored
  }
}

function key(namespace: string | undefined, name: string): string {
  return `${namespace ?? ''}/${name}`
}
