import { ApiFailure } from '../objects.ts'
import type { RequestInfo, ApiVerb } from './request-info.ts'

/** Who asks. */
export interface User {
  readonly name: string
  readonly groups: readonly string[]
}

interface Rule {
  readonly groups: readonly string[]
  /** Subresources by name, `rollouts/status`; `*` is all. */
  readonly resources: readonly string[]
  readonly verbs: readonly string[]
}

interface Role {
  /** Bound in the whole cluster, or in each namespace by itself: then nothing may be asked across namespaces. */
  readonly binding: 'ClusterRoleBinding' | 'RoleBinding'
  readonly rules: readonly Rule[]
}

const READ = ['get', 'list', 'watch']

/** The users of a simulated cluster and what each may do; `promoter` has the Role that the README recommends. */
export const ROLES = {
  admin: { binding: 'ClusterRoleBinding', rules: [{ groups: ['*'], resources: ['*'], verbs: ['*'] }] },
  viewer: {
    binding: 'ClusterRoleBinding',
    rules: [
      { groups: ['argoproj.io'], resources: ['rollouts', 'analysisruns'], verbs: READ },
      {
        groups: ['', 'apps', 'discovery.k8s.io'],
        resources: [
          'services',
          'replicasets',
          'deployments',
          'endpointslices',
          'configmaps',
          'pods',
          'events',
          'namespaces',
        ],
        verbs: READ,
      },
    ],
  },
  promoter: {
    binding: 'RoleBinding',
    rules: [
      { groups: ['argoproj.io'], resources: ['rollouts'], verbs: ['list', 'watch'] },
      {
        groups: ['', 'apps', 'discovery.k8s.io'],
        resources: ['services', 'replicasets', 'endpointslices', 'configmaps'],
        verbs: READ,
      },
      { groups: ['argoproj.io'], resources: ['rollouts/status'], verbs: ['patch'] },
      { groups: [''], resources: ['pods'], verbs: ['list', 'watch'] },
      { groups: ['argoproj.io'], resources: ['rollouts'], verbs: ['patch'] },
      { groups: ['coordination.k8s.io'], resources: ['leases'], verbs: ['get', 'create', 'update', 'delete'] },
      { groups: [''], resources: ['events'], verbs: ['create'] },
      { groups: ['apps'], resources: ['replicasets'], verbs: ['patch'] },
      { groups: [''], resources: ['services'], verbs: ['patch'] },
      {
        groups: ['networking.k8s.io', 'gateway.networking.k8s.io'],
        resources: ['ingresses', 'httproutes'],
        verbs: ['list'],
      },
    ],
  },
  nobody: { binding: 'RoleBinding', rules: [] },
} as const satisfies Readonly<Record<string, Role>>

export type UserName = keyof typeof ROLES

/** What everybody may do who has logged in (Kubernetes, ClusterRole system:basic-user). */
const BASIC: readonly Rule[] = [
  { groups: ['authorization.k8s.io'], resources: ['selfsubjectaccessreviews'], verbs: ['create'] },
  { groups: ['authentication.k8s.io'], resources: ['selfsubjectreviews'], verbs: ['create'] },
]

/** The bearer token of a user. */
export function tokenOf(user: UserName): string {
  return `token-of-${user}`
}

/**
 * Whose token it is. Who shows none is admin, as behind `kubectl proxy`: over plain HTTP kubectl keeps its credentials
 * to itself.
 * @throws ApiFailure 401 for a token that is nobody's
 */
export function authenticate(authorization = `Bearer ${tokenOf('admin')}`): User {
  const name = Object.keys(ROLES).find((each) => authorization === `Bearer ${tokenOf(each as UserName)}`)
  if (name === undefined) throw new ApiFailure(401, 'Unauthorized', 'Unauthorized')
  return { name, groups: [...(name === 'admin' ? ['system:masters'] : []), 'system:authenticated'] }
}

/** One question of access: a verb on a resource, or on one object of it. */
export interface Attributes extends Omit<RequestInfo, 'version'> {
  readonly verb: string
}

/** The words in which RBAC allows it, or undefined. */
export function allowed(user: User, asked: Attributes): string | undefined {
  if (user.groups.includes('system:authenticated') && BASIC.some((rule) => covers(rule, asked)))
    return (
      'RBAC: allowed by ClusterRoleBinding "system:basic-user" of ' +
      'ClusterRole "system:basic-user" to Group "system:authenticated"'
    )
  if (user.groups.includes('system:masters'))
    return (
      'RBAC: allowed by ClusterRoleBinding "cluster-admin" of ' +
      'ClusterRole "cluster-admin" to Group "system:masters"'
    )
  const role: Role | undefined = Object.hasOwn(ROLES, user.name) ? ROLES[user.name as UserName] : undefined
  if (role === undefined || !role.rules.some((rule) => covers(rule, asked))) return undefined
  if (role.binding === 'ClusterRoleBinding')
    return `RBAC: allowed by ClusterRoleBinding "${user.name}" of ClusterRole "${user.name}" to User "${user.name}"`
  return asked.namespace === undefined
    ? undefined
    : `RBAC: allowed by RoleBinding "${user.name}/${asked.namespace}" of Role "${user.name}" to User "${user.name}"`
}

function covers(rule: Rule, { verb, group, resource, subresource }: Attributes): boolean {
  const has = (list: readonly string[], value: string): boolean => list.includes('*') || list.includes(value)
  return (
    has(rule.verbs, verb) &&
    has(rule.groups, group) &&
    has(rule.resources, subresource === undefined ? resource : `${resource}/${subresource}`)
  )
}

/** The refusal, in the API server's words (apiserver, endpoints/handlers/responsewriters/errors.go). */
export function forbidden(
  user: User,
  verb: ApiVerb | 'impersonate',
  { group, resource, subresource, name, namespace }: Omit<RequestInfo, 'version'>,
): ApiFailure {
  const object = `${group === '' ? resource : `${resource}.${group}`}${name === undefined ? '' : ` "${name}"`}`
  const where = namespace === undefined ? 'at the cluster scope' : `in the namespace "${namespace}"`
  const what = subresource === undefined ? resource : `${resource}/${subresource}`
  return new ApiFailure(
    403,
    'Forbidden',
    `${object} is forbidden: User "${user.name}" cannot ${verb} resource "${what}" in API group "${group}" ${where}`,
    { name, group, kind: resource },
  )
}

/** Whom a request is carried out as: the user, or another one in whose name admin speaks. @throws ApiFailure 403 */
export function impersonated(user: User, as: string | undefined, groups: readonly string[]): User {
  if (as === undefined) return user
  const asked = { group: '', resource: 'users', name: as, namespace: undefined, subresource: undefined }
  if (allowed(user, { ...asked, verb: 'impersonate' }) === undefined) throw forbidden(user, 'impersonate', asked)
  return { name: as, groups: [...groups, 'system:authenticated'] }
}
