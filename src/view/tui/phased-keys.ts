import { listed } from '../../domain/checks/say.ts'
import type { Group } from '../../domain/group/read-group.ts'
import { type PastRelease, pastReleases } from '../../domain/group/past-releases.ts'
import { waysTo } from '../../domain/release/ways-to.ts'
import { lostParts, type Undoing, undoing } from '../../domain/release/undo.ts'
import type { GroupView } from '../words/group-view.ts'
import { type KeyRow, OPEN } from './key-row.ts'
import { opened } from './moves.ts'
import { pastOf } from './past.ts'
import { keysOn } from './run-pane.ts'
import { BRING_BACK, SETTLE, typedName, UNDO, type Wish } from './running.ts'
import { currentGroup, keyOf, type Model, type Reduced, type ScreenState } from './state.ts'
import { canWrite, membersOf, noWrite, opening, ways } from './verb-keys.ts'

const isToldOn = (key: string, state: ScreenState): boolean => keysOn(state).includes(key)

/** Keys of several runs that follow upon each other: the first plan is made of more than is seen here. */
export const PHASED: readonly KeyRow[] = [
  {
    keys: ['u'],
    shown: 'u',
    does: 'undo-all',
    pages: ['groups', ...OPEN],
    short: (state, model) => (isHalf(state, model) ? 'bring back' : 'undo-all'),
    keep: 5,
    named: (state, model) =>
      canWrite(state, model) &&
      (isToldOn('u', state) ||
        isHalf(state, model) ||
        membersOf(state, model).every((each) => each.next === undefined)),
    blocked: noWrite,
    act: goBack,
  },
  {
    keys: ['S'],
    shown: 'S',
    does: 'settle',
    pages: ['groups', ...OPEN],
    keep: 5,
    named: (state, model) =>
      canWrite(state, model) && (isToldOn('S', state) || isUnsettled(currentGroup(state, model))),
    blocked: noWrite,
    act: (state, model) => workedOut(state, model, SETTLE),
  },
]

/** The key of what is chosen among past releases. */
export const BACK_TO: KeyRow = {
  keys: ['enter'],
  shown: '⏎',
  does: 'back to a past release',
  short: 'back to it',
  pages: ['history'],
  keep: 7,
  named: canWrite,
  blocked: noWrite,
  act: goBack,
}

/** Whether users are on a part of a release: what waits of it cannot be withdrawn before they are back. */
function isHalf(state: ScreenState, model: Model): boolean {
  return currentGroup(state, model)?.verdict.state === 'half'
}

const WITHDRAWING = opening('abort-all', 5)

/** The key that withdraws, which `u` stands in for where users come back first. */
export const WITHDRAW: KeyRow = {
  ...WITHDRAWING,
  named: (state, model) => !isHalf(state, model) && WITHDRAWING.named?.(state, model) !== false,
}

/** Whether nothing is to be done but to point consumers back. */
export function isUnsettled(view: GroupView | undefined): boolean {
  return view?.verdict.state === 'settled' && view.findings.some((each) => each.code === 'live-wired-to-next')
}

const TO_ITS_END = 'no part of it goes back alone; p takes users to all of it, and u back from there'

/** To the release that is chosen among those of the past; elsewhere to the one before. */
function goBack(state: ScreenState, model: Model): Reduced {
  const view = currentGroup(state, model)!
  if (state.page === 'history') return goBackTo(state, model)
  const undo = undoing(view.group, undefined, [])
  if (undo.state === 'under-way' && undo.inPart)
    return undo.toItsEnd ? { state: { ...state, notice: TO_ITS_END } } : workedOut(state, model, BRING_BACK)
  const why = notBack(view, undo)
  return why === undefined ? workedOut(state, model, UNDO) : { state: { ...state, notice: why } }
}

function goBackTo(state: ScreenState, model: Model): Reduced {
  const { releases, at } = pastOf(state, model)
  const chosen = releases[at]
  if (typeof model.past !== 'object' || chosen === undefined)
    return { state: { ...state, notice: 'no release of the past is known yet' } }
  const { way } = waysTo(model.past)[at]!
  if (way.state === 'open' && way.verbs[0] === typedName(BRING_BACK))
    return way.verbs.length === 1
      ? workedOut(state, model, BRING_BACK)
      : { state: { ...state, notice: `before that users come back from what they are on a part of: ${way.verbs[0]}` } }
  const why = way.state === 'open' && way.verbs[0] === 'promote-all' ? TO_ITS_END : notTo(model.past, chosen)
  return why === undefined
    ? workedOut(state, model, { ...UNDO, to: chosen.name, asks: `Go to release ${chosen.name}` })
    : { state: { ...state, notice: why } }
}

/** Its first plan is shown once it is there. */
function workedOut(state: ScreenState, model: Model, wish: Wish): Reduced {
  const view = currentGroup(state, model)!
  const { namespace, name } = view
  const there = state.page === 'groups' ? opened(state, model) : state
  const asking = { group: keyOf(view), deed: wish, said: [] }
  return {
    state: { ...there, asking, notice: `${typedName(wish)}: its plan is being worked out…` },
    effect: { type: 'phases', wish, place: { namespace, name } },
  }
}

/** Why there is no way to a release of the past, as far as that is seen here. */
function notTo(group: Group, { name, state }: PastRelease): string | undefined {
  if (state === 'waits') return `release ${name} waits, and users were never on it; p shows how they come to it`
  const undo = undoing(group, name, [])
  if (undo.state === 'there') return `users are on release ${name}; choose another one`
  return undo.state === 'lost' ? lostParts(group, undo.release).sentence : undefined
}

/** Why there is no way back, and what there is instead, as far as that is seen here. */
function notBack({ group, ...view }: GroupView, undo: Undoing): string | undefined {
  if (undo.state !== 'none' && undo.state !== 'under-way') return undefined
  const maybe = pastReleases(group)
    .filter((each) => each.state === 'maybe')
    .map((each) => each.name)
  const why =
    undo.state === 'under-way'
      ? [`release ${undo.name} waits`]
      : [
          'no release is known that users were on before',
          ...(maybe.length === 0 ? [] : [`${listed(maybe)} may have been: h shows them, and ⏎ there goes back`]),
        ]
  return [...why, ...ways({ group, ...view }, undefined)].join('; ')
}
