import { at, type Fields, list, text } from '../domain/objects/fields.ts'

/** Versions of the protocol that kubectl still speaks (client-go, auth/exec). */
const SPOKEN = ['client.authentication.k8s.io/v1', 'client.authentication.k8s.io/v1beta1']
const MODES = ['Never', 'IfAvailable', 'Always']

/**
 * Why kubectl would refuse a cluster of a kubeconfig (client-go, clientcmd/validation.go and transport/transport.go).
 */
export function unusableCluster(name: string, cluster: Fields): string | undefined {
  const has = (key: string): boolean => Boolean(cluster[key])
  const [file, data] = ['certificate-authority', 'certificate-authority-data'] as const
  if (has(file) && has(data)) return `cluster ${JSON.stringify(name)} has both ${data} and ${file}: keep one`
  const secure = text(cluster.server)?.startsWith('https:') === true
  return secure && cluster['insecure-skip-tls-verify'] === true && (has(file) || has(data))
    ? `cluster ${JSON.stringify(name)} has a ${has(file) ? file : data} and insecure-skip-tls-verify: keep one`
    : undefined
}

/** Why kubectl would refuse a user of a kubeconfig, once flags have had their say. */
export function unusableUser(name: string, user: Fields, stored: Fields): string | undefined {
  const has = (key: string): boolean => Boolean(user[key])
  const who = `user ${JSON.stringify(name)}`
  if ((has('token') || has('tokenFile')) && (has('username') || has('password')))
    return `${who} has more than one authentication method, a token and a user name: only one is allowed`
  const [certificate, key] = ['client-certificate', 'client-key'] as const
  if (has(certificate) || has(`${certificate}-data`)) {
    const twice = [certificate, key].find((each) => has(each) && has(`${each}-data`))
    if (twice !== undefined) return `${who} has both ${twice}-data and ${twice}: keep one`
    if (!has(key) && !has(`${key}-data`)) return `${who} has a ${certificate}, but no ${key}`
  }
  return stored.exec === undefined || stored.exec === null ? undefined : unusablePlugin(who, stored)
}

function unusablePlugin(who: string, { exec, 'auth-provider': provider }: Fields): string | undefined {
  const version = text(at(exec, 'apiVersion')) ?? ''
  // Earlier versions of the protocol have a mode where none is said (client-go, clientcmd/api/v1/defaults.go).
  const mode = text(at(exec, 'interactiveMode')) || (version.endsWith('/v1') ? '' : 'IfAvailable')
  if (provider) return `${who} has both an auth provider and a credential plugin: keep one`
  if (!text(at(exec, 'command'))) return `the credential plugin of ${who} has no command`
  if (version === '') return `the credential plugin of ${who} has no apiVersion`
  if (!SPOKEN.includes(version))
    return `the credential plugin of ${who} has an apiVersion that is none of ${SPOKEN.join(', ')}: ${version}`
  if (list(at(exec, 'env')).some((each) => !text(at(each, 'name'))))
    return `the credential plugin of ${who} has an env without a name`
  if (mode === '') return `the credential plugin of ${who} has no interactiveMode: it is one of ${MODES.join(', ')}`
  return MODES.includes(mode)
    ? undefined
    : `the credential plugin of ${who} has an unknown interactiveMode ${JSON.stringify(mode)}`
}
