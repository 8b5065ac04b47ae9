import type { KubeObject } from '../../controlplane/api.ts'
import type { Done } from '../../support/cli-context.ts'
import type { GroupDocument } from '../../../src/view/documents/documents.ts'
import type { Screen } from './screen.ts'

/** What our plugin says of a group of one. */
export interface Said {
  readonly table: string
  readonly document: GroupDocument
  readonly check: Done
  /** What both have read is of one time: endpoints are of the pods that are counted. */
  readonly isOfOneTime: boolean
}

const NOT_OBSERVED = 'waiting for rollout spec update to be observed for the reference workload'

/** What our plugin says otherwise than the screen of Argo Rollouts' own. */
export function contradictions(rollout: KubeObject, screen: Screen, said: Said): readonly string[] {
  const member = said.document.members[0]!
  const revisions = [member.live, member.next, ...member.lingering].filter((each) => each !== undefined)
  const { name } = rollout.metadata
  const pods = new Map(revisions.map(({ hash, pods: { available } }) => [`${name}-${hash}`, available]))
  const own = new RegExp(`^${name}-[a-z0-9]+$`)
  const [, weight, number, count] = /(\d+)%(?:, gate (\d+) of (\d+))? /.exec(rowOf(said.table, member.name)) ?? []
  const equal = (what: string, ours: unknown, theirs: unknown): readonly string[] =>
    ours === theirs ? [] : [`${what} ${JSON.stringify(ours)}, not ${JSON.stringify(theirs)}`]
  // Of the workload itself the other one reads nothing: for a moment it takes its Rollout for one at rest.
  const workloadUnseen = member.message === NOT_OBSERVED
  const phase = (what: string, ours: string) => (workloadUnseen ? [] : equal(what, ours, screen.phase))
  return [
    ...phase('phase', member.phase),
    ...(workloadUnseen ? [] : equal('message', member.message, screen.message)),
    ...[...screen.ready].flatMap(([set, ready]) =>
      // Those of experiments are of no revision; ready is not yet available where that takes its time.
      own.test(set) && !rollout['spec'].minReadySeconds ? equal(`pods of ${set}`, pods.get(set) ?? 0, ready) : [],
    ),
    ...(weight === undefined ? [] : equal('weight', Number(weight), screen.setWeight)),
    ...(member.next === undefined || !said.isOfOneTime || !isWeighed(rollout, screen)
      ? []
      : equal('users of it', shareOf(said.document, `${name} ${member.next.version.text}`), screen.actualWeight)),
    ...(number === undefined ? [] : equal('gate', `${number} of ${count}`, gateOf(rollout, screen))),
    ...phasesIn(said.check.stdout + said.check.stderr).flatMap((each) => phase('check', each)),
    ...equal(
      'check calls it invalid',
      /^\S invalid-spec /m.test(said.check.stdout),
      screen.message.startsWith('InvalidSpec'),
    ),
    ...([0, 3].includes(said.check.exit) ? [] : [`check ends with ${said.check.exit}: ${said.check.stderr}`]),
  ]
}

/** Whether the weight shown is one that users have: without steps it is always all; a router has told none at first. */
function isWeighed({ spec, status }: KubeObject, { step }: Screen): boolean {
  const { trafficRouting, steps } = spec.strategy.canary ?? {}
  const isInSteps = step !== undefined && Number.parseInt(step, 10) < steps.length
  return isInSteps && (trafficRouting === undefined || status.canary?.weights !== undefined)
}

/** Users in percent who are on a revision. */
function shareOf({ traces }: GroupDocument, hop: string): number {
  const shares = traces
    .filter(({ side, hops }) => side === 'LIVE' && hops[0] === hop)
    .map(({ who }) => Number(/^(\d+)% of users$/.exec(who)?.[1] ?? (who === 'users' ? 100 : 0)))
  return shares.reduce((sum, each) => sum + each, 0)
}

const rowOf = (table: string, name: string): string =>
  table.split('\n').find((line) => line.startsWith(`${name} `)) ?? ''

/** The gate that a step leads to, by its place among the pauses that do not end by themselves. */
function gateOf(rollout: KubeObject, { step = '0' }: Screen): string {
  const pauses = (rollout['spec'].strategy.canary?.steps as { pause?: { duration?: unknown } }[]).flatMap(
    ({ pause }, index) => (pause !== undefined && pause.duration === undefined ? [index] : []),
  )
  const passed = pauses.filter((index) => index < Number.parseInt(step, 10)).length
  return `${Math.min(passed + 1, pauses.length)} of ${pauses.length}`
}

/** Phases that a text names. */
const phasesIn = (text: string): readonly string[] => text.match(/\b(Healthy|Degraded|Progressing|Paused)\b/g) ?? []
