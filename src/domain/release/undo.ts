import { finding, type Finding } from '../findings/finding.ts'
import { listed, ours } from '../checks/say.ts'
import type { Member, Revision } from '../group/member.ts'
import { type PastRelease, pastReleases } from '../group/past-releases.ts'
import type { Group } from '../group/read-group.ts'
import { type Manifest, parseManifest } from '../manifests/manifest.ts'
import { at, fields } from '../objects/fields.ts'
import { RELEASE } from '../objects/labels.ts'
import { stableTemplate } from '../objects/stable-template.ts'
import { manifestsOf } from './applied.ts'
import { labelOf } from './release-name.ts'

/** What brings a release back: the pod templates it had, as a release of its own. */
export type Undoing =
  | { readonly state: 'none'; readonly why: string }
  /** Users are on it. */
  | { readonly state: 'there'; readonly name: string }
  | { readonly state: 'lost'; readonly release: PastRelease }
  | {
      readonly state: 'found'
      readonly release: PastRelease
      readonly id: string
      readonly manifests: readonly Manifest[]
    }

/** A release that brings another one back: `1.0-u1`. */
const UNDO = /-u\d+$/

/**
 * The manifests of a release of the past: what is applied of each member now, with the pod template that it had then.
 * Put back unchanged some of these would go live without a gate, so that they get a fresh name.
 * @param to its name; absent: the one before the release that users are on
 */
export function undoing(group: Group, to: string | undefined, workloads: readonly unknown[]): Undoing {
  const all = pastReleases(group)
  const live = all.find((each) => each.state === 'live')
  // A run that was killed at its very end has nothing left to do.
  if (live !== undefined && to !== undefined && live.name.replace(UNDO, '') === to.replace(UNDO, ''))
    return { state: 'there', name: live.name }
  const release = all.find((each) => (to === undefined ? each.state === 'past' : each.name === to))
  if (release === undefined) return { state: 'none', why: whyNone(all, to) }
  if (release.lacks.length > 0) return { state: 'lost', release }
  const had = new Map(release.revisions.map((each) => [each.member, each]))
  const manifests = group.members.flatMap((member) =>
    manifestsOf(member, group, workloads).flatMap((each) => withTemplate(each, member, had.get(member.name))),
  )
  return { state: 'found', release, id: freshId(group, release.name), manifests }
}

function whyNone(all: readonly PastRelease[], to: string | undefined): string {
  const names = all.filter((each) => each.state !== 'live' && each.state !== 'waits').map((each) => each.name)
  const known = names.length === 0 ? 'no other release is there any more' : `there are ${listed(names)}`
  return to === undefined
    ? `nothing tells which release users were on before; ${names.length === 0 ? known : `${known}: say --to=NAME`}`
    : `there is no release ${to}; ${known}`
}

/** `1.0-u1`, or the first such name that no revision has; the one that waits, where a run was killed: it goes on. */
function freshId({ members }: Group, name: string): string {
  const base = name.replace(UNDO, '').slice(0, 50)
  const waits = members.flatMap(({ next, status }) => (next === undefined || status.abort ? [] : (labelOf(next) ?? [])))
  const begun = waits.find((each) => UNDO.test(each) && each.replace(UNDO, '') === base)
  if (begun !== undefined) return begun
  const taken = new Set(members.flatMap(({ revisions }) => revisions.map(labelOf)))
  for (let number = 1; ; number++) if (!taken.has(`${base}-u${number}`)) return `${base}-u${number}`
}

/** How consumers of a group find what changes: by the Services of a release, or else by preview Services. */
export function wiringOf({ members, services }: Group): 'pinned' | 'preview' {
  const byRelease = members.some(({ live, next }) =>
    [live, next].some((each) => each?.wires.some(({ service }) => services.get(service)?.base.has(RELEASE))),
  )
  return byRelease ? 'pinned' : 'preview'
}

/** A member that the release did not have stays as it is. */
function withTemplate(
  manifest: Manifest,
  { workloadRef, strategy }: Member,
  revision: Revision | undefined,
): Manifest[] {
  const holds = workloadRef === undefined ? manifest.kind === 'Rollout' : manifest.kind === workloadRef.kind
  if (revision === undefined || !holds) return [manifest]
  const template = withoutRelease(stableTemplate(revision, strategy))
  const object = { ...fields(manifest.object), spec: { ...fields(at(manifest.object, 'spec')), template } }
  const made = parseManifest(object, manifest.where)
  return 'why' in made ? [] : [made]
}

function withoutRelease(template: unknown): unknown {
  const metadata = fields(at(template, 'metadata'))
  const { [RELEASE]: _, ...labels } = fields(metadata['labels'])
  return { ...fields(template), metadata: { ...metadata, labels } }
}

/** What is gone of a release that is to come back. */
export function lostParts(group: Group, { name, lacks }: PastRelease): Finding {
  const said = {
    sentence: `release ${name} cannot come back as it was: ${listed(lacks)}`,
    remedy: ['apply it again, or go back to another release: ', ours({ group }, 'history')],
  } as const
  return finding(group.mode, 'missing-config', said, 'error')
}
