import { painter } from '../draw/theme.ts'
import { type KeyRow, OPEN } from './key-row.ts'
import { logLines } from './log-page.ts'
import { opened, turned } from './moves.ts'
import { chosenOf, shareables } from './shareable.ts'
import { currentGroup, currentRow, isRunning, type Model, type Reduced, type ScreenState } from './state.ts'

/** Puts text where a terminal pastes from, and says so. */
export function copied(state: ScreenState, text: string): Reduced {
  return { state: { ...state, notice: `copied: ${text}` }, effect: { type: 'copy', text } }
}

/** Keys by which a person takes something elsewhere. */
export const SHARING: readonly KeyRow[] = [
  {
    keys: ['e'],
    shown: 'e',
    does: 'commands that do the same',
    short: 'commands',
    pages: ['groups', ...OPEN.filter((each) => each !== 'commands')],
    keep: 3,
    blocked: nothingToShare,
    act: (state) => ({ state: { ...turned(state, 'commands'), chosen: 0 } }),
  },
  {
    keys: ['y'],
    shown: 'y',
    does: 'copy what is selected',
    short: 'copy',
    pages: ['groups', ...OPEN, 'log'],
    keep: 2,
    blocked: (state, model) => (state.page === 'log' ? undefined : nothingToShare(state, model)),
    act: (state, model) =>
      state.page === 'log'
        ? wholeLog(state, model)
        : copied(state, chosenOf(state.page === 'commands' ? state : { ...state, chosen: 0 }, model)!.text),
  },
  {
    keys: ['f'],
    shown: 'f',
    does: 'forward, or end it',
    short: 'forward',
    pages: ['groups', ...OPEN],
    keep: 4,
    named: canBeTried,
    blocked: (state, model) => (state.forwarding === undefined ? nothingToShare(state, model) : undefined),
    act: (state, model) => ({ state: state.forwarding === undefined ? forwarding(state, model) : ended(state) }),
  },
]

/** Whether something waits that a person may want to try. */
function canBeTried(state: ScreenState, model: Model): boolean {
  const waits = currentGroup(state, model)?.rows.some((each) => each.next !== '')
  return state.page === 'group' && !isRunning(state) && waits === true
}

function wholeLog(state: ScreenState, model: Model): Reduced {
  const lines = logLines(state, model, { width: undefined, paint: painter(false), typed: model.typed })
  return {
    state: { ...state, notice: `copied: the log, ${lines.length} lines` },
    effect: { type: 'copy', text: lines.join('\n') },
  }
}

/** What users have and what waits, where they come in and of the selected member. */
function forwarding(state: ScreenState, model: Model): ScreenState {
  const view = currentGroup(state, model)!
  const { namespace, name } = view
  const there = state.page === 'groups' ? opened(state, model) : state
  const member = (currentRow(there, view) ?? view.rows[0]!).member.name
  return {
    ...there,
    forwarding: { namespace, name, member },
    notice: FORWARDING,
  }
}

/** The note of what is forwarded while its addresses are not known yet. */
export const FORWARDING = 'forwarding, until f ends it…'

/** Names these in the note, once they are. */
export function told(state: ScreenState, { forwarded }: Model): ScreenState {
  if (state.notice !== FORWARDING) return state
  const { ports = [], trouble } = forwarded ?? {}
  const reached = ports.filter((each) => each.reached)
  const on = (reached.length > 0 ? reached : ports).map(
    ({ member, side, address }) => `${member} ${side} on ${address}`,
  )
  const not = ports
    .filter((each) => !each.reached)
    .map(({ member, side, leadsTo }) => `; ${member} ${side} leads to ${leadsTo}`)
  if (on.length === 0 && trouble === undefined) return state
  const notice = on.length === 0 ? trouble! : `${on.join(', ')}${not.join('')}; f ends it`
  return { ...state, notice }
}

function ended(state: ScreenState): ScreenState {
  return { ...state, forwarding: undefined, notice: `${state.forwarding!.name} is not forwarded any more` }
}

function nothingToShare(state: ScreenState, model: Model): string | undefined {
  return shareables(state, model).length === 0 ? 'there is no group' : undefined
}
