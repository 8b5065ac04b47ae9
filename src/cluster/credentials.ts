import type { RequestOptions } from 'node:https'
import type { Authenticator } from '@kubernetes/client-node/dist/auth.js'
import { FileAuth } from '@kubernetes/client-node/dist/file_auth.js'
import type { ConnectionFlags } from './flags.ts'
import { configuration } from './kubeconfig.ts'
import { ClusterError } from './port.ts'
import type { Impersonated, Target } from './target.ts'
import { clientCertificate, type ClientCertificate } from './tls.ts'

/** What a request carries to say who sends it. A header with several values is sent once per value. */
export interface Credentials extends ClientCertificate {
  readonly headers: Readonly<Record<string, string | readonly string[]>>
  /** Counts renewals, so that several refused requests renew once. */
  readonly generation: number
}

export interface Login {
  /** The credentials to use now; a plugin runs once for all who wait. @throws ClusterError, reason Configuration */
  current(): Promise<Credentials>
  /** Forgets refused credentials. False where there is nothing to ask anew, as with a static token. */
  renew(refused: Credentials): boolean
}

/** client-node's authenticators, each loaded only where a user entry asks for it: oidc alone costs 70 ms. */
async function authenticatorFor(
  target: Target,
  flags: ConnectionFlags,
  ended: AbortSignal,
): Promise<Authenticator | undefined> {
  const { user } = target
  if (user.exec) return (await import('./exec-plugin.ts')).execAuthenticator(target, flags, ended)
  const name: unknown = user.authProvider?.name
  switch (name) {
    case undefined:
      return undefined
    case 'tokenFile':
      return new FileAuth()
    case 'oidc':
      return new (await import('@kubernetes/client-node/dist/oidc_auth.js')).OpenIDConnectAuth()
    case 'azure':
      return new (await import('@kubernetes/client-node/dist/azure_auth.js')).AzureAuth()
    case 'gcp':
      return new (await import('@kubernetes/client-node/dist/gcp_auth.js')).GoogleCloudPlatformAuth()
    default:
      throw configuration(`user ${JSON.stringify(user.name)}: no auth provider found for name ${JSON.stringify(name)}`)
  }
}

/** Logs in as the target's user. @param ended stops a credential plugin that still runs */
export function openLogin(target: Target, flags: ConnectionFlags, ended: AbortSignal): Login {
  const { user } = target
  const own = clientCertificate(user)
  const always = sendable(user.name, { ...staticAuthorization(target), ...impersonation(target.impersonated) })
  const renewable = user.exec || (user.authProvider && !user.token)
  if (!renewable) {
    const fixed = Promise.resolve({ ...own, headers: always, generation: 0 })
    return { current: () => fixed, renew: () => false }
  }

  let generation = 0
  let authenticator: Promise<Authenticator | undefined> | undefined
  let pending: Promise<Credentials> | undefined

  const ask = async (): Promise<Credentials> => {
    const options: RequestOptions & { headers: Record<string, string> } = { headers: {} }
    const asked = generation
    try {
      await (await (authenticator ??= authenticatorFor(target, flags, ended)))?.applyAuthentication(user, options)
    } catch (error) {
      authenticator = undefined
      if (error instanceof ClusterError) throw error
      throw configuration(`cannot log in as user ${JSON.stringify(user.name)}: ${(error as Error).message}`, error)
    }
    const token = options.headers.Authorization?.trim()
    return {
      cert: (options.cert as string | undefined) ?? own.cert,
      key: (options.key as string | undefined) ?? own.key,
      headers: sendable(user.name, { ...always, ...(token && { authorization: token }) }),
      generation: asked,
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
      if (refused.generation === generation) {
        generation += 1
        authenticator = undefined
        pending = undefined
      }
      return true
    },
  }
}

/** What no header can carry (RFC 9110, 5.5). */
const UNSENDABLE = /[^\t\x20-\x7e\x80-\xff]/

/** The headers, unless one cannot be sent. @throws ClusterError, reason Configuration */
function sendable(user: string, headers: Credentials['headers']): Credentials['headers'] {
  const odd = Object.keys(headers).find((name) => [headers[name]!].flat().some((value) => UNSENDABLE.test(value)))
  if (odd === undefined) return headers
  throw configuration(
    `user ${JSON.stringify(user)}: ${odd === 'authorization' ? 'the token' : odd} holds characters that no header can carry`,
  )
}

function staticAuthorization({ user }: Target): Record<string, string> {
  if (user.token) return { authorization: `Bearer ${user.token.trim()}` }
  if (user.username)
    return { authorization: `Basic ${Buffer.from(`${user.username}:${user.password ?? ''}`).toString('base64')}` }
  return {}
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
