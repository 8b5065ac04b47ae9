import type { PastRelease } from '../../domain/group/past-releases.ts'
import type { Drawing } from '../draw/drawing.ts'
import { type Column, drawTable } from '../draw/table.ts'
import { type Cell, SIGNS, type Tone } from '../draw/theme.ts'
import { age, clockTime } from '../draw/time.ts'

/** Every state of a release, in a word, with its sign. */
const STATES: Record<PastRelease['state'], { readonly text: string; readonly tone: Tone }> = {
  live: { text: `${SIGNS.good} live`, tone: 'good' },
  'in-part': { text: `${SIGNS.paused} live in part`, tone: 'warn' },
  waits: { text: `${SIGNS.paused} waits`, tone: 'wait' },
  withdrawn: { text: `${SIGNS.note} withdrawn`, tone: 'dim' },
  past: { text: `${SIGNS.note} past`, tone: 'dim' },
  maybe: { text: `${SIGNS.unknown} maybe past`, tone: 'dim' },
}

interface HistoryColumn extends Column {
  readonly wide?: true
  readonly cell: (release: PastRelease, now: number) => Cell
}

const RELEASES: readonly HistoryColumn[] = [
  { title: 'RELEASE', keep: 9, shrinksTo: 8, cell: ({ name }) => ({ text: name }) },
  { title: 'STATE', keep: 8, shrinksTo: 6, cell: ({ state }) => STATES[state] },
  {
    title: 'SINCE',
    keep: 5,
    shrinksTo: 6,
    cell: ({ since }, now) => ({ text: since === undefined ? '-' : `${age(now - since)} ago` }),
  },
  { title: 'BY', keep: 3, cell: ({ by }) => ({ text: by ?? '-' }) },
  { title: 'MADE', keep: 2, cell: ({ made }, now) => ({ text: `${age(now - made)} ago` }) },
  {
    title: 'MEMBERS',
    keep: 1,
    cell: ({ revisions }) => ({ text: revisions.map((each) => each.member).join(', ') }),
  },
  {
    title: 'HASHES',
    keep: 0,
    wide: true,
    cell: ({ revisions }) => ({ text: revisions.map((each) => `${each.hash} (r${each.revision})`).join(', ') }),
  },
  { title: 'WAY BACK', keep: 7, shrinksTo: 12, cell: (release, now) => back(release, now) },
]

/** The releases of a group, one line each, the newest first. */
export function historyTable(
  releases: readonly PastRelease[],
  now: number,
  { width, paint }: Drawing,
  wide: boolean,
): string[] {
  const columns = RELEASES.filter((each) => wide || each.wide !== true)
  return drawTable(
    columns,
    releases.map((release) => columns.map((each) => each.cell(release, now))),
    { width, paint },
  )
}

/** Whether undo-all can bring a release back as it was, and whether its pods still run. */
function back({ state, pods, lacks, beside }: PastRelease, now: number): Cell {
  // Of one whose members were not changed since, those beside it may have been.
  if (state === 'live' && beside.every((each) => each.role === 'live')) return { text: '-', tone: 'dim' }
  if (lacks.length > 0) return { text: `not as it was: ${lacks.join(', ')}`, tone: 'warn' }
  if (pods === undefined) return { text: 'undo-all' }
  const until = pods.until === undefined || pods.until < now ? '' : ` until ${clockTime(pods.until)}`
  return { text: `${state === 'waits' ? '' : 'undo-all; '}its pods run${until}` }
}
