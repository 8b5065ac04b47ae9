import { type PastRelease, pastReleases } from '../../domain/group/past-releases.ts'
import type { Model, ScreenState } from './state.ts'

/** The releases of the group whose past is open, the newest first, and which of them is selected. */
export function pastOf(
  { past }: ScreenState,
  model: Model,
): { readonly releases: readonly PastRelease[]; readonly at: number } {
  const releases = typeof model.past === 'object' ? pastReleases(model.past) : []
  const first = releases.findIndex((each) => each.state === 'past')
  return { releases, at: Math.max(0, Math.min(releases.length - 1, past ?? first)) }
}
