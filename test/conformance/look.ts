import type { Walk, Walker } from './walk.ts'

/** How many requests go wrong; one starts at each pod users may be on. */
export interface Counts {
  /** Met two versions. */
  readonly mixed: number
  /** Met a Service without a ready endpoint, or a pod that has lost its addresses. */
  readonly empty: number
  /** The same of requests from pods that users came in by earlier: terminating, or no longer selected. */
  readonly mixedOld: number
  readonly emptyOld: number
}

export const KINDS = ['mixed', 'empty', 'mixedOld', 'emptyOld'] as const

/** What requests meet that start at an entry now, and what those that came in earlier. */
export interface Look extends Counts {
  /** What is wrong, as the paths of one request each. */
  readonly paths: readonly string[]
}

/**
 * @param came pods by which users have come in so far, to which those of now are added
 * @throws Blind
 */
export function look(walker: Walker, entryService: string, came: Set<string | undefined>): Look {
  const current = walker.readyPods(entryService)
  for (const { metadata } of current) came.add(metadata.uid)
  const former = walker.pods.filter((pod) => came.has(pod.metadata.uid) && !current.includes(pod))
  const nobody = walker.isEmpty(entryService, current)
  const live = judge([
    ...current.map((pod) => walker.walk(pod)),
    ...(nobody ? [{ versions: new Map(), deadEnds: [`${entryService} (empty)`] }] : []),
  ])
  const old = judge(former.map((pod) => walker.walk(pod)))
  return {
    mixed: live.mixed.length,
    empty: live.empty.length,
    mixedOld: old.mixed.length,
    emptyOld: old.empty.length,
    paths: [...live.mixed, ...live.empty, ...old.mixed, ...old.empty],
  }
}

/** One path for each request that went wrong. */
function judge(walks: readonly Walk[]): { mixed: string[]; empty: string[] } {
  return {
    mixed: walks.filter(({ versions }) => versions.size > 1).map(({ versions }) => [...versions.values()].at(-1) ?? ''),
    empty: walks.flatMap(({ deadEnds }) => deadEnds.slice(0, 1)),
  }
}
