import { ApiFailure } from '../objects.ts'
import { ENVELOPE, type Message } from './protobuf-messages.ts'

export const PROTOBUF = 'application/vnd.kubernetes.protobuf'

/**
 * An object of Kubernetes in protobuf, as kubectl sends some of those it makes itself.
 * @param text its bytes, one letter each
 * @throws ApiFailure 400
 */
export function objectOf(text: string, message: Message): any {
  const bytes = Buffer.from(text, 'latin1')
  if (!bytes.subarray(0, 4).equals(MAGIC)) throw malformed('it does not begin with its magic number')
  const { typeMeta, raw } = decoded(bytes.subarray(4), ENVELOPE)
  return { ...typeMeta, ...decoded(raw ?? Buffer.of(), message) }
}

const MAGIC = Buffer.from('k8s\0')

/** The known fields of a message that are not empty: proto2 sends those, too. */
function decoded(bytes: Buffer, message: Message): any {
  const object: Record<string, any> = {}
  for (const { number, value } of fieldsOf(bytes)) {
    const field = message[number]
    if (field === undefined || isEmpty(value)) continue
    const [name, type] = field
    if (type === 'text') object[name] = value.toString()
    else if (type === 'base64') object[name] = (value as Buffer).toString('base64')
    else if (type === 'bytes') object[name] = value
    else if (type === 'number') object[name] = Number(value)
    else if (type === 'flag') object[name] = Number(value) !== 0
    else if (type === 'texts') object[name] = [...(object[name] ?? []), value.toString()]
    else if ('entry' in type) {
      const { key = '', value: each } = decoded(value as Buffer, { 1: ['key', 'text'], 2: ['value', type.entry] })
      object[name] = { ...object[name], [key]: each ?? '' }
    } else if ('each' in type) object[name] = [...(object[name] ?? []), decoded(value as Buffer, type.each)]
    else object[name] = type.as(decoded(value as Buffer, type.one))
  }
  return object
}

function isEmpty(value: Buffer | number): boolean {
  return typeof value === 'number' ? value === 0 : value.length === 0
}

function* fieldsOf(bytes: Buffer): Generator<{ readonly number: number; readonly value: Buffer | number }> {
  let at = 0
  const varint = (): number => {
    for (let value = 0, unit = 1; ; unit *= 128) {
      const byte = bytes[at++]
      if (byte === undefined) throw malformed('it ends in the middle of a number')
      value += (byte % 128) * unit
      if (byte < 128) return value
    }
  }
  while (at < bytes.length) {
    const tag = varint()
    const value = varint()
    const number = Math.floor(tag / 8)
    if (tag % 8 === 0) {
      yield { number, value }
      continue
    }
    if (tag % 8 !== 2 || at + value > bytes.length)
      throw malformed(`it has a field of wire type ${tag % 8} that does not fit`)
    yield { number, value: bytes.subarray(at, at + value) }
    at += value
  }
}

function malformed(why: string): ApiFailure {
  return new ApiFailure(400, 'BadRequest', `the body of the request is no protobuf: ${why}`)
}
