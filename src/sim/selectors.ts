import { ApiFailure, type KubeObject } from './objects.ts'

type Test = (object: KubeObject) => boolean

/** Parses a label selector: `a=b`, `a!=b`, `a in (b,c)`, `a notin (b)`, `a`, `!a`. @throws ApiFailure 400 */
export function labelSelector(text: string): Test {
  const tests = text.split(/,(?![^(]*\))/).map((each) => each.trim()).filter((each) => each !== '').map(requirement)
  return (object) => tests.every((test) => test(object.metadata.labels ?? {}))
}

function requirement(text: string): (labels: Readonly<Record<string, string>>) => boolean {
  const set = /^([^\s!=]+)\s+(in|notin)\s+\(([^)]*)\)$/.exec(text)
  if (set !== null) {
    const [, key = '', operator, list = ''] = set
    const values = list.split(',').map((each) => each.trim())
    return (labels) => values.includes(labels[key] ?? '\0') === (operator === 'in')
  }
  const equality = /^([^\s!=]+)\s*(==?|!=)\s*([^\s=!]*)$/.exec(text)
  if (equality !== null) {
    const [, key = '', operator, value = ''] = equality
    return (labels) => (labels[key] === value) === (operator !== '!=')
  }
  const exists = /^(!?)([^\s!=()]+)$/.exec(text)
  if (exists === null) throw new ApiFailure(400, 'BadRequest', `unable to parse requirement: ${text}`)
  return (labels) => Object.hasOwn(labels, exists[2]!) === (exists[1] === '')
}

/** Parses a field selector on metadata.name and metadata.namespace, all that custom resources know. @throws ApiFailure 400 */
export function fieldSelector(text: string): Test {
  const tests = text.split(',').filter((each) => each !== '').map((each): Test => {
    const [, field, value = ''] = /^(metadata\.name|metadata\.namespace|involvedObject\.\w+)==?(.*)$/.exec(each) ?? []
    if (field === undefined) throw new ApiFailure(400, 'BadRequest', `field label not supported: ${each.split(/[=!]/)[0]}`)
    const [top = '', key = ''] = field.split('.')
    return (object) => (object[top]?.[key] ?? '') === value
  })
  return (object) => tests.every((test) => test(object))
}
