import type { Report } from '../prober.ts'

/** What the suite has done, for the table at its end. */
interface Row {
  readonly scenario: string
  readonly samples: number
  readonly mixed: number
  readonly empty: number
  readonly verdict: string
}

const rows: Row[] = []
let probed = { samples: 0, milliseconds: 0 }

/** Totals of the whole suite; of what is probed only where nothing may go wrong. */
export const totals = { releases: 0, samples: 0, states: 0, kills: 0, faults: 0, 'bad inputs': 0, controls: 0 }

/** Notes one probed scenario: old connections are counted in. A control is one in which requests do go wrong. */
export function note(
  scenario: string,
  { samples, milliseconds, mixed, mixedOld, empty, emptyOld, logged }: Report,
  verdict: string,
  kind: 'release' | 'control' = 'release',
): void {
  rows.push({ scenario, samples, mixed: mixed + mixedOld, empty: empty + emptyOld, verdict })
  probed = { samples: probed.samples + samples, milliseconds: probed.milliseconds + milliseconds }
  if (kind === 'control') {
    totals.controls += 1
    return
  }
  totals.releases += 1
  totals.samples += samples
  totals.states += logged?.states ?? 0
}

/** The scenarios in which a request met two versions or an empty Service, though none may: no second try mends that. */
export function missed(): readonly string[] {
  return rows.filter(({ verdict }) => verdict === 'MISSED').map(({ scenario }) => scenario)
}

/** How many samples a second were taken so far, over everything that was probed. */
export function rate(): number {
  return Math.floor((probed.samples * 1000) / probed.milliseconds)
}

/** The table, and a line of totals. */
export function ledger(): string {
  const columns = ['scenario', 'samples', 'mixed', 'empty', 'verdict'] as const
  const width = Object.fromEntries(
    columns.map((column) => [column, Math.max(column.length, ...rows.map((row) => String(row[column]).length))]),
  )
  const line = (row: Readonly<Record<(typeof columns)[number], string | number>>): string =>
    columns
      .map((column) =>
        typeof row[column] === 'number'
          ? String(row[column]).padStart(width[column]!)
          : row[column].padEnd(width[column]!),
      )
      .join('  ')
      .trimEnd()
  const head = line(
    Object.fromEntries(columns.map((column) => [column, column.toUpperCase()])) as Record<
      (typeof columns)[number],
      string
    >,
  )
  return [
    '',
    head,
    ...rows.map(line),
    '',
    `${Object.entries(totals)
      .map(([what, count]) => `${what} ${count}`)
      .join(' · ')} · samples a second ${rate()}`,
    '',
  ].join('\n')
}
