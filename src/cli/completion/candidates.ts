import { type Cluster, ClusterError, type ObjectList } from '../../cluster/port.ts'
import { at, text } from '../../domain/objects/fields.ts'
import { connectionFlags } from '../line/arguments.ts'
import { COMMANDS } from '../line/verbs.ts'
import type { CliContext } from '../context.ts'
import { groupLabel } from '../group/target.ts'
import type { TypedPlace } from './place.ts'

/** What could be typed, and what it would mean. */
export type Candidate = readonly [word: string, means?: string]

/** cobra's ShellCompDirective: what a shell is to do with the candidates. */
export const DIRECTIVE = { files: 0, error: 1, noSpace: 2, noFiles: 4 } as const

/** Options whose value is one of a few words; the words also stand in their help. */
export const CHOICES: Readonly<Record<string, readonly string[]>> = {
  color: ['auto', 'always', 'never'],
  mode: ['legacy', 'modern'],
  'dry-run': ['client', 'server'],
  'on-failure': ['stop', 'abort'],
  assume: ['half-promoted', 'leak'],
  'fail-on': ['error', 'warning'],
  wiring: ['as-is', 'preview', 'pinned'],
  for: ['gate', 'promoted', 'healthy', 'aborted', 'matched'],
  drain: ['pods', 'endpoints'],
}

const FILES = ['kubeconfig', 'kuberc', 'plan', 'certificate-authority', 'client-certificate', 'client-key'].concat(
  'filename',
  'kustomize',
)
/** Options that may be given again. */
const REPEATABLE = ['filename', 'kustomize', 'as-group', 'as-user-extra', 'label-columns']
const SECTIONS = { context: 'contexts', cluster: 'clusters', user: 'users' } as const

/**
 * Everything that may stand in a place, whatever is typed of it so far, with a directive. @throws ClusterError,
 * UsageError
 */
export async function candidatesFor(
  place: TypedPlace,
  context: CliContext,
  signal: AbortSignal,
): Promise<{ readonly candidates: readonly Candidate[]; readonly directive: number }> {
  const { valueOf, typed } = place
  if (valueOf !== undefined && FILES.includes(valueOf)) return { candidates: [], directive: DIRECTIVE.files }
  const candidates =
    valueOf !== undefined
      ? await valuesOf(valueOf, place, context, signal)
      : typed.startsWith('-')
        ? flagsOf(place)
        : await wordsOf(place, context, signal)
  const fitting = candidates.filter(([word]) => word.startsWith(typed))
  const goesOn = fitting.length > 0 && fitting.every(([word]) => word.endsWith('='))
  return {
    candidates,
    directive: DIRECTIVE.noFiles | (goesOn ? DIRECTIVE.noSpace : 0),
  }
}

function flagsOf({ options, given }: TypedPlace): Candidate[] {
  const flags = Object.entries(options).filter(([name]) => given[name] === undefined || REPEATABLE.includes(name))
  const letters = flags.flatMap(([name, { alias, describe }]): Candidate[] => {
    const letter = [name, alias].find((each) => each?.length === 1)
    return letter === undefined ? [] : [[`-${letter as string}`, describe || '']]
  })
  return [
    ...flags.map(([name, { describe }]): Candidate => [`--${name}`, describe || '']),
    ['--help', 'explain it'],
    ...letters,
    ['-h', 'explain it'],
  ]
}

async function wordsOf(place: TypedPlace, context: CliContext, signal: AbortSignal): Promise<readonly Candidate[]> {
  const { verb, positionals, given } = place
  const verbs = COMMANDS.map(({ name, summary }): Candidate => [name, summary])
  if (verb === undefined) return positionals.length > 0 ? [] : verbs
  if (positionals.length > 0 && verb.listed.name !== 'demo') return []
  switch (verb.listed.name) {
    case 'help':
      return verbs
    case 'completion':
      return [['install', 'link what is missing']]
    case 'demo':
      return [...(positionals.length === 0 ? await scenarios() : []), ...verbs.filter(([name]) => name !== 'demo')]
    default:
      return verb.listed.arguments.includes('GROUP') && given['selector'] === undefined
        ? groups(place, context, signal)
        : []
  }
}

async function valuesOf(
  option: string,
  place: TypedPlace,
  context: CliContext,
  signal: AbortSignal,
): Promise<readonly Candidate[]> {
  switch (option) {
    // Its help is the list of a verb's formats.
    case 'output':
      return (place.options[option]?.describe || '')
        .split(', ')
        .map((each): Candidate => [each.replace(/(?<==).*/s, '')])
    case 'context':
    case 'cluster':
    case 'user':
      return [...(await kubeconfig(place, context))[SECTIONS[option]].keys()].map((each): Candidate => [each])
    case 'namespace':
      return place.scenario === undefined ? namespaces(place, context, signal) : []
    case 'only':
      return members(place, context, signal)
    default:
      return (CHOICES[option] ?? []).map((each): Candidate => [each])
  }
}

/** Groups of the namespace that the line is about; in a demo, its own. */
async function groups(place: TypedPlace, context: CliContext, signal: AbortSignal): Promise<readonly Candidate[]> {
  if (place.scenario !== undefined)
    return (await demoScenarios()).filter(({ name }) => name === place.scenario).map(({ group }): Candidate => [group])
  const label = groupLabel(place.given, context)
  const everywhere = place.given['all-namespaces']?.at(-1) === 'true'
  return counted(await rolloutsIn(everywhere ? undefined : 'here', place, context, signal), 'labels', label)
}

/**
 * Namespaces with labelled Rollouts; for who may not see all of these, those that may be listed, or that contexts name.
 */
async function namespaces(place: TypedPlace, context: CliContext, signal: AbortSignal): Promise<readonly Candidate[]> {
  return withCluster(place, context, async (cluster) => {
    const labelled = await unlessForbidden(
      cluster.list('rollouts', { labelSelector: groupLabel(place.given, context) }, signal),
    )
    if (labelled !== undefined) return counted(labelled.items, 'namespace')
    const there = (await unlessForbidden(cluster.list('namespaces', {}, signal)))?.items ?? []
    const named = [...(await kubeconfig(place, context)).contexts.values()].map((each) => text(each['namespace']))
    const names = [...there.map((each) => text(at(each, 'metadata', 'name'))), ...named, cluster.namespace]
    return [...new Set(names)].flatMap((each): Candidate[] => (each === undefined ? [] : [[each]])).sort()
  })
}

/** What reads YAML is loaded where it is read. */
async function kubeconfig(place: TypedPlace, context: CliContext) {
  return (await import('../../cluster/kubeconfig.ts')).readKubeconfig(flagsFor(place, context))
}

async function unlessForbidden(list: Promise<ObjectList>): Promise<ObjectList | undefined> {
  try {
    return await list
  } catch (error) {
    if (error instanceof ClusterError && error.reason === 'Forbidden') return undefined
    throw error
  }
}

/**
 * Members of the group that the line names; of a list with commas the last name is being typed, and nobody is named
 * twice.
 */
async function members(place: TypedPlace, context: CliContext, signal: AbortSignal): Promise<readonly Candidate[]> {
  const group = place.positionals[0]
  if (place.scenario !== undefined || group === undefined) return []
  const label = groupLabel(place.given, context)
  const before = place.typed.split(',').slice(0, -1)
  const names = (await rolloutsIn('here', place, context, signal))
    .filter((each) => text(at(each, 'metadata', 'labels', label)) === group)
    .flatMap((each) => text(at(each, 'metadata', 'name')) ?? [])
  return names
    .filter((each) => !before.includes(each))
    .sort()
    .map((each): Candidate => [[...before, each].join(',')])
}

async function scenarios(): Promise<readonly Candidate[]> {
  return (await demoScenarios()).map(({ name, summary }): Candidate => [name, summary])
}

async function demoScenarios() {
  return (await import('../commands/demo.ts')).scenarios()
}

/** One request: the labelled Rollouts of the namespace, or of all. */
async function rolloutsIn(
  where: 'here' | undefined,
  place: TypedPlace,
  context: CliContext,
  signal: AbortSignal,
): Promise<readonly unknown[]> {
  return withCluster(place, context, async (cluster) => {
    const query = {
      labelSelector: groupLabel(place.given, context),
      ...(where === 'here' && { namespace: cluster.namespace }),
    }
    return (await cluster.list('rollouts', query, signal)).items
  })
}

async function withCluster<T>(
  place: TypedPlace,
  context: CliContext,
  use: (cluster: Cluster) => Promise<T>,
): Promise<T> {
  const cluster = await context.openCluster(flagsFor(place, context))
  try {
    return await use(cluster)
  } finally {
    await cluster.close()
  }
}

/** Values at a path of the metadata, each with how many Rollouts have it. */
function counted(rollouts: readonly unknown[], ...path: readonly string[]): Candidate[] {
  const found = Map.groupBy(rollouts, (each) => text(at(each, 'metadata', ...path)) ?? '')
  return [...found]
    .filter(([name]) => name !== '')
    .sort()
    .map(([name, { length }]): Candidate => [name, `${length} rollout${length === 1 ? '' : 's'}`])
}

/** As the verb itself would connect; but nobody is asked anything, and nothing is said, while a line is being typed. */
function flagsFor({ given, options }: TypedPlace, context: CliContext) {
  const args = Object.fromEntries(
    Object.entries(given).map(([name, values]) => [
      name,
      options[name]?.type === 'boolean' ? values.map((each) => each !== 'false') : values,
    ]),
  )
  const said = {
    say: undefined,
    warn: undefined,
    trace: undefined,
    verbosity: 0,
    sharesStderr: undefined,
    lendTerminal: undefined,
  }
  return { ...connectionFlags(args, context), interactive: false, ...said }
}
