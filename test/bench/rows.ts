import { delimiter, dirname } from 'node:path'
import { compared, ratio, type Row } from './compared.ts'
import type { Line, Used } from './measure.ts'

/** What there is to measure with, and where. */
export interface Setting {
  /** How each program is called, with nothing after it. */
  readonly binary: readonly string[]
  readonly npm: readonly string[]
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
    'binary empty': { words: setting.empty },
    'npm empty': { words: setting.emptyNode },
    ...(big !== undefined && { 'official big': official(big) }),
  }
  for (const by of ['binary', 'npm'] as const) {
    const line = (...words: readonly string[]): Line => ({ words: [...setting[by], ...words], env })
    const view = (namespace: string) => line('get-group', 'chain', '-n', namespace)
    Object.assign(lines, {
      [`${by} ten`]: view(ten),
      [`${by} far`]: { ...view(ten), env: { ...env, KUBECONFIG: far } },
      [`${by} version`]: line('version'),
      [`${by} help`]: line('help', 'promote-all'),
      [`${by} verbs`]: line('__complete', 'pro'),
      [`${by} groups`]: line('__complete', 'get-group', '-n', ten, ''),
      ...(big !== undefined && { [`${by} big`]: view(big) }),
    })
  }
  return lines
}

type Wanted = Parameters<typeof compared>[2]

/** What stands beside what, and how much of it is wanted at most, of the binary and of the npm package. */
const COMPARED: readonly (readonly [
  what: string,
  beside: string,
  name: string,
  other: string,
  binary: Wanted,
  npm?: Wanted,
])[] = [
  [
    ...(['`get-group` of 10', 'official `get rollout` of one', 'ten', 'official ten'] as const),
    { clock: 0.6, processor: 1, memory: 0.95 },
    { clock: 1.3, processor: 1.8, memory: 1.1 },
  ],
  [
    ...(['the same, both through kubectl', 'the same', 'kubectl', 'official kubectl'] as const),
    { clock: undefined, processor: undefined },
  ],
  [
    ...(['`get-group` among 210 Rollouts, 3,400 pods, 5,000 Services of others', 'the same', 'big'] as const),
    ...(['official big', { clock: 0.4, processor: undefined, memory: 0.7 }, { clock: 0.6, memory: 0.8 }] as const),
  ],
  ['`version`', 'an empty program of the same runtime', 'version', 'empty', { processor: 1.5 }, { processor: 1.2 }],
  ['`help promote-all`', 'the same', 'help', 'empty', { processor: 1.5 }, { processor: 1.2 }],
  ['completion of a verb', 'the same', 'verbs', 'empty', { processor: 1.5 }, { processor: 1.2 }],
  [
    ...(['completion of a group', '`kubectl get rollouts -l`', 'groups', 'kubectl groups'] as const),
    { clock: 1, processor: undefined },
    { clock: 2, processor: undefined },
  ],
]

/** The rows of what was measured. */
export function rowsOf(used: Readonly<Record<string, Used>>): Row[] {
  const of = (by: string, other: string): Used => used[other] ?? used[`${by} ${other}`]!
  const rows = COMPARED.filter(([, , name]) => `binary ${name}` in used).map(
    ([what, beside, name, other, binary, npm]): Row => ({
      what,
      beside,
      binary: compared(used[`binary ${name}`]!, of('binary', other), binary),
      npm: npm === undefined ? [] : compared(used[`npm ${name}`]!, of('npm', other), npm),
    }),
  )
  const added = (by: string) =>
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
      binary: [ratio('clock', added('binary'), 1)],
      npm: [ratio('clock', added('npm'))],
    },
  ]
}
