/**
 * The cluster port: everything this tool asks of a Kubernetes API server.
 *
 * One adapter (`kube.ts`) implements it; execute and live know nothing else of the cluster.
 */

import type { Duplex } from 'node:stream'
import type { PatchOperation } from '../domain/actions/patch.ts'

/** A resource this tool reads or writes, by its plural name in the API. */
export type Resource =
  | 'rollouts'
  | 'analysisruns'
  | 'replicasets'
  | 'deployments'
  | 'services'
  | 'configmaps'
  | 'namespaces'
  | 'pods'
  | 'resourcequotas'
  | 'events'
  | 'endpointslices'
  | 'ingresses'
  | 'httproutes'
  | 'leases'
  | 'selfsubjectaccessreviews'
  | 'selfsubjectreviews'

/** What a list or a watch is limited to; selectors are evaluated by the server. */
export interface Query {
  /** Absent: all namespaces. */
  readonly namespace?: string
  readonly labelSelector?: string
  readonly fieldSelector?: string
}

/** One named object. */
export interface Ref {
  readonly namespace: string
  readonly name: string
}

export type { PatchOperation }

export interface WriteOptions {
  /** Ask the server to validate and answer without storing (`dryRun=All`). */
  readonly dryRun?: boolean
  readonly signal?: AbortSignal
}

export interface PatchOptions extends WriteOptions {
  readonly subresource?: 'status'
  /** Send it once: whoever asks looks again before it is sent again. */
  readonly once?: boolean
}

export interface LogOptions {
  readonly container: string
  readonly lines: number
  readonly previous: boolean
}

/** All pages of one list, together. Items are untyped until the domain parses them. */
export interface ObjectList {
  readonly items: readonly unknown[]
  readonly resourceVersion: string
}

/** How many objects are wanted first. */
export interface Most {
  readonly atMost: number
  /** Nobody knows yet whether they are needed: it is tried once. */
  readonly guess?: boolean
}

/** The first objects of a list. */
export interface First extends ObjectList {
  readonly isAll: boolean
}

/** What a server tells people of the objects of a list (`kubectl get -o wide`), or these where it makes no tables. */
export interface Table {
  readonly items: readonly unknown[]
  readonly columns: readonly string[]
  /** A cell for each column. */
  readonly rows: readonly (readonly unknown[])[]
}

/**
 * What a watch tells, in order. `listed` comes first and again after every gap (410 Gone, a reconnect that
 * cannot resume): it replaces all that was known. `disconnected` and `connected` frame a gap in between.
 */
export type WatchEvent =
  | { readonly type: 'listed'; readonly items: readonly unknown[] }
  | { readonly type: 'added' | 'modified' | 'deleted'; readonly object: unknown }
  | { readonly type: 'disconnected'; readonly reason: string }
  | { readonly type: 'connected' }

/** Every failure of the cluster port, by what a caller can do about it. */
export type ClusterErrorReason =
  | 'NotFound'
  | 'AlreadyExists'
  | 'Conflict'
  | 'Invalid'
  | 'Forbidden'
  | 'Unauthorized'
  | 'TooManyRequests'
  | 'Expired'
  | 'ServerError'
  | 'BadRequest'
  /** No answer at all: refused, reset, unknown host, certificate not trusted. */
  | 'Unreachable'
  /** No answer within --request-timeout. */
  | 'Timeout'
  /** The caller's signal ended it. */
  | 'Aborted'
  /** The answer was not what the API promises: not JSON, truncated, too large. */
  | 'Malformed'
  /** The kubeconfig, or the credential plugin it names, does not work. */
  | 'Configuration'

/** A failed request: what was tried on what, and the server's own words. */
export class ClusterError extends Error {
  override readonly name = 'ClusterError'
  readonly reason: ClusterErrorReason
  /** HTTP status, or undefined where there was no answer. */
  readonly status: number | undefined
  /** Seconds the server asked to wait (Retry-After), where it did. */
  readonly retryAfter: number | undefined
  /** The server's own word for it, as kubectl shows it: `InternalError`, `ServiceUnavailable`, `MethodNotAllowed`. */
  readonly said: string

  /** @param message e.g. `list rollouts in namespace legacy: rollouts.argoproj.io is forbidden: User "x" cannot …` */
  constructor(
    reason: ClusterErrorReason,
    message: string,
    more: { status?: number | undefined; retryAfter?: number | undefined; said?: string; cause?: unknown } = {},
  ) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause })
    this.reason = reason
    this.status = more.status
    this.retryAfter = more.retryAfter
    this.said = more.said ?? reason
  }
}

/** Makes objects of any kind what a person's files say, as `kubectl apply` does. */
export interface Applier {
  /** An object as it is; undefined where there is none. @throws ClusterError */
  look(object: unknown, signal?: AbortSignal): Promise<unknown>
  /** @returns the object as it is stored, or with `dryRun` would be @throws ClusterError */
  apply(object: unknown, options?: Omit<PatchOptions, 'subresource'>): Promise<unknown>
}

export interface Cluster extends Applier {
  /** The context's name as a person knows it, for headings and prompts. */
  readonly context: string
  /** The namespace of the context, used where -n is absent. */
  readonly namespace: string
  readonly server: string
  /** The context is marked as production: nothing is written there before a person has typed the group's name. */
  readonly guarded?: boolean

  /** Follows `continue` to the end. @throws ClusterError */
  list(resource: Resource, query: Query, signal?: AbortSignal): Promise<ObjectList>
  /** In one request. @throws ClusterError */
  listFirst(resource: Resource, query: Query, most: Most, signal?: AbortSignal): Promise<First>
  /** Follows `continue` to the end. @throws ClusterError */
  listTable(resource: Resource, query: Query, signal?: AbortSignal): Promise<Table>
  /**
   * @param patient ask again, as long and as seldom as the server wants, until the signal ends it
   * @throws ClusterError, reason NotFound where there is no such object
   */
  get(resource: Resource, ref: Ref, signal?: AbortSignal, patient?: boolean): Promise<unknown>
  /** A JSON patch. @throws ClusterError, reason Invalid where a `test` operation does not hold */
  patch(resource: Resource, ref: Ref, operations: readonly PatchOperation[], options?: PatchOptions): Promise<unknown>
  /** @throws ClusterError, reason AlreadyExists */
  create(
    resource: Resource,
    namespace: string | undefined,
    body: unknown,
    options?: Omit<PatchOptions, 'subresource'>,
  ): Promise<unknown>
  /** A PUT; the body's resourceVersion makes it conditional. @throws ClusterError, reason Conflict */
  replace(resource: Resource, ref: Ref, body: unknown, options?: WriteOptions): Promise<unknown>
  /** @throws ClusterError; with `resourceVersion`, reason Conflict where the object has changed */
  remove(resource: Resource, ref: Ref, options?: WriteOptions & { readonly resourceVersion?: string }): Promise<void>
  /**
   * Never ends by itself: reconnects and relists until the signal ends it. Throws only what no retry can mend (401,
   * 403, 404).
   */
  watch(resource: Resource, query: Query, signal: AbortSignal): AsyncIterable<WatchEvent>
  /** The last lines that a container wrote; of the one before it, where `previous`. @throws ClusterError */
  log(pod: Ref, of: LogOptions, signal?: AbortSignal): Promise<string>
  /**
   * A connection to a port of a pod, as `kubectl port-forward` makes it; it ends with the signal.
   * @throws ClusterError
   */
  forward(pod: Ref, port: number, signal: AbortSignal): Promise<Duplex>
  /** Counts since the cluster was opened: what the benchmark prints. */
  readonly traffic: { readonly requests: number; readonly connections: number }
  close(): Promise<void>
}
