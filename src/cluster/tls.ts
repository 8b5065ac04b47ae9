import { createSecureContext, getCACertificates, type SecureContext } from 'node:tls'
import type { Cluster, User } from '@kubernetes/client-node/dist/config_types.js'
import { fileFailure } from '../text/file-failure.ts'
import { configuration } from './kubeconfig.ts'
import { readFile } from './read-file.ts'

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
    return readFile(file)
  } catch (error) {
    throw configuration(`unable to read the ${what}: ${fileFailure(error, file)}`, error)
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
    const why = wrongPair(String(cert ?? ''), String(key ?? ''), error as NodeJS.ErrnoException)
    throw configuration(`the certificates for cluster ${JSON.stringify(cluster.name)} cannot be used: ${why}`, error)
  }
}

/** What is wrong with a client's certificate and key, in words where OpenSSL has codes. */
function wrongPair(cert: string, key: string, { code = '', message }: NodeJS.ErrnoException): string {
  if (key.includes('ENCRYPTED'))
    return (
      'the client key is encrypted, and kubectl reads no such ' +
      'key either; decrypt it: openssl pkey -in KEY -out PLAIN'
    )
  if (/KEY_(VALUES|TYPE)_MISMATCH/.test(code)) return 'the private key does not match the client certificate'
  if (key.includes(' CERTIFICATE-----')) return 'the client key is a certificate: are the two switched?'
  if (cert.includes('PRIVATE KEY-----')) return 'the client certificate is a private key: are the two switched?'
  return message
}
