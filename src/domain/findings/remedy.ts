/**
 * A command that a remedy speaks of, as data: whoever shows it types it for the person who reads it, with the flags
 * that lead to the same cluster, namespace and group.
 */
export interface Call {
  /**
   * `rollouts-group`: a verb of ours on a group; `kubectl`: everything else that kubectl runs, other plugins included.
   */
  readonly tool: 'rollouts-group' | 'kubectl'
  /** The words of the command, none of them quoted; of ours without the group. */
  readonly words: readonly string[]
  /** Of ours: the group it is about. */
  readonly group?: string
  /** Undefined: in no namespace, or in all. */
  readonly namespace: string | undefined
}

/** What to do: words, and between them commands to type. */
export type Remedy = string | readonly (string | Call)[]

/** How a command is typed to reach the cluster, namespace and group that it is about. */
export type Typed = (call: Call) => string

/** A verb of ours on a group. */
export function callOn(
  place: { readonly group: string; readonly namespace: string },
  ...words: readonly string[]
): Call {
  return { tool: 'rollouts-group', words, group: place.group, namespace: place.namespace }
}

/** A remedy as a person reads it. */
export function remedyText(remedy: Remedy, typed: Typed): string {
  return [remedy]
    .flat()
    .map((each) => (typeof each === 'string' ? each : typed(each)))
    .join('')
}

/** The commands that a remedy speaks of, in its order. */
export function callsIn(remedy: Remedy): readonly Call[] {
  return [remedy].flat().filter((each): each is Call => typeof each !== 'string')
}
