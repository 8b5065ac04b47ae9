import type { ConnectionFlags } from './flags.ts'
import { configuration } from './kubeconfig.ts'
import { ClusterError } from './port.ts'
import type { ClientProof, CredentialSource } from './source.ts'
import { type Impersonated, rereadTarget, type ClusterTarget } from './target.ts'
import { type ClientCertificate, clientCertificate } from './material.ts'
import { tokenFileSource } from './token-file.ts'

/** What a request carries to say who sends it. A header with several values is sent once per value. */
export interface Credentials extends ClientCertificate {
  readonly headers: Readonly<Record<string, string | readonly string[]>>
  /** Counts renewals, so that several refused requests renew once. */
  readonly generation: number
}

export interface Login {
  /** The credentials to use now; a plugin runs once for all who wait. @throws ClusterError, reason Configuration */
  current(): Promise<Credentials>
  /** Forgets refused credentials. False where there is nothing to ask anew, as with a token that is still the same. */
  renew(refused: Credentials): boolean
}

/** Logs in as the target's user. @param ended stops a credential plugin that still runs */
export function openLogin(target: ClusterTarget, flags: ConnectionFlags, ended: AbortSignal): Login {
  const impersonating = sendable(target.user.name, impersonation(target.impersonated))
  let source: CredentialSource | undefined
  let generation = 0
  let pending: Promise<Credentials> | undefined
  // What is wrong with a certificate or a token is said before anything is asked for.
  const own = isSecure(target) ? clientCertificate(target.user) : NOBODY
  const first = fixed(target)
  if (first !== undefined) sendable(target.user.name, headersOf(first))

  const ask = async (): Promise<Credentials> => {
    const asked = generation
    try {
      source ??= await sourceOf(target, flags, ended)
      const { cert, key, ...proof } = await source.ask()
      const headers = { ...impersonating, ...headersOf(proof) }
      return {
        cert: cert ?? own.cert,
        key: key ?? own.key,
        headers: sendable(target.user.name, headers),
        generation: asked,
      }
    } catch (error) {
      if (error instanceof ClusterError) throw error
      throw configuration(
        `cannot log in as user ${JSON.stringify(target.user.name)}: ${(error as Error).message}`,
        error,
      )
    }
  }
  return {
    current() {
      if (pending !== undefined) return pending
      const mine = ask().finally(() => {
        if (pending === mine) pending = undefined
      })
      return (pending = mine)
    },
    renew(refused) {
      if (refused.generation !== generation) return true
      if (source?.forget() !== true) return false
      generation += 1
      pending = undefined
      return true
    },
  }
}

const NOBODY: ClientCertificate = { cert: undefined, key: undefined }

/** Nobody's: as for kubectl, what is secret does not leave in clear (client-go, clientcmd/client_config.go). */
const SILENCE: CredentialSource = { ask: () => ({}), forget: () => false }

/** Each kind loaded only where a user entry asks for it. */
async function sourceOf(target: ClusterTarget, flags: ConnectionFlags, ended: AbortSignal): Promise<CredentialSource> {
  const { user, tokenFile } = target
  if (!isSecure(target)) return SILENCE
  if (tokenFile !== undefined) return tokenFileSource(tokenFile, user.token)
  if (user.exec) return (await import('./exec-plugin.ts')).execSource(target, flags, ended)
  if (user.authProvider && !user.token) return (await import('./auth-provider.ts')).authProviderSource(target, flags)
  return staticSource(target, flags)
}

/**
 * What the kubeconfig itself holds; where it is refused the kubeconfig is read anew, since others may have renewed it.
 */
function staticSource(target: ClusterTarget, flags: ConnectionFlags): CredentialSource {
  let proof = fixed(target) ?? {}
  return {
    ask: () => proof,
    forget() {
      const now = rereadTarget(flags, target)
      const next = now === undefined ? proof : (fixed(now) ?? {})
      const changed = next.authorization !== proof.authorization
      proof = next
      return changed
    },
  }
}

function isSecure({ cluster }: ClusterTarget): boolean {
  return cluster.server.startsWith('https:')
}

function fixed(target: ClusterTarget): ClientProof | undefined {
  const { token, username, password = '' } = target.user
  if (!isSecure(target)) return undefined
  if (token) return { authorization: `Bearer ${token.trim()}` }
  if (username) return { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` }
  return undefined
}

function headersOf({ authorization }: ClientProof): Credentials['headers'] {
  return authorization === undefined ? {} : { authorization }
}

/** What no header can carry (RFC 9110, 5.5). */
const UNSENDABLE = /[^\t\x20-\x7e\x80-\xff]/

/** The headers, unless one cannot be sent. @throws ClusterError, reason Configuration */
function sendable(user: string, headers: Credentials['headers']): Credentials['headers'] {
  const odd = Object.keys(headers).find((name) => [headers[name]!].flat().some((value) => UNSENDABLE.test(value)))
  if (odd === undefined) return headers
  throw configuration(
    `user ${JSON.stringify(user)}: ${odd === 'authorization' ? 'the token' : odd} ` +
      'holds characters that no header can carry',
  )
}

function impersonation({ user, groups, uid, extra }: Impersonated): Record<string, string | readonly string[]> {
  return {
    ...(user !== undefined && { 'impersonate-user': user }),
    ...(groups.length > 0 && { 'impersonate-group': groups }),
    ...(uid !== undefined && { 'impersonate-uid': uid }),
    ...Object.fromEntries(
      Object.entries(extra).map(([key, values]) => [
        `impersonate-extra-${encodeURIComponent(key).toLowerCase()}`,
        values,
      ]),
    ),
  }
}
