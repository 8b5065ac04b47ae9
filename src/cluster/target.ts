import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { newClusters, newUsers, type Cluster, type User } from '@kubernetes/client-node/dist/config_types.js'
import { at, fields, type Fields, list, text } from '../domain/objects/fields.ts'
import type { ConnectionFlags } from './flags.ts'
import { ClusterError } from './port.ts'
import { isGuarded } from './guarded.ts'
import { unusableCluster, unusableUser } from './usable.ts'
import { configuration, type Kubeconfig, readKubeconfig } from './kubeconfig.ts'

/** The cluster, the user and the namespace that flags and kubeconfig come to, in client-node's own types. */
export interface ClusterTarget {
  /** The kubeconfig files it comes from. */
  readonly files: readonly string[]
  readonly context: string
  readonly namespace: string
  readonly cluster: Cluster
  readonly user: User
  /** A file that holds the token; it stands before one that the kubeconfig holds. */
  readonly tokenFile: string | undefined
  readonly impersonated: Impersonated
  /** What a credential plugin is told as `spec.cluster.config` (extension `client.authentication.k8s.io/exec`). */
  readonly execConfig: unknown
  /** Its context is marked as production. */
  readonly guarded: boolean
  /** Answers are not to be compressed. */
  readonly disableCompression: boolean
}

export interface Impersonated {
  readonly user: string | undefined
  readonly groups: readonly string[]
  readonly uid: string | undefined
  readonly extra: Readonly<Record<string, readonly string[]>>
}

interface Selected {
  readonly context: string
  readonly namespace: string | undefined
  readonly clusterName: string
  readonly cluster: Fields
  readonly userName: string
  readonly user: Fields
}

const SERVICE_ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount'

/**
 * Resolves flags and kubeconfig as kubectl does (client-go, clientcmd/client_config.go): --context, then --cluster,
 * --user and
 * --namespace inside it, then the flags for the server, TLS and credentials; a pod's service account where no
 * kubeconfig says anything.
 * @throws ClusterError, reason Configuration
 */
export function resolveTarget(flags: ConnectionFlags): ClusterTarget {
  const config = readKubeconfig(flags)
  const selected = fromKubeconfig(config, flags) ?? fromServiceAccount(flags) ?? fail(nothingConfigured(config, flags))
  const cluster = clusterEntry(selected, flags)
  const user = userEntry(selected.user, flags)
  const unusable =
    unusableCluster(selected.clusterName, cluster) ?? unusableUser(selected.userName, user, selected.user)
  if (unusable !== undefined) fail(unusable)
  return {
    files: config.files,
    context: selected.context,
    namespace: namespaceOf(flags.namespace || selected.namespace || 'default'),
    cluster: newClusters([{ name: selected.clusterName, cluster }])[0]!,
    user: newUsers([{ name: selected.userName, user }])[0]!,
    tokenFile: text(user.tokenFile) || undefined,
    impersonated: impersonated(selected.user, flags),
    guarded: isGuarded(selected.context, config.contexts.get(selected.context), flags.env),
    disableCompression: flags.disableCompression || cluster['disable-compression'] === true,
    execConfig: list(cluster.extensions).find((each) => at(each, 'name') === 'client.authentication.k8s.io/exec'),
  }
}

/** The target as the kubeconfig says it now; undefined where it no longer does, or speaks of another server. */
export function rereadTarget(flags: ConnectionFlags, { cluster }: ClusterTarget): ClusterTarget | undefined {
  try {
    const now = resolveTarget(flags)
    return now.cluster.server === cluster.server ? now : undefined
  } catch (error) {
    if (error instanceof ClusterError) return undefined
    throw error
  }
}

/** A name that cannot be is refused (RFC 1123): the server would take it for one that has nothing. */
function namespaceOf(name: string): string {
  if (/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(name)) return name
  return fail(`invalid namespace ${JSON.stringify(name)}: it is lower case letters, digits and - in between`)
}

function fromKubeconfig(config: Kubeconfig, flags: ConnectionFlags): Selected | undefined {
  const name = flags.context || config.currentContext
  const context = name === undefined ? undefined : config.contexts.get(name)
  if (name !== undefined && context === undefined)
    fail(`context was not found for specified context: ${name}${choice(config.contexts)}`)
  const clusterName = flags.cluster || text(context?.cluster) || ''
  const userName = flags.user || text(context?.user) || ''
  if (context === undefined && clusterName === '' && !flags.server) return undefined

  const cluster = config.clusters.get(clusterName)
  const user = config.users.get(userName)
  if (flags.cluster && cluster === undefined)
    fail(`cluster ${JSON.stringify(clusterName)} does not exist${choice(config.clusters)}`)
  if (flags.user && user === undefined)
    fail(`auth info ${JSON.stringify(userName)} does not exist${choice(config.users)}`)
  if (cluster === undefined && !flags.server)
    fail(`cluster ${JSON.stringify(clusterName)} was not found for context ${JSON.stringify(name)}`)
  if (userName !== '' && user === undefined && !flags.token)
    fail(`user ${JSON.stringify(userName)} was not found for context ${JSON.stringify(name)}`)
  return {
    context: name ?? flags.server ?? clusterName,
    namespace: text(context?.namespace),
    clusterName: clusterName || '--server',
    cluster: cluster ?? {},
    userName: userName || 'anonymous',
    user: user ?? {},
  }
}

/** What a pod is given (client-go, rest/config.go InClusterConfig). */
function fromServiceAccount({ env, serviceAccountDir = SERVICE_ACCOUNT }: ConnectionFlags): Selected | undefined {
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port } = env
  const tokenFile = join(serviceAccountDir, 'token')
  if (!host || !port || !existsSync(tokenFile)) return undefined
  const namespaceFile = join(serviceAccountDir, 'namespace')
  return {
    context: 'in-cluster',
    namespace:
      env.POD_NAMESPACE || (existsSync(namespaceFile) ? readFileSync(namespaceFile, 'utf8').trim() : undefined),
    clusterName: 'in-cluster',
    cluster: {
      server: `https://${host.includes(':') ? `[${host}]` : host}:${port}`,
      'certificate-authority': join(serviceAccountDir, 'ca.crt'),
    },
    userName: 'service-account',
    user: { tokenFile },
  }
}

/**
 * --server forgets the kubeconfig's tls-server-name; a flag about trust replaces all the kubeconfig says about trust.
 */
function clusterEntry({ cluster, clusterName }: Selected, flags: ConnectionFlags): Record<string, unknown> {
  const entry: Record<string, unknown> = { ...cluster }
  if (flags.server) entry.server = flags.server
  if (flags.server || flags.tlsServerName) entry['tls-server-name'] = flags.tlsServerName
  if (flags.insecureSkipTlsVerify || flags.certificateAuthority) {
    entry['insecure-skip-tls-verify'] = flags.insecureSkipTlsVerify === true
    entry['certificate-authority'] = flags.certificateAuthority
    delete entry['certificate-authority-data']
  }
  entry.server = serverUrl(text(entry.server), clusterName, entry)
  return entry
}

/**
 * Without a scheme a server is https where anything is said about TLS, else http (client-go, rest/url_utils.go
 * DefaultServerURL).
 */
function serverUrl(server: string | undefined, clusterName: string, entry: Fields): string {
  if (server === undefined || server === '') return fail(`no server found for cluster ${JSON.stringify(clusterName)}`)
  const secure = ['insecure-skip-tls-verify', 'certificate-authority', 'certificate-authority-data'].some((key) =>
    Boolean(entry[key]),
  )
  const url = URL.parse(/^[a-z]+:\/\//i.test(server) ? server : `${secure ? 'https' : 'http'}://${server}`)
  if (url === null || !/^https?:$/.test(url.protocol))
    return fail(
      `server ${JSON.stringify(server)} of cluster ${JSON.stringify(clusterName)} is not an http or https URL`,
    )
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '')
}

/**
 * A token, a password or a certificate stands before a credential plugin (client-go, auth/exec UpdateTransportConfig).
 */
function userEntry(user: Fields, flags: ConnectionFlags): Record<string, unknown> {
  const entry: Record<string, unknown> = { ...user }
  if (flags.token) entry.token = flags.token
  if (flags.username) entry.username = flags.username
  if (flags.password) entry.password = flags.password
  if (flags.clientCertificate) {
    entry['client-certificate'] = flags.clientCertificate
    delete entry['client-certificate-data']
  }
  if (flags.clientKey) {
    entry['client-key'] = flags.clientKey
    delete entry['client-key-data']
  }
  const own = ['token', 'tokenFile', 'username', 'client-certificate', 'client-certificate-data']
  if (own.some((each) => entry[each])) delete entry.exec
  return entry
}

function impersonated(user: Fields, flags: ConnectionFlags): Impersonated {
  const strings = (value: unknown): readonly string[] => list(value).filter((each) => typeof each === 'string')
  const result = {
    user: flags.as || text(user.as) || undefined,
    groups: flags.asGroup?.length ? flags.asGroup : strings(user['as-groups']),
    uid: flags.asUid || text(user['as-uid']) || undefined,
    extra: flags.asUserExtra?.length
      ? extraOf(flags.asUserExtra)
      : Object.fromEntries(
          Object.entries(fields(user['as-user-extra'])).map(([key, values]) => [key, strings(values)]),
        ),
  }
  const more = result.groups.length > 0 || result.uid !== undefined || Object.keys(result.extra).length > 0
  if (result.user === undefined && more) fail('cannot impersonate a group or uid without a user: add --as')
  return result
}

/** Values of one key, given one by one. */
function extraOf(given: readonly (readonly [key: string, value: string])[]): Impersonated['extra'] {
  const byKey = Map.groupBy(given, ([key]) => key)
  return Object.fromEntries([...byKey].map(([key, pairs]) => [key, pairs.map(([, value]) => value)]))
}

function nothingConfigured({ contexts, sought }: Kubeconfig, { kubeconfig = '' }: ConnectionFlags): string {
  const lacking = kubeconfig === '' ? 'neither --kubeconfig nor --server is' : '--server is not'
  return contexts.size > 0
    ? `no current context is set: add --context${choice(contexts)}`
    : `no cluster is configured: ${sought.join(', ') || 'KUBECONFIG'} says nothing, and ${lacking} given`
}

function choice(known: ReadonlyMap<string, unknown>): string {
  return known.size === 0
    ? ''
    : ` (there is: ${[...known.keys()].slice(0, 10).join(', ')}${known.size > 10 ? ', …' : ''})`
}

function fail(message: string): never {
  throw configuration(message)
}
