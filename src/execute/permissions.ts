import type { Cluster } from '../cluster/port.ts'
import { finding, type Finding } from '../domain/findings/finding.ts'
import type { Call } from '../domain/findings/remedy.ts'
import type { Group } from '../domain/group/read-group.ts'
import { countTerminating } from '../domain/objects/replica-set.ts'
import { at, flag, text } from '../domain/objects/fields.ts'
import { writeFor } from '../domain/actions/actions.ts'
import type { PatchTarget } from '../domain/actions/patch.ts'
import type { Step } from '../domain/actions/step.ts'
import type { Plan } from '../domain/plan/plan.ts'

interface Need {
  readonly member: string
  readonly verb: 'patch' | 'watch'
  readonly group: string
  readonly resource: string
  readonly subresource?: string
  readonly name?: string
}

/**
 * Every permission a plan's writes need, asked for before the first of them: by member name, since a Role may name its
 * objects.
 * @param leadsOn what is deployed is promoted, or withdrawn, in the same go
 */
export async function missingPermissions(
  cluster: Cluster,
  plan: Plan,
  group: Group,
  signal: AbortSignal,
  leadsOn = false,
): Promise<Finding[]> {
  const needs = [...plan.waves.flat().flatMap((step) => writing(step, group, leadsOn)), ...watching(plan, group)]
  const answers = await Promise.all(needs.map((need) => allowed(cluster, plan.namespace, need, signal)))
  return needs.flatMap((need, index) =>
    answers[index]!.allowed
      ? []
      : [
          finding(plan.mode, 'rbac', {
            member: need.member,
            sentence:
              `you may not ${need.verb} ${resource(need)}${need.name === undefined ? '' : ` of ${need.name}`} ` +
              `in namespace ${plan.namespace}${answers[index]!.reason}`,
            remedy: ['ask for it (README, Permissions) and see: ', canI(need, plan.namespace)],
          }),
        ],
  )
}

function writing(step: Step, group: Group, leadsOn: boolean): Need[] {
  const member = group.members.find((each) => each.name === step.member)
  if (member === undefined) return []
  const write = writeFor(step, member)
  if (typeof write === 'string') return []
  if (write.kind === 'apply') return leadsOn ? [promoting(step)] : []
  const { resource, subresource, name } = write
  const need = { member: step.member, verb: 'patch', group: API_GROUPS[resource], resource, name } as const
  return [{ ...need, ...(subresource !== undefined && { subresource }) }]
}

/** What brings users to a revision, and what withdraws it. */
function promoting({ member }: Step): Need {
  return { member, verb: 'patch', group: 'argoproj.io', resource: 'rollouts', subresource: 'status', name: member }
}

const API_GROUPS: Record<PatchTarget['resource'], string> = { rollouts: 'argoproj.io', deployments: 'apps' }

/**
 * What verifying needs: without a watch nothing could be waited for. (That they may be listed was seen by reading the
 * group.)
 */
function watching(plan: Plan, { snapshot }: Group): Need[] {
  const first = plan.waves[0]?.[0]?.member
  if (first === undefined) return []
  const all = [
    ['argoproj.io', 'rollouts'],
    ['apps', 'replicasets'],
    ['', 'services'],
    ['discovery.k8s.io', 'endpointslices'],
    ...(countTerminating(snapshot.replicaSets) ? [] : [['', 'pods'] as const]),
  ] as const
  return all.map(([group, resource]) => ({ member: first, verb: 'watch', group, resource }))
}

async function allowed(
  cluster: Cluster,
  namespace: string,
  need: Need,
  signal: AbortSignal,
): Promise<{ allowed: boolean; reason: string }> {
  const answer = await cluster.create(
    'selfsubjectaccessreviews',
    undefined,
    {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectAccessReview',
      spec: {
        resourceAttributes: {
          namespace,
          verb: need.verb,
          group: need.group,
          resource: need.resource,
          ...(need.subresource !== undefined && { subresource: need.subresource }),
          ...(need.name !== undefined && { name: need.name }),
        },
      },
    },
    { signal },
  )
  const reason = text(at(answer, 'status', 'reason')) ?? ''
  return { allowed: flag(at(answer, 'status', 'allowed')), reason: reason === '' ? '' : ` (${reason})` }
}

function resource({ resource: name, subresource }: Need): string {
  return subresource === undefined ? name : `${name}/${subresource}`
}

function canI({ verb, resource: name, name: object, subresource }: Need, namespace: string): Call {
  const words = ['auth', 'can-i', verb, object === undefined ? name : `${name}/${object}`]
  return {
    tool: 'kubectl',
    words: [...words, ...(subresource === undefined ? [] : [`--subresource=${subresource}`])],
    namespace,
  }
}
