import { clusterOver } from '../../src/cluster/kube.ts'
import type { Cluster } from '../../src/cluster/port.ts'
import type { Answer } from '../../src/cluster/conversation.ts'
import type { HttpCall } from '../../src/cluster/transport.ts'
import { TUNING } from '../../src/cluster/tuning.ts'
import { at, fields } from '../../src/domain/objects/fields.ts'
import type { Clock } from '../../src/execute/context.ts'
import { forbidden, tokenOf, type UserName } from '../../src/sim/api/access.ts'
import type { RequestInfo } from '../../src/sim/api/request-info.ts'
import { serve } from '../../src/sim/api/serve.ts'
import { type ApiAnswer as Served, REASONS, statusOf } from '../../src/sim/api/status.ts'
import type { Store } from '../../src/sim/store.ts'
import { requestOf, type Match, type Sent } from './virtual-request.ts'
import { VirtualTime, type TimeOptions } from './virtual-time.ts'
import { VirtualWatch } from './virtual-watch.ts'

/**
 * A request goes wrong: it is refused, its connection breaks before or after it is carried out, or nothing ever comes
 * back.
 */
export type Failure =
  | { readonly status: number; readonly retryAfter?: number; readonly message?: string }
  | { readonly lose: 'request' | 'answer' | 'silently' }

interface Hook {
  readonly when: 'before' | 'after'
  readonly match: Match
  /** The how many-th of the matching requests it waits for. */
  left: number
  readonly act: (request: Sent) => void
}

/** One process that talks to the cluster. */
export interface Client {
  readonly cluster: Cluster
  readonly clock: Clock
  /** It dies: nothing more is sent, and nothing it waits for ever comes. */
  kill(): void
  readonly killed: Promise<void>
}

/** A simulated cluster in virtual time, behind the real adapter: only the wire between the two is replaced. */
export class VirtualCluster {
  readonly time: VirtualTime
  readonly store: Store
  /** All requests, in the order in which they were carried out. */
  readonly requests: Sent[] = []
  readonly #hooks: Hook[] = []
  readonly #failures: { readonly match: Match; readonly failure: Failure; left: number }[] = []
  readonly #denied: Match[] = []
  readonly #watches = new Map<VirtualWatch, object>()
  readonly #namespace: string

  constructor(options: TimeOptions, namespace: string) {
    this.time = new VirtualTime(options)
    this.store = this.time.simulation.store
    this.#namespace = namespace
  }

  connect(user: UserName = 'admin'): Client {
    const owner = {}
    const clock = this.time.clock(owner)
    const { promise: killed, resolve: die } = Promise.withResolvers<void>()
    const traffic = { requests: 0, connections: 1 }
    let dead = false
    const send = (call: HttpCall, signal: AbortSignal): Promise<Answer> => {
      const { promise, resolve, reject } = Promise.withResolvers<Answer>()
      if (dead) return promise
      traffic.requests += 1
      const takeBack = this.time.enqueue(owner, () => {
        const answer = this.#carryOut(call, user, owner, signal)
        if (dead || answer === 'silence') return
        if (answer === undefined) reject(connectionLost())
        else resolve(answer)
      })
      signal.addEventListener(
        'abort',
        () => {
          takeBack()
          if (!dead) reject(signal.reason)
        },
        { once: true },
      )
      return promise
    }
    const cluster = clusterOver(
      {
        transport: { send, traffic, dial: () => Promise.reject(new Error('no ports here')), close: async () => {} },
        to: { server: 'https://sim', user },
        requestTimeoutMs: undefined,
        known: true,
        tuning: {
          ...TUNING,
          pause: (milliseconds, signal) => clock.after(milliseconds, signal ?? new AbortController().signal),
          random: () => 1,
        },
      },
      { context: 'sim', namespace: this.#namespace, server: 'https://sim' },
    )
    const kill = (): void => {
      dead = true
      this.time.forget(owner)
      for (const [watch, of] of this.#watches) if (of === owner) watch.drop()
      die()
    }
    return { cluster, clock, kill, killed }
  }

  /**
   * Calls back before, or right after, the n-th matching request from now on is carried out; its answer comes later.
   */
  on(when: Hook['when'], match: Match, act: Hook['act'], nth = 1): void {
    this.#hooks.push({ when, match, left: nth, act })
  }

  /** The next matching requests go wrong. */
  fail(match: Match, failure: Failure, times = 1): void {
    this.#failures.push({ match, failure, left: times })
  }

  /** Matching requests are forbidden, and whoever asks whether they are allowed is told so. */
  deny(match: Match): void {
    this.#denied.push(match)
  }

  /** Every watch that is open now. */
  get watches(): readonly VirtualWatch[] {
    return [...this.#watches.keys()].filter((each) => each.open)
  }

  /** Undefined where the connection breaks, `silence` where nothing is heard of it any more. */
  #carryOut(call: HttpCall, user: UserName, owner: object, signal: AbortSignal): Answer | 'silence' | undefined {
    const { request, info, query, path } = requestOf(call, user, this.time.simulation.now)
    this.#happen('before', request)
    this.requests.push(request)
    const failure = this.#failures.find((each) => each.left > 0 && each.match(request))
    if (failure !== undefined) failure.left -= 1
    const how = failure?.failure
    if (how !== undefined && 'lose' in how && how.lose === 'request') return undefined
    if (how !== undefined && 'lose' in how && how.lose === 'silently') return 'silence'
    const headers = { ...call.headers, authorization: `Bearer ${tokenOf(user)}` }
    const outcome =
      this.#refusal(request, info, how) ??
      serve(this.store, request.at, { method: call.method, path, query, headers, body: call.body ?? '' })
    const watch = 'watch' in outcome ? new VirtualWatch(this.store, outcome.watch, signal) : undefined
    const {
      code,
      body,
      headers: more = {},
    } = 'answer' in outcome ? this.#told(request, outcome.answer) : { code: 200, body: undefined }
    Object.assign(request, { status: code, answer: body })
    this.#happen('after', request)
    if (how !== undefined && 'lose' in how) return undefined
    if (watch !== undefined) this.#watches.set(watch, owner)
    const stream = watch ?? [Buffer.from(typeof body === 'string' ? body : JSON.stringify(body))]
    return { status: code, headers: more, body: stream as AsyncIterable<Buffer>, discard: () => undefined }
  }

  #refusal(request: Sent, info: RequestInfo, how: Failure | undefined): { readonly answer: Served } | undefined {
    if (how !== undefined && 'status' in how) {
      const [reason, message] = REASONS[how.status]!
      return { answer: statusOf({ code: how.status, reason, message: how.message ?? message }, how.retryAfter) }
    }
    return this.#denied.some((match) => match(request))
      ? { answer: statusOf(forbidden({ name: request.user, groups: [] }, request.verb, info)) }
      : undefined
  }

  /** A question about what is denied is answered with no. */
  #told(request: Sent, answer: Served): Served {
    const asked = fields(at(request.body, 'spec', 'resourceAttributes'))
    const attributes = { ...request, subresource: undefined, name: undefined, ...asked } as Sent
    return request.resource === 'selfsubjectaccessreviews' && this.#denied.some((match) => match(attributes))
      ? { ...answer, body: { ...fields(answer.body), status: { allowed: false } } }
      : answer
  }

  #happen(when: Hook['when'], request: Sent): void {
    for (const hook of this.#hooks.filter((each) => each.when === when && each.match(request))) {
      hook.left -= 1
      if (hook.left === 0) hook.act(request)
    }
  }
}

function connectionLost(): Error {
  return Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' })
}
