import { undecodable } from '../metadata.ts'
import { ApiFailure, type ResourceName, RESOURCES } from '../objects.ts'
import { objectOf, PROTOBUF } from './protobuf.ts'
import { MESSAGES } from './protobuf-messages.ts'
import type { RequestInfo } from './request-info.ts'

/**
 * The object in a request's body, which must be of the resource and at the place that the path names. @throws
 * ApiFailure 400, 415
 */
export function objectIn(text: string, contentType: string | undefined, resource: ResourceName, at: RequestInfo): any {
  const type = mediaType(contentType)
  const message = type === PROTOBUF ? MESSAGES[resource] : undefined
  if (type !== '' && type !== 'application/json' && message === undefined) throw unsupported(['application/json'])
  const { group, version, kind } = RESOURCES[resource]
  const expected = group === '' ? version : `${group}/${version}`
  const body =
    message !== undefined
      ? objectOf(text, message)
      : json(text, `the object provided is unrecognized (must be of type ${kind})`)
  const { apiVersion = expected, kind: given = kind, metadata = {} } = body
  const wrong = undecodable(Array.isArray(body) ? body : { ...body, metadata })
  if (wrong !== undefined)
    throw new ApiFailure(
      400,
      'BadRequest',
      `${kind} in version ${JSON.stringify(version)} cannot be handled as a ${kind}: ${wrong}`,
    )
  if (apiVersion !== expected)
    throw new ApiFailure(
      400,
      'BadRequest',
      `the API version in the data (${apiVersion}) does not match the expected API version (${expected})`,
    )
  if (given !== kind)
    throw new ApiFailure(
      400,
      'BadRequest',
      `${given} in version ${JSON.stringify(version)} cannot be handled as a ${kind}`,
    )
  if (metadata.namespace !== undefined && metadata.namespace !== at.namespace) {
    throw new ApiFailure(
      400,
      'BadRequest',
      'the namespace of the provided object does not match the namespace sent on the request',
    )
  }
  if (at.name !== undefined && metadata.name !== at.name) {
    throw new ApiFailure(
      400,
      'BadRequest',
      `the name of the object (${metadata.name ?? ''}) does not match the name on the URL (${at.name})`,
    )
  }
  return { ...body, apiVersion, kind, metadata }
}

/** What is nested deeper is no honest object. */
const DEEPEST = 200

/** A JSON object or list. @throws ApiFailure 400 */
export function json(text: string, what: string): any {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw new ApiFailure(
      400,
      'BadRequest',
      `${what}: couldn't get version/kind; json parse error: ${(error as Error).message}`,
    )
  }
  if (value === null || typeof value !== 'object')
    throw new ApiFailure(400, 'BadRequest', `${what}: json: cannot unmarshal ${JSON.stringify(value)}`)
  if (isDeeper(value, DEEPEST)) throw new ApiFailure(400, 'BadRequest', `${what}: exceeded max depth`)
  return value
}

function isDeeper(value: unknown, levels: number): boolean {
  return (
    value !== null &&
    typeof value === 'object' &&
    (levels === 0 || Object.values(value).some((each) => isDeeper(each, levels - 1)))
  )
}

/** `application/json` of `application/json; charset=utf-8`. */
export function mediaType(contentType: string | undefined): string {
  return (contentType ?? '').split(';')[0]!.trim().toLowerCase()
}

/** @param accepted the media types that would do */
export function unsupported(accepted: readonly string[]): ApiFailure {
  return new ApiFailure(
    415,
    'UnsupportedMediaType',
    `the body of the request was in an unknown format - accepted media types include: ${accepted.join(', ')}`,
  )
}
