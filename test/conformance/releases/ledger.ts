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

/** Totals of the whole suite. */
export const totals = { releases: 0, samples: 0, kills: 0, faults: 0, 'bad inputs': 0 }

/** Notes one probed scenario: old connections are counted in. */
export function note(scenario: string, { samples, mixed, mixedOld, empty, emptyOld }: Report, verdict: string): void {
  rows.push({ scenario, samples, mixed: mixed + mixedOld, empty: empty + emptyOld, verdict })
  totals.releases += 1
  totals.samples += samples
}

/** The table, and a line of totals. */
export function ledger(): string {
  const columns = ['scenario', 'samples', 'mixed', 'empty', 'verdict'] as const
  const width = Object.fromEntries(columns.map((column) => [column, Math.max(column.length, ...rows.map((row) => String(row[column]).length))]))
  const line = (row: Readonly<Record<(typeof columns)[number], string | number>>): string =>
    columns.map((column) => (typeof row[column] === 'number' ? String(row[column]).padStart(width[column]!) : row[column].padEnd(width[column]!))).join('  ').trimEnd()
  const head = line(Object.fromEntries(columns.map((column) => [column, column.toUpperCase()])) as Record<(typeof columns)[number], string>)
  return ['', head, ...rows.map(line), '', Object.entries(totals).map(([what, count]) => `${what} ${count}`).join(' · '), ''].join('\n')
}
