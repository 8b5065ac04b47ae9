import { isWaiting } from '../../domain/checks/context.ts'
import { ours } from '../../domain/checks/say.ts'
import { bySeverity, type Code, type Finding, findingKey, rowOf } from '../../domain/findings/finding.ts'
import { type Call, callsIn } from '../../domain/findings/remedy.ts'
import type { Mode } from '../../domain/findings/mode.ts'
import type { Graph } from '../../domain/group/call-graph.ts'
import { gateCount, gateNumber, gateOf } from '../../domain/group/gate.ts'
import { isChanging, type Member, type Revision } from '../../domain/group/member.ts'
import type { PlanOptions } from '../../domain/intent.ts'
import type { Group } from '../../domain/group/read-group.ts'
import { madeOnce } from '../../domain/objects/parse-once.ts'
import { type PhaseName, phaseOf } from '../../domain/objects/phase.ts'
import { readyBehind } from '../../domain/objects/service.ts'
import { liveService, nextService, weightAt } from '../../domain/objects/strategy.ts'
import { foreseen } from '../../domain/plan/foreseen.ts'
import { judge, type Judgement } from '../../domain/plan/judge.ts'
import { distinct } from '../../domain/plan/notes.ts'
import { type Plan, refused, refusing } from '../../domain/plan/plan.ts'
import { type Cell, SIGNS, type Tone } from '../draw/theme.ts'
import { type TraceRow, traceRows } from './trace-rows.ts'
import { type PromotionTurn, turnsIn, turnWords } from './turns.ts'
import { isUnseen, type Verdict, verdictOf } from './verdict.ts'

/** Everything a view shows of a group, worded; the table, the JSON and the live screen only draw it. */
export interface GroupView {
  readonly group: Group
  readonly graph: Graph
  /** What promote-all would do now; at rest also what the next release will meet. */
  readonly plan: Plan
  readonly name: string
  readonly namespace: string
  readonly mode: Mode
  readonly verdict: Verdict
  readonly traces: readonly TraceRow[]
  /** When each member is promoted. */
  readonly turns: ReadonlyMap<string, PromotionTurn>
  /** Consumers before their dependencies. */
  readonly rows: readonly MemberRow[]
  /** What stands in the way, and what is so whatever is done next. */
  readonly findings: readonly Finding[]
  /** The words after `kubectl rollouts-group` that lead on; undefined where nothing waits. */
  readonly next: Call | undefined
  /** What leads back, where nothing leads on from what waits, and no finding has named it. */
  readonly back: Call | undefined
}

/** One member in words. */
export interface MemberRow {
  readonly member: Member
  /** How many members a request has passed before this one. */
  readonly depth: number
  readonly live: string
  readonly livePods: string
  readonly next: string
  readonly nextPods: string
  /** Ready endpoints of the pods wanted, behind the live and the next Service. */
  readonly ready: string
  readonly strategy: string
  readonly gate: string
  readonly status: Cell
  /** When its turn comes, or what keeps it. */
  readonly note: Cell
}

export const PHASES: Record<PhaseName, Cell> = {
  Healthy: { text: `${SIGNS.good} Healthy`, tone: 'good' },
  Paused: { text: `${SIGNS.paused} Paused`, tone: 'wait' },
  Progressing: { text: `${SIGNS.wait} Progressing`, tone: 'wait' },
  Degraded: { text: `${SIGNS.bad} Degraded`, tone: 'bad' },
  Unknown: { text: `${SIGNS.unknown} Unknown`, tone: 'warn' },
}

/** Sign and tone of a finding by its severity. */
export const SEVERITIES: Record<Finding['severity'], { readonly sign: string; readonly tone: Tone }> = {
  error: { sign: SIGNS.bad, tone: 'bad' },
  warning: { sign: SIGNS.warn, tone: 'warn' },
  info: { sign: SIGNS.note, tone: 'dim' },
}

/**
 * Words a group.
 * @param now milliseconds since the epoch, for count-downs
 * @param options what the user vouches for, and which members are meant
 */
export function groupView(group: Group, now: number, options: PlanOptions = {}): GroupView {
  const judged = judge(group, options)
  const promotion = judged.plan('promote-all')
  const plan = { ...promotion, findings: bySeverity(distinct([...promotion.findings, ...foreseen(group, options)])) }
  const { graph, releases } = judged
  const findings = standing(group, plan)
  const turns = turnsIn(group, plan, graph, options)
  const verdict = verdictOf(group, plan)
  const rank = new Map(graph.layers.flatMap((layer, depth) => layer.map((name) => [name, depth] as const)))
  const members = [...group.members].sort((a, b) => rank.get(a.name)! - rank.get(b.name)!)
  return {
    group,
    graph,
    plan,
    name: group.name,
    namespace: group.namespace,
    mode: group.mode,
    verdict,
    traces: traceRows({ group, graph, releases: releases }),
    turns,
    rows: members.map((member) => {
      const depth = graph.edges.length === 0 ? 0 : rank.get(member.name)!
      return memberRow(member, { group, plan, graph, turns, now, depth })
    }),
    findings,
    next: verdict.next === undefined ? undefined : leadTo(group, verdict.next),
    back:
      leadsNowhere(verdict.next) && isStuck(group, plan, findings, judged) ? ours({ group }, 'abort-all') : undefined,
  }
}

/** @param words a verb, and what is said to it: `get-group -w` */
function leadTo(group: Group, words: string): Call {
  const [verb, ...more] = words.split(' ')
  return ours({ group }, verb!, ...more)
}

/** A look at it leads nobody on. */
function leadsNowhere(next: Verdict['next']): boolean {
  return next === undefined || next === 'check'
}

function isStuck(group: Group, plan: Plan, findings: readonly Finding[], judged: Judgement): boolean {
  const named = findings.flatMap((each) => callsIn(each.remedy)).some(({ words }) => words[0] === 'abort-all')
  return refused(plan) && !isUnseen(plan) && !named && group.members.some(isWaiting) && judged.mayGoBack
}

const keysOf = madeOnce((found: readonly Finding[]) => new Set(found.map(findingKey)))

/**
 * Errors of the way forward, what is shown of what waits, and the warnings that hold forwards and backwards alike; what
 * a plan brings about is said with the plan.
 */
function standing(group: Group, plan: Plan): Finding[] {
  const refuse = new Set(refusing(plan))
  const holdsBackwards = (each: Finding) => keysOf(judge(group).checks('abort-all')).has(findingKey(each))
  return bySeverity(
    plan.findings.filter(
      (each) =>
        refuse.has(each) ||
        each.severity === 'error' ||
        rowOf(each.code).shown === true ||
        (each.severity === 'warning' && holdsBackwards(each)),
    ),
  )
}

interface Setting {
  readonly group: Group
  readonly plan: Plan
  readonly graph: Graph
  readonly turns: GroupView['turns']
  readonly now: number
  readonly depth: number
}

function memberRow(member: Member, setting: Setting): MemberRow {
  const { live, next, strategy } = member
  return {
    member,
    depth: setting.depth,
    live: live?.version.text ?? '-',
    livePods: live === undefined ? '' : podsOf(live),
    next: next?.version.text ?? '',
    nextPods: next === undefined ? '' : podsOf(next),
    ready: [
      endpointsOf(setting.group, liveService(strategy), live),
      ...(next && nextService(strategy) ? [endpointsOf(setting.group, nextService(strategy), next)] : []),
    ].join('  '),
    strategy: strategy.kind,
    gate: gateWords(member),
    status: PHASES[phaseOf(member).name],
    note: noteOn(member, setting),
  }
}

function podsOf(revision: Revision): string {
  return `${revision.available}/${revision.desired}`
}

function endpointsOf(group: Group, name: string | undefined, revision: Revision | undefined): string {
  const service = name === undefined ? undefined : group.services.get(name)
  if (service?.endpoints === undefined || revision === undefined) return '-'
  return `${readyBehind(service, revision.name).own}/${revision.desired}`
}

function gateWords(member: Member): string {
  const { strategy, status } = member
  if (!isChanging(member) || status.abort) return ''
  if (strategy.kind === 'BlueGreen')
    return gateOf(member).state === 'under-way' ? '' : strategy.previewService ? 'preview' : 'waits'
  const weight = `${weightAt(strategy, status.stepIndex ?? 0)}%`
  return gateCount(member) === 0
    ? weight
    : `${weight}, gate ${Math.min(gateNumber(member) + 1, gateCount(member))} of ${gateCount(member)}`
}

/** The first of: what is wrong with it, what it waits for, when its turn comes, when its old pods go. */
function noteOn(member: Member, setting: Setting): Cell {
  const said: Code[] = phaseOf(member).name === 'Degraded' ? ['stale-status', 'degraded'] : ['stale-status']
  const wrong = refusing(setting.plan).find((each) => each.members.includes(member.name) && !said.includes(each.code))
  if (wrong !== undefined) {
    const { sign, tone } = SEVERITIES[wrong.severity]
    return { text: wrong.code, shorter: [sign], tone }
  }
  if (member.stale !== undefined) return { text: member.stale, tone: 'wait' }
  const gate = gateOf(member)
  if (gate.waitingFor !== '') {
    const [counted, of] = /^(\d+ of \d+) pods/.exec(gate.waitingFor) ?? []
    return { text: gate.waitingFor, tone: 'wait', ...(counted !== undefined && { shorter: [counted, of!] }) }
  }
  const { turns, group, graph } = setting
  const turn = refused(setting.plan) ? undefined : turnWords(member.name, turns, group, graph)
  if (turn !== undefined) return { ...turn, tone: 'dim' }
  const { name, message } = phaseOf(member)
  if (name !== 'Healthy' && name !== 'Paused' && message !== '') return { text: message, tone: 'dim' }
  const goes = lingering(member, setting.now)
  return { text: goes, shorter: [goes.replaceAll(/ of [^,]*/g, '')], tone: 'dim' }
}

function lingering(member: Member, now: number): string {
  return member.lingering
    .map((each) => {
      const left = each.deadline === undefined ? '' : `, ${Math.max(0, Math.ceil((each.deadline - now) / 1000))}s left`
      return `${oldPods(each.pods)} of ${each.version.text}${left}`
    })
    .join(', ')
}

/** `3 old pods`, `1 old pod`. */
export function oldPods(count: number): string {
  return `${count} old pod${count === 1 ? '' : 's'}`
}
