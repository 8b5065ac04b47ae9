import { globSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { FAILSAFE_SCHEMA, load } from 'js-yaml'
import type { Play } from './play.ts'

/** What is so, by the manifests alone: written by hand, or found by the program. */
export interface Right {
  /** Each consumer with all that it calls; who calls nobody is left out. */
  readonly calls: Readonly<Record<string, readonly string[]>>
  /** The live version of each member, and the next one where it has one: `1.0`, `1.0 → 2.0`. */
  readonly versions: Readonly<Record<string, string>>
  /** What `check` must say after each deed. */
  readonly check: Readonly<Record<string, Checked>>
  /** `refused`, or the waves of the plan. */
  readonly promoteAll: 'refused' | readonly (readonly string[])[]
  /** Lines that are printed and must not be: none. */
  readonly false: readonly string[]
  /** Expressions for lines that must be printed and are not: none. */
  readonly missing: readonly string[]
}

export interface Checked {
  readonly exit: string
  /** The codes of all errors. */
  readonly errors: readonly string[]
  /** The codes of all warnings. */
  readonly warnings: readonly string[]
  /** Codes that are said more than once: of one cause there is one finding, with its members. */
  readonly twice: readonly string[]
}

/** right.yaml, as it is written. */
interface Written {
  readonly calls?: Right['calls']
  readonly versions: Right['versions']
  readonly check: Readonly<Record<string, Partial<Checked>>>
  readonly 'promote-all': Right['promoteAll']
  readonly group?: string
  readonly options?: readonly string[]
  /** After live.yaml; absent: next.yaml, next-2.yaml and so on. */
  readonly deeds?: readonly string[]
  /**
   * Expressions for lines that would be false here, or harm whoever does what they say, with the deed before them:
   * `next.yaml: …`.
   */
  readonly never?: readonly string[]
  /** Expressions for lines without which a person would not know what to do. */
  readonly must?: readonly string[]
}

/** Expressions for lines that must not, or must, be printed. */
export interface Words {
  readonly never: readonly RegExp[]
  readonly must: readonly RegExp[]
}

/** What harms whoever does it at once, wherever it is printed. */
const HARMFUL: readonly string[] = [
  // A new revision of a member behind whose preview Service users stand: an empty Service, then an untested version.
  'First add the label',
  // At the cutover of its consumers all users come to a canary's pods: the smaller its last weight, the fewer these
  // are.
  'canary \\(\\d+ %\\) pods .* [Mm]ore, smaller weights',
]

/** A folder's history, and the truth about it; and what must not, or must, be printed. */
export function read(folder: string): { readonly play: Play; readonly right: Right; readonly words: Words } {
  const written = load(readFileSync(`test/manifests/${folder}/right.yaml`, 'utf8'), {
    schema: FAILSAFE_SCHEMA,
  }) as Written
  const steps = globSync(`test/manifests/${folder}/next*.yaml`)
    .map((each) => basename(each))
    .sort((one, other) => one.length - other.length)
  return {
    play: {
      folder,
      group: written.group ?? folder,
      options: written.options ?? [],
      deeds: ['live.yaml', ...(written.deeds ?? steps)],
    },
    right: {
      calls: sorted(written.calls ?? {}),
      versions: written.versions,
      promoteAll: written['promote-all'],
      false: [],
      missing: [],
      check: Object.fromEntries(
        Object.entries(written.check).map(([deed, { exit = '0', errors = [], warnings = [], twice = [] }]) => [
          deed,
          { exit, errors: errors.toSorted(), warnings: warnings.toSorted(), twice },
        ]),
      ),
    },
    words: {
      never: [...HARMFUL, ...(written.never ?? [])].map((each) => new RegExp(each)),
      must: (written.must ?? []).map((each) => new RegExp(each)),
    },
  }
}

function sorted(calls: Right['calls']): Right['calls'] {
  return Object.fromEntries(
    Object.entries(calls).map(([consumer, dependencies]) => [consumer, dependencies.toSorted()]),
  )
}
