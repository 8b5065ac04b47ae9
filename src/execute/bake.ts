import type { Group } from '../domain/group/read-group.ts'
import type { Step } from '../domain/actions/step.ts'
import { listed } from '../domain/checks/say.ts'
import { called } from '../domain/group/member.ts'
import type { Plan } from '../domain/plan/plan.ts'
import { scaleDownDelayOf } from '../domain/objects/strategy.ts'
import { podsWanted } from '../domain/group/gate.ts'
import { phaseOf } from '../domain/objects/phase.ts'
import { type RunContext, tell } from './context.ts'
import { readNow } from './read.ts'
import type { Bounds } from './waiting.ts'

/** Milliseconds between two looks. */
const EVERY = 15_000

/**
 * Waits so long, while old pods still run and users can be brought back, and looks at what was promoted.
 * @param wave the one that follows, counted from 1 @param promoted the steps that have brought users there
 * @returns what is wrong; undefined where nothing was @throws TimedOut, Interrupted, Locked, ClusterError
 */
export async function baked(
  context: RunContext,
  bounds: Bounds,
  wave: number,
  promoted: readonly Step[],
): Promise<string | undefined> {
  const { bake, clock } = context
  const [first] = promoted
  if (bake === undefined || first === undefined) return undefined
  const waitingFor = `what users are on is looked at for ${bake.milliseconds / 1000} s (--bake)`
  tell(context, { type: 'waiting', wave, member: first.member, waitingFor })
  const end = clock.now() + bake.milliseconds
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

/** Says beforehand that users cannot be brought back at once for all of the time. */
export function tellBake(context: RunContext, plan: Plan, group: Group): void {
  const milliseconds = context.bake?.milliseconds ?? 0
  const short =
    plan.waves.length < 2
      ? []
      : plan.waves[0]!.flatMap((step) => {
          const strategy = group.members.find((each) => each.name === step.member)?.strategy
          const delay = strategy === undefined ? undefined : scaleDownDelayOf(strategy)
          return delay !== undefined && delay > 0 && 1000 * delay < milliseconds ? [`${step.member} (${delay} s)`] : []
        })
  if (short.length > 0)
    tell(context, {
      type: 'warning',
      sentence:
        `the old pods of ${listed(short)} go before the bake is over: after that users are brought back by a release ` +
        'of its own (undo-all); scaleDownDelaySeconds keeps them longer',
    })
}

function amiss(group: Group, promoted: readonly Step[]): Amiss[] {
  return promoted.flatMap(({ member, until }): Amiss[] => {
    const found = group.members.find((each) => each.name === member)
    const live = found?.revisions.find((each) => each.hash === until.hash)
    if (found === undefined || live === undefined) return []
    const { name, message } = phaseOf(found)
    if (name === 'Degraded') return [{ what: `${called(live)} is Degraded, ${message}`, passes: false }]
    const wanted = podsWanted(found, live)
    return live.available < wanted ? [{ what: `${called(live)} lacks pods`, passes: true }] : []
  })
}
