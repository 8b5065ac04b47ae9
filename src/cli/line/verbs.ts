/** Every verb's name, in the order of help. */
export const VERB_NAMES = [
  'get-group',
  'release',
  'deploy-all',
  'promote-all',
  'abort-all',
  'undo-all',
  'retry-all',
  'restart-all',
  'pause-all',
  'resume-all',
  'check',
  'wait',
  'graph',
  'history',
  'settle',
  'forward',
  'pin',
  'unpin',
  'demo',
  'completion',
  'options',
  'version',
  'help',
] as const

/** A verb as the list of verbs has it: enough for help. */
export interface Listed {
  readonly name: VerbName
  /** Its positional arguments, as help shows them. */
  readonly arguments: string
  readonly summary: string
}

export type VerbName = (typeof VERB_NAMES)[number]

/** Every verb, in the order of help. */
export const COMMANDS: readonly Listed[] = [
  {
    name: 'get-group',
    arguments: '[GROUP]',
    summary: 'show a group: what users have, what waits, and whether it is safe to go on',
  },
  {
    name: 'release',
    arguments: 'GROUP',
    summary: 'release a group from its manifests: wire, deploy, test, approve and promote it',
  },
  {
    name: 'deploy-all',
    arguments: 'GROUP',
    summary: 'deploy the next release of a group up to its gates, proved before anything is applied',
  },
  {
    name: 'promote-all',
    arguments: 'GROUP',
    summary: 'promote a group one gate forward, in an order no live request can notice',
  },
  { name: 'abort-all', arguments: 'GROUP', summary: 'withdraw what waits; users stay where they are' },
  { name: 'undo-all', arguments: 'GROUP', summary: 'bring a release back that users were on before' },
  { name: 'retry-all', arguments: 'GROUP', summary: 'bring what was aborted to its gates again' },
  { name: 'restart-all', arguments: 'GROUP', summary: 'replace the pods of a group, dependencies first' },
  { name: 'pause-all', arguments: 'GROUP', summary: 'pause a group by hand: nothing of it can be promoted' },
  { name: 'resume-all', arguments: 'GROUP', summary: 'take a pause by hand back; no gate is passed' },
  { name: 'check', arguments: 'GROUP', summary: 'say everything that stands in the way, and how to mend it' },
  { name: 'wait', arguments: 'GROUP', summary: 'wait until a group stands at its gate, is promoted, healthy, aborted' },
  { name: 'graph', arguments: 'GROUP', summary: 'draw who calls whom' },
  { name: 'history', arguments: 'GROUP', summary: 'list the releases users had, and whether they can come back' },
  { name: 'settle', arguments: 'GROUP', summary: 'point live consumers back from preview Services to live ones' },
  {
    name: 'forward',
    arguments: 'GROUP [MEMBER…]',
    summary: 'reach what users have, and what waits, by ports of this machine',
  },
  { name: 'pin', arguments: 'GROUP', summary: 'print manifests with a Service for each release, to be applied' },
  { name: 'unpin', arguments: 'GROUP', summary: 'print manifests as they were before they were pinned' },
  { name: 'demo', arguments: '[SCENARIO] [VERB…]', summary: 'try it on an embedded simulated cluster' },
  { name: 'completion', arguments: '[install]', summary: 'say what completion by the shell lacks, or set it up' },
  { name: 'options', arguments: '', summary: 'list the flags that every verb takes' },
  { name: 'version', arguments: '', summary: 'print the version' },
  { name: 'help', arguments: '[VERB]', summary: 'explain a verb' },
]

/** The name under which the words after the first are found; undefined where there may be none. */
export function furtherOf({ arguments: words }: Listed): string | undefined {
  return words.endsWith('[MEMBER…]') ? 'member' : undefined
}

/** The name under which a verb's word is found among its arguments; undefined where it takes none. */
export function positionalOf({ arguments: words }: Listed): string | undefined {
  if (words.includes('VERB…')) return 'scenario'
  return words === '' ? undefined : words === '[VERB]' ? 'verb' : words === '[install]' ? 'install' : 'group'
}
