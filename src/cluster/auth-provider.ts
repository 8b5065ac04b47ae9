import { at, text } from '../domain/objects/fields.ts'
import type { ConnectionFlags } from './flags.ts'
import { configuration } from './kubeconfig.ts'
import type { ClusterError } from './port.ts'
import type { ClientProof, CredentialSource } from './source.ts'
import { rereadTarget, type ClusterTarget } from './target.ts'

/** What has become of the others (client-go, plugin/pkg/client/auth): each has a plugin in its place. */
const REMOVED: Readonly<Record<string, string>> = {
  gcp: 'gke-gcloud-auth-plugin (gcloud container clusters get-credentials writes it)',
  azure: 'kubelogin (kubelogin convert-kubeconfig writes it)',
}

/** Seconds before its end at which an ID token is no longer used (client-go, auth/oidc). */
const LEEWAY = 10

/**
 * An auth provider of old kubeconfigs: the ID token of OpenID Connect while it holds. It is not refreshed here, since
 * the refresh token in the kubeconfig, which an issuer may take back at each use, is kubectl's: what kubectl has
 * written is read anew.
 */
export function authProviderSource(target: ClusterTarget, flags: ConnectionFlags): CredentialSource {
  const name: unknown = target.user.authProvider?.name
  const who = `user ${JSON.stringify(target.user.name)}`
  if (name !== 'oidc') throw refused(who, name)
  let entry: unknown = target.user.authProvider
  const proof = (): ClientProof | undefined => {
    const token = text(at(entry, 'config', 'id-token'))
    return token && expiryOf(token, who) > Date.now() / 1000 + LEEWAY ? { authorization: `Bearer ${token}` } : undefined
  }
  const reread = (): void => {
    entry = rereadTarget(flags, target)?.user.authProvider ?? entry
  }
  return {
    ask() {
      const now = proof()
      if (now !== undefined) return now
      reread()
      const then = proof()
      if (then !== undefined) return then
      throw configuration(
        `the ID token of ${who} is missing or has expired: kubectl refreshes it (try: kubectl get ` +
          '--raw /version), or let a credential plugin log in (kubectl oidc-login)',
      )
    },
    forget() {
      const before = at(entry, 'config', 'id-token')
      reread()
      return at(entry, 'config', 'id-token') !== before
    },
  }
}

function refused(who: string, name: unknown): ClusterError {
  const plugin = REMOVED[String(name)]
  return plugin === undefined
    ? configuration(`${who}: no auth provider found for name ${JSON.stringify(name)}`)
    : configuration(`${who}: the auth provider ${JSON.stringify(name)} is no longer part of kubectl; use ${plugin}`)
}

/** Seconds since 1970 (RFC 7519, 4.1.4). */
function expiryOf(token: string, who: string): number {
  const parts = token.split('.')
  try {
    const expiry = at(JSON.parse(Buffer.from(parts[1] ?? '', 'base64url').toString()), 'exp')
    if (parts.length === 3 && typeof expiry === 'number') return expiry
  } catch {
    // Said below.
  }
  throw configuration(`the ID token of ${who} is not a JWT`)
}
