import { printable } from '../text/printable.ts'
import { at, text, whole } from '../domain/objects/fields.ts'
import { type Attempt, canI, describe } from './attempt.ts'
import { ClusterError, type ClusterErrorReason } from './port.ts'
import { ProxyError } from './proxy.ts'
import { groupOf, qualified } from './resources.ts'

/** Whom a failed request was sent to, and as whom. */
export interface Addressee {
  readonly server: string
  readonly user: string
}

const REASONS: { readonly [status: number]: ClusterErrorReason } = {
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  409: 'Conflict',
  410: 'Expired',
  422: 'Invalid',
  429: 'TooManyRequests',
}

/**
 * The failure an HTTP answer tells: what was tried, the server's own words, and what to try for those that are well
 * known.
 */
export function refusal(attempt: Attempt, to: Addressee, status: number, headers: Headers, body: string): ClusterError {
  const answer = json(body)
  const said = printable((text(at(answer, 'message'))?.slice(0, 2000) || body.slice(0, 300)).trim()) || `HTTP ${status}`
  const reason = reasonOf(status, at(answer, 'reason'))
  const advice = isUncarried(attempt, status, said)
    ? `a WebSocket was asked for and not opened, by ${to.server} or something before it; ${otherWay(attempt)}`
    : adviceOn(reason, attempt, to, at(answer, 'details', 'name') !== undefined)
  const retryAfter = Number(headers['retry-after'] ?? whole(at(answer, 'details', 'retryAfterSeconds')))
  return new ClusterError(reason, `${describe(attempt)}: ${said}${advice && `; ${advice}`}`, {
    status,
    said: saidBy(status, at(answer, 'reason')) ?? reason,
    retryAfter: Number.isFinite(retryAfter) ? retryAfter : undefined,
  })
}

/** A port is carried over a WebSocket, which proxies may drop, and old runtimes of containers not know. */
function isUncarried({ subresource }: Attempt, status: number, said: string): boolean {
  return subresource === 'portforward' && (status < 300 || status === 426 || /upgrade|websocket/i.test(said))
}

function otherWay({ namespace, name }: Attempt): string {
  return (
    'kubectl goes another way (SPDY): KUBECTL_PORT_FORWARD_WEBSOCKETS=false ' +
    `kubectl port-forward ${name} PORT -n ${namespace}`
  )
}

type Headers = Readonly<Record<string, string | readonly string[] | undefined>>

function reasonOf(status: number, said: unknown): ClusterErrorReason {
  if (status >= 500) return 'ServerError'
  if (status >= 300 && status < 400) return 'Malformed'
  return said === 'AlreadyExists' ? 'AlreadyExists' : (REASONS[status] ?? 'BadRequest')
}

/** Reasons of an answer that names none (k8s.io/apimachinery, NewGenericServerResponse). */
const GENERIC: { readonly [status: number]: string } = {
  405: 'MethodNotAllowed',
  406: 'NotAcceptable',
  413: 'RequestEntityTooLarge',
  415: 'UnsupportedMediaType',
  500: 'InternalError',
  503: 'ServiceUnavailable',
  504: 'Timeout',
}

function saidBy(status: number, reason: unknown): string | undefined {
  if (typeof reason === 'string' && /^[A-Za-z]+$/.test(reason)) return reason
  return GENERIC[status] ?? (status >= 500 ? 'InternalError' : undefined)
}

function adviceOn(reason: ClusterErrorReason, attempt: Attempt, to: Addressee, aboutAnObject: boolean): string {
  switch (reason) {
    case 'Unauthorized':
      return (
        `your credentials${to.user && ` (user ${JSON.stringify(to.user)})`} ` +
        `were rejected by ${to.server}: log in again`
      )
    case 'Forbidden':
      return `to see what you may do: ${canI(attempt)}`
    case 'NotFound':
      return aboutAnObject ? '' : notServed(attempt)
    case 'Malformed':
      return `${to.server} does not answer as a Kubernetes API server`
    default:
      return ''
  }
}

function notServed({ resource }: Attempt): string {
  return groupOf(resource) === 'argoproj.io'
    ? 'Argo Rollouts is not installed on this cluster'
    : `this cluster does not serve ${qualified(resource)}`
}

function json(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}

/** Failures to trust the server, by OpenSSL's and Node's codes; no retry mends them. */
const UNTRUSTED: { readonly [code: string]: string } = {
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is signed by an unknown authority',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is signed by itself',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is signed by an unknown authority',
  UNABLE_TO_GET_ISSUER_CERT: 'its certificate is signed by an unknown authority',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate is signed by an unknown authority',
  CERT_SIGNATURE_FAILURE: 'its certificate is signed by an unknown authority',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
}

/** Codes of failures before anything was done with the request. */
const UNSENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'NEVER_CONNECTED',
  'NOT_TAKEN',
  'ERR_HTTP2_GOAWAY_SESSION',
  'ERR_HTTP2_INVALID_SESSION',
])

const WANTS_CERTIFICATE = 'it wants a client certificate, and the kubeconfig has none for this user'

const PLAIN: { readonly [code: string]: string } = {
  ECONNREFUSED: 'connection refused',
  ENOTFOUND: 'no such host',
  EAI_AGAIN: 'its name cannot be resolved now',
  ETIMEDOUT: 'connection timed out',
  NEVER_CONNECTED: 'connection timed out',
  ECONNRESET: 'connection reset',
  EPIPE: 'connection reset',
  CONNECTION_LOST: 'connection lost',
  ERR_HTTP2_GOAWAY_SESSION: 'connection lost',
  ERR_HTTP2_INVALID_SESSION: 'connection lost',
  ERR_HTTP2_STREAM_CANCEL: 'connection lost',
  SILENT: 'it went silent',
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: WANTS_CERTIFICATE,
  // BoringSSL's name for it.
  ERR_SSL_TLSV1_ALERT_CERTIFICATE_REQUIRED: WANTS_CERTIFICATE,
  ERR_SSL_WRONG_VERSION_NUMBER: 'it does not speak TLS (is it an http:// server?)',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'it does not speak TLS (is it an http:// server?)',
}

/** The failure of a request that got no whole answer. */
export function unreachable(attempt: Attempt, { server }: Addressee, error: unknown): ClusterError {
  if (error instanceof ProxyError) return behindProxy(attempt, server, error)
  const code = codeOf(error)
  const untrusted = UNTRUSTED[code]
  if (untrusted !== undefined) {
    const advice = 'check the certificate-authority and tls-server-name of the cluster in your kubeconfig'
    return new ClusterError(
      'Unreachable',
      `${describe(attempt)}: ${server} is not trusted: ${untrusted} (${detail(error)}); ${advice}`,
      { cause: error },
    )
  }
  const why = PLAIN[code] ?? detail(error)
  return new ClusterError(
    'Unreachable',
    `${describe(attempt)}: no answer from ${server}: ${why}; is the cluster running? try: kubectl cluster-info`,
    { cause: error },
  )
}

function behindProxy(attempt: Attempt, server: string, error: ProxyError): ClusterError {
  const to = `${describe(attempt)}: the proxy ${error.proxy} on the way to ${server}`
  if (wantsCredentials(error))
    return new ClusterError(
      'Unreachable',
      `${to} wants credentials (${printable(error.message)}): write them into its URL, http://USER:PASSWORD@…`,
      { cause: error },
    )
  const why =
    error.answer === undefined
      ? `does not answer: ${UNTRUSTED[codeOf(error)] ?? PLAIN[codeOf(error)] ?? detail(error)}`
      : `refuses: ${printable(error.answer)}`
  return new ClusterError(
    'Unreachable',
    `${to} ${why}; is it the right one (proxy-url of the cluster, HTTPS_PROXY, NO_PROXY)?`,
    { cause: error },
  )
}

/** The failure of a request the caller ended. @param cause why he did: what his signal was aborted with */
export function cancelled(attempt: Attempt, cause: unknown): ClusterError {
  return new ClusterError('Aborted', `${describe(attempt)}: cancelled`, { cause })
}

/** The failure of a request that --request-timeout ended. */
export function unanswered(attempt: Attempt, { server }: Addressee, timeoutMs = 0): ClusterError {
  return new ClusterError(
    'Timeout',
    `${describe(attempt)}: no answer from ${server} within the request timeout of ${timeoutMs / 1000} s`,
  )
}

/** The failure of an answer that is not what the API promises. */
export function malformed(attempt: Attempt, { server }: Addressee, what: string, cause?: unknown): ClusterError {
  return new ClusterError('Malformed', `${describe(attempt)}: the answer of ${server} ${what}`, { cause })
}

/** Nothing of the failed request can have been carried out. */
export function neverSent(error: ClusterError): boolean {
  return (
    error.reason === 'Unreachable' &&
    (error.cause instanceof ProxyError || UNSENT.has(codeOf(error.cause)) || isUntrusted(error))
  )
}

/** The server is not who the kubeconfig says, or its proxy wants to know who asks: trying again is of no use. */
export function isUntrusted(error: ClusterError): boolean {
  return codeOf(error.cause) in UNTRUSTED || wantsCredentials(error.cause)
}

function wantsCredentials(error: unknown): boolean {
  return error instanceof ProxyError && error.answer?.startsWith('407') === true
}

/** Not every runtime's errors have it as a property of their own. */
function codeOf(error: unknown): string {
  const { code, cause } = (error ?? {}) as NodeJS.ErrnoException
  if (typeof code === 'string') return code
  return cause === undefined ? '' : codeOf(cause)
}

function detail(error: unknown): string {
  return printable(error instanceof Error ? error.message : String(error))
}
