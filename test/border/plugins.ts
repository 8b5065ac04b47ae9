import { json, listOf, refuse } from '../support/api-server.ts'
import type { Row, Scene } from './row.ts'

const V1 = 'client.authentication.k8s.io/v1'
const answer = (token: string, apiVersion = V1): string =>
  `echo '${JSON.stringify({ kind: 'ExecCredential', apiVersion, status: { token } })}'`
const says = (value: unknown): string => `echo '${JSON.stringify(value)}'`
const exec = (command: string, more: object = {}) => ({
  user: { exec: { apiVersion: V1, command, interactiveMode: 'IfAvailable', ...more } },
})
const logsIn = (at: Scene, more: object = {}) => exec(at.plugin(answer('from-plugin')), more)
const kuberc = (at: Scene, more: object) => ({
  KUBERC: at.file(
    'kuberc',
    JSON.stringify({ apiVersion: 'kubectl.config.k8s.io/v1beta1', kind: 'Preference', ...more }),
  ),
})
/** kubectl 1.34, which this was seen with, has no such policy; 1.35 and later refuse, too. */
const LATER = { seen: 'Bearer from-plugin', why: 'it came with kubectl 1.35, and these are its rules' }

/** Programs that log in. */
export const PLUGINS: readonly Row[] = [
  { case: 'a plugin that gives a token', given: (at) => logsIn(at), seen: 'Bearer from-plugin' },
  {
    case: 'a plugin of the earlier protocol, v1beta1, without a mode',
    given: (at) => ({
      user: {
        exec: {
          apiVersion: `${V1}beta1`,
          command: at.plugin(answer('from-plugin', `${V1}beta1`)),
        },
      },
    }),
    seen: 'Bearer from-plugin',
  },
  {
    case: 'a plugin beside a token: the token',
    given: (at) => ({ user: { ...logsIn(at).user, token: 't' } }),
    seen: 'Bearer t',
  },
  {
    case: 'a plugin beside a password: the password',
    given: (at) => ({ user: { ...logsIn(at).user, username: 'ann', password: 'p' } }),
    seen: `Basic ${Buffer.from('ann:p').toString('base64')}`,
  },
  {
    case: 'a plugin, and an http:// server: it is not run',
    server: 'http',
    given: (at) => exec(at.plugin('echo ran >&2', 'exit 1')),
    seen: 'nobody',
  },
  {
    case: 'a plugin without a mode',
    given: (at) => logsIn(at, { interactiveMode: undefined }),
    seen: 'nothing, refused',
    says: /^error: the credential plugin of user "ann" has no interactiveMode: it is one of Never, IfAvailable, Always$/m,
  },
  {
    case: 'a plugin of the protocol v1alpha1',
    given: (at) => logsIn(at, { apiVersion: `${V1}alpha1` }),
    seen: 'nothing, refused',
    says: /has an apiVersion that is none of /,
  },
  {
    case: 'a plugin that must ask, and no terminal',
    given: (at) => logsIn(at, { interactiveMode: 'Always' }),
    seen: 'nothing, refused',
    says: /wants to ask something, but standard input is not a terminal$/m,
  },
  {
    case: 'a plugin that answers for another version',
    given: (at) => exec(at.plugin(answer('t', `${V1}beta1`))),
    seen: 'nothing, refused',
    says: /is configured to use API version client.authentication.k8s.io\/v1, but answered with version client.authentication.k8s.io\/v1beta1$/m,
  },
  {
    case: 'a plugin whose answer is no JSON',
    given: (at) => exec(at.plugin('echo hello')),
    seen: 'nothing, refused',
    says: /did not answer as a credential plugin does: it is not JSON$/m,
  },
  {
    case: 'a plugin that answers in YAML',
    given: (at) =>
      exec(at.plugin(`printf 'kind: ExecCredential\\napiVersion: ${V1}\\nstatus:\\n  token: from-plugin\\n'`)),
    seen: 'Bearer from-plugin',
  },
  {
    case: 'a plugin whose credentials end at no time',
    given: (at) =>
      exec(
        at.plugin(
          says({ kind: 'ExecCredential', apiVersion: V1, status: { token: 't', expirationTimestamp: 'soon' } }),
        ),
      ),
    seen: 'nothing, refused',
    says: /its expirationTimestamp is no time$/m,
  },
  {
    case: 'a plugin that answers without a status',
    given: (at) => exec(at.plugin(says({ kind: 'ExecCredential', apiVersion: V1 }))),
    seen: 'nothing, refused',
    says: /there is no status$/m,
  },
  {
    case: 'a plugin that gives a certificate without its key',
    given: (at) =>
      exec(at.plugin(says({ kind: 'ExecCredential', apiVersion: V1, status: { clientCertificateData: 'x' } }))),
    seen: 'nothing, refused',
    says: /gave only one of certificate and key$/m,
  },
  {
    case: 'a plugin that writes megabytes',
    given: (at) => exec(at.plugin('head -c 8000000 /dev/zero')),
    seen: 'nothing, refused',
    says: /writes more than 4194304 bytes: that is no credential$/m,
  },
  {
    case: 'a plugin that fails, and speaks: its own words, then ours',
    given: (at) => exec(at.plugin('echo "SSO session expired" >&2', 'exit 3')),
    seen: 'nothing, refused',
    says: /^SSO session expired\nerror: credential plugin ".*" failed with exit code 3$/m,
  },
  {
    case: 'a plugin that speaks and succeeds: its words are shown',
    given: (at) => exec(at.plugin('echo "open https://login" >&2', answer('from-plugin'))),
    seen: 'Bearer from-plugin',
    says: /^open https:\/\/login$/m,
  },
  {
    case: 'a plugin that is not installed, with a hint of several lines',
    given: () => exec('no-such-plugin', { installHint: 'get it:\n  brew install it' }),
    seen: 'nothing, refused',
    says: /was not found: get it:\n {2}brew install it$/m,
  },
  {
    case: 'a plugin whose token is refused is run again, once',
    answers: ({ headers }, response) =>
      headers.authorization === 'Bearer t2' ? json(response, listOf([])) : refuse(response, 401, 'Unauthorized', 'no'),
    given: (at) =>
      exec(
        at.plugin(
          `echo x >> ${at.dir}/runs`,
          `echo "{\\"kind\\":\\"ExecCredential\\",\\"apiVersion\\":\\"${V1}\\",\\"status\\":{\\"token\\":\\"t$(wc -l < ${at.dir}/runs | tr -d ' ')\\"}}"`,
        ),
      ),
    seen: 'Bearer t2',
    kubectl: { seen: 'Bearer t1, refused', why: 'a release does not end for a login that can be renewed' },
  },
  {
    case: 'a plugin that kuberc denies with all others',
    given: (at) => ({ ...logsIn(at), env: kuberc(at, { credentialPluginPolicy: 'DenyAll' }) }),
    seen: 'nothing, refused',
    says: /^error: credential plugin ".*" may not run: credentialPluginPolicy is "DenyAll" \(.*kuberc\)$/m,
    kubectl: LATER,
  },
  {
    case: 'a plugin that is not on the list of kuberc in the home',
    given: (at) => {
      at.file(
        '.kube/kuberc',
        JSON.stringify({
          apiVersion: 'kubectl.config.k8s.io/v1beta1',
          kind: 'Preference',
          credentialPluginPolicy: 'Allowlist',
          credentialPluginAllowlist: [{ name: 'other' }],
        }),
      )
      return logsIn(at)
    },
    seen: 'nothing, refused',
    says: /may not run: credentialPluginAllowlist does not name it/,
    kubectl: LATER,
  },
  {
    case: 'a plugin that is on the list of kuberc by its name on the PATH',
    given: (at) => ({
      ...logsIn(at),
      env: kuberc(at, {
        credentialPluginPolicy: 'Allowlist',
        credentialPluginAllowlist: [{ command: 'login-plugin' }],
      }),
    }),
    seen: 'Bearer from-plugin',
  },
  {
    case: 'a plugin that kuberc denies, with KUBERC=off',
    given: (at) => {
      kuberc(at, { credentialPluginPolicy: 'DenyAll' })
      return { ...logsIn(at), env: { KUBERC: 'off' } }
    },
    seen: 'Bearer from-plugin',
  },
]
