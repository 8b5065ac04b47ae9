import { cellsOf, type PictureCell } from './picture.ts'

/** The 16 colours of a terminal that are used, on a dark ground. */
const STYLE = [
  'body{margin:0;background:#0d1117;color:#e6edf3}',
  "pre{padding:1em;font:14px/1.35 ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace}",
  '.c1{color:#ff7b72}.c2{color:#56d364}.c3{color:#e3b341}.c6{color:#76e3ea}.b{font-weight:bold}.d{opacity:.65}',
].join('')

/** A screen as one file for a browser: no script, and nothing that is loaded from elsewhere. */
export function htmlOf(title: string, lines: readonly string[]): string {
  return [
    '<!doctype html>',
    `<html lang="en"><head><meta charset="utf-8"><title>${escaped(title)}</title><style>${STYLE}</style></head>`,
    `<body><pre>${cellsOf(lines).map(lineOf).join('\n')}</pre></body></html>`,
    '',
  ].join('\n')
}

function lineOf(cells: readonly PictureCell[]): string {
  const runs: { readonly look: string; text: string }[] = []
  for (const cell of cells) {
    const look = lookOf(cell)
    const last = runs.at(-1)
    if (last?.look === look) last.text += cell.text
    else runs.push({ look, text: cell.text })
  }
  return runs
    .map(({ look, text }) => (look === '' ? escaped(text) : `<span class="${look}">${escaped(text)}</span>`))
    .join('')
}

function lookOf({ colour, bold, dim }: PictureCell): string {
  return [colour === undefined ? '' : `c${colour}`, bold ? 'b' : '', dim ? 'd' : '']
    .filter((each) => each !== '')
    .join(' ')
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
