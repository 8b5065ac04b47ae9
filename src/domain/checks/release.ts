import { broughtBack } from '../group/brought-back.ts'
import { called, isChanging, type Member, type Revision } from '../group/member.ts'
import { nextService } from '../objects/strategy.ts'
import { isAlreadyBack } from './already-back.ts'
import { addressedTo } from './address.ts'
import type { Finding } from '../findings/finding.ts'
import { refusalOf } from '../objects/refusal.ts'
import { ENTRY } from '../objects/labels.ts'
import { entryless, upstream } from '../group/call-graph.ts'
import { tiesOf } from '../group/ties.ts'
import { commonVersion, sameVersion } from '../group/version.ts'
import { circleRemedy } from './circle.ts'
import { type CheckContext, isWaiting, memberOf } from './context.ts'
import { removalOf } from './removal.ts'
import { kubectl, listed, ours, say } from './say.ts'

/** The live versions of the changing members are one, the next ones are not: somebody forgot to deploy one. */
export function versionMismatch(context: CheckContext): Finding[] {
  // Who works in either release needs no new version.
  const changing = context.group.members.filter(
    (each) => isChanging(each) && !context.releases.either.has(each.name) && !each.independent,
  )
  const live = commonVersion(changing.flatMap((each) => each.live?.version ?? []))
  // A member that waits may reach the aborted version of another, so that this counts, too; where all are aborted,
  // nothing does.
  if (
    changing.length < 2 ||
    !changing.some(isWaiting) ||
    live === undefined ||
    commonVersion(changing.map((each) => each.next!.version)) !== undefined
  )
    return []
  const isBack = changing.every(({ next }) => broughtBack(next!) !== undefined)
  // They wait only because what they call changes.
  const staying = changing.filter(
    ({ live: on, next }) => broughtBack(next!) !== undefined && sameVersion(next!.version, on!.version),
  )
  // What was together once may be of several versions: nobody has forgotten one.
  if (isBack && staying.length === 0) return []
  const coming = changing.filter((each) => !staying.includes(each)).map(({ next }) => next!.version)
  // They have never had a version that comes back.
  const strangers = staying.filter(({ revisions }) =>
    revisions.every((each) => !coming.some((version) => sameVersion(each.version, version))),
  )
  return [
    say(context, 'version-mismatch', {
      sentence:
        `users have ${live.text} everywhere, but what waits is not one ` +
        `version: ${changing.map((each) => called(each.next!)).join(', ')}`,
      remedy:
        strangers.length > 0
          ? removalOf(
              context,
              strangers.map((each) => each.name),
            )
          : isBack
            ? ['give the files of the release that comes back to release: ', ours(context, 'release', '-f', 'FILE')]
            : 'deploy the missing version; --allow-version-mismatch goes on with these',
    }),
  ]
}

/**
 * A half-promoted release and the next release leaking into live traffic look the same; the user must say which it is.
 */
export function halfOrLeak(context: CheckContext): Finding[] {
  if (context.options.assume !== undefined) return []
  return context.releases.doubtful.map(({ member, dependency, service }) => {
    const consumer = memberOf(context, member)!
    const next = memberOf(context, dependency)!.next!
    const older = (consumer.live?.created ?? 0) < next.created
    const ways = [
      ['if it was left there, ', ours(context, 'abort-all', '--assume=leak'), ' withdraws what waits'],
      ['if it was promoted, ', ours(context, 'promote-all', '--assume=half-promoted'), ' goes on'],
    ]
    const [likely, other] = older ? ways : ways.toReversed()
    return say(context, 'half-or-leak', {
      member,
      sentence:
        `live ${called(consumer.live!)} is wired to ${service}, where ${called(next)} ` +
        `waits, and no version tells whether ${member} was promoted already ` +
        'or was left there by the last release ' +
        (older
          ? `(its pods are older than ${called(next)}: probably left there)`
          : `(its pods are newer than ${called(next)}: probably promoted)`),
      remedy: [...likely!, '; ', ...other!, '; the pod template annotation rollouts-group/version ends the doubt'],
    })
  })
}

/** A member that does not change between members that do, or that still has the old common version. */
export function leftOut(context: CheckContext): Finding[] {
  // What the controller refuses was deployed: it says so itself.
  const resting = context.group.members.filter((each) => !isChanging(each) && refusalOf(each) === undefined)
  return resting.flatMap((member) => {
    const { live } = member
    if (live === undefined) return []
    if (isLeftBehind(context, member, live)) return leftBehind(context, member, live)
    return isBetween(context, member, live) ? [between(context, member)] : []
  })
}

/** Whether it has the old version while those that it calls, or that call it, get another. */
function isLeftBehind(context: CheckContext, { name }: Member, live: Revision): boolean {
  if (isAlreadyBack(context, live)) return false
  const { old, new: next, behind } = context.releases
  if (behind.has(name) && context.releases.of.get(live.id) === 'old') return related(context, name)
  // Where the version stays, as when an address is pointed back, nobody has another one to wait with.
  const another = next === undefined || !sameVersion(live.version, next)
  return old !== undefined && another && sameVersion(live.version, old) && related(context, name)
}

/** Whether requests come through it from members that change to members that do. */
function isBetween(context: CheckContext, { name }: Member, live: Revision): boolean {
  const { group, graph, releases } = context
  const changes = (other: string) => group.members.some((each) => each.name === other && isWaiting(each))
  return (
    releases.of.get(live.id) === 'either' &&
    live.wires.some((wire) => below(context, wire.to).some(changes)) &&
    [...upstream(graph, name)].some(changes)
  )
}

function between(context: CheckContext, { name }: Member): Finding {
  return say(context, 'unchanged-between', {
    member: name,
    sentence:
      `${name} does not change but lies between members ` + 'that do: requests of both versions would pass through it',
    remedy: `include it in the release: deploy ${name} again, wired like the others`,
  })
}

/**
 * | the member | is |
 * |---|---|
 * | is called by what waits | forgotten: what waits reaches its old version |
 * | only calls what waits | after it: the release is half deployed, which is a phase of it |
 * | does neither | dropped: nobody of the release has to do with it |
 * | calls what comes back, and has no version of that | newer than it: users, and others through it, would meet it |
 */
function leftBehind(context: CheckContext, member: Member, live: Revision): Finding[] {
  const { group, graph, releases } = context
  const coming = group.members.filter(isWaiting).map(({ next }) => next!)
  const { called: isCalled, calls } = tiesOf(
    group.members,
    graph,
    new Map(coming.map((each) => [each.member, each])),
    member.name,
  )
  if (!isCalled && !calls) return []
  const isThere = member.revisions.some((each) => releases.new !== undefined && sameVersion(each.version, releases.new))
  return isCalled || isThere || coming.some((each) => broughtBack(each) === undefined)
    ? [undeployed(context, member, live, isCalled)]
    : [cameLater(context, member, live)]
}

function cameLater(context: CheckContext, { name }: Member, live: Revision): Finding {
  const version = context.releases.new?.text ?? 'what comes back'
  const said = {
    member: name,
    sentence: `${called(live)} calls what goes back to ${version}, and has no ${version} to go back to`,
    remedy: removalOf(context, [name]),
  }
  return say(context, 'left-behind', said, 'error')
}

function undeployed(context: CheckContext, member: Member, live: Revision, forgotten: boolean): Finding {
  const { group, releases } = context
  const version = releases.new?.text ?? 'new version'
  const addresses = live.wires.flatMap((wire) => {
    const to = memberOf(context, wire.to)
    const preview = to !== undefined && isWaiting(to) ? nextService(to.strategy) : undefined
    return preview === undefined || preview === wire.service ? [] : [addressedTo(wire, preview, group)]
  })
  const wired = forgotten || addresses.length === 0 ? '' : ` with ${listed([...new Set(addresses)])}`
  return say(
    context,
    'left-behind',
    {
      member: member.name,
      sentence: `${called(live)} has no ${version} waiting while the others do`,
      remedy: `deploy ${member.name} ${releases.new?.text ?? ''} too${wired}, so that it is part of this release`,
    },
    forgotten ? 'error' : 'warning',
  )
}

/** Whether a member calls, or is called by, members that change. */
function related(context: CheckContext, name: string): boolean {
  const near = [...below(context, name), ...upstream(context.graph, name)]
  return near.some((each) => context.group.members.some((member) => member.name === each && isWaiting(member)))
}

function below(context: CheckContext, start: string): string[] {
  const found = new Set([start])
  for (const name of found)
    for (const edge of context.graph.edges) if (edge.consumer === name) found.add(edge.dependency)
  return [...found]
}

/** Circles, and circles that users seem to enter nowhere. */
export function shape(context: CheckContext): Finding[] {
  const { graph } = context
  return [
    ...graph.cycles.map((names) =>
      say(
        context,
        'cycle',
        { sentence: `${names.join(', ')} call each other in a circle`, remedy: circleRemedy(context, names) },
        'info',
      ),
    ),
    ...entryless(graph).map((names) => noEntry(context, names)),
  ]
}

/** What would show where users come in, beside addresses and the types of Services. */
const FRONTS = 'Ingresses and HTTPRoutes'

/** Where nobody has looked at all that may show an entry, that is to be done first. */
function noEntry(context: CheckContext, names: readonly string[]): Finding {
  const { fronts } = context.group
  const circle = `${listed(names)} call each other, and no other member calls them`
  if (fronts === undefined)
    return say(
      context,
      'no-entry',
      {
        sentence: `${circle}: each is taken for an entry. Not looked at: ${FRONTS}, which may show where users come in`,
        remedy: ['this looks: ', ours(context, 'check')],
      },
      'warning',
    )
  const why = fronts === 'forbidden' ? `, since ${FRONTS} may not be read` : ''
  return say(
    context,
    'no-entry',
    {
      sentence: `${circle}: where users come in is unknown${why}`,
      remedy: [
        `annotate whom users come to, in place of MEMBER: `,
        kubectl(context, 'annotate', '--overwrite', 'rollout', 'MEMBER', `${ENTRY}=true`),
        '; or let an Ingress, an HTTPRoute, or a Service of type LoadBalancer or NodePort lead to it',
      ],
    },
    'error',
  )
}
