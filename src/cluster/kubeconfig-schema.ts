import { at, type Fields } from '../domain/objects/fields.ts'

/** The lists of a kubeconfig. */
export type Section = 'contexts' | 'clusters' | 'users'

/** Fields that are text, and that are true or false (client-go, clientcmd/api/v1/types.go): kubectl reads no other type. */
const TEXTS: { readonly [S in Section]: readonly string[] } = {
  contexts: ['cluster', 'user', 'namespace'],
  clusters: ['server', 'tls-server-name', 'certificate-authority', 'certificate-authority-data', 'proxy-url'],
  users: [
    'client-certificate',
    'client-certificate-data',
    'client-key',
    'client-key-data',
    'token',
    'tokenFile',
    'username',
    'password',
    'as',
    'as-uid',
  ],
}
const SWITCHES: { readonly [S in Section]: readonly string[] } = {
  contexts: [],
  clusters: ['insecure-skip-tls-verify', 'disable-compression'],
  users: [],
}

/** What of an entry has another type than it must have, e.g. `token is no text`; undefined: nothing. */
export function oddField(entry: Fields, section: Section): string | undefined {
  const is = (key: string, type: 'string' | 'boolean'): boolean =>
    entry[key] === undefined || entry[key] === null || typeof entry[key] === type
  const text = TEXTS[section].find((key) => !is(key, 'string'))
  if (text !== undefined) return `${text} is no text`
  const flag = SWITCHES[section].find((key) => !is(key, 'boolean'))
  return flag === undefined ? undefined : `${flag} is neither true nor false`
}

/** What a document says it is, where that is no kubeconfig; undefined: it is one, or does not say. */
export function otherKind(document: unknown): string | undefined {
  const [kind, version] = [at(document, 'kind') || 'Config', at(document, 'apiVersion') || 'v1']
  return kind === 'Config' && version === 'v1'
    ? undefined
    : `it is a ${String(kind)} of ${String(version)}, not a Config of v1`
}
