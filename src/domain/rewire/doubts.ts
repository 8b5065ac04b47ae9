import { finding, type Finding } from '../findings/finding.ts'
import type { Address } from '../group/wires.ts'
import { at, list } from '../objects/fields.ts'
import { CALLS_NOT, DEPENDS_ON } from '../objects/labels.ts'
import { doubtfulTo } from './certain.ts'
import type { Given, ManifestGroup } from './reading.ts'
import { type Scheme, schemeFor } from './targets.ts'
import { placesOf } from './told-places.ts'
import { isWord } from './word.ts'

/** Strings of one member that may be addresses of another that changes, or only its name. */
interface Doubt {
  readonly given: Given
  readonly to: string
  /** Whether an address that is certain stands beside them. */
  readonly beside: boolean
  readonly strings: readonly [Address, ...Address[]]
}

/**
 * What becomes of strings of which nobody is sure, in members that call what changes; none of them is ever changed.
 *
 * | in doubt is | beside an address that is certain | by itself |
 * |---|---|---|
 * | a word | told, and left as a name | refused |
 * | an address by its form, or what its key calls a service | refused | refused |
 */
export function doubtsOf(reading: ManifestGroup, scheme: Scheme): Finding[] {
  const all = [...reading.given.values()].flatMap((given) => {
    const wired = new Set(given.revision.wires.map((each) => each.to))
    const others = [...schemeFor(scheme, given.name).changing].filter((each) => each !== given.name)
    return others.flatMap((to) => {
      const isLeft = (each: Address) => wired.has(to) && isWord(each, given, reading)
      return [...Map.groupBy(doubtfulTo(to, given, reading), isLeft)].map(([left, found]) => ({
        left,
        doubt: { given, to, beside: wired.has(to), strings: found as [Address, ...Address[]] },
      }))
    })
  })
  const left = all.flatMap((each) => (each.left ? [each.doubt] : []))
  return [
    ...all.flatMap((each) => (each.left ? [] : [refused(each.doubt, reading)])),
    ...(left.length === 0 ? [] : [told(left, reading)]),
  ]
}

function refused({ given, to, beside, strings }: Doubt, reading: ManifestGroup): Finding {
  const { name } = given
  const all = `${DEPENDS_ON} with all that it calls`
  return finding('legacy', 'cannot-rewire', {
    members: [name],
    sentence:
      `${name}, ${placesOf(strings, given, reading)}: ` +
      `${strings.length === 1 ? 'it' : 'each'} may be the address of ${to}, or only its name`,
    remedy: beside
      ? `write what is an address with its port, as ${dialled(strings[0], reading)}; ` +
        `that all else is none, say by an annotation of Rollout ${name}: ${all}`
      : `say which it is, by an annotation of Rollout ${name}: ${all}, or ${CALLS_NOT}: ${to}`,
  })
}

/** The words that are taken for names, said once for all members. */
function told(left: readonly Doubt[], reading: ManifestGroup): Finding {
  const words = left.map(
    ({ given, to, strings }) =>
      `${given.name} has an address of ${to} that is certain, so these are taken for the name of ${to}, and stay: ` +
      placesOf(strings, given, reading),
  )
  const declared = [...Map.groupBy(left, (each) => each.given)].map(([{ name, revision }]) => {
    const calls = [...new Set(revision.wires.map((each) => each.to))].sort()
    return `on Rollout ${name} with all that it calls (${calls.join(', ')})`
  })
  return finding('legacy', 'name-left', {
    members: [...new Set(left.map(({ given }) => given.name))],
    sentence: words.join('; '),
    remedy:
      `nothing, if they are; the annotation ${DEPENDS_ON} says so for good, ${declared.join(', ')}. ` +
      'One that is an address leads to what users are on now: ' +
      `write it with its port, as ${dialled(left[0]!.strings[0], reading)}, before the release`,
  })
}

/** A Service's name as nobody writes what is not to be called. */
function dialled({ service }: Address, { objects }: ManifestGroup): string {
  const [port] = list(at(objects.get(`Service ${service}`), 'spec', 'ports'))
  return `${service}:${String(at(port, 'port') ?? 80)}`
}
