import { refusalOf } from '../../domain/objects/refusal.ts'
import { type Code, rowOf } from '../../domain/findings/finding.ts'
import { listed } from '../../domain/checks/say.ts'
import { called, isChanging, type Member } from '../../domain/group/member.ts'
import type { Group } from '../../domain/group/read-group.ts'
import type { Verb } from '../../domain/intent.ts'
import { commonVersion } from '../../domain/group/version.ts'
import { phaseOf } from '../../domain/objects/phase.ts'
import { isFirst } from '../../domain/trace/doors.ts'
import { type Plan, refusing } from '../../domain/plan/plan.ts'
import { judge } from '../../domain/plan/judge.ts'
import type { Cure } from '../../domain/plan/way-out.ts'
import { SIGNS, type Tone } from '../draw/theme.ts'

/** How a group stands, in a word, and the verb that leads on. */
export interface Verdict {
  readonly state: keyof typeof VERDICTS
  readonly sign: string
  readonly words: string
  readonly tone: Tone
  readonly next: Verb | Cure | 'check' | 'get-group -w' | undefined
}

/** Every verdict, worst first. What leads out of trouble is said with it; none leads to where it is said again. */
export const VERDICTS = {
  mixed: { sign: SIGNS.bad, words: 'users meet two versions', tone: 'bad', next: undefined },
  empty: { sign: SIGNS.bad, words: 'users reach an empty service', tone: 'bad', next: undefined },
  unreadable: { sign: SIGNS.bad, words: 'cannot be judged', tone: 'bad', next: undefined },
  degraded: { sign: SIGNS.bad, words: 'degraded', tone: 'bad', next: undefined },
  unsafe: { sign: SIGNS.bad, words: 'not safe to promote', tone: 'bad', next: undefined },
  aborted: { sign: SIGNS.bad, words: 'aborted', tone: 'bad', next: undefined },
  first: { sign: SIGNS.wait, words: 'first deployment', tone: 'wait', next: 'get-group -w' },
  'half-deployed': { sign: SIGNS.paused, words: 'half deployed', tone: 'wait', next: undefined },
  withdrawn: { sign: SIGNS.note, words: 'withdrawn', tone: 'dim', next: undefined },
  half: { sign: SIGNS.paused, words: 'half promoted', tone: 'warn', next: 'promote-all' },
  paused: { sign: SIGNS.paused, words: 'paused by hand', tone: 'warn', next: 'resume-all' },
  starting: { sign: SIGNS.wait, words: 'getting ready', tone: 'wait', next: 'get-group -w' },
  ready: { sign: SIGNS.paused, words: 'ready to promote', tone: 'wait', next: 'promote-all' },
  moving: { sign: SIGNS.wait, words: 'in progress', tone: 'wait', next: 'get-group -w' },
  settled: { sign: SIGNS.good, words: 'nothing waits', tone: 'good', next: undefined },
} as const satisfies Record<string, Omit<Verdict, 'state'>>

/** The worst that can be said of a group. */
export function verdictOf(group: Group, plan: Plan): Verdict {
  const struck = (state: 'mixed' | 'empty') => ({
    ...verdict(state),
    next: judge(group).cure ?? ('check' as const),
  })
  const has = (...codes: Code[]) => plan.findings.some((each) => codes.includes(each.code) && each.severity !== 'info')
  const errors = new Set(
    plan.findings.filter((each) => each.severity === 'error' && !rowOf(each.code).passes).map((each) => each.code),
  )
  const changing = group.members.filter(isChanging)
  const waiting = changing.filter((each) => !each.status.abort)
  const phases = new Set(group.members.map((each) => phaseOf(each).name))
  // Whom nobody ever was on, nobody can lose.
  if (nobodyLive(group) && !has('unreadable', 'invalid-spec', 'degraded')) return verdict('first')
  if (has('already-mixed')) return struck('mixed')
  if (has('already-dead')) return struck('empty')
  if (has('unreadable') || (errors.size > 0 && group.members.length === 0)) return verdict('unreadable')
  if (errors.size === 1 && errors.has('aborted')) return verdict('aborted')
  if (errors.has('invalid-spec')) return verdict('degraded', refusedBy(group))
  if (errors.has('degraded') || (changing.length === 0 && isDegraded(group, plan))) return verdict('degraded')
  const unsafe = verdict('unsafe', changing.length === 0 ? 'not in order' : undefined)
  if (errors.has('scale-down-window')) return { ...unsafe, next: judge(group).keeper }
  if (errors.size > 0) return unsafe
  if (has('aborted') && waiting.length === 0) return verdict('withdrawn', `withdrawn: ${usersOn(group)}`)
  if (changing.length === 0 && group.members.some(isFirst)) return verdict('first')
  if (plan.findings.some((each) => rowOf(each.code).passes)) return verdict('starting')
  if (has('left-behind')) return verdict('half-deployed', halfDeployed(waiting))
  if (waiting.length > 0 && isUnseen(plan))
    return { ...verdict('unsafe', 'not known to be safe'), sign: SIGNS.unknown, tone: 'warn', next: 'check' }
  if (waiting.length > 0 && bringsNothing(waiting, plan))
    return { ...verdict('ready', 'nothing new waits'), next: undefined }
  if (plan.waves.length > 0) return verdict(halfPromoted(group) ? 'half' : 'ready')
  if (changing.length === 0 && has('held-by-pause')) return verdict('paused')
  if (phases.size > 1 || !phases.has('Healthy')) return verdict('moving')
  const [trap] = plan.findings.flatMap((each) => (each.severity === 'info' ? [] : (rowOf(each.code).trap ?? [])))
  return trap === undefined
    ? verdict('settled')
    : { ...verdict('settled', `nothing waits, but ${trap}`), sign: SIGNS.warn, tone: 'warn', next: 'check' }
}

/** Whether nothing forbids a plan but that nobody has looked at all by which users may come in. */
export function isUnseen(plan: Plan): boolean {
  const forbidding = refusing(plan)
  return forbidding.length > 0 && forbidding.every((each) => each.code === 'no-entry' && each.severity === 'warning')
}

function verdict(state: keyof typeof VERDICTS, words?: string): Verdict {
  return { state, ...VERDICTS[state], ...(words !== undefined && { words }) }
}

/** No version of any member has ever been live, and one comes. */
function nobodyLive({ members }: Group): boolean {
  return members.length > 0 && members.every((each) => isFirst(each) || (each.live === undefined && isChanging(each)))
}

/** Some member is not well, and its status counts. */
function isDegraded({ members }: Group, { findings }: Plan): boolean {
  const passing = new Set(findings.filter((each) => each.code === 'stale-status').flatMap((each) => each.members))
  return members.some((each) => phaseOf(each).name === 'Degraded' && !passing.has(each.name))
}

/** The controller refuses a spec; pods it makes are refused to it. */
function refusedBy(group: Group): string {
  const bySpec = group.members.some((each) => refusalOf(each)?.of === 'spec')
  return bySpec ? 'refused by the controller' : 'pods are refused'
}

/** `half deployed: my-backend 2.0 can be tried`. */
function halfDeployed(waiting: readonly Member[]): string {
  return `half deployed: ${listed(waiting.map((each) => called(each.next!)))} can be tried`
}

function usersOn(group: Group): string {
  const version = commonVersion(group.members.flatMap((each) => each.live?.version ?? []))
  return version === undefined ? 'users stay where they are' : `users are on ${version.text}`
}

/** All that waits is what users have, without the wiring of its release. */
function bringsNothing(waiting: readonly Member[], { findings }: Plan): boolean {
  const unpinned = new Set(findings.filter(({ code }) => code === 'unpinned').flatMap((each) => each.members))
  return waiting.every(({ name }) => unpinned.has(name))
}

/**
 * Some members were promoted to the version that waits for the others; one that came with it never was, nor was anybody
 * where what waits is called as what it replaces.
 */
function halfPromoted(group: Group): boolean {
  const waiting = group.members.filter((each) => each.next !== undefined)
  const next = commonVersion(waiting.map((each) => each.next!.version))
  return (
    next !== undefined &&
    waiting.some(({ live }) => live === undefined || commonVersion([next, live.version]) === undefined) &&
    group.members.some(
      ({ live, next: waits }) =>
        waits === undefined &&
        live !== undefined &&
        live.revision > 1 &&
        commonVersion([next, live.version]) !== undefined,
    )
  )
}
