import type { ControlPlane } from '../controlplane/start.ts'
import { follow, type Followed } from './follow.ts'
import { pathOf, type Collection } from './support.ts'
import { type Counts, KINDS, look, type Look } from './look.ts'
import { Blind, Walker, type VersionOf } from './walk.ts'
import { type Judged, WatchLog } from './watch-log.ts'

/** How often a state that does not change is counted again, in milliseconds. */
const period = 15

export interface ProberOptions {
  readonly namespace: string
  /** The Service users come in by. */
  readonly entryService: string
  /** Absent: the variable APP_VERSION. */
  readonly versionOf?: VersionOf
  /** Other names of Services, as DNS follows them. */
  readonly aliases?: ReadonlyMap<string, string>
}

/** From here on requests went this way. */
export interface Moment extends Look {
  /** Milliseconds since the prober was started. */
  readonly at: number
}

export interface Report extends Counts {
  /** How many times everything was walked: after every change, and every 15 ms. */
  readonly samples: number
  /** How many times it could not be, because something was not known yet, or the API server was away. */
  readonly blind: number
  /** From the first sample to the last. */
  readonly milliseconds: number
  readonly timeline: readonly Moment[]
  /** What every state of the watches' log comes to, with CONFORMANCE=all; its counts are in these, too. */
  readonly logged: Judged | undefined
}

export interface Prober {
  /** Everything that had happened at the call is counted. */
  stop(): Promise<Report>
}

/** Those that look, so that none outlives the plane: whoever was to stop it may have failed before. */
const looking = new Set<() => void>()

/** Stops whatever still looks, and counts no more. */
export function leaveOff(): void {
  for (const stop of looking) stop()
}

const appVersion: VersionOf = (_, { APP_VERSION }) => APP_VERSION

/**
 * Samples a namespace from the outside, knowing nothing of the tool: from the entry's live Service through every ready
 * pod's environment to the Services it names. Resolves when it has begun.
 */
export async function startProber(
  { api }: ControlPlane,
  { namespace, entryService, versionOf = appVersion, aliases = new Map() }: ProberOptions,
): Promise<Prober> {
  const started = performance.now()
  const stopping = new AbortController()
  const entryPods = new Set<string | undefined>()
  const total = { samples: 0, blind: 0, mixed: 0, empty: 0, mixedOld: 0, emptyOld: 0 }
  const timeline: Moment[] = []
  let walker: Walker | undefined
  let seen: Moment | undefined

  const count = (): void => {
    if (!seen) {
      total.blind += 1
      return
    }
    total.samples += 1
    for (const kind of KINDS) total[kind] += seen[kind]
  }
  const changed = (): void => {
    if (!walker) return
    try {
      seen = { at: Math.round(performance.now() - started), ...look(walker, entryService, entryPods) }
      const last = timeline.at(-1)
      if (!last || KINDS.some((kind) => last[kind] !== seen?.[kind])) timeline.push(seen)
    } catch (error) {
      if (!(error instanceof Blind)) throw error
      seen = undefined
    }
    count()
  }

  const log = process.env['CONFORMANCE'] === 'all' ? new WatchLog() : undefined
  const followed = (collection: Collection): Promise<Followed> =>
    follow(api, pathOf(collection, namespace), stopping.signal, changed, log?.of(collection))
  const [slices, pods, configMaps] = await Promise.all([
    followed('endpointslices'),
    followed('pods'),
    followed('configmaps'),
  ])
  walker = new Walker(namespace, slices, pods, configMaps, versionOf, aliases)
  log?.begin()
  changed()
  const timer = setInterval(count, period)
  const leave = (): void => {
    looking.delete(leave)
    clearInterval(timer)
    stopping.abort()
  }
  looking.add(leave)
  return {
    async stop() {
      await Promise.all([slices, pods, configMaps].map((followed) => followed.caughtUp()))
      leave()
      const logged = log?.judged({ namespace, entryService, versionOf, aliases })
      for (const kind of KINDS) total[kind] += logged?.[kind] ?? 0
      return { ...total, milliseconds: performance.now() - started, timeline, logged }
    },
  }
}
