import type { Finding } from '../findings/finding.ts'
import type { Remedy } from '../findings/remedy.ts'
import { called, type Member, type Revision } from '../group/member.ts'
import { type Difference, differences } from '../group/settings-change.ts'
import { commonVersion, type Source } from '../group/version.ts'
import { RELEASE, VERSION, VERSION_LABEL, VERSIONS } from '../objects/labels.ts'
import { reached, roots } from '../trace/requests.ts'
import { versionsMet } from '../trace/versions-met.ts'
import { withoutMeshed } from '../trace/meshed.ts'
import { atThisMoment, strikingNow } from '../trace/words.ts'
import { type CheckContext, isWaiting } from './context.ts'
import { kubectl, listed, ours, say } from './say.ts'

/** What says a version, in a person's words. */
const SOURCES: Readonly<Record<Source, string>> = {
  annotation: `annotation ${VERSION}`,
  label: `label ${VERSION_LABEL}`,
  APP_VERSION: 'variable APP_VERSION',
  VERSION: 'variable VERSION',
  tag: 'the image tag',
  digest: 'the image digest',
  revision: 'the number of the revision',
}

/** Users meet versions that differ, and nothing tells that they belong to two releases: somebody may be forgotten. */
export function versionsDiffer(context: CheckContext): Finding[] {
  if (context.group.mode === 'modern') return []
  const { members } = context.group
  const scene = withoutMeshed(atThisMoment(context.scene))
  const mixed = new Set(strikingNow(context.scene).flatMap(({ kind, root }) => (kind === 'mixed' ? [root.id] : [])))
  const found = roots(scene)
    .filter((root) => !mixed.has(root.id))
    .flatMap((root) => {
      const met = versionsMet(reached(scene, root), members)
      return met.kind === 'apart' ? [met] : []
    })
  if (found.length === 0) return []
  const names = [...new Set(found.flatMap((each) => each.revisions.map(({ member }) => member)))]
  const told = new Set(found.map((each) => `${each.revisions.map(called).join(' with ')} (${SOURCES[each.source]})`))
  return [
    say(context, 'versions-differ', {
      members: names,
      sentence: `users meet versions that differ in one request: ${[...told].join('; ')}`,
      remedy: [
        ...cure(context, names),
        '; where members are numbered apart, say so once: ',
        kubectl(context, 'annotate', 'rollout', ...names, `${VERSIONS}=independent`),
      ],
    }),
  ]
}

/** What waits may end it; what is deployed now would take its place. */
function cure(context: CheckContext, names: readonly string[]): Exclude<Remedy, string> {
  const members = context.group.members.filter((each) => names.includes(each.name))
  const waiting = members.filter(isWaiting)
  if (waiting.length === 0) return ['deploy what was left behind']
  return commonVersion(members.map((each) => (isWaiting(each) ? each.next! : each.live!).version)) === undefined
    ? ['once what waits is promoted or withdrawn, deploy what was left behind']
    : ['promoting what waits ends it: ', ours(context, 'promote-all')]
}

/** What would be the version, and is the same whatever runs. */
export function constantSources(context: CheckContext): Finding[] {
  return context.group.constant.map(({ source, value, members, instead }) =>
    say(context, 'version-source-constant', {
      members,
      sentence:
        `${SOURCES[source]} of ${listed(members)} is ${value} whichever image runs, and says nothing of a release: ` +
        `the version is taken from ${SOURCES[instead]}`,
      remedy: `let it follow the release, or put the version into the pod template's annotation ${VERSION}`,
    }),
  )
}

/** What a release changes that changes nothing but settings. */
export function settingsChange(context: CheckContext): Finding[] {
  const found = waitingIn(context).filter((each) => each.settings !== undefined && !isUnpinned(each))
  if (found.length === 0) return []
  const either = found.every((each) => context.releases.either.has(each.name))
  return [
    say(context, 'settings-change', {
      members: found.map((each) => each.name),
      sentence: `image and version stay, and only settings change: ${found
        .map((each) => `${each.name}: ${each.settings!.map(changed).join(', ') || 'none that is told'}`)
        .join('; ')}`,
      remedy: either
        ? 'the image stays, so each is taken to work beside both versions of the others: nothing is to be done'
        : 'if each works beside the old settings of the others, --settings-only takes them for one version',
    }),
  ]
}

/** What a release changes under the version that users have already, as the image of a container beside the main one. */
export function versionStays(context: CheckContext): Finding[] {
  const found = waitingIn(context).filter(
    ({ live, next, settings }) => settings === undefined && commonVersion([live.version, next.version]) !== undefined,
  )
  if (found.length === 0) return []
  const told = found.map(({ name, live, next }) => {
    const differ = differences(live, next, context.group.configs).map(changed)
    return `${name}: ${differ.join(', ') || 'nothing that is told'}`
  })
  return [
    say(context, 'version-stays', {
      members: found.map((each) => each.name),
      sentence: `the version stays, and this changes: ${told.join('; ')}`,
      remedy: 'it is a release like any other: nothing is to be done',
    }),
  ]
}

/** What users have waits without the wiring of its release, as when its files are applied past the tool. */
export function unpinned(context: CheckContext): Finding[] {
  const found = waitingIn(context).filter(isUnpinned)
  if (found.length === 0) return []
  const told = found.map(({ name, settings }) => `${name}: ${settings!.map(changed).join(', ')}`)
  return [
    say(context, 'unpinned', {
      members: found.map((each) => each.name),
      sentence:
        `${listed(found.map(({ next }) => called(next)))} would bring users nothing new: it is what they have, but ` +
        `for the wiring of its release, which files that are not wired take out (${told.join('; ')})`,
      remedy: [
        'unless that is meant (unpin), withdraw it, and give such files to release: ',
        ours(context, 'abort-all'),
      ],
    }),
  ]
}

type Waiting = Member & { readonly live: Revision; readonly next: Revision }

function waitingIn({ group }: CheckContext): Waiting[] {
  return group.members.filter((each): each is Waiting => isWaiting(each) && each.live !== undefined)
}

/** Nothing is changed of it but that it is of no release any more, and whom it calls by which Service. */
function isUnpinned({ live, next, settings }: Waiting): boolean {
  const [had, has] = [live, next].map(({ template }) => template.labels.has(RELEASE))
  return had === true && has === false && settings?.every((each) => each.own) === true
}

/** Values longer than this are not told. */
const LONGEST_VALUE = 60

function changed({ what, from, to }: Difference): string {
  const short = [from, to].every((each) => each === undefined || (each.length <= LONGEST_VALUE && !/[\n{[]/.test(each)))
  return short ? `${what} ${from ?? '(none)'} → ${to ?? '(none)'}` : what
}

/** Pods that run what their ReplicaSet's template does not say: it was edited under them. */
export function editedTemplates(context: CheckContext): Finding[] {
  return context.group.members.flatMap((member) =>
    [member.live, member.next, ...member.lingering].flatMap((revision) =>
      revision?.edited === undefined
        ? []
        : [
            say(
              context,
              'template-edited',
              {
                member: member.name,
                sentence:
                  `the pod template of ReplicaSet ${revision.name} was edited under its pods: they run ` +
                  `${revision.edited.join(', ')}, and the next one to start will not`,
                remedy:
                  `deploy ${member.name} again with a change of its pod template, such as ` +
                  'an annotation: then it is a revision of its own, and waits at its gate; ' +
                  'a restart would bring the edited template to users at once',
              },
              context.towards === 'next' ? 'error' : 'warning',
            ),
          ],
    ),
  )
}
