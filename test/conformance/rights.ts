import { readFileSync } from 'node:fs'
import { load } from 'js-yaml'
import type { ControlPlane } from '../controlplane/start.ts'
import { pathOf, type Collection } from './support.ts'

export interface Rule {
  readonly apiGroups: readonly string[]
  readonly resources: readonly string[]
  readonly verbs: readonly string[]
  readonly resourceNames?: readonly string[]
}

/** The Role of README.md: what it says is what is tried. */
const README = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
export const RULES = (load(/```yaml\n(apiVersion: rbac[^`]*)```/.exec(README)![1]!) as { rules: Rule[] }).rules

/** A user of this name has these rights, and the API server knows. */
export async function allow(
  plane: ControlPlane,
  namespace: string,
  user: string,
  rules: readonly Rule[],
): Promise<void> {
  const create = (collection: Collection, body: object): Promise<unknown> =>
    plane.api.request('POST', pathOf(collection, namespace), { metadata: { name: user }, ...body })
  await create('roles', { rules: [...rules, { apiGroups: [''], resources: ['secrets'], verbs: ['get'] }] })
  const role = { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: user }
  await create('rolebindings', {
    roleRef: role,
    subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: user }],
  })
  const known = { spec: { user, resourceAttributes: { namespace, verb: 'get', resource: 'secrets' } } }
  const review = () => plane.api.request('POST', '/apis/authorization.k8s.io/v1/subjectaccessreviews', known)
  while (!(await review()).status.allowed);
}
