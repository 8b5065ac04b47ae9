import { fields } from '../objects/fields.ts'

/** Whether all that is given stands in what there is, whatever the API server has added to it. */
export function isPartOf(given: unknown, there: unknown): boolean {
  if (Array.isArray(given))
    return (
      Array.isArray(there) &&
      given.length === there.length &&
      given.every((each, index) => isPartOf(each, there[index]))
    )
  if (typeof given !== 'object' || given === null) return given === there || (given === null && there === undefined)
  return Object.entries(given).every(
    ([key, each]) => isPartOf(each, fields(there)[key]) || (fields(there)[key] === undefined && isDefault(key, each)),
  )
}

/**
 * What says no more than its absence: an empty object or list, and what the API server writes in its place (defaults of
 * argo-rollouts' rollout-crd.yaml).
 */
function isDefault(key: string, value: unknown): boolean {
  if (typeof value === 'object' && value !== null) return Object.keys(value).length === 0
  return value === '' || value === false || (key === 'protocol' && value === 'TCP')
}
