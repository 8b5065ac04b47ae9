import { few, listed } from '../../domain/checks/say.ts'
import { ACTIONS } from '../../domain/actions/actions.ts'
import { untilWords } from '../../domain/actions/goals.ts'
import { type Step, versionsIn, weightWords } from '../../domain/actions/step.ts'
import { type Code, type Finding, rowOf } from '../../domain/findings/finding.ts'
import { type Drain, VERBS } from '../../domain/intent.ts'
import { type LaterGate, type Plan, type PlannedObject, refused, refusing } from '../../domain/plan/plan.ts'
import { printable } from '../../text/printable.ts'
import type { Drawing } from '../draw/drawing.ts'
import { hanging, type Hanging } from '../draw/hanging.ts'
import { SIGNS } from '../draw/theme.ts'
import { fit, wrap } from '../draw/width.ts'
import { findingLines } from './finding.ts'
import { onceEach } from './once-each.ts'

/** A plan as a person confirms it: what happens to whom in which order, what each step waits for, what was proved. */
export function planScreen(plan: Plan, context: string, drain: Drain, drawing: Drawing): string[] {
  const { paint, width = Infinity } = drawing
  const steps = plan.waves.flat()
  const what = `${VERBS[plan.verb].words.asks} group ${plan.group} in ${plan.namespace} (context ${context})`
  const told = (text: string, indent: string, rest = indent) =>
    wrap(printable(text), width - rest.length).map((line, index) => (index === 0 ? indent : rest) + line)
  const whys = onceEach(plan.skipped.map((each) => each.why))
  const skipped = (why: string) =>
    plan.skipped
      .map((each, index) => `${SIGNS.note}  ${each.member}: ${why}${whys[index]!}`)
      .flatMap((each) => told(each, '  ', '     '))
  const why = (findings: readonly Finding[]) =>
    findings.flatMap((each) =>
      findingLines(each, { ...drawing, width: drawing.width && drawing.width - 2 }).map((line) => `  ${line}`),
    )
  const objects = plan.objects ?? []
  if (steps.length === 0 && objects.length === 0)
    return [
      ...told(`${what}: ${refused(plan) ? 'refused' : 'nothing to do'}`, '', '  '),
      ...skipped(''),
      ...why(refusing(plan)),
    ]
  const wiring = plan.wiring === undefined ? '' : `, ${plan.wiring}`
  const order = (steps.length === 0 ? '' : `, ${orderWords(plan)}`) + wiring
  return [
    ...told(`${what}: ${count(steps.length, 'rollout')}${order}`, '', '  ').map((text) =>
      paint({ text, tone: 'strong' }),
    ),
    '',
    ...objectsLines(objects).flatMap((each) => told(each, '  ', '      ')),
    ...(objects.length === 0 ? [] : ['']),
    ...hanging(
      plan.waves.flatMap((wave, index) => wave.map((step) => stepRow(plan, step, index, drain))),
      drawing.width,
      paint,
    ),
    ...[...numberWords(plan), ...apartWords(plan)]
      .flatMap((each) => told(each, '  ', '     '))
      .map((text) => paint({ text, tone: 'dim' })),
    ...(plan.later ?? []).flatMap((each) => told(laterWords(each), '  ', '     ')),
    ...(plan.then === undefined || plan.then === '' ? [] : told(`then promote-all: ${plan.then}`, '  ', '     ')),
    ...apartWords({ apart: plan.thenApart })
      .flatMap((each) => told(`its ${each}`, '     '))
      .map((text) => paint({ text, tone: 'dim' })),
    ...skipped('left alone, ').map((text) => paint({ text, tone: 'dim' })),
    '',
    ...told(refused(plan) ? 'refused: as it is now, nothing would be sent' : proofWords(plan, drain), '  '),
    ...why(plan.findings),
  ]
}

/** So many new objects of a kind are told one by one; -o json has all. */
const MOST_NEW = 10

function objectsLines(objects: readonly PlannedObject[]): string[] {
  const kinds = Map.groupBy(objects, ({ kind, change }) => (change === 'created' ? kind : ''))
  const many = (kind: string) => kind !== '' && (kinds.get(kind)?.length ?? 0) > MOST_NEW
  return [
    ...objects.filter(({ kind, change }) => change !== 'created' || !many(kind)).flatMap(objectLines),
    ...[...kinds].flatMap(([kind, all]) =>
      many(kind) ? [`+ ${all.length} of ${kind}: ${few(all.map(({ name }) => name))}`] : [],
    ),
  ]
}

/** An object that is made, or what changes of it. */
function objectLines({ kind, name, where, change }: PlannedObject): string[] {
  if (change === 'created') return [`+ ${kind} ${name} (${where})`]
  const more = change.length - MOST_DIFFERENCES
  return [
    `~ ${kind} ${name} (${where})`,
    ...change
      .slice(0, MOST_DIFFERENCES)
      .map(({ path, from, to }) => `    ${path}: ${from === '' ? 'nothing' : from} → ${to === '' ? 'nothing' : to}`),
    ...(more > 0 ? [`    and ${more} more`] : []),
  ]
}

/** So many differences of an object are told; -o json has all. */
const MOST_DIFFERENCES = 8

/** One step: its number, member, versions, and what it does and waits for. */
function stepRow(plan: Plan, step: Step, wave: number, drain: Drain): Hanging {
  return {
    head: [{ text: `${fit(String(wave + 1), 2)} ${step.member}` }, { text: versionsIn(step) }],
    said: stepWords(plan, step, wave, drain),
  }
}

/** What a step does, and what is waited for before and after it. */
export function stepWords(plan: Plan, step: Step, wave: number, drain: Drain): string[] {
  const after = (plan.waves[wave + 1] ?? []).flatMap((each) => each.drain).filter((each) => each.member === step.member)
  const before = wave === 0 ? step.drain : []
  const threat = [...before, ...after].every((each) => each.empty) ? 'find no pod' : 'meet two versions'
  const skip =
    drain === 'pods'
      ? `--drain=endpoints skips this, and their open connections may then ${threat}`
      : `at most ${Number(drain) / 1000}s`
  const gone = (member: string, delay = '') => `the old ${member} pods are gone (${delay}${skip})`
  return [
    ...(drain === 'endpoints'
      ? []
      : [...new Set(before.map((each) => each.member))].map((member) => `first wait until ${gone(member)},`)),
    `${ACTIONS[step.action].words.deed}${moves(step)}, then wait until ${untilWords(step)}`,
    ...(drain === 'endpoints'
      ? []
      : after
          .slice(0, 1)
          .map(({ delay }) => `and ${gone(step.member, delay === 0 ? '' : `scale-down delay ${delay}s; `)}`)),
  ]
}

function moves(step: Step): string {
  const words = weightWords(step)
  return words === '' ? '' : `, ${words}`
}

/** What it means that steps have one number. */
export function numberWords({ waves }: Plan): string[] {
  return waves.some((wave) => wave.length > 1) ? ['steps of the same number run at the same time'] : []
}

/** `wave 2 stands apart: …`: the waves that stand apart from those before them, by why. */
export function apartWords({ apart = [] }: { readonly apart?: Plan['apart'] | undefined }): string[] {
  return [...Map.groupBy(apart, ({ why }) => why)].map(([why, waves]) => {
    const [first, last] = [waves[0]!.wave, waves.at(-1)!.wave]
    const inRow = waves.length > 2 && last - first === waves.length - 1
    const numbers = inRow ? `${first} to ${last}` : listed(waves.map(({ wave }) => String(wave)))
    return `${waves.length === 1 ? `wave ${numbers} stands` : `waves ${numbers} stand`} apart: ${why}`
  })
}

/** `then gate 2 of 2: frontend, then backend once the old frontend pods are gone; no way back after backend`. */
export function laterWords({ gate, of, waves, noWayBackAfter: point }: LaterGate): string {
  const order = waves
    .map(({ members, drain }) => {
      const old = [...new Set(drain.map((each) => each.member))]
      return `${members.join(' and ')}${old.length === 0 ? '' : ` once the old ${old.join(' and ')} pods are gone`}`
    })
    .join(', then ')
  return (
    `then gate ${gate} of ${of}: ` +
    `${order}${point === undefined ? '' : `; no way back after ${waves[point - 1]!.members.join(' and ')}`}`
  )
}

/** In which order. */
export function orderWords(plan: Plan): string {
  if (plan.mode === 'modern' && plan.waves.length === 1) return 'in any order (modern mode)'
  if (plan.objects !== undefined && plan.waves.length === 1) return 'at once'
  const step = plan.waves[0]![0]!
  return ACTIONS[step.action].order.direction.replace('-', ' ')
}

/** What is proved; of members without pods nobody says that no Service is empty. */
function proved({ mode, waves }: Plan): string {
  const none = waves
    .flat()
    .flatMap(({ member, until }) => (until.kind === 'live' && until.replicas === 0 ? [member] : []))
  const but =
    none.length === 0 ? undefined : `${listed(none)} ${none.length === 1 ? 'is' : 'are'} to have no pods (replicas: 0)`
  return mode === 'legacy'
    ? `after every step users reach one version, ${but ?? 'no service is empty'}`
    : (but ?? 'no service is empty after any step')
}

/** Of pods that go whatever is done: who still calls them finds nobody then. */
const AHEAD = 'no step makes worse what users are about to meet'

/** What the proof covers and rests on, and what the user has allowed it not to: the one place that words it. */
export function proofWords(plan: Plan, drain: Drain): string {
  const has = (code: Code) => plan.findings.some((each) => each.code === code)
  if (plan.mode === 'legacy' && (has('mixed-window') || has('wire-follows-role')))
    return 'not proved: users may meet two versions between the steps, as allowed'
  if (has('wire-unknown') || has('wire-doubtful')) return 'ordered as declared; what requests meet is not proved'
  const already = plan.findings.some((each) => rowOf(each.code).already === true && each.severity !== 'info')
  const old =
    drain === 'pods'
      ? []
      : [...plan.waves.flat(), ...(plan.later ?? []).flatMap((each) => each.waves)].flatMap((each) =>
          each.drain.map(({ member }) => member),
        )
  const but = old.length === 0 ? '' : `, except for open connections of old ${[...new Set(old)].join(', ')} pods`
  return (
    'proved from ' +
    `${has('outside-group') ? 'what is in the group, not what lies outside' : 'addresses pods use'}${but}: ` +
    `${already ? 'no step makes worse what users meet now' : has('scale-down-window') ? AHEAD : proved(plan)}`
  )
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}
