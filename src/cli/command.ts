import type { Options as YargsOption } from 'yargs'
import type { VerbContext } from './context.ts'

/** What yargs made of the command line, by long option name; verbs read it through `arguments.ts`. */
export type Arguments = Readonly<Record<string, unknown>>

/** Options by their long names, as yargs takes them. */
export type OptionTable = Readonly<Record<string, YargsOption>>

/** A verb; its module is loaded only when it is called. */
export interface Command {
  readonly options: OptionTable
  /** Command lines after `kubectl rollouts-group`, each with what it does. */
  readonly examples: readonly (readonly [line: string, does: string])[]
  /** More to know, below the options. */
  readonly notes?: string
  /** Does it. @returns the exit code @throws UsageError, ClusterError */
  run(args: Arguments, context: VerbContext): Promise<number>
}

/** A command line that cannot be meant. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
  /** The verb whose help says more, where it is known already. */
  readonly verb: string | undefined

  constructor(message: string, verb?: string) {
    super(message)
    this.verb = verb
  }
}
