import { declaredFor, settingOf } from '../group/declared.ts'
import type { Address } from '../group/wires.ts'
import type { Given, ManifestGroup } from './reading.ts'

/**
 * Whether a string is the address of a member for certain, so that another may be written in its place.
 *
 * | evidence | by itself | where its member is declared to call that one |
 * |---|---|---|
 * | sure | yes | yes |
 * | doubtful, an address by its form, and no identity | no | yes |
 * | doubtful, a word of a larger string | no | no |
 * | doubtful else | no | if it alone may be the address: nothing sure leads there, nor anything else doubtful |
 * | named | no | no |
 */
export function isCertain(
  { service, strength, callable, inside }: Address,
  to: string,
  given: Given,
  reading: ManifestGroup,
): boolean {
  if (strength !== 'doubtful') return strength === 'sure'
  if (inside === true || given.revision.declared?.includes(to) !== true) return false
  if (callable === true) return true
  const others = leadingTo(to, given, reading).filter((each) => each.strength !== 'named')
  return (
    others.every((each) => each.strength === 'doubtful' && each.service === service && !each.callable) &&
    settingsOf(others) === 1
  )
}

/** Strings of which nothing says whether they are addresses of a member, or only its name. */
export function doubtfulTo(to: string, given: Given, reading: ManifestGroup): Address[] {
  const { calls, callsNot } = declaredFor(given.revision, given.member)
  if (calls !== undefined || callsNot.includes(to)) return []
  return leadingTo(to, given, reading).filter((each) => each.strength === 'doubtful')
}

export function leadingTo(to: string, { addresses }: Given, { group }: ManifestGroup): Address[] {
  return addresses.filter((each) => group.owners.get(each.service)?.includes(to) === true)
}

/** In how many variables, arguments or files they stand. */
function settingsOf(addresses: readonly Address[]): number {
  return new Set(addresses.map((each) => settingOf(each.where))).size
}
