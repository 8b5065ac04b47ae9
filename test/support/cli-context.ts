import { PassThrough } from 'node:stream'
import type { CliContext, Output } from '../../src/cli/context.ts'
import { run } from '../../src/cli/run.ts'
import type { ConnectionFlags } from '../../src/cluster/flags.ts'
import { type Cluster, ClusterError, type Query, type Resource, type WatchEvent } from '../../src/cluster/port.ts'
import type { Snapshot } from '../../src/domain/group/snapshot.ts'
import { at, strings, text } from '../../src/domain/objects/fields.ts'
import type { Clock } from '../../src/execute/context.ts'

/** When every command is run: noon. */
export const NOW = Date.parse('2026-01-01T12:00:00Z')

/** How the process is that a command runs in; all that is absent is as in a pipeline. */
export interface Process {
  /** What the cluster holds; several namespaces where there are several. */
  readonly holds?: Snapshot | readonly Snapshot[]
  /** Opens the cluster, where it is none that is held here. */
  readonly elsewhere?: (flags: ConnectionFlags) => Promise<Cluster>
  /** What a request ends with, where it fails: `list services`, `get configmaps`, `patch rollouts`. */
  readonly fails?: (request: string) => ClusterError | undefined
  /** What opening the cluster ends with. */
  readonly unopened?: unknown
  /** Its context is marked as production. */
  readonly guarded?: boolean
  /** What the server warns of once it is asked. */
  readonly warns?: readonly string[]
  /** Opening the cluster waits for it. */
  readonly opens?: Promise<void>
  /** Columns of the terminal that standard output and standard error are; absent: a pipe. */
  readonly columns?: number
  /** What is typed on the terminal that standard input is, and then its end. */
  readonly typed?: string
  /** Standard input is a terminal on which nothing is typed yet; without it and `typed` it is none. */
  readonly asks?: boolean
  readonly env?: Readonly<Record<string, string>>
}

/** What a command did. */
export interface Done {
  readonly exit: number
  readonly stdout: string
  readonly stderr: string
  /** In order: `list rollouts app=web`, `get configmaps settings`, `create events …`. */
  readonly requests: readonly string[]
  /** With which flags the cluster was opened; undefined where it was not. */
  readonly flags: ConnectionFlags | undefined
  readonly closed: boolean
}

/** A command that runs; what it has written so far can be looked at. */
export interface Running {
  readonly done: Promise<Done>
  readonly stdout: () => string
  readonly stderr: () => string
  /** Resolves when standard output (or error) holds a text. */
  shows(wanted: string): Promise<void>
  /** Resolves when the command first waits for time to pass. */
  readonly waits: Promise<void>
  /** Ctrl-C. */
  interrupt(): void
  /** Types on standard input. */
  type(text: string): void
  /** The reader of standard output goes away. */
  leave(): void
  /** Lets so many milliseconds pass. */
  pass(milliseconds: number): void
  /** Tells the watches of a resource. */
  tell(resource: Resource, event: WatchEvent): void
}

/** Runs one command line to its end. */
export function runCli(argv: readonly string[], process: Process = {}): Promise<Done> {
  return startCli(argv, process).done
}

/** Starts one command line. */
export function startCli(argv: readonly string[], process: Process = {}): Running {
  const written = { stdout: '', stderr: '' }
  const waiting = new Set<() => void>()
  const gone = new AbortController()
  const input = new PassThrough()
  if (process.typed !== undefined) input.end(process.typed)
  const interrupts = new Set<() => void>()
  const { clock, pass, waits } = fakeClock()
  const cluster = scriptedCluster(process)
  let flags: ConnectionFlags | undefined
  const output = (name: 'stdout' | 'stderr'): Output => ({
    write: (text) => {
      written[name] += text
      for (const look of waiting) look()
    },
    isTTY: process.columns !== undefined,
    columns: process.columns,
    closed: name === 'stdout' ? gone.signal : new AbortController().signal,
  })
  const context: CliContext = {
    stdout: output('stdout'),
    stderr: output('stderr'),
    stdin: { isTTY: process.typed !== undefined || process.asks === true, stream: input },
    env: process.env ?? {},
    homedir: '/home/jane',
    tmpdir: '/tmp',
    user: 'jane@laptop',
    clock,
    newRunId: () => '5e1f',
    onInterrupt: (listener) => {
      interrupts.add(listener)
      return () => interrupts.delete(listener)
    },
    openCluster: async (given) => {
      flags = given
      await process.opens
      if (process.unopened !== undefined) throw process.unopened
      for (const each of process.warns ?? []) given.warn?.(each)
      return process.elsewhere?.(given) ?? cluster.opened(given)
    },
  }
  return {
    done: run(argv, context).then(
      (exit): Done => ({ exit, ...written, requests: cluster.requests, flags, closed: cluster.isClosed() }),
    ),
    stdout: () => written.stdout,
    stderr: () => written.stderr,
    shows: (wanted) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (!`${written.stdout}${written.stderr}`.includes(wanted)) return
          waiting.delete(look)
          resolve()
        }
        waiting.add(look)
        look()
      }),
    waits,
    interrupt: () => {
      for (const each of interrupts) each()
    },
    type: (line) => {
      input.write(line)
    },
    leave: () => gone.abort(),
    pass,
    tell: cluster.tell,
  }
}

/** A clock that stands still until it is told to go on. */
function fakeClock(): { readonly clock: Clock; readonly waits: Promise<void>; pass(milliseconds: number): void } {
  let now = NOW
  const { promise: waits, resolve: waited } = Promise.withResolvers<void>()
  const timers = new Set<{ readonly due: number; readonly ring: () => void }>()
  return {
    clock: {
      now: () => now,
      after: (milliseconds, signal) =>
        new Promise((resolve, reject) => {
          const timer = { due: now + milliseconds, ring: resolve }
          timers.add(timer)
          waited()
          signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
        }),
    },
    waits,
    pass: (milliseconds) => {
      now += milliseconds
      for (const timer of timers) if (timer.due <= now) timer.ring()
    },
  }
}

const KEPT: { readonly [resource in Resource]?: (snapshot: Snapshot) => readonly unknown[] } = {
  namespaces: (each) => [{ metadata: { name: each.namespace } }],
  rollouts: (each) => each.rollouts,
  replicasets: (each) => each.replicaSets,
  services: (each) => each.services,
  endpointslices: (each) => each.endpointSlices ?? [],
  pods: (each) => each.pods ?? [],
}

/** A cluster that can be read; what is written to it is noted, and changes nothing. */
function scriptedCluster({ holds = [], guarded = false, fails = () => undefined }: Process) {
  const snapshots = [holds].flat()
  const requests: string[] = []
  const listeners = new Set<(resource: Resource, event: WatchEvent) => void>()
  let closed = false
  const note = (request: string, more: string): void => {
    requests.push(`${request} ${more}`.trimEnd())
    const failure = fails(request)
    if (failure !== undefined) throw failure
  }
  const items = (resource: Resource, { namespace, labelSelector = '' }: Query): readonly unknown[] =>
    snapshots
      .filter((each) => namespace === undefined || each.namespace === namespace)
      .flatMap((each) => KEPT[resource]?.(each) ?? [])
      .filter((each) => selected(strings(at(each, 'metadata', 'labels')), labelSelector))
  const cluster = (flags: ConnectionFlags): Cluster => ({
    context: flags.context ?? 'prod-eu',
    guarded,
    namespace: flags.namespace ?? 'legacy',
    server: 'https://cluster.test',
    traffic: { requests: 0, connections: 0 },
    log: async (pod, { container, previous }) => {
      note(`log pods/${pod.name}`, `${container}${previous ? ' previous' : ''}`)
      return 'starting\nfatal: no database\n'
    },
    list: async (resource, query) => {
      note(`list ${resource}`, query.labelSelector ?? '')
      return { items: items(resource, query), resourceVersion: '100' }
    },
    listFirst: async (resource, query, { atMost }) => {
      note(`list ${resource}`, `${query.labelSelector ?? ''} at most ${atMost}`.trim())
      const found = items(resource, query)
      const isAll = found.length <= atMost
      return { items: isAll ? found : found.slice(0, atMost), resourceVersion: '100', isAll }
    },
    listTable: async (resource, query) => {
      note(`list ${resource}`, `${query.labelSelector ?? ''} as a table`.trim())
      return { items: items(resource, query), columns: [], rows: [] }
    },
    get: async (resource, { name, namespace }) => {
      note(`get ${resource}`, name)
      const data = snapshots.find((each) => each.namespace === namespace)?.configs.get(name)
      if (resource === 'configmaps' && typeof data === 'object') return { data: Object.fromEntries(data.data) }
      throw new ClusterError('NotFound', `get ${resource}/${name}: not found`, { status: 404 })
    },
    patch: async (resource, { name }, _operations, options) => {
      note(`patch ${resource}`, `${name}${options?.dryRun === true ? ' (dry run)' : ''}`)
      return {}
    },
    create: async (resource, _namespace, body) => {
      note(`create ${resource}`, text(at(body, 'metadata', 'name')) ?? '')
      return resource === 'selfsubjectaccessreviews' ? { status: { allowed: fails('may write') === undefined } } : body
    },
    replace: async (resource, { name }, body) => {
      note(`update ${resource}`, name)
      return body
    },
    remove: async (resource, { name }) => note(`delete ${resource}`, name),
    look: async () => undefined,
    apply: async (object) => object,
    async *watch(resource, query, signal) {
      note(`watch ${resource}`, query.labelSelector ?? '')
      const told: WatchEvent[] = [{ type: 'listed', items: items(resource, query) }]
      let wake = (): void => {}
      const listener = (to: Resource, event: WatchEvent): void => {
        if (to !== resource) return
        told.push(event)
        wake()
      }
      listeners.add(listener)
      signal.addEventListener('abort', () => wake(), { once: true })
      while (!signal.aborted) {
        const next = told.shift()
        if (next === undefined)
          await new Promise<void>((resolve) => {
            wake = resolve
          })
        else yield next
      }
    },
    forward: async (pod, port) => {
      note('forward pods', `${pod.name} ${port}`)
      return new PassThrough()
    },
    close: async () => {
      closed = true
    },
  })
  return {
    opened: cluster,
    requests,
    isClosed: () => closed,
    tell: (resource: Resource, event: WatchEvent): void => {
      for (const each of listeners) each(resource, event)
    },
  }
}

/** Whether labels are what a selector asks for: `a=b`, `a`, `a in (b,c)`, joined by commas. */
function selected(labels: ReadonlyMap<string, string>, selector: string): boolean {
  return selector
    .split(/,(?![^(]*\))/)
    .filter((each) => each !== '')
    .every((term) => {
      const [, key = '', set] = /^(\S+) in \((.*)\)$/.exec(term) ?? []
      if (set !== undefined) return set.split(',').includes(labels.get(key) ?? '')
      const [name = '', value] = term.split('=')
      return value === undefined ? labels.has(name) : labels.get(name) === value
    })
}
