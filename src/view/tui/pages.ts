import { graphText } from '../words/graph-text.ts'
import { historyTable } from '../words/history-screen.ts'
import { overviewTable } from '../words/overview.ts'
import type { Drawing } from '../draw/drawing.ts'
import { differenceLines } from './difference.ts'
import { groupPage } from './group-page.ts'
import { inGutter, inner, mark } from './gutter.ts'
import { helpLines } from './help-page.ts'
import { bare, scrolled, type Scrolled, windowOf } from './layout.ts'
import { memberDetail } from './member-detail.ts'
import { chosenPast, pastOf } from './moves.ts'
import { logLines } from './log-page.ts'
import { shareableLines } from './shareable.ts'
import { currentGroup, currentRow, keyOf, type Model, type ScreenPage, shownGroups, type ScreenState } from './state.ts'

/** A page's lines, no more than the height it is given. */
type Draw = (state: ScreenState, model: Model, height: number, drawing: Drawing) => Scrolled

/** Every page. */
export const PAGES: Record<ScreenPage, Draw> = {
  groups: (state, model, height, drawing) => {
    const groups = shownGroups(state, model)
    const selected = currentGroup(state, model)
    if (selected === undefined)
      return still([
        state.onlyWrong
          ? 'Nothing is wrong with any group; z shows all.'
          : state.filter === ''
            ? 'No groups: no rollout here has the label that makes one.'
            : `No group is called ${state.filter}; esc shows all.`,
      ])
    const { start, end } = windowOf(groups.length, height - 1, groups.indexOf(selected))
    const shown = groups.slice(start, end)
    const several = groups.some((each) => each.namespace !== groups[0]!.namespace)
    const lines = overviewTable(shown, inner(drawing), { allNamespaces: several })
    return still(
      inGutter(lines, ['  ', ...shown.map((view) => mark(drawing, view === selected, model.changed.has(keyOf(view))))]),
    )
  },
  group: groupPage,
  member: (state, model, height, drawing) => {
    const view = currentGroup(state, model)
    const row = view && currentRow(state, view)
    if (view === undefined || row === undefined) return still(['This rollout is gone, or not in the group any more.'])
    return scrolled(memberDetail(row, view, model, drawing), height, state.scroll)
  },
  graph: (state, model, height, drawing) => {
    const view = currentGroup(state, model)
    return view === undefined ? still([]) : scrolled(graphText(view, drawing).slice(2), height, state.scroll)
  },
  difference: (state, model, height, drawing) => {
    const view = currentGroup(state, model)
    const row = view && currentRow(state, view)
    return row === undefined ? still([]) : scrolled(differenceLines(row, view!, drawing), height, state.scroll)
  },
  history: (state, model, height, drawing) => {
    const releases = pastOf(state, model)
    const chosen = chosenPast(state, model)
    if (chosen === undefined) return still(['This group is gone: no rollout has its label any more.'])
    const at = releases.findIndex((each) => each.name === chosen.name)
    const [head = '', ...lines] = historyTable(releases, model.now, inner(drawing), false)
    const { start, end } = windowOf(releases.length, height - 1, at)
    const marks = releases.map((_, index) => mark(drawing, index === at, false))
    return still(inGutter([head, ...lines.slice(start, end)], ['  ', ...marks.slice(start, end)]))
  },
  commands: (state, model, height, drawing) => {
    const lines = shareableLines(state, model, drawing)
    const at = lines.findIndex((line) => bare(line).startsWith('▸'))
    return { lines: lines.slice(Math.max(0, Math.min(at - 2, lines.length - height))).slice(0, height), deepest: 0 }
  },
  log: (state, model, height, drawing) => scrolled(logLines(state, model, drawing), height, state.scroll),
  help: (state, model, height, drawing) => scrolled(helpLines(model, drawing), height, state.scroll),
}

function still(lines: readonly string[]): Scrolled {
  return { lines, deepest: 0 }
}
