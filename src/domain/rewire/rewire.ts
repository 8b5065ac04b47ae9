import { bySeverity, finding, type Finding } from '../findings/finding.ts'
import { memberNamed } from '../group/member.ts'
import type { Edit } from '../manifests/edit.ts'
import type { Manifest } from '../manifests/manifest.ts'
import type { Wiring } from '../manifests/wiring.ts'
import { at, text } from '../objects/fields.ts'
import { type Changing, changingIn } from './changing.ts'
import { doubtsOf } from './doubts.ts'
import { hostSensitive } from './host-sensitive.ts'
import { labelValue } from '../objects/release-names.ts'
import { type ManifestGroup, readManifestGroup, type Surrounding } from './reading.ts'
import { astray, takenServices, uncopyable } from './refusals.ts'
import { plainFirst } from './plain-first.ts'
import { begunRelease, freshRelease, ownName } from './release-id.ts'
import type { Scheme } from './targets.ts'
import { lacking, missing, unfit } from './unfit.ts'
import { wire, type Wired } from './wire.ts'
import { begin, objectsIn, type Working } from './working.ts'

/** How manifests are to be rewired. */
export interface Rewiring {
  readonly wiring: Wiring
  /** What the release is to be called; without it its version. */
  readonly release?: string | undefined
  /** Whether a host may change where a certificate or a router looks at it. */
  readonly trustHost?: boolean
}

/** Manifests rewired; none is where a finding is an error. */
export interface Rewired {
  /** The label of the pods of this release; undefined where nothing changes, or `as-is`. */
  readonly release: string | undefined
  /** The members whose pods change. */
  readonly changing: readonly string[]
  readonly edits: readonly Edit[]
  /** Services of the release and copies of ConfigMaps, to be applied before what names them. */
  readonly added: readonly unknown[]
  /** All objects as they are to be applied, what is added last. */
  readonly objects: readonly unknown[]
  readonly findings: readonly Finding[]
}

/**
 * Gives each consumer the addresses that a wiring has for it, and makes what these lead to. Pure and total; what is
 * rewired already stays as it is.
 */
export function rewire(manifests: readonly Manifest[], around: Surrounding, how: Rewiring): Rewired {
  const working = begin(manifests)
  if (how.wiring === 'as-is') return result(working, [], undefined)
  const findings = unfit(working, around)
  if (findings.length > 0) return result(working, findings, undefined)
  const reading = readManifestGroup(working, around)
  const lacks = missing(reading, around)
  const found = changingIn(working, how.wiring, reading, around)
  const { wiring } = how
  const wired = (release: string, { all }: Changing): Wired =>
    wire(working, { wiring, changing: all, release }, reading, around)
  const named = how.release === undefined ? undefined : labelValue(how.release)
  const begun = begunRelease(named, found, reading, around, (each, changing) => wired(each, changing).working)
  const fresh = (name: string) => freshRelease(name, found, reading, around, (each) => wired(each, found).working)
  const { release, changing } = begun ?? { release: fresh(named ?? ownName(reading, found)), changing: found }
  const made = wired(release, changing)
  const after = readManifestGroup(made.working, around)
  const scheme: Scheme = { wiring, changing: changing.all, release }
  const taken = takenServices(made.made, reading, after)
  return result(
    made.working,
    bySeverity(
      once([
        ...lacks,
        ...absent(changing, reading),
        ...(taken.length > 0 ? taken : astray(after, scheme, around)),
        ...uncopyable(made.copied, made.working, reading),
        ...doubtsOf(reading, scheme),
        ...(wiring === 'pinned'
          ? hostSensitive(made.rewritten, reading, objectsIn(made.working), how.trustHost === true)
          : []),
        ...plainFirst(changing, reading, around),
        ...upwards(changing),
        ...copies(made),
        ...unknown(around, wiring),
      ]),
    ),
    { changing, release },
  )
}

/** What is rewired, or, where it is refused, what was given. */
function result(
  working: Working,
  findings: readonly Finding[],
  made: { readonly changing: Changing; readonly release: string } | undefined,
): Rewired {
  const refused = findings.some((each) => each.severity === 'error')
  const shown = refused ? begin([...working.objects.keys()]) : working
  return {
    release: made === undefined || made.changing.all.size === 0 ? undefined : made.release,
    changing: [...(made?.changing.all ?? [])].sort(),
    edits: shown.edits,
    added: [...shown.added.values()],
    objects: objectsIn(shown),
    findings,
  }
}

function once(findings: readonly Finding[]): Finding[] {
  return [...new Map(findings.map((each) => [`${each.code} ${each.sentence}`, each])).values()]
}

/** Who calls what changes, and is not among the manifests: it would be left behind. */
function absent({ all }: Changing, { given, group }: ManifestGroup): Finding[] {
  return [...all]
    .filter((each) => !given.has(each) && memberNamed(group.members, each) !== undefined)
    .map((each) =>
      lacking(
        [each],
        `${each} calls what changes, and is not among the manifests: it would stay with what was before`,
        'give its manifest, too; one that is to go is removed once no member calls it and no user is on it',
      ),
    )
}

function upwards({ own, all }: Changing): Finding[] {
  const members = [...all].filter((each) => !own.has(each)).sort()
  if (members.length === 0) return []
  return [
    finding('legacy', 'pinned-upwards', {
      members,
      sentence:
        `${members.join(', ')} ${members.length === 1 ? 'gets' : 'get'} a new revision ` +
        `only because ${[...own].sort().join(', ')} ${own.size === 1 ? 'does' : 'do'}: ` +
        'an address is part of a pod template',
      remedy: 'nothing; it is the price of a Service for each release',
    }),
  ]
}

function copies({ copied }: Wired): Finding[] {
  return copied.map(({ consumer, from, copy, leftAlone }) =>
    finding('legacy', 'config-copied', {
      members: [consumer],
      sentence:
        `ConfigMap ${from} is copied as ${text(at(copy, 'metadata', 'name'))} for ${consumer}: ` +
        `later edits of ${from} do not reach its pods` +
        (leftAlone ? `, and ${from} itself stays as it is in the cluster, where pods of before read it` : ''),
      remedy: 'nothing; release again after an edit',
    }),
  )
}

/** What nobody can know who has no cluster to ask. */
function unknown({ cluster }: Surrounding, wiring: Wiring): Finding[] {
  if (cluster !== undefined) return []
  return [
    finding('legacy', 'cluster-unknown', {
      members: [],
      sentence:
        'without a cluster nobody knows which members really change' +
        (wiring === 'pinned'
          ? ', which release names are taken, and whether users are on Services that select more than one revision'
          : ''),
      remedy: 'give every release a name of its own with --release; or run it where the cluster can be asked',
    }),
  ]
}
