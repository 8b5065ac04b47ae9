import { callOn } from '../../domain/findings/remedy.ts'
import { undoing } from '../../domain/release/undo.ts'
import type { Revision } from '../../domain/group/member.ts'
import { nextService } from '../../domain/objects/strategy.ts'
import { judge } from '../../domain/plan/judge.ts'
import { type Plan, refused } from '../../domain/plan/plan.ts'
import type { Drawing } from '../draw/drawing.ts'
import { fit, wrap, widthOf } from '../draw/width.ts'
import { printable } from '../../text/printable.ts'
import { portsOf } from './forwarded-ports.ts'
import { mark } from './gutter.ts'
import { pastOf } from './past.ts'
import { currentGroup, currentRow, type Model, type ScreenState } from './state.ts'

/** Something a person takes elsewhere: a command, an address, a hash. */
export interface Shareable {
  readonly what: string
  readonly text: string
}

/** What can be copied of the group that is selected or open, what leads on first. */
export function shareables(state: ScreenState, model: Model): Shareable[] {
  const view = currentGroup(state, model)
  if (view === undefined) return []
  const on = (...words: string[]) => model.typed(callOn({ group: view.name, namespace: view.namespace }, ...words))
  const row = currentRow(state, view) ?? view.rows[0]
  const service = row?.member.next && nextService(row.member.strategy)
  const moves = (plan: Plan) => plan.waves.length > 0 && !refused(plan)
  const unasked = (verb: string) => ({ what: 'in a pipeline', text: on(verb, '--yes') })
  const verbs = (verb: string, is: boolean) => (is ? [{ what: verb, text: on(verb) }, unasked(verb)] : [])
  const { releases, at } = pastOf(state, model)
  const past = state.page === 'history' ? releases[at] : undefined
  return [
    ...(past === undefined || past.state === 'live' || past.state === 'waits'
      ? []
      : [{ what: 'undo-all', text: on('undo-all', `--to=${past.name}`) }]),
    ...(view.next === undefined ? [] : [{ what: view.next.words[0] ?? '', text: model.typed(view.next) }]),
    ...(moves(view.plan) ? [unasked('promote-all')] : []),
    { what: 'shows this', text: on('get-group') },
    { what: 'shows it live', text: on('get-group', '-w') },
    { what: 'what is wrong', text: on('check') },
    { what: 'waits for gate', text: on('wait', '--for=gate') },
    { what: 'forwards', text: on('forward') },
    ...portsOf(view, state, model).map(({ member, side, address }) => ({
      what: `${side} of ${member}`,
      text: address,
    })),
    ...verbs('abort-all', moves(judge(view.group).plan('abort-all'))),
    ...verbs('undo-all', undoing(view.group, undefined, []).state === 'found'),
    ...(service === undefined ? [] : [{ what: 'next address', text: `${service}.${view.namespace}.svc` }]),
    ...[row?.member.next, row?.member.live].flatMap((each) => (each === undefined ? [] : ofRevision(each))),
  ]
}

function ofRevision({ role, hash, template }: Revision): Shareable[] {
  const image = template.containers[0]?.image
  return [
    { what: `${role} hash`, text: hash },
    ...(image === undefined ? [] : [{ what: `${role} image`, text: image }]),
  ]
}

/** The chosen one. */
export function chosenOf(state: ScreenState, model: Model): Shareable | undefined {
  const all = shareables(state, model)
  return all[Math.min(state.chosen, all.length - 1)]
}

/** All that can be copied, a line each where there is room, the chosen one marked. */
export function shareableLines(state: ScreenState, model: Model, drawing: Drawing): string[] {
  const all = shareables(state, model)
  const chosen = chosenOf(state, model)
  const { width = 80, paint } = drawing
  const names = Math.max(0, ...all.map((each) => widthOf(each.what)))
  const beside = names + 4 + 30 <= width
  return all.flatMap(({ what, text }) => {
    const sign = mark(drawing, text === chosen?.text && what === chosen.what, false)
    const title = paint({ text: beside ? fit(what, names + 2) : what, tone: 'dim' })
    const lines = wrap(printable(text), Math.max(1, width - (beside ? names + 4 : 4)))
    return beside
      ? lines.map((line, index) => (index === 0 ? sign + title : ' '.repeat(names + 4)) + line)
      : [sign + title, ...lines.map((line) => `    ${line}`)]
  })
}
