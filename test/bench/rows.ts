import { delimiter, dirname } from 'node:path'
import { compared, type Measure, type Program, PROGRAMS, ratio, type Row } from './compared.ts'
import type { Line, Used } from './measure.ts'

/** What there is to measure with, and where. */
export interface Setting {
  /** How each program is called, with nothing after it. */
  readonly binary: readonly string[]
  readonly npm: readonly string[]
  /**
   * The requests of a look at ten, of one in the big namespace, and of a completion, by what makes nothing else, on
   * Node and on Bun.
   */
  readonly bare: Alone
  readonly fetched: Alone
  /** An empty program, packed as the binary is, and an empty script of Node. */
  readonly empty: readonly string[]
  readonly emptyNode: readonly string[]
  /** Where kubectl and the official plugin are. */
  readonly binDir: string
  readonly env: Readonly<Record<string, string>>
  /** A namespace with a chain of ten at its gates, and one in which others have much. */
  readonly ten: string
  readonly big: string | undefined
  /** A kubeconfig that leads to the same cluster, only farther away. */
  readonly far: string
}

type Alone = Readonly<Partial<Record<'ten' | 'big' | 'groups', readonly string[]>>>

/** Every command that is measured, by name. */
export function linesOf(setting: Setting): Record<string, Line> {
  const { binDir, env, ten, big, far } = setting
  const kubectl = `${binDir}/kubectl`
  const path = [dirname(setting.binary[0]!), binDir, process.env['PATH']].join(delimiter)
  const official = (namespace: string, more = env): Line => ({
    words: [`${binDir}/kubectl-argo-rollouts`, 'get', 'rollout', 'member-0', '-n', namespace],
    env: more,
  })
  const label = 'app.kubernetes.io/part-of'
  const lines: Record<string, Line> = {
    'official ten': official(ten),
    'official far': official(ten, { ...env, KUBECONFIG: far }),
    'official kubectl': {
      words: [kubectl, 'argo', 'rollouts', 'get', 'rollout', 'member-0', '-n', ten],
      env: { ...env, PATH: path },
    },
    'binary kubectl': {
      words: [kubectl, 'rollouts-group', 'get-group', 'chain', '-n', ten],
      env: { ...env, PATH: path },
    },
    'kubectl groups': { words: [kubectl, 'get', 'rollouts', '-l', label, '-n', ten], env },
    ...(big !== undefined && { 'official big': official(big) }),
  }
  for (const by of ['bare', 'fetched'] as const) {
    const { ten } = setting[by]
    for (const [name, words] of Object.entries(setting[by])) lines[`${by} ${name}`] = { words, env }
    if (ten !== undefined) lines[`${by} far`] = { words: ten, env: { ...env, KUBECONFIG: far } }
  }
  // What takes least stands last, and after one of its kind, that does not count: whoever follows another pays for it.
  const empty = { binary: setting.empty, npm: setting.emptyNode }
  for (const by of ['binary', 'npm'] as const) {
    const line = (...words: readonly string[]): Line => ({ words: [...setting[by], ...words], env })
    const view = (namespace: string) => line('get-group', 'chain', '-n', namespace)
    Object.assign(lines, {
      [`${by} ten`]: view(ten),
      [`${by} far`]: { ...view(ten), env: { ...env, KUBECONFIG: far } },
      [`${by} groups`]: line('__complete', 'get-group', '-n', ten, ''),
      ...(big !== undefined && { [`${by} big`]: view(big) }),
      [`${by} before`]: { words: empty[by] },
      [`${by} empty`]: { words: empty[by] },
      [`${by} at once`]: line('version'),
      [`${by} version`]: line('version'),
      [`${by} help`]: line('help', 'promote-all'),
      [`${by} verbs`]: line('__complete', 'pro'),
    })
  }
  return lines
}

type Wanted = Readonly<Partial<Record<Measure, number | undefined>>>

interface Compared {
  readonly what: string
  readonly beside: string
  /** What it is measured by, and what stands beside it: of the same program where there is none of that name alone. */
  readonly name: string
  readonly other: string
  /** At most so much; the others are compared in what the binary is. */
  readonly binary: Wanted
  readonly npm?: Wanted
}

/** What is printed without loading the program. */
const AT_ONCE = { beside: 'the same', other: 'empty', binary: { processor: 1.5 }, npm: { processor: 1.2 } } as const

const COMPARED: readonly Compared[] = [
  {
    what: '`get-group` of 10',
    beside: 'official `get rollout` of one',
    name: 'ten',
    other: 'official ten',
    binary: { clock: 0.6, processor: 1, memory: 0.95 },
    npm: { clock: 1.3, processor: 1.8, memory: 1.1 },
  },
  {
    what: 'the same, both through kubectl',
    beside: 'the same',
    name: 'kubectl',
    other: 'official kubectl',
    binary: { clock: undefined, processor: undefined },
  },
  {
    what: '`get-group` among 210 Rollouts, 3,400 pods, 5,000 Services of others',
    beside: 'the same',
    name: 'big',
    other: 'official big',
    binary: { clock: 0.4, processor: undefined, memory: 0.7 },
    npm: { clock: 0.6, memory: 0.8 },
  },
  { ...AT_ONCE, what: '`version`', beside: 'an empty program of the same runtime', name: 'version' },
  { ...AT_ONCE, what: '`help promote-all`', name: 'help' },
  { ...AT_ONCE, what: 'completion of a verb', name: 'verbs' },
  {
    what: 'completion of a group',
    beside: '`kubectl get rollouts -l`',
    name: 'groups',
    other: 'kubectl groups',
    binary: { clock: 1, processor: undefined },
    npm: { clock: 2, processor: undefined },
  },
]

/** The rows of what was measured. */
export function rowsOf(used: Readonly<Record<string, Used>>): Row[] {
  const measured = (name: string, ratios: (by: Program) => Row['by'][Program]): Row['by'] =>
    Object.fromEntries(
      (Object.keys(PROGRAMS) as Program[]).filter((by) => `${by} ${name}` in used).map((by) => [by, ratios(by)]),
    )
  const rows = COMPARED.filter(({ name }) => `binary ${name}` in used).map(
    ({ what, beside, name, other, binary, npm = binary }): Row => ({
      what,
      beside,
      by: measured(name, (by) => {
        const wanted = { binary, npm, fetched: unbounded(binary), bare: unbounded(binary) }[by]
        return compared(used[`${by} ${name}`]!, used[other] ?? used[`${by} ${other}`]!, wanted)
      }),
    }),
  )
  const added = (by: Program) =>
    used[`${by} far`]!.wall.map(
      (each, round) =>
        (each - used[`${by} ten`]!.wall[round]!) /
        (used['official far']!.wall[round]! - used['official ten']!.wall[round]!),
    )
  return [
    ...rows,
    {
      what: 'added to `get-group` by 50 ms more to the cluster and back',
      beside: 'added to official `get rollout`',
      by: measured('far', (by) => [ratio('clock', added(by), by === 'binary' ? 1 : undefined)]),
    },
  ]
}

function unbounded(wanted: Wanted): Wanted {
  return Object.fromEntries(Object.keys(wanted).map((each) => [each, undefined]))
}
