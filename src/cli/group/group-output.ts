import type { Mode } from '../../domain/findings/mode.ts'
import { readGroup } from '../../domain/group/read-group.ts'
import type { Snapshot } from '../../domain/group/snapshot.ts'
import { printable } from '../../text/printable.ts'
import { groupDocument, groupList } from '../../view/documents/documents.ts'
import { sortedBy } from '../../view/documents/sorted-by.ts'
import type { Drawing } from '../../view/draw/drawing.ts'
import { painter } from '../../view/draw/theme.ts'
import { groupScreen, type TableChoice } from '../../view/words/group-screen.ts'
import { groupView, type GroupView } from '../../view/words/group-view.ts'
import { overviewTable, worstFirst } from '../../view/words/overview.ts'
import { groupsOf } from '../../watch/groups.ts'
import type { Arguments } from '../command.ts'
import type { CliContext } from '../context.ts'
import { flag, text, texts } from '../line/arguments.ts'
import type { GROUP_FORMATS } from '../line/formats.ts'
import { documentText, type Format } from '../terminal/format.ts'
import { drawingOn } from '../terminal/output.ts'

export type GroupFormat = Format<(typeof GROUP_FORMATS)[number]>

/** Every group of what was read: worst first, or as `--sort-by` wants them. */
export function viewsOf(
  snapshots: readonly Snapshot[],
  label: string,
  mode: Mode | undefined,
  args: Arguments,
  context: CliContext,
): readonly GroupView[] {
  const views = snapshots
    .flatMap((snapshot) => groupsOf(snapshot, label))
    .map((each) => groupView(readGroup(each.snapshot, each.name, mode), context.clock.now()))
  const path = text(args, 'sort-by')
  if (path === undefined) return worstFirst(views)
  const { typed } = drawingOn(context.stdout, args, context)
  return sortedBy(path, worstFirst(views), (view) => groupDocument(view, typed))
}

/** One group in the format that was asked for. @throws TemplateError */
export async function groupText(
  view: GroupView,
  format: GroupFormat,
  args: Arguments,
  context: CliContext,
): Promise<string> {
  const drawing = drawingOn(context.stdout, args, context)
  switch (format.name) {
    case 'text':
    case 'wide':
      return lines(groupScreen(view, drawing, await tableChoice(format, args)))
    case 'svg':
    case 'html':
      return picture(format.name, `Group ${view.name}`, groupScreen(view, pictured(drawing)))
    case 'name':
      return lines(view.rows.map((row) => `rollout.argoproj.io/${printable(row.member.name)}`))
    default:
      return documentText(groupDocument(view, drawing.typed), format.name, format.template, format.noHeaders)
  }
}

/** Several groups in the format that was asked for. @throws TemplateError */
export async function groupsText(
  views: readonly GroupView[],
  format: GroupFormat,
  args: Arguments,
  context: CliContext,
): Promise<string> {
  const drawing = drawingOn(context.stdout, args, context)
  const allNamespaces = flag(args, 'all-namespaces')
  switch (format.name) {
    case 'text':
    case 'wide':
      return lines(overviewTable(views, drawing, { ...(await tableChoice(format, args)), allNamespaces }))
    case 'svg':
    case 'html':
      return picture(format.name, 'Groups', overviewTable(views, pictured(drawing), { allNamespaces }))
    case 'name':
      return lines(views.map((view) => printable(allNamespaces ? `${view.namespace}/${view.name}` : view.name)))
    case 'ndjson':
      return (await Promise.all(views.map((view) => documentText(groupDocument(view, drawing.typed), 'ndjson')))).join(
        '',
      )
    default:
      return documentText(groupList(views, drawing.typed), format.name, format.template, format.noHeaders)
  }
}

async function tableChoice({ name, noHeaders }: GroupFormat, args: Arguments): Promise<TableChoice> {
  const labels = texts(args, 'label-columns')
    .flatMap((each) => each.split(','))
    .filter((each) => each !== '')
  const layout = name === 'wide' ? (await import('../../view/draw/grid.ts')).grid : undefined
  return { wide: name === 'wide', headers: !noHeaders, labels, layout }
}

/** Columns of a picture. */
const PICTURE = 110

function pictured(drawing: Drawing): Drawing {
  return { ...drawing, width: PICTURE, paint: painter(true) }
}

/** A screen as one file. */
async function picture(as: 'svg' | 'html', title: string, screen: readonly string[]): Promise<string> {
  if (as === 'html') return (await import('../../view/draw/html.ts')).htmlOf(title, screen)
  const [{ svgOf }, { cellsOf }] = await Promise.all([
    import('../../view/draw/svg.ts'),
    import('../../view/draw/picture.ts'),
  ])
  return svgOf(cellsOf(screen))
}

function lines(of: readonly string[]): string {
  return of.map((line) => `${line}\n`).join('')
}
