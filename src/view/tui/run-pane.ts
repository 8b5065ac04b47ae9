import { forbids } from '../../domain/findings/finding.ts'
import { versionsIn } from '../../domain/actions/step.ts'
import { EXIT } from '../../domain/run/outcome.ts'
import { printable } from '../../text/printable.ts'
import { progressLine, progressLines } from '../words/progress-line.ts'
import { leadsOn, reportScreen, wholeScreen } from '../words/report-screen.ts'
import type { LeadsOn } from '../words/outcomes.ts'
import type { ProgressRow } from '../words/progress-row.ts'
import type { Drawing } from '../draw/drawing.ts'
import { findingLines } from '../words/finding.ts'
import { SIGNS } from '../draw/theme.ts'
import { widthOf, wrap } from '../draw/width.ts'
import { phaseWords, type Run, type RunEnd, type Wish } from './running.ts'
import type { GroupView } from '../words/group-view.ts'
import type { Verdict } from '../words/verdict.ts'
import { keyOf, type ScreenState } from './state.ts'
import { lasting } from './time-words.ts'

/** A run in one line: how far it is, and what x does. */
export function runTitle(run: Run, now: number): string {
  const { deed, plan, state, since } = run
  const phase = phaseWords(run.phases)
  const told =
    `${SIGNS.wait} ${deed.name} of ${plan.group}: ${phase === undefined ? '' : `${phase}: `}` +
    `${waveWords(run)}, ${lasting(now - since)}`
  switch (state) {
    case 'running':
      return `${told}; x stops it`
    case 'stopping':
      return `${told}; stopping, x again ends it now`
    case 'ending':
      return `${told}; ending`
    case 'over':
      return `${deed.name} of ${plan.group} is over; esc puts this away, l shows the log`
  }
}

function waveWords({ plan, rows }: Run): string {
  const wave = Math.max(1, ...rows.map((each) => Number(each.wave)))
  return `wave ${wave} of ${plan.waves.length}`
}

/** How a group stands: where a run of it goes on, that it does, beside what is bad alone. */
export function standing({ verdict, ...view }: GroupView, state: Pick<ScreenState, 'run'>): Verdict {
  const { run } = state
  if (run === undefined || run.state === 'over' || run.group !== keyOf(view)) return verdict
  const goesOn = `${run.deed.name}: ${phaseWords(run.phases) ?? waveWords(run)}`
  return verdict.tone === 'bad'
    ? { ...verdict, words: `${verdict.words}   ${SIGNS.wait} ${goesOn}` }
    : { ...verdict, sign: SIGNS.wait, words: goesOn, tone: 'wait' }
}

/** A run in place. */
export interface RunPane {
  readonly title: readonly string[]
  /** What happened, what it waits for, what has still to come; once it is over, first what it came to. */
  readonly lines: readonly string[]
  /** How many of the lines must be above the lower end of a window: all up to what it does now. */
  readonly now: number
}

export function runPane(run: Run, now: number, drawing: Drawing): RunPane {
  const { paint, width = Infinity } = drawing
  const names = Math.max(0, ...run.plan.waves.flat().map((each) => widthOf(printable(each.member))))
  const drawn = (rows: readonly ProgressRow[]) =>
    rows.flatMap((row) =>
      row.passing ? [progressLine(row, names, paint, drawing.width)] : progressLines(row, names, paint, width),
    )
  const title = wrap(printable(runTitle(run, now)), width).map((text) => paint({ text, tone: 'strong' }))
  if (run.end !== undefined) {
    const told = drawn([...run.before, ...run.rows].filter((each) => !each.passing))
    return {
      title,
      lines: [...endLines(run.end, run, drawing), ...(told.length > 0 ? ['', ...told] : [])],
      now: 0,
    }
  }
  const told = drawn([...run.before, ...run.rows])
  return { title, lines: [...told, ...drawn(toCome(run))], now: told.length }
}

/** The steps nothing was told of yet. */
function toCome({ plan, rows }: Run): ProgressRow[] {
  const begun = new Set(rows.filter((each) => each.wave !== '').map((each) => each.member))
  return plan.waves.flatMap((wave, index) =>
    wave
      .filter((step) => !begun.has(step.member))
      .map(
        (step): ProgressRow => ({
          passing: true,
          sign: SIGNS.note,
          tone: 'dim',
          wave: String(index + 1),
          member: step.member,
          words: `${versionsIn(step)}, when its turn comes`,
          after: '',
        }),
      ),
  )
}

/** Which keys lead on from a run that did not come to its end; where a release was chosen, it is to be chosen again. */
const KEYS_ON: Record<LeadsOn, { keys(deed: Wish): readonly string[]; words(deed: Wish): string }> = {
  again: {
    keys: ({ key, to }) => [to === undefined ? key : 'h'],
    words: ({ key, to }) =>
      `${to === undefined ? `${key} shows` : `h, and ⏎ on ${to}, show`} what is left to do, and asks before it sends`,
  },
  check: { keys: () => ['p', 'a'], words: () => 'p shows what stands in the way; a shows the way back' },
  'get-group': {
    keys: ({ key }) => [key],
    words: ({ key }) => `esc shows the group as it is now; ${key} plans anew`,
  },
  back: { keys: () => ['u'], words: () => 'u shows how users come back' },
}

/** The keys that are told to lead on from the run that is over, where it did not come to its end. */
export function keysOn({ run }: Pick<ScreenState, 'run'>): readonly string[] {
  if (run?.end === undefined || run.end.exit === EXIT.done) return []
  const next = leadsOn(run.end.plan, run.end.reports, run.end.exit)
  return next === undefined ? [] : KEYS_ON[next].keys(run.deed)
}

/** What to press, after the word by which a command would be told. */
export function pressLines(words: string, { width = Infinity, paint }: Drawing): string[] {
  return wrap(words, Math.max(1, width - 7)).map(
    (line, index) => (index === 0 ? paint({ text: 'Next:', tone: 'strong' }) + '  ' : '       ') + line,
  )
}

function endLines(end: RunEnd, { deed, took, said }: Run, drawing: Drawing): string[] {
  const leads = (next: LeadsOn) => pressLines(KEYS_ON[next].words(deed), drawing)
  if (deed.phases !== undefined) return wholeScreen(end, { ...deed, said }, took!, drawing, leads)
  const why =
    end.failure === undefined
      ? []
      : wrap(printable(end.failure), drawing.width ?? Infinity).map((text) => drawing.paint({ text, tone: 'bad' }))
  const errors =
    end.exit === EXIT.refused ? end.plan.findings.filter(forbids).flatMap((each) => findingLines(each, drawing)) : []
  return [
    ...why,
    ...errors,
    ...(end.reports.length === 0 ? [] : reportScreen(end.plan, end.reports, end.exit, took, drawing, leads)),
  ]
}
