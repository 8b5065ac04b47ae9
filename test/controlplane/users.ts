import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'

/** Users who may do nothing until a test gives them rights. */
export const restrictedUsers = ['operator', 'viewer', 'pipeline'] as const
export type RestrictedUser = (typeof restrictedUsers)[number]

/** Each component writes under its own name, so that the audit log tells them from a test. */
const mighty = ['admin', 'kube-controller-manager', 'kube-scheduler', 'kwok', 'argo-rollouts'] as const
export type User = RestrictedUser | (typeof mighty)[number]

/** A new token for every user. */
export function makeTokens(): Record<User, string> {
  const users: readonly User[] = [...mighty, ...restrictedUsers]
  return Object.fromEntries(users.map((user) => [user, randomBytes(16).toString('hex')])) as Record<User, string>
}

/** The file of `--token-auth-file`: token, user, uid, groups. */
export function tokenFile(tokens: Readonly<Record<User, string>>): string {
  const groups = (user: string): string => (mighty.some((name) => name === user) ? 'system:masters' : 'restricted')
  return Object.entries(tokens)
    .map(([user, token]) => `${token},${user},${user},${groups(user)}\n`)
    .join('')
}

/** Writes a kubeconfig file for one user. */
export function writeKubeconfig(path: string, server: string, ca: string, user: string, token: string): void {
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      { name: 'controlplane', cluster: { server, 'certificate-authority-data': Buffer.from(ca).toString('base64') } },
    ],
    users: [{ name: user, user: { token } }],
    contexts: [{ name: 'controlplane', context: { cluster: 'controlplane', user } }],
    'current-context': 'controlplane',
  }
  writeFileSync(path, JSON.stringify(config, undefined, 2), { mode: 0o600 })
}
