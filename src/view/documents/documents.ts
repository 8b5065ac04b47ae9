import type { Finding } from '../../domain/findings/finding.ts'
import { callsIn, remedyText, type Typed } from '../../domain/findings/remedy.ts'
import type { Edge } from '../../domain/group/call-graph.ts'
import { gateCount, gateNumber, gateOf } from '../../domain/group/gate.ts'
import type { Member, Revision } from '../../domain/group/member.ts'
import { whyUnknown } from '../../domain/group/unknown-calls.ts'
import type { SettingChange } from '../../domain/group/settings-change.ts'
import type { Version } from '../../domain/group/version.ts'
import { phaseOf } from '../../domain/objects/phase.ts'
import type { Plan } from '../../domain/plan/plan.ts'
import type { Exit, Report } from '../../domain/run/outcome.ts'
import type { GroupView } from '../words/group-view.ts'
import type { TraceRow } from '../words/trace-rows.ts'
import type { PromotionTurn } from '../words/turns.ts'

/** Every document says this; within a version fields are only ever added. */
/** What every document begins with. */
export const API = { apiVersion: 'rollouts-group/v1' } as const

/** What `-o json` says of one revision. Times are RFC 3339. */
export interface RevisionDocument {
  readonly revision: number
  readonly hash: string
  readonly version: Version
  readonly pods: { readonly desired: number; readonly available: number }
  readonly images: readonly string[]
  readonly calls: readonly { readonly member: string; readonly service: string; readonly where: string }[]
  /** What only looks like a call: `named` is none, of `doubtful` nobody knows. */
  readonly mentions?: readonly {
    readonly member: string
    readonly service: string
    readonly where: string
    readonly strength: 'doubtful' | 'named'
  }[]
  /** Why it is unknown whom its pods call. */
  readonly callsUnknown?: string
  readonly scaleDownAt?: string
}

export interface MemberDocument {
  readonly name: string
  readonly strategy: 'BlueGreen' | 'Canary'
  /** The phase and message every Argo client shows. */
  readonly phase: string
  readonly message: string
  readonly live?: RevisionDocument
  readonly next?: RevisionDocument
  /** What the next revision changes, where image and version stay. */
  readonly settings?: readonly Omit<SettingChange, 'own'>[]
  readonly lingering: readonly RevisionDocument[]
  /** Where a member with a next revision stands; gates are counted from 1. */
  readonly gate?: {
    readonly state: 'ready' | 'short' | 'under-way'
    readonly waitingFor: string
    readonly number: number
    readonly count: number
  }
  /** The wave of promote-all that it is in, counted from 1; absent where that is not known. */
  readonly wave?: number
}

/** What `-o json` says of a finding; `member` where it is about one alone. */
export interface FindingDocument extends Omit<Finding, 'remedy'> {
  readonly member?: string
  /** With its commands as they are typed. */
  readonly remedy: string
  /** Those commands, each by itself. */
  readonly commands?: readonly string[]
}

function findingDocument({ remedy, ...finding }: Finding, typed: Typed): FindingDocument {
  const [member, ...others] = finding.members
  const calls = callsIn(remedy)
  return {
    ...finding,
    ...(member !== undefined && others.length === 0 && { member }),
    remedy: remedyText(remedy, typed),
    ...(calls.length > 0 && { commands: calls.map(typed) }),
  }
}

/** `kind: Group`: what `get-group GROUP -o json` prints. */
export interface GroupDocument {
  readonly apiVersion: 'rollouts-group/v1'
  readonly kind: 'Group'
  readonly metadata: { readonly name: string; readonly namespace: string }
  readonly mode: 'legacy' | 'modern'
  readonly verdict: { readonly state: string; readonly words: string }
  readonly traces: readonly TraceRow[]
  readonly members: readonly MemberDocument[]
  readonly entries: readonly string[]
  readonly dependencies: readonly Edge[]
  readonly findings: readonly FindingDocument[]
  /** The words after `kubectl rollouts-group` that lead on. */
  readonly next?: string
  /** Those that lead back, where nothing leads on from what waits. */
  readonly back?: string
}

export function groupDocument(view: GroupView, typed: Typed): GroupDocument {
  return {
    ...API,
    kind: 'Group',
    metadata: { name: view.name, namespace: view.namespace },
    mode: view.mode,
    verdict: { state: view.verdict.state, words: view.verdict.words },
    traces: view.traces,
    members: view.rows.map((row) => memberDocument(row.member, view.turns.get(row.member.name))),
    entries: view.graph.entries,
    dependencies: view.graph.edges,
    findings: view.findings.map((each) => findingDocument(each, typed)),
    ...(view.next !== undefined && { next: [...view.next.words, view.name].join(' ') }),
    ...(view.back !== undefined && { back: [...view.back.words, view.name].join(' ') }),
  }
}

/** `kind: GroupList`: what `get-group -o json` prints. */
export function groupList(views: readonly GroupView[], typed: Typed) {
  return { ...API, kind: 'GroupList', items: views.map((each) => groupDocument(each, typed)) } as const
}

/** `kind: Report`: what a writing verb prints with `-o json`, and the last line of `-o ndjson`. */
export function reportDocument(plan: Plan, reports: readonly Report[], exit: Exit, typed: Typed) {
  return {
    ...API,
    kind: 'Report',
    group: plan.group,
    namespace: plan.namespace,
    verb: plan.verb,
    exit,
    reports,
    findings: plan.findings.map((each) => findingDocument(each, typed)),
  } as const
}

export type ReportDocument = ReturnType<typeof reportDocument>

/**
 * `kind: ReportList`: what the runs of a verb that takes several came to, and how it has ended.
 * @param why it has, where none of them says it
 */
export function reportList(
  { group, namespace }: { readonly group: string; readonly namespace: string },
  verb: string,
  exit: Exit,
  items: readonly ReportDocument[],
  why: string | undefined,
) {
  return { ...API, kind: 'ReportList', group, namespace, verb, exit, ...(why !== undefined && { why }), items } as const
}

/**
 * `kind: Plan`: what `--dry-run` prints with `-o json` and `--plan` takes. `options`: the flags that made it what it
 * is.
 */
export function planDocument(plan: Plan, options: Readonly<Record<string, string | boolean>>, typed: Typed) {
  return { ...plan, findings: plan.findings.map((each) => findingDocument(each, typed)), options } as const
}

/** `kind: FindingList`: what `check -o json` prints. */
export function findingList(view: GroupView, findings: readonly Finding[], exit: Exit, typed: Typed) {
  const items = findings.map((each) => findingDocument(each, typed))
  return { ...API, kind: 'FindingList', group: view.name, namespace: view.namespace, exit, items } as const
}

/** `kind: Graph`: what `graph -o json` prints. */
export function graphDocument(view: GroupView) {
  const { entries, edges, layers, cycles } = view.graph
  return {
    ...API,
    kind: 'Graph',
    group: view.name,
    namespace: view.namespace,
    members: view.rows.map((row) => row.member.name),
    entries,
    dependencies: edges,
    layers,
    cycles,
  } as const
}

function memberDocument(member: Member, turn: PromotionTurn | undefined): MemberDocument {
  const { live, next, settings, strategy, lingering } = member
  const { name: phase, message } = phaseOf(member)
  return {
    name: member.name,
    strategy: strategy.kind,
    phase,
    message,
    ...(live !== undefined && { live: revisionDocument(live) }),
    ...(next !== undefined && { next: revisionDocument(next) }),
    ...(settings !== undefined && { settings: settings.map(({ own: _, ...change }) => change) }),
    lingering: lingering.map(revisionDocument),
    ...(next !== undefined && {
      gate: {
        ...gateOf(member),
        number: Math.min(gateNumber(member) + 1, gateCount(member)),
        count: gateCount(member),
      },
    }),
    ...(turn !== undefined && turn.first === turn.last && { wave: turn.first }),
  }
}

function revisionDocument(revision: Revision): RevisionDocument {
  const unknown = whyUnknown(revision)
  return {
    revision: revision.revision,
    hash: revision.hash,
    version: revision.version,
    pods: { desired: revision.desired, available: revision.available },
    images: revision.template.containers.map((each) => each.image),
    calls: revision.wires.map((wire) => ({ member: wire.to, service: wire.service, where: wire.where })),
    ...(revision.weak.length > 0 && {
      mentions: revision.weak.map(({ to, service, where, strength }) => ({ member: to, service, where, strength })),
    }),
    ...(unknown !== undefined && { callsUnknown: unknown }),
    ...(revision.deadline !== undefined && { scaleDownAt: new Date(revision.deadline).toISOString() }),
  }
}

/**
 * Characters that JSON leaves as they are but a terminal, or its reader, does not: C1 controls and marks of direction.
 */
const RAW = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g

/** Whether a text has characters that a terminal or its reader acts on, and a line's end is not. */
export function isRaw(text: string): boolean {
  return text.search(RAW) >= 0
}

/** A document as JSON that is safe to show; on one line, or indented by four as kubectl does. */
export function toJson(document: unknown, indent = 4): string {
  return JSON.stringify(document, undefined, indent)
    .toWellFormed()
    .replace(RAW, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
