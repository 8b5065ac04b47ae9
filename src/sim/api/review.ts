import type { ResourceName } from '../objects.ts'
import { allowed, type User } from './access.ts'

/** Answers a question of a user about himself: what he may do, or who he is. Nothing is stored. */
export function review(resource: ResourceName, body: any, user: User): unknown {
  const metadata = { creationTimestamp: null }
  return resource === 'selfsubjectreviews'
    ? { ...body, metadata, status: { userInfo: { username: user.name, groups: user.groups } } }
    : { ...body, metadata, status: access(body, user) }
}

function access(body: any, user: User): { allowed: boolean; reason?: string } {
  const { verb = '', group = '', resource = '', subresource, name, namespace } = body.spec?.resourceAttributes ?? {}
  const reason = allowed(user, {
    verb,
    group,
    resource,
    subresource: subresource || undefined,
    name: name || undefined,
    namespace: namespace || undefined,
  })
  return reason === undefined ? { allowed: false } : { allowed: true, reason }
}
