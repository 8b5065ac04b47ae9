import { createSecureContext, getCACertificates, type SecureContext } from 'node:tls'
import type { Cluster } from '@kubernetes/client-node/dist/config_types.js'
import { configuration } from './kubeconfig.ts'
import { authorityOf, type ClientCertificate } from './material.ts'

/**
 * Trust and identity of a connection. As for kubectl, each certificate of the kubeconfig's CA is an anchor, an
 * intermediate one too, and without one the system's are trusted.
 * @throws ClusterError, reason Configuration, where a certificate or key is not one
 */
export function secureContext(cluster: Cluster, { cert, key }: ClientCertificate): SecureContext {
  const ca = authorityOf(cluster)
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
