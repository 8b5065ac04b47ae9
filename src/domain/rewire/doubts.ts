import { finding, type Finding } from '../findings/finding.ts'
import type { Address } from '../group/wires.ts'
import { at, list } from '../objects/fields.ts'
import { CALLS_NOT, DEPENDS_ON } from '../objects/labels.ts'
import { doubtfulTo } from './certain.ts'
import type { Given, ManifestGroup } from './reading.ts'
import { type Scheme, schemeFor } from './targets.ts'
import { placesOf } from './told-places.ts'
import { isWord } from './word.ts'

/** Why nobody is sure of a string: it is a word, or an address that people may be shown, or that says who one is. */
type Why = 'left' | 'word' | 'address' | 'identity'

/** Strings of one member that may be addresses of another that changes, or only its name. */
interface Doubt {
  readonly given: Given
  readonly to: string
  readonly why: Why
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
      const beside = wired.has(to)
      const why = (each: Address): Why => {
        if (beside && isWord(each, given, reading)) return 'left'
        return !beside || each.callable === undefined ? 'word' : each.callable ? 'address' : 'identity'
      }
      return [...Map.groupBy(doubtfulTo(to, given, reading), why)].map(([why, found]): Doubt => {
        return { given, to, why, beside, strings: found as [Address, ...Address[]] }
      })
    })
  })
  const left = all.filter((each) => each.why === 'left')
  return [
    ...all.flatMap((each) => (each.why === 'left' ? [] : [refused(each, each.why, reading)])),
    ...(left.length === 0 ? [] : [told(left, reading)]),
  ]
}

/** What is said of them, and what a person does about it. @param says how the annotation is written */
const REFUSED: Record<
  Exclude<Why, 'left'>,
  (to: string, says: string, port: string) => [what: string, remedy: string]
> = {
  word: (to, says, port) => [
    `may be the address of ${to}, or only its name`,
    `write what is an address with its port, as ${port}; that all else is none, say ${says}`,
  ],
  address: (to, says) => [
    `may be where people are sent, or an address by which ${to} is called`,
    `say whom it calls, ${says}: where ${to} is among them, this is changed like its other addresses`,
  ],
  identity: (to, says) => [
    `may be an address by which ${to} is called, or only what others are compared with`,
    `where no call is made to it, say whom it calls, ${says}: it stays as it is then`,
  ],
}

function refused({ given, to, beside, strings }: Doubt, why: Exclude<Why, 'left'>, reading: ManifestGroup): Finding {
  const { name } = given
  const says = `by an annotation of Rollout ${name}: ${DEPENDS_ON} with all that it calls`
  const [what, remedy] = REFUSED[why](to, says, dialled(strings[0], reading))
  return finding('legacy', 'cannot-rewire', {
    members: [name],
    sentence: `${name}, ${placesOf(strings, given, reading)}: ${strings.length === 1 ? 'it' : 'each'} ${what}`,
    remedy: beside ? remedy : `say which it is, ${says}, or ${CALLS_NOT}: ${to}`,
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
export function dialled({ service }: Pick<Address, 'service'>, { objects }: ManifestGroup): string {
  const [port] = list(at(objects.get(`Service ${service}`), 'spec', 'ports'))
  return `${service}:${String(at(port, 'port') ?? 80)}`
}
