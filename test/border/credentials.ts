import { readFileSync } from 'node:fs'
import { certificate, json, listOf } from '../support/api-server.ts'
import type { Row } from './row.ts'

const data = (name: 'client.pem' | 'client.key'): string => readFileSync(certificate(name)).toString('base64')
const pair = { 'client-certificate-data': data('client.pem'), 'client-key-data': data('client.key') }
const jwt = (expires: number): string =>
  ['{"alg":"none"}', JSON.stringify({ exp: expires })]
    .map((each) => Buffer.from(each).toString('base64url'))
    .join('.') + '.x'
const VALID = jwt(4_000_000_000)
const oidc = (config: object) => ({
  'auth-provider': { name: 'oidc', config: { 'idp-issuer-url': 'https://issuer.test', 'client-id': 'c', ...config } },
})

/** Who a kubeconfig says asks. */
export const CREDENTIALS: readonly Row[] = [
  {
    case: 'nothing that says who asks',
    given: () => ({}),
    seen: 'nobody',
    kubectl: {
      seen: 'nothing, refused',
      why: 'kubectl asks for a name and a password, which API servers no longer take; here the server says what is missing',
    },
  },
  { case: 'a token', given: () => ({ user: { token: 't' } }), seen: 'Bearer t' },
  { case: '`--token` beside one', given: () => ({ user: { token: 't' }, flags: ['--token=f'] }), seen: 'Bearer f' },
  {
    case: 'a user name and a password',
    given: () => ({ user: { username: 'ann', password: 'pa:ss' } }),
    seen: `Basic ${Buffer.from('ann:pa:ss').toString('base64')}`,
  },
  {
    case: '`--username` and `--password`',
    given: () => ({ flags: ['--username=ann', '--password=p'] }),
    seen: `Basic ${Buffer.from('ann:p').toString('base64')}`,
  },
  {
    case: '`--username` beside a token',
    given: () => ({ user: { token: 't' }, flags: ['--username=ann'] }),
    seen: 'nothing, refused',
  },
  {
    case: 'a token and a password',
    given: () => ({ user: { token: 't', username: 'ann', password: 'p' } }),
    seen: 'nothing, refused',
    says: /^error: user "ann" has more than one authentication method, a token and a user name: only one is allowed$/m,
  },
  {
    case: 'a token that is a number',
    given: () => ({ user: { token: 5 } }),
    seen: 'nothing, refused',
    says: /^error: error loading config file ".*kubeconfig": token is no text of "ann" in users$/m,
  },
  {
    case: 'a line break at the end of a token',
    given: () => ({ user: { token: 't\n' } }),
    seen: 'Bearer t',
    kubectl: { seen: 'nothing, refused', why: 'no token holds one: it came with copying' },
  },
  {
    case: 'a token, and a user name and a password in the URL of the server',
    given: (at) => ({ user: { token: 't' }, cluster: { server: at.server.replace('://', '://ann:secret@') } }),
    seen: 'Bearer t',
    kubectl: {
      seen: `Basic ${Buffer.from('ann:secret').toString('base64')}`,
      why: 'the entry of the user says who asks; what stands in an address is shown in messages and commands, and is left out',
    },
  },
  {
    case: 'a token in a file beside the kubeconfig',
    given: (at) => (at.file('token', 'from-file\n'), { user: { tokenFile: 'token' } }),
    seen: 'Bearer from-file',
  },
  {
    case: 'a token beside a file with one: the file stands before it',
    given: (at) => ({ user: { token: 't', tokenFile: at.file('token', 'from-file') } }),
    seen: 'Bearer from-file',
  },
  {
    case: 'a file that holds no token',
    given: (at) => ({ user: { tokenFile: at.file('token', '\n') } }),
    seen: 'nothing, refused',
    says: /^error: read empty token from file ".*token"$/m,
  },
  {
    case: 'a file of a token that is missing',
    given: () => ({ user: { tokenFile: '/nonexistent/token' } }),
    seen: 'nothing, refused',
    says: /^error: cannot read the token file: open \/nonexistent\/token: no such file or directory$/m,
  },
  { case: 'a client certificate', given: () => ({ user: pair }), seen: 'the certificate of client' },
  {
    case: 'no client certificate, where the server wants one',
    server: 'strict',
    given: () => ({ user: { token: 't' } }),
    seen: 'nothing, refused',
    says: /: it wants a client certificate, and the kubeconfig has none for this user;/,
  },
  {
    case: 'a client certificate and a token',
    given: () => ({ user: { ...pair, token: 't' } }),
    seen: 'Bearer t and the certificate of client',
  },
  {
    case: 'a client certificate without its key',
    given: () => ({ user: { 'client-certificate': certificate('client.pem') } }),
    seen: 'nothing, refused',
    says: /^error: user "ann" has a client-certificate, but no client-key$/m,
  },
  {
    case: 'a client certificate as data and as a file',
    given: () => ({ user: { ...pair, 'client-certificate': certificate('client.pem') } }),
    seen: 'nothing, refused',
    says: /has both client-certificate-data and client-certificate: keep one$/m,
  },
  {
    case: '`--client-certificate` and `--client-key` beside those of the kubeconfig',
    given: () => ({
      user: pair,
      flags: [`--client-certificate=${certificate('client.pem')}`, `--client-key=${certificate('client.key')}`],
    }),
    seen: 'the certificate of client',
    kubectl: { seen: 'nothing, refused', why: 'a flag that was just typed says what is meant' },
  },
  {
    case: '`--as`',
    given: () => ({ user: { token: 't' }, flags: ['--as=bob', '--as-group=dev'] }),
    seen: 'Bearer t as bob, dev',
  },
  {
    case: 'a group to impersonate, and no user',
    given: () => ({ user: { token: 't' }, flags: ['--as-group=dev'] }),
    seen: 'nothing, refused',
    says: /^error: cannot impersonate a group or uid without a user: add --as$/m,
  },
  { case: 'a token, to an http:// server', server: 'http', given: () => ({ user: { token: 't' } }), seen: 'nobody' },
  { case: '`--token`, to an http:// server', server: 'http', given: () => ({ flags: ['--token=t'] }), seen: 'nobody' },
  {
    case: 'a password, to an http:// server',
    server: 'http',
    given: () => ({ user: { username: 'ann', password: 'p' } }),
    seen: 'nobody',
  },
  {
    case: 'a token in a file, to an http:// server',
    server: 'http',
    given: (at) => ({ user: { tokenFile: at.file('token', 'from-file') } }),
    seen: 'nobody',
  },
  {
    case: '`--as`, to an http:// server',
    server: 'http',
    given: () => ({ flags: ['--as=bob'] }),
    seen: 'nobody as bob',
  },
  { case: 'an ID token that holds', given: () => ({ user: oidc({ 'id-token': VALID }) }), seen: `Bearer ${VALID}` },
  {
    case: 'an ID token that has expired, and nothing to refresh it with',
    given: () => ({ user: oidc({ 'id-token': jwt(1) }) }),
    seen: 'nothing, refused',
    says: /^error: the ID token of user "ann" is missing or has expired: kubectl refreshes it \(try: kubectl get --raw \/version\), or let a credential plugin log in/m,
  },
  {
    case: 'an ID token that has expired, and a refresh token',
    answers: ({ path, headers }, response) => {
      if (path.endsWith('/openid-configuration')) {
        return json(response, { token_endpoint: `https://${headers[':authority'] ?? headers.host}/token` })
      }
      json(response, path === '/token' ? { token_type: 'Bearer', access_token: 'x', id_token: VALID } : listOf([]))
    },
    given: (at) => ({
      user: oidc({
        'idp-issuer-url': at.server,
        'idp-certificate-authority': certificate('root.pem'),
        'id-token': jwt(1),
        'refresh-token': 'r',
      }),
    }),
    seen: 'nothing, refused',
    says: /kubectl refreshes it \(try: kubectl get --raw \/version\)/,
    kubectl: {
      seen: `Bearer ${VALID}`,
      why: "the refresh token is kubectl's: the message says how to have it renewed, and what kubectl has written is read anew",
    },
  },
  ...['gcp', 'azure', 'magic'].map(
    (name): Row => ({
      case: `the auth provider ${name}`,
      given: () => ({ user: { 'auth-provider': { name, config: { 'access-token': 'x' } } } }),
      seen: 'nothing, refused',
      says: name === 'magic' ? /no auth provider found for name "magic"$/m : /is no longer part of kubectl; use /,
    }),
  ),
]
