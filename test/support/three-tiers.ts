import type { MemberSpec, RevisionSpec, WorldSpec } from './objects.ts'

const RELEASE = 'rollouts-group/release'
export type Wiring = 'role' | 'pinned'

const of = (version: string, to?: string): RevisionSpec => ({
  version,
  labels: { [RELEASE]: version },
  ...(to !== undefined && { env: { NEXT_URL: `http://${to}:8080` } }),
})
const left = (spec: RevisionSpec): RevisionSpec => ({
  ...spec,
  desired: 0,
  available: 0,
  own: { 'rollouts-group/live-until': '2026-01-05T10:00:00Z' },
})

/** Of three tiers, the first so many were promoted to 3.0. */
export function threeTiers(promoted: number, wiring: Wiring = 'role'): WorldSpec {
  const calls = (version: string, to: string | undefined) =>
    of(
      version,
      to && (wiring === 'pinned' ? `${to}-${version[0]}` : `${to}-${version === '2.0' ? 'active' : 'preview'}`),
    )
  const members = ['web', 'mid', 'api'].map((name, index, all): MemberSpec => {
    const [old, is] = ['2.0', '3.0'].map((version) => calls(version, all[index + 1])) as [RevisionSpec, RevisionSpec]
    return index < promoted ? { name, live: is, lingering: left(old) } : { name, live: old, next: is }
  })
  const pinned = ['mid', 'api'].flatMap((name) =>
    ['2.0', '3.0'].map((version) => ({
      name: `${name}-${version[0]}`,
      selector: { app: name, [RELEASE]: version },
    })),
  )
  return { members, ...(wiring === 'pinned' && { services: pinned }) }
}
