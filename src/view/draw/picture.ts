import { widthOf } from './width.ts'

/** One cell of a terminal; `colour` is one of its 16, undefined its own. Of a wide character the second cell is empty. */
export interface PictureCell {
  readonly text: string
  readonly colour: number | undefined
  readonly bold: boolean
  readonly dim: boolean
}

const PLAIN = { colour: undefined, bold: false, dim: false } as const

/** The cells of lines that our own painter has coloured. */
export function cellsOf(lines: readonly string[]): PictureCell[][] {
  return lines.map((line) => {
    let look: Omit<PictureCell, 'text'> = PLAIN
    return [...line.matchAll(/\u001b\[(\d+)m|(.)/gsu)].flatMap(([, code, character]): PictureCell[] => {
      if (code !== undefined) {
        look = lookOf(Number(code))
        return []
      }
      const wide = Array.from({ length: Math.max(0, widthOf(character!) - 1) }, () => ({ ...PLAIN, text: '' }))
      return [{ text: character!, ...look }, ...wide]
    })
  })
}

function lookOf(code: number): Omit<PictureCell, 'text'> {
  return { colour: code >= 30 && code < 38 ? code - 30 : undefined, bold: code === 1, dim: code === 2 }
}
