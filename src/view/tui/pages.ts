import { graphText } from '../words/graph-text.ts'
import { waysTo } from '../../domain/release/ways-to.ts'
import { historyTable } from '../words/history-screen.ts'
import { overviewTable } from '../words/overview.ts'
import type { Drawing } from '../draw/drawing.ts'
import { differenceLines } from './difference.ts'
import { groupPage } from './group-page.ts'
import { inGutter, inner, inSight, mark } from './gutter.ts'
import { helpLines } from './help-page.ts'
import { bare, scrolled, type Scrolled, still } from './layout.ts'
import { memberDetail } from './member-detail.ts'
import { pastOf } from './past.ts'
import { logLines } from './log-page.ts'
import { standing } from './run-pane.ts'
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
    const shown = inSight(groups, height - 1, groups.indexOf(selected))
    const several = groups.some((each) => each.namespace !== groups[0]!.namespace)
    const lines = overviewTable(
      shown.map(({ row }) => ({ ...row, verdict: standing(row, state) })),
      inner(drawing),
      { allNamespaces: several },
    )
    const marks = shown.map(({ row, more }) => mark(drawing, row === selected, model.changed.has(keyOf(row)), more))
    return still(inGutter(lines, ['  ', ...marks]), shown.length)
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
    if (typeof model.past !== 'object') return still([model.past ?? 'Reading what earlier revisions rest on…'])
    const { at } = pastOf(state, model)
    const [head = '', ...lines] = historyTable(waysTo(model.past), model.now, inner(drawing), false)
    const shown = inSight([...lines.entries()], height - 1, at)
    const marks = shown.map(({ row: [index], more }) => mark(drawing, index === at, false, more))
    return still(inGutter([head, ...shown.map(({ row: [, line] }) => line)], ['  ', ...marks]), shown.length)
  },
  commands: (state, model, height, drawing) => {
    const lines = shareableLines(state, model, drawing)
    const at = lines.findIndex((line) => bare(line).startsWith('▸'))
    return still(lines.slice(Math.max(0, Math.min(at - 2, lines.length - height))).slice(0, height))
  },
  log: (state, model, height, drawing) => scrolled(logLines(state, model, drawing), height, state.scroll),
  help: (state, model, height, drawing) => scrolled(helpLines(model, drawing), height, state.scroll),
}
