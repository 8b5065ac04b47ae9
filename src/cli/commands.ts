import type { Command } from './command.ts'

/** A verb as the list of verbs has it: enough for help, and how to get the rest. */
export interface Listed {
  readonly name: string
  /** Its positional arguments, as help shows them. */
  readonly arguments: string
  readonly summary: string
  load(): Promise<Command>
}

/** Every verb, in the order of help. */
export const COMMANDS: readonly Listed[] = [
  {
    name: 'get-group', arguments: '[GROUP]', summary: 'show a group: what users have, what waits, and whether it is safe to go on',
    load: async () => (await import('./commands/get-group.ts')).getGroup,
  },
  {
    name: 'promote-all', arguments: 'GROUP', summary: 'promote a group one gate forward, in an order no live request can notice',
    load: async () => (await import('./commands/promote-all.ts')).promoteAll,
  },
  {
    name: 'abort-all', arguments: 'GROUP', summary: 'withdraw what waits; users stay where they are',
    load: async () => (await import('./commands/abort-all.ts')).abortAll,
  },
  {
    name: 'check', arguments: 'GROUP', summary: 'say everything that stands in the way, and how to mend it',
    load: async () => (await import('./commands/check.ts')).check,
  },
  {
    name: 'wait', arguments: 'GROUP', summary: 'wait until a group stands at its gate, is promoted, healthy, aborted',
    load: async () => (await import('./commands/wait.ts')).wait,
  },
  {
    name: 'graph', arguments: 'GROUP', summary: 'draw who calls whom',
    load: async () => (await import('./commands/graph.ts')).graph,
  },
  {
    name: 'demo', arguments: '[SCENARIO] [VERB…]', summary: 'try it on an embedded simulated cluster',
    load: async () => (await import('./commands/demo.ts')).demo,
  },
  {
    name: 'version', arguments: '', summary: 'print the version',
    load: async () => (await import('./commands/version.ts')).version,
  },
  {
    name: 'help', arguments: '[VERB]', summary: 'explain a verb',
    load: async () => (await import('./commands/help.ts')).help,
  },
]
