import type { ControlPlane } from '../controlplane/start.ts'
import { follow, type Followed } from './follow.ts'
import { pathOf, type Collection } from './support.ts'
import { Blind, Walker, type VersionOf, type Walk } from './walk.ts'

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

/** How many requests went wrong; in each sample one starts at each pod users may be on. */
export interface Counts {
  /** Met two versions. */
  readonly mixed: number
  /** Met a Service without a ready endpoint, or a pod that has lost its addresses. */
  readonly empty: number
  /** The same of requests from pods that users came in by earlier: terminating, or no longer selected. */
  readonly mixedOld: number
  readonly emptyOld: number
}

/** From here on requests went this way. */
export interface Moment extends Counts {
  /** Milliseconds since the prober was started. */
  readonly at: number
  /** What is wrong, as the paths of one request each. */
  readonly paths: readonly string[]
}

export interface Report extends Counts {
  /** How many times everything was walked: after every change, and every 15 ms. */
  readonly samples: number
  /** How many times it could not be, because something was not known yet, or the API server was away. */
  readonly blind: number
  /** From the first sample to the last. */
  readonly milliseconds: number
  readonly timeline: readonly Moment[]
}

export interface Prober {
  /** Everything that had happened at the call is counted. */
  stop(): Promise<Report>
}

const kinds = ['mixed', 'empty', 'mixedOld', 'emptyOld'] as const

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

  const look = (walker: Walker): Moment => {
    const current = walker.readyPods(entryService)
    for (const { metadata } of current) entryPods.add(metadata.uid)
    const former = walker.pods.filter((pod) => entryPods.has(pod.metadata.uid) && !current.includes(pod))
    const live = judge(
      current.length > 0
        ? current.map((pod) => walker.walk(pod))
        : [{ versions: new Map(), deadEnds: [`${entryService} (empty)`] }],
    )
    const old = judge(former.map((pod) => walker.walk(pod)))
    return {
      at: Math.round(performance.now() - started),
      mixed: live.mixed.length,
      empty: live.empty.length,
      mixedOld: old.mixed.length,
      emptyOld: old.empty.length,
      paths: [...live.mixed, ...live.empty, ...old.mixed, ...old.empty],
    }
  }
  const count = (): void => {
    if (!seen) {
      total.blind += 1
      return
    }
    total.samples += 1
    for (const kind of kinds) total[kind] += seen[kind]
  }
  const changed = (): void => {
    if (!walker) return
    try {
      seen = look(walker)
      const last = timeline.at(-1)
      if (!last || kinds.some((kind) => last[kind] !== seen?.[kind])) timeline.push(seen)
    } catch (error) {
      if (!(error instanceof Blind)) throw error
      seen = undefined
    }
    count()
  }

  const followed = (collection: Collection): Promise<Followed> =>
    follow(api, pathOf(collection, namespace), stopping.signal, changed)
  const [slices, pods, configMaps] = await Promise.all([
    followed('endpointslices'),
    followed('pods'),
    followed('configmaps'),
  ])
  walker = new Walker(namespace, slices, pods, configMaps, versionOf, aliases)
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
      return { ...total, milliseconds: performance.now() - started, timeline }
    },
  }
}

/** One path for each request that went wrong. */
function judge(walks: readonly Walk[]): { mixed: string[]; empty: string[] } {
  return {
    mixed: walks.filter(({ versions }) => versions.size > 1).map(({ versions }) => [...versions.values()].at(-1) ?? ''),
    empty: walks.flatMap(({ deadEnds }) => deadEnds.slice(0, 1)),
  }
}
