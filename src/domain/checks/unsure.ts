import { called, isChanging, type Member, type Revision, type Unsure } from '../group/member.ts'
import { liveVersions } from '../trace/releases.ts'
import type { Finding, Severity } from '../findings/finding.ts'
import { atLastGate } from '../group/gate.ts'
import { mayReach } from '../group/unknown-calls.ts'
import { sameVersion } from '../group/version.ts'
import type { CheckContext } from './context.ts'
import { ours, say } from './say.ts'

const TO_STABLE = '--to-stable goes back without an abort, which harms nobody'
const TRUST = '--trust-depends-on goes on without knowing'

/** ConfigMaps that are gone, or that were changed under running pods: what these were given is not what can be read. */
export function unsureConfig(context: CheckContext): Finding[] {
  return context.group.members.flatMap((member) =>
    [member.live, member.next, ...member.lingering].flatMap((revision) =>
      (revision?.unsure ?? []).map((each) => {
        const severity = weight(context, member, revision!, each)
        return each.changed === undefined
          ? say(
              context,
              'missing-config',
              { member: member.name, ...gone(context, revision!, each, severity) },
              severity,
            )
          : say(
              context,
              'config-changed',
              { member: member.name, ...edited(context, revision!, each, severity) },
              severity,
            )
      }),
    ),
  )
}

/**
 * What a plan would have to know is an error; where users leave the revision first, its pods are waited for.
 *
 * For restart-all it is one that a ConfigMap is gone which its pods need to start again.
 *
 * | revision | promote-all | abort-all |
 * |---|---|---|
 * | next of a member that is promoted, its pods running | error, beside others | |
 * | live, may reach a member that changes, and is left before that one's turn | | error, but for --to-stable |
 * | live, may reach a member that changes, and stays | error | error, but for --to-stable |
 * | live, its version unknown, and needed to say what belongs together | error | |
 * | any other | | |
 */
function weight(
  context: CheckContext,
  member: Member,
  { role, available, pods }: Revision,
  { calls, changed, version }: Unsure,
): Severity {
  const { group, graph, acting, changing, deed, options, towards } = context
  if (options.trustDependsOn) return 'warning'
  if (deed === 'restarts') return changed === undefined && acting.includes(member) && pods > 0 ? 'error' : 'warning'
  const reached = calls ? mayReach(group, member) : new Set<string>()
  const strikes = changing.some((each) => reached.has(each.name))
  if (towards === 'stable') return role === 'live' && strikes && options.toStable !== true ? 'error' : 'warning'
  if (role === 'next')
    return changing.includes(member) && available > 0 && (changing.length > 1 || reached.size > 0) ? 'error' : 'warning'
  const left = changing.includes(member) && changing.every(atLastGate) && !graph.cycles.flat().includes(member.name)
  return role === 'live' && ((strikes && !left) || (version && versionNeeded(context, member))) ? 'error' : 'warning'
}

/**
 * Whether the releases rest on a live version: of a member at rest, its own; of one that changes, where no other can be
 * told, and a member that was there before the release began, and has another version than comes, may belong to the old
 * one.
 */
function versionNeeded({ group, graph, releases, options }: CheckContext, member: Member): boolean {
  const { new: next } = releases
  const connected = ({ name }: Member) => graph.edges.some((each) => each.consumer === name || each.dependency === name)
  if (next === undefined || options.begun || !connected(member)) return false
  if (member.next === undefined) return options.assume !== 'half-promoted'
  const changing = group.members.filter(isChanging)
  const begin = Math.min(...changing.map((each) => each.next!.created))
  return (
    liveVersions(changing).length === 0 &&
    group.members.some(
      (each) =>
        !isChanging(each) &&
        connected(each) &&
        each.live !== undefined &&
        each.live.created < begin &&
        each.live.version.source === next.source &&
        !sameVersion(each.live.version, next),
    )
  )
}

function gone(
  context: CheckContext,
  revision: Revision,
  { configMap }: Unsure,
  severity: Severity,
): Pick<Finding, 'sentence' | 'remedy'> {
  const sentence =
    `ConfigMap ${configMap} of ${called(revision)} is gone: its ` +
    'pods could not start again, and whom they call is unknown'
  if (severity !== 'error')
    return {
      sentence,
      remedy: 'apply it again, and keep it until the release is over (with Argo CD: sync option PruneLast=true)',
    }
  return {
    sentence,
    remedy:
      'apply it again; ' +
      `${context.towards === 'stable' ? TO_STABLE : `or deploy ${revision.member} again; ${TRUST}`}`,
  }
}

function edited(
  context: CheckContext,
  revision: Revision,
  { configMap, changed, calls }: Unsure,
  severity: Severity,
): Pick<Finding, 'sentence' | 'remedy'> {
  const when = new Date(changed!).toISOString().replace('.000Z', 'Z')
  const own = "with a ConfigMap of its own for each version, as kustomize's configMapGenerator makes them"
  return {
    sentence:
      `ConfigMap ${configMap} was changed at ${when}, when pods of ${called(revision)} may have run ` +
      `already: they keep what they started with, so ${calls ? 'whom they call' : 'which version they are'} is unknown`,
    remedy:
      severity !== 'error'
        ? `from the next release on deploy ${revision.member} ${own}`
        : context.towards === 'stable'
          ? TO_STABLE
          : revision.role === 'next'
            ? `deploy it again, ${own}; ${TRUST}`
            : [
                'restart it, so that all of its pods have what can be read: ',
                ours(context, 'restart-all', `--only=${revision.member}`),
                `; ${TRUST}`,
              ],
  }
}
