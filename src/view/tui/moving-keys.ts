import { type KeyRow, LISTS } from './key-row.ts'
import { back, END, leapt, moved, nothingToOpen, opened } from './moves.ts'
import { ALL } from './state.ts'

/** Keys by which a person looks around. */
export const MOVING: readonly KeyRow[] = [
  {
    keys: ['up', 'k'],
    shown: '↑ k',
    does: 'up',
    pages: ALL,
    keep: 0,
    act: (state, model) => ({ state: moved(state, model, -1) }),
  },
  {
    keys: ['down', 'j'],
    shown: '↓ j',
    does: 'down',
    pages: ALL,
    keep: 0,
    act: (state, model) => ({ state: moved(state, model, 1) }),
  },
  {
    keys: ['pageup', 'ctrl-b', 'ctrl-u'],
    shown: 'PgUp',
    does: 'a page up, of what is below',
    pages: ALL,
    keep: 0,
    act: (state, model) => ({ state: leapt(state, model, -1) }),
  },
  {
    keys: ['pagedown', ' ', 'ctrl-f', 'ctrl-d'],
    shown: 'PgDn',
    does: 'a page down',
    short: 'more',
    pages: ALL,
    keep: 5,
    // What has a line in sight says so itself.
    named: (_state, { deepest, sight }) => deepest > 0 && sight === 0,
    act: (state, model) => ({ state: leapt(state, model, 1) }),
  },
  {
    keys: ['home'],
    shown: 'Home gg',
    does: 'to the first',
    pages: ALL,
    keep: 0,
    act: (state, model) => ({ state: moved(state, model, -END) }),
  },
  {
    // Where a graph can be opened, the first of two does that, and the second comes back to where both lead.
    keys: ['g'],
    shown: 'g',
    does: 'to the first',
    aside: true,
    pages: ['groups', 'graph', 'log', 'help'],
    keep: 0,
    act: (state, model) => ({ state: moved(state.page === 'graph' ? back(state) : state, model, -END) }),
  },
  {
    keys: ['end', 'G'],
    shown: 'End G',
    does: 'to the last',
    pages: ALL,
    keep: 0,
    act: (state, model) => ({ state: moved(state, model, END) }),
  },
  {
    keys: ['enter', 'right'],
    shown: '⏎',
    does: 'open',
    pages: LISTS,
    keep: 7,
    blocked: nothingToOpen,
    act: (state, model) => ({ state: opened(state, model) }),
  },
]
