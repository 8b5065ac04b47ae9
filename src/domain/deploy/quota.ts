import { kubectl, listed } from '../checks/say.ts'
import { finding, type Finding } from '../findings/finding.ts'
import { gateReplicas } from '../group/gate.ts'
import { type Member, memberNamed, type Revision } from '../group/member.ts'
import type { Group } from '../group/read-group.ts'
import { at, fields, list, text } from '../objects/fields.ts'
import { quantity } from '../objects/quantity.ts'
import { gates } from '../objects/strategy.ts'

/** What a pod counts towards a limit of a ResourceQuota (Kubernetes, "Resource Quotas"), by the limit's key. */
const COUNTS: { readonly [key: string]: (template: unknown) => number } = {
  pods: () => 1,
  'count/pods': () => 1,
  cpu: (template) => asked(template, 'requests', 'cpu'),
  'requests.cpu': (template) => asked(template, 'requests', 'cpu'),
  'limits.cpu': (template) => asked(template, 'limits', 'cpu'),
  memory: (template) => asked(template, 'requests', 'memory'),
  'requests.memory': (template) => asked(template, 'requests', 'memory'),
  'limits.memory': (template) => asked(template, 'limits', 'memory'),
}

/** ResourceQuotas without room for the pods that a release adds to those that users are on. */
export function quotaFindings(present: Group, ground: Group, quotas: readonly unknown[]): Finding[] {
  const added = ground.members.flatMap((is) => addedTo(memberNamed(present.members, is.name), is))
  const replaced = new Set(added.map((each) => each.revision.member))
  // Pods that nobody needs any more will be gone, or may be.
  const leaving = present.members.flatMap(({ revisions, next, status }) =>
    revisions
      .filter(
        (each) =>
          each.role === 'old' ||
          each.role === 'lingering' ||
          (each === next && (status.abort || replaced.has(each.member))),
      )
      .map((each) => ({ revision: each, pods: each.pods })),
  )
  return quotas
    .filter(
      (quota) => list(at(quota, 'spec', 'scopes')).length === 0 && at(quota, 'spec', 'scopeSelector') === undefined,
    )
    .flatMap((quota) =>
      Object.entries(fields(at(quota, 'status', 'hard'))).flatMap(([key, most]) => {
        const count = COUNTS[key]
        const [limit, used] = [quantity(most), quantity(at(quota, 'status', 'used', key))]
        if (count === undefined || limit === undefined || used === undefined) return []
        const sum = (of: readonly Pods[]) =>
          of.reduce((all, each) => all + each.pods * count(each.revision.rawTemplate), 0)
        const needed = sum(added)
        if (needed === 0 || used - sum(leaving) + needed <= limit) return []
        const name = text(at(quota, 'metadata', 'name')) ?? ''
        const whose = listed(added.map((each) => `${each.pods} of ${each.revision.member}`))
        return [
          finding(present.mode, 'quota', {
            members: added.map((each) => each.revision.member),
            sentence:
              `ResourceQuota ${name} allows ${key} ${most}, ${at(quota, 'status', 'used', key)} are used, ` +
              `and the new pods (${whose}) need ${shown(needed)} more beside those that users are on`,
            remedy: [
              'raise it, or deploy fewer replicas; see ',
              kubectl({ group: present }, 'describe', 'quota', name),
            ],
          }),
        ]
      }),
    )
}

interface Pods {
  readonly revision: Revision
  readonly pods: number
}

/** What a new revision brings with it until users are on it; who was not there has nothing beside it. */
function addedTo(was: Member | undefined, is: Member): Pods[] {
  const coming = is.next ?? is.live
  if (coming === undefined || was?.status.currentPodHash === is.status.currentPodHash) return []
  const { strategy } = is
  const pods =
    strategy.kind === 'Canary' && !strategy.routed && was !== undefined
      ? gateReplicas(is, gates(strategy)[0] ?? 0)
      : is.replicas
  return [{ revision: coming, pods }]
}

/** What the containers of a pod ask for together, or the most that one of them does that runs before (core/v1, PodSpec). */
function asked(template: unknown, kind: 'requests' | 'limits', resource: string): number {
  const of = (key: string) =>
    list(at(template, 'spec', key)).map((each) => quantity(at(each, 'resources', kind, resource)) ?? 0)
  return Math.max(
    0,
    ...of('initContainers'),
    of('containers').reduce((all, each) => all + each, 0),
  )
}

function shown(amount: number): string {
  const rounded = Math.round(amount * 1000) / 1000
  return rounded >= 2 ** 20 ? `${Math.ceil(amount / 2 ** 20)}Mi` : String(rounded)
}
