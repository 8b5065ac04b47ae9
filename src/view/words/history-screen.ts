import { listed } from '../../domain/checks/say.ts'
import type { PastRelease } from '../../domain/group/past-releases.ts'
import type { waysTo } from '../../domain/release/ways-to.ts'
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

/** A release, and the way to it. */
type Told = ReturnType<typeof waysTo>[number]

interface HistoryColumn extends Column {
  readonly wide?: true
  readonly cell: (told: Told, now: number) => Cell
}

const RELEASES: readonly HistoryColumn[] = [
  { title: 'RELEASE', keep: 9, shrinksTo: 8, cell: ({ release: { name } }) => ({ text: name }) },
  { title: 'STATE', keep: 8, shrinksTo: 6, cell: ({ release: { state } }) => STATES[state] },
  {
    title: 'SINCE',
    keep: 5,
    shrinksTo: 6,
    cell: ({ release: { since } }, now) => ({ text: since === undefined ? '-' : `${age(now - since)} ago` }),
  },
  { title: 'BY', keep: 3, cell: ({ release: { by } }) => ({ text: by ?? '-' }) },
  { title: 'MADE', keep: 2, cell: ({ release: { made } }, now) => ({ text: `${age(now - made)} ago` }) },
  {
    title: 'MEMBERS',
    keep: 1,
    cell: ({ release: { revisions } }) => ({ text: revisions.map((each) => each.member).join(', ') }),
  },
  {
    title: 'HASHES',
    keep: 0,
    wide: true,
    cell: ({ release: { revisions } }) => ({
      text: revisions.map((each) => `${each.hash} (r${each.revision})`).join(', '),
    }),
  },
  { title: 'WAY BACK', keep: 7, shrinksTo: 12, cell: back },
]

/** The releases of a group, one line each, the newest first; `wide` shows every column, however wide that is. */
export function historyTable(
  releases: readonly Told[],
  now: number,
  { width, paint }: Drawing,
  wide: boolean,
): string[] {
  const columns = RELEASES.filter((each) => wide || each.wide !== true)
  return drawTable(
    columns,
    releases.map((told) => columns.map((each) => each.cell(told, now))),
    { width: wide ? undefined : width, paint },
  )
}

/** What brings a release back as it was, as things stand, and whether its pods still run. */
function back({ release: { state, pods }, way }: Told, now: number): Cell {
  const until = pods?.until === undefined || pods.until < now ? '' : ` until ${clockTime(pods.until)}`
  const run = pods === undefined ? [] : [`its pods run${until}`]
  switch (way.state) {
    case 'none':
      return state === 'live' || run.length === 0 ? { text: '-', tone: 'dim' } : { text: run.join('') }
    case 'lost':
      return { text: `not as it was: ${way.lacks.join(', ')}`, tone: 'warn' }
    case 'barred':
      return { text: `not beside ${listed(way.by)}`, tone: 'warn' }
    case 'open':
      return { text: [way.verbs.join(', then '), ...run].join('; ') }
  }
}
