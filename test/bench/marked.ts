import { readFileSync, writeFileSync } from 'node:fs'

/**
 * A document with other lines between two marks, `<!-- NAME -->` and `<!-- end of NAME -->`, a line each.
 * @throws Error where it has no such marks
 */
export function between(document: string, name: string, lines: readonly string[]): string {
  const [open, close] = [`<!-- ${name} -->\n`, `<!-- end of ${name} -->\n`]
  const [from, to] = [document.indexOf(open), document.indexOf(close)]
  if (from < 0 || to < from) throw new Error(`there is no ${open.trim()} with its end`)
  return [document.slice(0, from + open.length), ...lines.map((each) => `${each}\n`), document.slice(to)].join('')
}

/** Writes them into a file. */
export function writeBetween(path: string, name: string, lines: readonly string[]): void {
  writeFileSync(path, between(readFileSync(path, 'utf8'), name, lines))
}
