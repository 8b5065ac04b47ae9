import type { Group } from '../domain/group/read-group.ts'
import type { Step } from '../domain/actions/step.ts'
import { contextOf } from '../domain/checks/context.ts'
import { listed } from '../domain/checks/say.ts'
import { called, memberNamed } from '../domain/group/member.ts'
import type { Plan } from '../domain/plan/plan.ts'
import { promotedIn } from '../domain/plan/promoted.ts'
import { LIVE_SINCE } from '../domain/objects/labels.ts'
import { scaleDownDelayOf } from '../domain/objects/strategy.ts'
import { podsWanted } from '../domain/group/gate.ts'
import { phaseOf } from '../domain/objects/phase.ts'
import { isBad, type Report } from '../domain/run/outcome.ts'
import { type RunContext, tell } from './context.ts'
import { readNow } from './read.ts'
import type { Bounds } from './waiting.ts'

/** Milliseconds between two looks. */
const EVERY = 15_000

/** What users were brought to first. */
export interface Promoted {
  readonly member: string
  readonly hash: string
}

/**
 * What an earlier run has brought users to, where the rest still waits, and until when that is looked at: by what it
 * wrote on the ReplicaSets, or else from now on.
 */
export function promotedBefore(
  { bake, clock, verb, options }: RunContext,
  group: Group,
): { readonly promoted: readonly Promoted[]; readonly end: number } {
  const promoted = promotedIn(contextOf(group, verb, options)).map(({ live }) => live!)
  const since = promoted.map(({ annotations }) => Date.parse(annotations.get(LIVE_SINCE) ?? ''))
  return {
    promoted: promoted.map(({ member, hash }) => ({ member, hash })),
    end: Math.max(...since.map((each) => (Number.isNaN(each) ? clock.now() : each))) + (bake?.milliseconds ?? 0),
  }
}

/** What this run has brought users to in its first wave, and until when that is looked at. */
export function promotedNow(
  { bake, clock }: RunContext,
  first: readonly Step[],
  reports: readonly Report[],
): { readonly promoted: readonly Promoted[]; readonly end: number } {
  const done = new Set(reports.filter((each) => !isBad(each)).map((each) => each.member))
  const sent = first.filter((step) => step.until.kind === 'live' && done.has(step.member))
  const promoted = sent.map(({ member, until }) => ({ member, hash: until.hash }))
  return { promoted, end: clock.now() + (bake?.milliseconds ?? 0) }
}

/**
 * Waits until then, while old pods still run and users can be brought back, and looks at what was promoted.
 * @param wave the one that follows, counted from 1 @param end milliseconds since the epoch
 * @returns what is wrong; undefined where nothing was @throws TimedOut, Interrupted, Locked, ClusterError
 */
export async function baked(
  context: RunContext,
  bounds: Bounds,
  wave: number,
  promoted: readonly Promoted[],
  end: number,
): Promise<string | undefined> {
  const { bake, clock } = context
  const [first] = promoted
  if (bake === undefined || first === undefined || end <= clock.now()) return undefined
  const waitingFor = `what users are on is looked at for ${Math.ceil((end - clock.now()) / 1000)} s (--bake)`
  tell(context, { type: 'waiting', wave, member: first.member, waitingFor })
  for (let before = new Set<string>(); ; ) {
    bounds.check()
    const own = await bake.check?.(bounds.signal)
    if (own !== undefined) return own
    const found = amiss(await readNow(context, bounds), promoted)
    // Pods come and go: what is amiss twice is.
    const lasting = found.find(({ what, passes }) => !passes || before.has(what))
    if (lasting !== undefined) return lasting.what
    before = new Set(found.map(({ what }) => what))
    const left = end - clock.now()
    if (left <= 0) return undefined
    await clock.after(Math.min(EVERY, left), bounds.signal)
  }
}

interface Amiss {
  readonly what: string
  /** It may be over at the next look. */
  readonly passes: boolean
}

/** Says beforehand what --bake cannot do: look at what nothing follows, or bring users back at once all the time. */
export function tellBake(context: RunContext, plan: Plan, group: Group): void {
  const { bake, scope } = context
  const say = (sentence: string) => tell(context, { type: 'warning', sentence })
  if (bake === undefined || plan.waves.length === 0) return
  if (plan.waves.length < 2 && promotedBefore(context, group).promoted.length === 0)
    return say('--bake has nothing to look at: all users are switched over in one wave, and nothing follows it')
  const seconds = Math.ceil(bake.milliseconds / 1000)
  const short = plan.waves[0]!.flatMap(({ member }) => {
    const strategy = memberNamed(group.members, member)?.strategy
    const delay = strategy?.kind === 'BlueGreen' ? scaleDownDelayOf(strategy) : undefined
    return delay !== undefined && delay > 0 && delay < seconds ? [{ member, delay }] : []
  })
  if (plan.waves.length < 2 || short.length === 0) return
  const names = listed(short.map(({ member, delay }) => `${member} (${delay} s)`))
  const patch = JSON.stringify({ spec: { strategy: { blueGreen: { scaleDownDelaySeconds: seconds + 30 } } } })
  const members = short.map(({ member }) => member).join(' ')
  say(
    `the old pods of ${names} go before the bake is over: after that this run brings nobody back, and abort-all ` +
      '--undo-promoted does, by a release of its own (new pods). To keep them longer, end this, and first: ' +
      `kubectl patch rollout ${members} -n ${scope.namespace} --type=merge -p '${patch}'`,
  )
}

function amiss(group: Group, promoted: readonly Promoted[]): Amiss[] {
  return promoted.flatMap(({ member, hash }): Amiss[] => {
    const found = memberNamed(group.members, member)
    const live = found?.revisions.find((each) => each.hash === hash)
    if (found === undefined || live === undefined) return []
    const { name, message } = phaseOf(found)
    if (name === 'Degraded') return [{ what: `${called(live)} is Degraded, ${message}`, passes: false }]
    const wanted = podsWanted(found, live)
    return live.available < wanted ? [{ what: `${called(live)} lacks pods`, passes: true }] : []
  })
}
