import { certificate, json, listOf, refuse, type Response } from '../support/api-server.ts'
import type { Row } from './row.ts'

const raw = (response: Response, status: number, headers: Record<string, string>, body: string): void => {
  const answer = response as NodeJS.WritableStream & { writeHead(status: number, headers: object): void }
  answer.writeHead(status, headers)
  answer.end(body)
}
const through = ', through the proxy'
const token = { user: { token: 't' } }

/** Whom a kubeconfig trusts. */
export const TRUST: readonly Row[] = [
  {
    case: 'a server whose certificate has expired',
    server: 'expired',
    given: () => token,
    seen: 'nothing, refused',
    says: /is not trusted: its certificate has expired/,
  },
  {
    case: 'a server whose certificate is for another name',
    server: 'other-name',
    given: () => token,
    seen: 'nothing, refused',
    says: /is not trusted: its certificate is for another name/,
  },
  {
    case: 'the same, with tls-server-name',
    server: 'other-name',
    given: () => ({ ...token, cluster: { 'tls-server-name': 'other.test' } }),
    seen: 'Bearer t',
  },
  {
    case: 'the same, with an answer of six megabytes',
    server: 'other-name',
    answers: (_, response) => json(response, { ...(listOf([]) as object), much: 'x'.repeat(6_000_000) }),
    given: () => ({ ...token, cluster: { 'tls-server-name': 'other.test' } }),
    seen: 'Bearer t',
  },
  {
    case: 'a name that the certificate does not have, with an address it has as tls-server-name',
    proxy: 'open',
    given: (at) => ({
      ...token,
      cluster: {
        server: at.named.replace('kube.test', 'unknown.test'),
        'tls-server-name': '127.0.0.1',
        'proxy-url': `http://${at.proxy}`,
      },
    }),
    seen: `Bearer t${through}`,
  },
  {
    case: 'an address that the certificate does not have as tls-server-name',
    given: () => ({ ...token, cluster: { 'tls-server-name': '127.0.0.2' } }),
    seen: 'nothing, refused',
    says: /is not trusted: its certificate is for another name/,
  },
  {
    case: 'an answer that says it is packed, and is not',
    answers: (_, response) => raw(response, 200, { 'content-encoding': 'gzip' }, JSON.stringify(listOf([]))),
    given: () => token,
    seen: 'Bearer t, refused',
    says: /^error: [^\n]* cannot be unpacked[^\n]*\n$/,
  },
  {
    case: 'a server of an unknown authority',
    given: () => ({ ...token, cluster: { 'certificate-authority': undefined } }),
    seen: 'nothing, refused',
    says: /is not trusted: its certificate is signed by an unknown authority/,
  },
  {
    case: 'the same, with insecure-skip-tls-verify',
    given: () => ({ ...token, cluster: { 'certificate-authority': undefined, 'insecure-skip-tls-verify': true } }),
    seen: 'Bearer t',
  },
  {
    case: 'a server whose authority the environment trusts, and the kubeconfig does not',
    given: () => ({
      ...token,
      cluster: { 'certificate-authority': certificate('other-name.pem') },
      env: { NODE_EXTRA_CA_CERTS: certificate('root.pem'), NODE_TLS_REJECT_UNAUTHORIZED: '0' },
    }),
    seen: 'nothing, refused',
    says: /is not trusted: its certificate is signed by an unknown authority/,
  },
  {
    case: 'an authority together with insecure-skip-tls-verify',
    given: () => ({ ...token, cluster: { 'insecure-skip-tls-verify': true } }),
    seen: 'nothing, refused',
    says: /^error: cluster "c" has a certificate-authority and insecure-skip-tls-verify: keep one$/m,
  },
  {
    case: '`--insecure-skip-tls-verify` with an authority in the kubeconfig',
    given: () => ({ ...token, flags: ['--insecure-skip-tls-verify'] }),
    seen: 'Bearer t',
  },
  {
    case: 'an authority whose file is missing',
    given: () => ({ ...token, cluster: { 'certificate-authority': '/nonexistent/ca' } }),
    seen: 'nothing, refused',
    says: /certificate authority .*\/nonexistent\/ca: /,
  },
  {
    case: 'an authority whose file holds none',
    given: (at) => ({ ...token, cluster: { 'certificate-authority': at.file('ca', 'hello') } }),
    seen: 'nothing, refused',
    says: /holds no certificate$/m,
  },
  {
    case: 'a server that speaks no TLS, for an https:// URL',
    server: 'http',
    given: (at) => ({
      ...token,
      cluster: { server: at.server.replace('http:', 'https:'), 'insecure-skip-tls-verify': true },
    }),
    seen: 'nothing, refused',
    says: /it does not speak TLS/,
  },
]

/** What stands on the way. */
export const PROXIES: readonly Row[] = [
  {
    case: 'proxy-url',
    proxy: 'open',
    given: (at) => ({ ...token, cluster: { server: at.named, 'proxy-url': `http://${at.proxy}` } }),
    seen: `Bearer t${through}`,
  },
  {
    case: 'HTTPS_PROXY',
    proxy: 'open',
    given: (at) => ({ ...token, cluster: { server: at.named }, env: { HTTPS_PROXY: `http://${at.proxy}` } }),
    seen: `Bearer t${through}`,
  },
  {
    case: 'HTTPS_PROXY for a loopback address: none',
    proxy: 'open',
    given: (at) => ({ ...token, env: { HTTPS_PROXY: `http://${at.proxy}` } }),
    seen: 'Bearer t',
  },
  {
    case: 'HTTP_PROXY for an http:// server',
    server: 'http',
    proxy: 'open',
    given: (at) => ({ cluster: { server: at.named }, env: { HTTP_PROXY: `http://${at.proxy}` } }),
    seen: `nobody${through}`,
  },
  {
    case: 'a proxy that is itself reached by TLS',
    proxy: 'secure',
    given: (at) => ({ ...token, cluster: { server: at.named, 'proxy-url': `https://${at.proxy}` } }),
    seen: `Bearer t${through}`,
    says: /^(?!.*Deprecat)/,
  },
  {
    case: 'such a proxy of an unknown authority',
    proxy: 'secure',
    given: (at) => ({
      ...token,
      cluster: {
        server: at.named,
        'proxy-url': `https://${at.proxy}`,
        'certificate-authority': certificate('expired.pem'),
      },
    }),
    seen: 'nothing, refused',
    says: /the proxy https:\/\/127.0.0.1:\d+ on the way to https:\/\/kube.test:\d+ does not answer: its certificate is signed by an unknown authority/,
  },
  {
    case: 'a SOCKS5 proxy',
    proxy: 'socks',
    given: (at) => ({ ...token, cluster: { server: at.named, 'proxy-url': `socks5://${at.proxy}` } }),
    seen: `Bearer t${through}`,
  },
  {
    case: 'a proxy that wants credentials, with them',
    proxy: 'asks',
    given: (at) => ({ ...token, cluster: { server: at.named, 'proxy-url': `http://ann:pa%3Ass@${at.proxy}` } }),
    seen: `Bearer t${through}`,
  },
  {
    case: 'a proxy that wants credentials, without them',
    proxy: 'asks',
    given: (at) => ({ ...token, cluster: { server: at.named, 'proxy-url': `http://${at.proxy}` } }),
    seen: `nothing${through}, refused`,
    says: /the proxy http:\/\/127.0.0.1:\d+ on the way to https:\/\/kube.test:\d+ wants credentials \(407 Proxy Authentication Required\): write them into its URL/,
  },
  {
    case: 'a proxy that wants credentials, for an http:// server',
    server: 'http',
    proxy: 'asks',
    given: (at) => ({ cluster: { server: at.named, 'proxy-url': `http://${at.proxy}` } }),
    seen: `nothing${through}, refused`,
    says: /wants credentials \(407 Proxy Authentication Required\)/,
  },
  {
    case: 'a proxy that refuses the server',
    proxy: 'refuses',
    given: (at) => ({ ...token, cluster: { server: at.named, 'proxy-url': `http://${at.proxy}` } }),
    seen: `nothing${through}, refused`,
    says: /the proxy http:\/\/127.0.0.1:\d+ on the way to https:\/\/kube.test:\d+ refuses: 403 Forbidden/,
  },
  {
    case: 'a proxy that is away',
    proxy: 'dead',
    given: (at) => ({ ...token, cluster: { server: at.named, 'proxy-url': `http://ann:secret@${at.proxy}` } }),
    seen: 'nothing, refused',
    says: /the proxy http:\/\/127.0.0.1:1 on the way to https:\/\/kube.test:\d+ does not answer: connection refused/,
  },
  {
    case: 'a proxy of a kind that is unknown',
    given: () => ({ ...token, cluster: { 'proxy-url': 'ftp://proxy' } }),
    seen: 'nothing, refused',
    says: /^error: proxy "ftp:\/\/proxy" is not an http, https or socks5 URL$/m,
  },
]

/** What a server answers. */
export const ANSWERS: readonly Row[] = [
  {
    case: 'a web page',
    answers: (_, response) => raw(response, 200, { 'content-type': 'text/html' }, '<html>Log in</html>'),
    given: () => token,
    seen: 'Bearer t, refused',
    says: /is a web page, not JSON: is this an API server, or a login page before it\?$/m,
    kubectl: { seen: 'Bearer t', why: '`get --raw` shows whatever is answered; `kubectl get` would refuse it, too' },
  },
  {
    case: 'a redirect elsewhere',
    answers: (_, response) => raw(response, 302, { location: 'https://login.test/' }, ''),
    given: () => token,
    seen: 'Bearer t, refused',
    says: /does not answer as a Kubernetes API server$/m,
  },
  {
    case: 'a redirect within the server',
    answers: ({ path }, response) =>
      path.startsWith('/moved') ? json(response, listOf([])) : raw(response, 307, { location: `/moved${path}` }, ''),
    given: () => token,
    seen: 'Bearer t, refused',
    says: /does not answer as a Kubernetes API server$/m,
    kubectl: { seen: 'Bearer t', why: 'API servers send nobody elsewhere: who does stands before one' },
  },
  {
    case: 'half a body',
    answers: (_, response) => raw(response, 200, { 'content-type': 'application/json' }, '{"kind":"List","items":['),
    given: () => token,
    seen: 'Bearer t, refused',
    says: /is not whole JSON \(24 characters\)$/m,
    kubectl: { seen: 'Bearer t', why: '`get --raw` shows whatever is answered; `kubectl get` would refuse it, too' },
  },
  {
    case: 'a refusal',
    answers: (_, response) => refuse(response, 403, 'Forbidden', 'rollouts.argoproj.io is forbidden'),
    given: () => token,
    seen: 'Bearer t, refused',
    says: /^Error from server \(Forbidden\): .*rollouts.argoproj.io is forbidden/m,
  },
  {
    case: 'credentials that are refused',
    answers: (_, response) => refuse(response, 401, 'Unauthorized', 'Unauthorized'),
    given: () => ({ user: { token: 'very-secret' } }),
    seen: 'Bearer very-secret, refused',
    says: /your credentials \(user "ann"\) were rejected by https:\/\/127.0.0.1:\d+: log in again$/m,
  },
  {
    case: 'a warning',
    answers: (_, response) => json(response, listOf([]), 200, { warning: '299 - "rollouts are old"' }),
    given: () => token,
    seen: 'Bearer t',
    says: /rollouts are old$/m,
  },
]

/** Where a kubeconfig leads. */
export const CONFIGURATIONS: readonly Row[] = [
  {
    case: 'a context that is not there',
    given: () => ({ flags: ['--context=nope'] }),
    seen: 'nothing, refused',
    says: /context was not found for specified context: nope/,
  },
  {
    case: '`--server` without a scheme, and nothing said of TLS: http',
    server: 'http',
    given: (at) => ({ config: {}, flags: [`--server=${at.server.replace('http://', '')}`] }),
    seen: 'nobody',
  },
  {
    case: '`--server` without a scheme, and an authority: https',
    given: (at) => ({
      config: {},
      flags: [`--server=${at.server.replace('https://', '')}`, `--certificate-authority=${certificate('root.pem')}`],
    }),
    seen: 'nobody',
    kubectl: {
      seen: 'nothing, refused',
      why: 'an authority is given to be used: kubectl forgets it, and speaks in clear',
    },
  },
  {
    case: 'a file that is another kind of object',
    given: (at) => ({ ...token, env: { KUBECONFIG: at.file('pod', '{"kind":"Pod","apiVersion":"v1"}') } }),
    seen: 'nothing, refused',
    says: /^error: error loading config file ".*pod": it is a Pod of v1, not a Config of v1$/m,
  },
  {
    case: 'a missing file among those of KUBECONFIG',
    given: (at) => ({ ...token, env: { KUBECONFIG: `/nonexistent:${at.dir}/kubeconfig` } }),
    seen: 'Bearer t',
  },
  {
    case: 'flow style, its closing brackets as deep as their keys',
    given: (at) => ({
      flags: [
        `--kubeconfig=${at.file(
          'flow',
          `current-context: c
contexts: [
  {name: c, context: {cluster: c, user: ann}}
]
clusters:
- name: c
  cluster: {
    server: "${at.server}",
    certificate-authority: "${certificate('root.pem')}"
  }
users:
- name: ann
  user: {
  token: t
  }
`,
        )}`,
      ],
    }),
    seen: 'Bearer t',
  },
  {
    case: 'merged keys (`<<`)',
    given: (at) => ({
      flags: [
        `--kubeconfig=${at.file(
          'merged',
          `current-context: c
contexts:
- {name: c, context: {cluster: c, user: ann}}
clusters:
- name: other
  cluster: &common {server: "https://other.test", certificate-authority: "${certificate('root.pem')}"}
- name: c
  cluster:
    <<: *common
    server: "${at.server}"
users:
- {name: ann, user: {token: t}}
`,
        )}`,
      ],
    }),
    seen: 'Bearer t',
  },
]
