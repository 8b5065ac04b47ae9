import { pastOf } from './past.ts'
import { shareables } from './shareable.ts'
import {
  currentGroup,
  currentRow,
  keyOf,
  type Model,
  type ScreenPage,
  type ScreenPlace,
  shownGroups,
  shownRows,
  type ScreenState,
} from './state.ts'

/** More than any page has lines. */
export const END = Number.MAX_SAFE_INTEGER

/** Why nothing can be opened. */
export function nothingToOpen(state: ScreenState, model: Model): string | undefined {
  const view = currentGroup(state, model)
  return (state.page === 'groups' ? view : view && currentRow(state, view)) === undefined
    ? 'there is nothing to open'
    : undefined
}

/** Why there is no way back. */
export function nothingBehind(state: ScreenState): string | undefined {
  const shut = state.filter !== '' || state.onlyWrong
  return state.behind.length > 0 || shut || state.run?.state === 'over' ? undefined : 'q quits'
}

/** Another page, with the one it was left from behind it. */
export function turned(state: ScreenState, page: ScreenPage, scroll = 0): ScreenState {
  const { page: from, filter, scroll: at } = state
  const place: ScreenPlace = { page: from, filter, scroll: at }
  return { ...state, page, scroll, filter: '', behind: [place, ...state.behind] }
}

/** First the report of a run is put away, then the filter, then the page. */
export function back(state: ScreenState): ScreenState {
  if (state.page === 'group' && state.run?.state === 'over') return { ...state, run: undefined, scroll: 0 }
  if (state.filter !== '') return { ...state, filter: '' }
  if (state.onlyWrong && (state.page === 'groups' || state.page === 'group')) return { ...state, onlyWrong: false }
  const [place, ...behind] = state.behind
  return place === undefined ? state : { ...state, ...place, behind }
}

/** The page of the group, on which a run is shown. */
export function home(state: ScreenState): ScreenState {
  if (state.page === 'group') return state
  const at = state.behind.findIndex((each) => each.page === 'group')
  return at < 0 ? turned(state, 'group') : { ...state, ...state.behind[at], behind: state.behind.slice(at + 1) }
}

/** The page of what is selected. */
export function opened(state: ScreenState, model: Model): ScreenState {
  const view = currentGroup(state, model)!
  return state.page === 'groups'
    ? { ...turned(state, 'group'), group: keyOf(view), member: undefined }
    : { ...turned(state, 'member'), member: currentRow(state, view)!.member.name }
}

/** The difference of the selected member, which is the one that is open from then on. */
export function comparing(state: ScreenState, model: Model): ScreenState {
  const view = currentGroup(state, model)
  const member = view && currentRow(state, view)?.member.name
  return { ...turned(state, 'difference'), member }
}

/** The selection on lists, the window on pages of text. */
export function moved(state: ScreenState, model: Model, by: number): ScreenState {
  const view = currentGroup(state, model)
  switch (state.page) {
    case 'groups':
      return { ...state, group: near(shownGroups(state, model).map(keyOf), view && keyOf(view), by) }
    case 'group': {
      const row = view && currentRow(state, view)
      return view === undefined
        ? state
        : {
            ...state,
            scroll: state.run === undefined ? 0 : state.scroll,
            member: near(
              shownRows(state, view).map((each) => each.member.name),
              row?.member.name,
              by,
            ),
          }
    }
    case 'history':
      return { ...state, past: pastOf({ ...state, past: pastOf(state, model).at + by }, model).at }
    case 'commands': {
      const last = shareables(state, model).length - 1
      return { ...state, chosen: Math.max(0, Math.min(last, Math.min(state.chosen, last) + by)) }
    }
    default:
      return scrolledBy(state, model, by)
  }
}

/** Lines that are new when one goes on by what is in sight: the last one says how many more there are. */
export function pageOf({ sight }: Model): number {
  return Math.max(1, sight - 1)
}

/** By what is in sight; on a group's page, of what is below its members. */
export function leapt(state: ScreenState, model: Model, direction: 1 | -1): ScreenState {
  const by = direction * pageOf(model)
  return state.page === 'groups' || state.page === 'history' ? moved(state, model, by) : scrolledBy(state, model, by)
}

function scrolledBy(state: ScreenState, model: Model, by: number): ScreenState {
  const scroll = Math.max(0, Math.min(state.scroll, model.deepest) + by)
  return { ...state, scroll: state.page === 'log' && scroll >= model.deepest ? END : Math.min(scroll, model.deepest) }
}

function near(names: readonly string[], from: string | undefined, by: number): string | undefined {
  const at = from === undefined ? -1 : names.indexOf(from)
  return names[Math.min(Math.max(at + by, 0), names.length - 1)]
}

/** The page of a group by its name, by its namespace and name, or by a part of these that only one has. */
export function gone(state: ScreenState, model: Model, to: string): ScreenState {
  const asked = { ...state, place: undefined }
  const all = model.views ?? []
  const [exact, part, within] = [
    all.filter((each) => each.name === to || keyOf(each) === to),
    all.filter((each) => keyOf(each).includes(to)),
    all.filter((each) => each.namespace === to),
  ]
  const [only, another] = exact.length > 0 ? exact : part
  if (to === '') return asked
  if (only !== undefined && another === undefined)
    return { ...turned({ ...asked, onlyWrong: false }, 'group'), group: keyOf(only), member: undefined }
  if (state.behind.length === 0 && state.page !== 'groups')
    return { ...asked, notice: `only ${all.map(keyOf).join(', ')} is watched here; get-group -A -w watches all` }
  if (only !== undefined || within.length > 0)
    return { ...asked, page: 'groups', behind: [], scroll: 0, filter: within.length > 0 ? `${to}/` : to }
  return { ...asked, notice: `no group or namespace is called ${to}` }
}
