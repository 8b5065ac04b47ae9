import type { About, ApiFailure } from '../objects.ts'

/** One answer before it is put on the wire: a JSON value, or text where `body` is a string. */
export interface ApiAnswer {
  readonly code: number
  readonly body: unknown
  readonly headers?: Readonly<Record<string, string>>
}

/** The Status an API server answers a failed request with (apimachinery, api/errors). @param retryAfter in seconds */
export function statusOf(
  {
    code,
    reason,
    message,
    about,
  }: Pick<ApiFailure, 'code' | 'reason' | 'message'> & { readonly about?: About | undefined },
  retryAfter?: number,
): ApiAnswer {
  const details = {
    ...(about?.name !== undefined && { name: about.name }),
    ...(about !== undefined && about.group !== '' && { group: about.group }),
    ...(about !== undefined && { kind: about.kind }),
    ...(retryAfter !== undefined && { retryAfterSeconds: retryAfter }),
  }
  return {
    code,
    body: {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message,
      reason,
      ...(Object.keys(details).length > 0 && { details }),
      code,
    },
    ...(retryAfter !== undefined && { headers: { 'retry-after': String(retryAfter) } }),
  }
}

/** What the API server calls a failure of this code where nobody gave it another reason. */
export const REASONS: Readonly<Record<number, readonly [reason: string, message: string]>> = {
  400: ['BadRequest', 'the server rejected our request for an unknown reason'],
  401: ['Unauthorized', 'Unauthorized'],
  403: ['Forbidden', 'forbidden'],
  404: ['NotFound', 'the server could not find the requested resource'],
  405: ['MethodNotAllowed', 'the server does not allow this method on the requested resource'],
  409: ['Conflict', 'the object has been modified; please apply your changes to the latest version and try again'],
  410: ['Expired', 'The resourceVersion for the provided list is too old.'],
  413: ['RequestEntityTooLarge', 'Request entity too large'],
  415: ['UnsupportedMediaType', 'the body of the request was in an unknown format'],
  422: ['Invalid', 'the server rejected our request due to an error in our request'],
  429: ['TooManyRequests', 'Too many requests, please try again later.'],
  500: ['InternalError', 'Internal error occurred: etcdserver: request timed out'],
  503: ['ServiceUnavailable', 'the server is currently unable to handle the request'],
  504: ['Timeout', 'Timeout: request did not complete within the allotted timeout'],
}
