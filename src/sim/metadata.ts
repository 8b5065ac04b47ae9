type Fault = (value: unknown) => string | undefined

/**
 * Why the API server could not decode an object, in its words; undefined where it can: what depends on these fields
 * finds them well typed.
 */
export function undecodable(object: unknown): string | undefined {
  if (kindOf(object) !== 'object') return unmarshal(object, 'value of type map[string]interface {}')
  const { metadata, spec, status } = object as Record<string, unknown>
  if (kindOf(metadata) !== 'object') return unmarshal(metadata, 'struct field .metadata of type v1.ObjectMeta')
  for (const [field, part] of [
    ['spec', spec],
    ['status', status],
  ] as const) {
    if (part !== undefined && kindOf(part) !== 'object')
      return unmarshal(part, `struct field .${field} of type map[string]interface {}`)
  }
  for (const [field, fault] of Object.entries(FIELDS)) {
    const value = (metadata as Record<string, unknown>)[field]
    const found = value === undefined || value === null ? undefined : fault(value)
    if (found !== undefined) return found.replace('FIELD', `struct field ObjectMeta.metadata.${field}`)
  }
  return undefined
}

const isText: Fault = (value) => (typeof value === 'string' ? undefined : unmarshal(value, 'FIELD of type string'))

const isTexts: Fault = (value) => {
  if (kindOf(value) !== 'object') return unmarshal(value, 'FIELD of type map[string]string')
  return Object.values(value as object)
    .map(isText)
    .find((each) => each !== undefined)
}

const FIELDS: Readonly<Record<string, Fault>> = {
  name: isText,
  generateName: isText,
  namespace: isText,
  uid: isText,
  resourceVersion: isText,
  labels: isTexts,
  annotations: isTexts,
  ownerReferences: (value) =>
    Array.isArray(value) && value.every((each) => kindOf(each) === 'object')
      ? undefined
      : unmarshal(value, 'FIELD of type []v1.OwnerReference'),
}

function unmarshal(value: unknown, into: string): string {
  return `json: cannot unmarshal ${kindOf(value)} into Go ${into}`
}

/** What JSON calls it. */
function kindOf(value: unknown): string {
  return value === null || value === undefined
    ? 'null'
    : Array.isArray(value)
      ? 'array'
      : typeof value === 'boolean'
        ? 'bool'
        : typeof value
}
