import { ApiFailure, type KubeObject } from './objects.ts'

type Test = (object: KubeObject) => boolean

const KEY = '([\\w./-]+)'
const VALUE = '([\\w.-]*)'
const ONE_OF = new RegExp(`^${KEY}\\s+(in|notin)\\s*\\(([\\w., -]*)\\)$`)
const EQUAL = new RegExp(`^${KEY}\\s*(==?|!=)\\s*${VALUE}$`)
const NUMBER = new RegExp(`^${KEY}\\s*([<>])\\s*(-?\\d+)$`)
const PRESENT = new RegExp(`^(!?)\\s*${KEY}$`)
/** Of labels (apimachinery, validation.IsValidLabelValue). */
const LABEL_VALUE = /^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/

/**
 * Parses a label selector: `a=b`, `a!=b`, `a in (b,c)`, `a notin (b)`, `a>1`, `a<1`, `a`, `!a`. @throws ApiFailure 400
 */
export function labelSelector(text: string): Test {
  const tests = text.trim() === '' ? [] : text.split(/,(?![^(]*\))/).map((each) => requirement(each.trim()))
  return (object) => tests.every((test) => test(object.metadata.labels ?? {}))
}

function requirement(text: string): (labels: Readonly<Record<string, string>>) => boolean {
  const set = ONE_OF.exec(text)
  if (set !== null) {
    const [, key = '', operator, list = ''] = set
    const values = list.split(',').map((each) => valid(each.trim(), key))
    return (labels) => values.includes(labels[key] ?? '\0') === (operator === 'in')
  }
  const equality = EQUAL.exec(text)
  if (equality !== null) {
    const [, key = '', operator, value = ''] = equality
    valid(value, key)
    return (labels) => (labels[key] === value) === (operator !== '!=')
  }
  const number = NUMBER.exec(text)
  if (number !== null) {
    const [, key = '', operator, bound] = number
    return (labels) =>
      /^-?\d+$/.test(labels[key] ?? '') &&
      (operator === '>' ? Number(labels[key]) > Number(bound) : Number(labels[key]) < Number(bound))
  }
  const [, not, key] = PRESENT.exec(text) ?? []
  if (key === undefined) throw new ApiFailure(400, 'BadRequest', `unable to parse requirement: ${text}`)
  return (labels) => Object.hasOwn(labels, key) === (not === '')
}

/** @throws ApiFailure 400 where no label can have such a value */
function valid(value: string, key: string): string {
  if (LABEL_VALUE.test(value)) return value
  const why = 'a valid label must be an empty string or consist of alphanumeric characters'
  throw new ApiFailure(
    400,
    'BadRequest',
    `unable to parse requirement: values[0][${key}]: Invalid value: "${value}": ${why}`,
  )
}

/**
 * Parses a field selector on metadata.name and metadata.namespace, all that custom resources know, and on what Events
 * have beside them. @throws ApiFailure
 * 400
 */
export function fieldSelector(text: string): Test {
  const tests = text
    .split(',')
    .filter((each) => each !== '')
    .map((each): Test => {
      const [, field, operator, value] =
        /^(metadata\.name|metadata\.namespace|involvedObject\.\w+|type|reason)(==?|!=)(.*)$/.exec(each) ?? []
      if (field === undefined)
        throw new ApiFailure(400, 'BadRequest', `field label not supported: ${each.split(/[=!]/)[0]}`)
      const [top = '', key = ''] = field.split('.')
      return (object) => (((key === '' ? object[top] : object[top]?.[key]) ?? '') === value) === (operator !== '!=')
    })
  return (object) => tests.every((test) => test(object))
}
