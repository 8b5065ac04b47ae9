import type { PastRelease } from '../../domain/group/past-releases.ts'
import type { Group } from '../../domain/group/read-group.ts'
import { API } from './documents.ts'

/** `kind: History`: what `history -o json` prints. */
export function historyDocument({ name, namespace }: Group, releases: readonly PastRelease[]) {
  return {
    ...API,
    kind: 'History',
    group: name,
    namespace,
    releases: releases.map((each) => ({
      name: each.name,
      state: each.state,
      ...(each.since !== undefined && { since: time(each.since) }),
      ...(each.by !== undefined && { by: each.by }),
      made: time(each.made),
      podsRun: each.pods !== undefined,
      ...(each.pods?.until !== undefined && { podsRunUntil: time(each.pods.until) }),
      lacks: each.lacks,
      revisions: each.revisions.map(({ member, hash, revision, version, role }) => ({
        member,
        hash,
        revision,
        version: version.text,
        role,
      })),
    })),
  } as const
}

function time(milliseconds: number): string {
  return new Date(milliseconds).toISOString()
}
