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
 * The certificates that a cluster of the kubeconfig is judged by, and no others; undefined: by the system's.
 * @throws ClusterError, reason Configuration, where there is no certificate in them
 */
export function authorityOf({ name, caData, caFile }: Cluster): Buffer | undefined {
  const ca = readMaterial(caData, caFile, `certificate authority of cluster ${JSON.stringify(name)}`)
  if (ca !== undefined && !ca.includes(' CERTIFICATE-----'))
    throw configuration(`the certificate authority of cluster ${JSON.stringify(name)} holds no certificate`)
  return ca
}
