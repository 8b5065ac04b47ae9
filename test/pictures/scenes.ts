import { resolve } from 'node:path'
import { KEY, TestTerminal, type TerminalCell } from '../support/terminal.ts'

/** Another build can be looked at, too. */
export const LAUNCHER = resolve(process.env['LAUNCHER'] ?? 'bin/kubectl-rollouts_group')

/** One picture: what is typed, and what must be on the screen before it is taken. */
interface Scene {
  readonly words: readonly string[]
  readonly columns: number
  readonly rows: number
  /** Waits for what comes, and types. */
  play(terminal: TestTerminal): Promise<void>
}

const ends = async (terminal: TestTerminal): Promise<void> => {
  await terminal.exit
}
const opens = (terminal: TestTerminal): Promise<void> => terminal.shows(/quit$/)
const asks = async (terminal: TestTerminal): Promise<void> => {
  await opens(terminal)
  terminal.type('p')
  await terminal.shows(/Promote\?/)
}

/** The pictures of the documents, by the names of their files. */
export const SCENES: Readonly<Record<string, Scene>> = {
  'get-group': { words: ['demo', 'legacy', 'get-group', 'loan'], columns: 100, rows: 30, play: ends },
  refused: { words: ['demo', 'miswired', 'promote-all', '--yes'], columns: 100, rows: 40, play: ends },
  live: { words: ['demo', 'legacy'], columns: 100, rows: 24, play: opens },
  'live-plan': { words: ['demo', 'legacy'], columns: 100, rows: 24, play: asks },
  'live-running': {
    words: ['demo', 'legacy'],
    columns: 100,
    rows: 18,
    async play(terminal) {
      await asks(terminal)
      for (const _ of [1, 2, 3]) terminal.type(KEY.pagedown)
      await terminal.shows(/y: yes/)
      terminal.type('y')
      await terminal.shows(/users on old pods[^]*old pods of 1\.0 left, to go at/)
      await terminal.showsNot(/\*/)
    },
  },
  'live-narrow': { words: ['demo', 'canary'], columns: 60, rows: 24, play: opens },
  'live-wide': {
    words: ['demo', 'diamond'],
    columns: 120,
    rows: 34,
    async play(terminal) {
      await opens(terminal)
      terminal.type(KEY.down)
      await terminal.shows(/\n▸ ├|\n▸ └|\n▸ {3}/)
    },
  },
}

/** Plays a scene in the real program. @returns its last screen, without the empty lines at its end */
export async function takeOf({ words, columns, rows, play }: Scene): Promise<readonly (readonly TerminalCell[])[]> {
  const terminal = new TestTerminal(LAUNCHER, words, { columns, rows })
  try {
    await play(terminal)
    const cells = terminal.cells()
    const last = cells.findLastIndex((row) => row.some((cell) => cell.text.trim() !== ''))
    return cells.slice(0, last + 1)
  } finally {
    terminal.close()
  }
}
