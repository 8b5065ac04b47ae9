import { forbids } from '../../domain/findings/finding.ts'
import { printable } from '../../text/printable.ts'
import type { Drawing } from '../draw/drawing.ts'
import { type Column, drawTable } from '../draw/table.ts'
import type { Cell } from '../draw/theme.ts'
import { labelColumn, type TableChoice } from './group-screen.ts'
import type { GroupView } from './group-view.ts'
import { type Verdict, VERDICTS } from './verdict.ts'

const RANK = new Map(Object.keys(VERDICTS).map((state, index) => [state as Verdict['state'], index]))

/** Groups as a person wants to meet them: the worst first, then by namespace and name. */
export function worstFirst(views: readonly GroupView[]): GroupView[] {
  const order = (one: string, other: string) => (one < other ? -1 : one > other ? 1 : 0)
  return [...views].sort(
    (a, b) =>
      RANK.get(a.verdict.state)! - RANK.get(b.verdict.state)! ||
      order(a.namespace, b.namespace) ||
      order(a.name, b.name),
  )
}

const GROUPS: readonly (Column & { readonly when?: 'all-namespaces' | 'wide'; cell(view: GroupView): Cell })[] = [
  {
    title: 'NAMESPACE',
    keep: 7,
    shrinksTo: 16,
    names: true,
    when: 'all-namespaces',
    cell: (view) => ({ text: view.namespace }),
  },
  { title: 'GROUP', keep: 9, shrinksTo: 10, names: true, cell: (view) => ({ text: view.name }) },
  { title: 'ROLLOUTS', keep: 2, cell: (view) => ({ text: String(view.rows.length) }) },
  { title: 'LIVE', keep: 6, shrinksTo: 6, cell: (view) => ({ text: versions(view, (row) => row.live) }) },
  { title: 'NEXT', keep: 5, shrinksTo: 6, cell: (view) => ({ text: versions(view, (row) => row.next) }) },
  { title: 'MODE', keep: 1, cell: (view) => ({ text: view.mode }) },
  { title: 'ENTRIES', keep: 0, when: 'wide', cell: (view) => ({ text: view.graph.entries.join(',') }) },
  {
    title: 'STATUS',
    keep: 8,
    shrinksTo: 24,
    cell: ({ verdict: { sign, words, tone } }) => ({ text: `${sign} ${words}`, tone }),
  },
  { title: '', keep: 4, shrinksTo: 10, cell: (view) => ({ text: reason(view), tone: 'dim' }) },
]

/** The groups of a namespace, or of all, one line each. */
export function overviewTable(
  views: readonly GroupView[],
  { width, paint }: Drawing,
  {
    allNamespaces,
    wide = false,
    headers = true,
    labels = [],
    layout,
  }: TableChoice & { readonly allNamespaces: boolean },
): string[] {
  const columns = [
    ...GROUPS.filter((each) => each.when === undefined || (each.when === 'wide' ? wide : allNamespaces)),
    ...labels.map((label) => ({
      ...labelColumn(label),
      cell: ({ rows }: GroupView) => ({
        text: [...new Set(rows.flatMap(({ member }) => member.labels.get(label) ?? []))].join(','),
      }),
    })),
  ]
  return drawTable(
    columns,
    views.map((view) => columns.map((column) => column.cell(view))),
    { width: wide ? undefined : width, paint, headers, layout },
  )
}

/** The versions that members have on one side, each once. */
function versions(view: GroupView, of: (row: GroupView['rows'][number]) => string): string {
  const found = [...new Set(view.rows.map(of).filter((each) => each !== '' && each !== '-'))]
  return printable(found.length > 2 ? `${found.slice(0, 2).join(', ')}, …` : found.join(', '))
}

function reason(view: GroupView): string {
  const errors = view.findings.filter((each) => each.severity === 'error' && forbids(each))
  const [first] = errors
  if (first?.code === view.verdict.words) return first.members.join(', ')
  return first === undefined
    ? (view.rows.find((row) => row.note.tone === 'wait')?.note.text ?? '')
    : `${first.code}${errors.length > 1 ? ` and ${errors.length - 1} more` : ''}`
}
