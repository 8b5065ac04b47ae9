import { median, type Used } from '../bench/measure.ts'

/** What came of one packer. */
export interface Packed {
  readonly name: string
  readonly size: number
  readonly version: Used
  readonly group: Used
  readonly passed: number
  /** The titles of the tests that failed. */
  readonly failed: readonly string[]
}

/** The lines of the table, the packer whose programs are released first and in bold. */
export function packersTable(packed: readonly Packed[], busy: string, rounds: number): string[] {
  return [
    `\`make packers\`, medians of ${rounds} in turns ${busy}; times are of the processor, and by the clock in brackets:`,
    '',
    '| packer | size | `version` | `get-group` of 2 | memory of that | tests of processes |',
    '|---|---|---|---|---|---|',
    ...packed.map(({ name, size, version, group, passed, failed }, index) =>
      [
        `| ${index === 0 ? `**${name}**` : name}`,
        `${Math.round(size / 1e6)} MB`,
        took(version),
        took(group),
        `${Math.round(median(group.memory))} MB`,
        `${passed} passed${failed.length === 0 ? '' : `, ${failed.length} failed`} |`,
      ].join(' | '),
    ),
    ...packed
      .filter(({ failed }) => failed.length > 0)
      .flatMap(({ name, failed }) => ['', `${name} fails:`, '', ...failed.map((each) => `- ${plain(each)}`)]),
  ]
}

function took({ cpu, wall }: Used): string {
  return `${Math.round(median(cpu))} ms (${Math.round(median(wall))})`
}

/** The title of a test, as Markdown shows it. */
function plain(title: string): string {
  return title.replaceAll(/[_*<]/g, '\\$&')
}
