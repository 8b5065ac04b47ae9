import { readFileSync } from 'node:fs'
import { createSecureContext, getCACertificates, type SecureContext } from 'node:tls'
import type { Cluster, User } from '@kubernetes/client-node/dist/config_types.js'
import { configuration } from './kubeconfig.ts'

type Pem = Buffer | string

/** A client certificate and its key, from the kubeconfig or from a credential plugin. */
export interface ClientCertificate {
  readonly cert: Pem | undefined
  readonly key: Pem | undefined
}

/**
 * What a kubeconfig holds as base64 data or names as a file; data stands before a file. @throws ClusterError, reason
 * Configuration
 */
export function readMaterial(data: string | undefined, file: string | undefined, what: string): Buffer | undefined {
  if (data) return Buffer.from(data, 'base64')
  if (!file) return undefined
  try {
    return readFileSync(file)
  } catch (error) {
    throw configuration(`unable to read the ${what} ${file}: ${(error as Error).message}`, error)
  }
}

/** The user's static client certificate. */
export function clientCertificate(user: User): ClientCertificate {
  if (!user.certData && !user.certFile) return { cert: undefined, key: undefined }
  return {
    cert: readMaterial(user.certData, user.certFile, `client certificate of user ${JSON.stringify(user.name)}`),
    key: readMaterial(user.keyData, user.keyFile, `client key of user ${JSON.stringify(user.name)}`),
  }
}

/**
 * Trust and identity of a connection. As for kubectl, each certificate of the kubeconfig's CA is an anchor, an
 * intermediate one too, and without one the system's are trusted.
 * @throws ClusterError, reason Configuration, where a certificate or key is not one
 */
export function secureContext(cluster: Cluster, { cert, key }: ClientCertificate): SecureContext {
  const ca = readMaterial(
    cluster.caData,
    cluster.caFile,
    `certificate authority of cluster ${JSON.stringify(cluster.name)}`,
  )
  if (ca !== undefined && !ca.includes(' CERTIFICATE-----'))
    throw configuration(`the certificate authority of cluster ${JSON.stringify(cluster.name)} holds no certificate`)
  try {
    const trusted =
      ca ?? (cluster.skipTLSVerify ? undefined : [...getCACertificates('default'), ...getCACertificates('system')])
    return createSecureContext({ ca: trusted, cert, key, allowPartialTrustChain: true })
  } catch (error) {
    throw configuration(
      `the certificates for cluster ${JSON.stringify(cluster.name)} cannot be used: ${(error as Error).message}`,
      error,
    )
  }
}
