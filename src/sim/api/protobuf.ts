import { ApiFailure } from '../objects.ts'

export const PROTOBUF = 'application/vnd.kubernetes.protobuf'

/** The fields of resourceAttributes, by their numbers (k8s.io/api, authorization/v1/generated.proto). */
const ATTRIBUTES = { namespace: 1, verb: 2, group: 3, version: 4, resource: 5, subresource: 6, name: 7 }

/**
 * What a SelfSubjectAccessReview in protobuf asks: `kubectl auth can-i` speaks nothing else.
 * @param text its bytes, one letter each
 * @throws ApiFailure 400
 */
export function attributesIn(text: string): Record<string, string | undefined> {
  const bytes = Buffer.from(text, 'latin1')
  if (!bytes.subarray(0, 4).equals(MAGIC)) throw malformed('it does not begin with its magic number')
  const attributes = inside(bytes.subarray(4), 2, 2, 1)
  return Object.fromEntries(
    Object.entries(ATTRIBUTES).map(([name, number]) => [name, attributes.get(number)?.toString()]),
  )
}

const MAGIC = Buffer.from('k8s\0')

/** The fields of a message inside a message inside a message. */
function inside(bytes: Buffer, ...numbers: readonly number[]): ReadonlyMap<number, Buffer> {
  return numbers.reduce((fields, number) => fieldsOf(fields.get(number) ?? Buffer.of()), fieldsOf(bytes))
}

/** The texts and messages in a message, by their numbers. */
function fieldsOf(bytes: Buffer): ReadonlyMap<number, Buffer> {
  const fields = new Map<number, Buffer>()
  let at = 0
  const number = (): number => {
    for (let value = 0, unit = 1; ; unit *= 128) {
      const byte = bytes[at++]
      if (byte === undefined) throw malformed('it ends in the middle of a number')
      value += (byte % 128) * unit
      if (byte < 128) return value
    }
  }
  while (at < bytes.length) {
    const tag = number()
    const value = number()
    if (tag % 8 === 0) continue
    if (tag % 8 !== 2 || at + value > bytes.length)
      throw malformed(`it has a field of wire type ${tag % 8} that does not fit`)
    fields.set(Math.floor(tag / 8), bytes.subarray(at, at + value))
    at += value
  }
  return fields
}

function malformed(why: string): ApiFailure {
  return new ApiFailure(400, 'BadRequest', `the body of the request is no protobuf: ${why}`)
}
