import type { Finding } from '../../domain/findings/finding.ts'
import { type Call, remedyText } from '../../domain/findings/remedy.ts'
import { printable } from '../../text/printable.ts'
import type { Drawing } from '../draw/drawing.ts'
import { chunks, truncate, widthOf, wrap, wrapAtMost } from '../draw/width.ts'
import { SEVERITIES } from './group-view.ts'

/** A finding with its remedy where it has one, indented behind its code where there is room. */
export function findingLines(
  { code, severity, sentence, ...said }: Finding,
  { width, paint, typed }: Drawing,
): string[] {
  const { sign, tone } = SEVERITIES[severity]
  const remedy = remedyText(said.remedy, typed)
  const mark = `${sign} ${code}`
  const indent = width !== undefined && widthOf(mark) + 2 > width / 3 ? 4 : widthOf(mark) + 2
  const mend = remedy.replace(/^[a-z](?!ubectl |[a-z]+-all )/, (letter) => letter.toUpperCase())
  const full = printable(
    remedy === '' ? `${sentence}.` : `${sentence}. ${mend}${remedy.includes('kubectl ') ? '' : '.'}`,
  )
  if (width === undefined) return [`${paint({ text: mark, tone })}  ${full}`]
  const [first = '', ...rest] = wrap(full, width - indent)
  return indent === 4
    ? [paint({ text: mark, tone }), ...[first, ...rest].map((line) => `    ${line}`)]
    : [`${paint({ text: mark, tone })}  ${first}`, ...rest.map((line) => ' '.repeat(indent) + line)]
}

/** Columns below which a line says too little of why something is wrong, and lines that the worst may have then. */
const NARROW = 80
const LINES = 3

/**
 * A line a code, of however many members it is said; how it is mended, the whole of it says. Where the screen is narrow
 * the first error has some more.
 */
export function findingsInShort(findings: readonly Finding[], { width, paint }: Drawing): string[] {
  return [...Map.groupBy(findings, (each) => each.code).values()].flatMap((alike, index) => {
    const [{ code, severity, sentence }] = alike as [Finding, ...Finding[]]
    const { sign, tone } = SEVERITIES[severity]
    const members = [...new Set(alike.flatMap((each) => each.members))]
    const whom = alike.length === 1 ? '' : `${alike.length} times, of ${members.join(', ')}; first: `
    const head = `${sign} ${code}`
    const room = width === undefined ? Infinity : Math.max(1, width - widthOf(`${head}  `))
    const words = printable(whom + sentence)
    const most = index === 0 && severity === 'error' && width !== undefined && width < NARROW ? LINES : 1
    const [first = '', ...more] = most === 1 ? [truncate(words, room)] : wrapAtMost(words, room, most)
    const indent = ' '.repeat(widthOf(`${head}  `))
    return [`${paint({ text: head, tone })}  ${first}`, ...more.map((each) => `${indent}${each}`)]
  })
}

/** The command that leads on; where it is longer than the screen, on lines that a shell joins again. */
export function nextLines(next: Call, { width, paint, typed }: Drawing, word = 'Next:'): string[] {
  const title = paint({ text: word, tone: 'strong' })
  const command = printable(typed(next))
  return width === undefined || 7 + widthOf(command) <= width
    ? [`${title}  ${command}`]
    : [title, ...continued(command, width)]
}

/**
 * A shell's words in lines of at most so many columns, each but the last ending in a backslash; a longer word goes on
 * at the start of the next line.
 */
function continued(command: string, width: number): string[] {
  const lines: string[] = []
  for (const word of command.match(/(?:'[^']*'|[^\s'])+/g) ?? []) {
    const last = lines.at(-1)
    if (last !== undefined && widthOf(`${last} ${word} \\`) <= width) lines.splice(-1, 1, `${last} ${word}`)
    // Inside quotes a backslash would stay: such a word is left to the terminal.
    else if (word.includes("'")) lines.push(`  ${word}`)
    else
      lines.push(
        ...chunks(`  ${word}`, width - 2).map((part, index, all) => (index < all.length - 1 ? `${part}\\` : part)),
      )
  }
  return lines.map((line, index) => (index === lines.length - 1 || line.endsWith('\\') ? line : `${line} \\`))
}
