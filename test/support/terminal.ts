/** A program on a real pseudo-terminal, read back by a terminal emulator: what a person would see and type. */

import { spawn, type IPty } from '@lydell/node-pty'
import xterm from '@xterm/headless'
import assert from 'node:assert/strict'

export interface TerminalOptions {
  readonly columns?: number
  readonly rows?: number
  readonly env?: Readonly<Record<string, string | undefined>>
}

/** Keys by name, as a terminal sends them. */
export const KEY = {
  up: '\u001b[A',
  down: '\u001b[B',
  pagedown: '\u001b[6~',
  end: '\u001b[F',
  enter: '\r',
  esc: '\u001b',
  ctrlC: '\u0003',
  ctrlZ: '\u001a',
  ctrlL: '\u000c',
} as const

/** One cell of a screen; `colour` is one of the terminal's 16, undefined its own. */
export interface TerminalCell {
  readonly text: string
  readonly colour: number | undefined
  readonly bold: boolean
  readonly dim: boolean
}

export class TestTerminal {
  readonly #pty: IPty
  readonly #emulator: xterm.Terminal
  readonly #looking = new Set<() => void>()
  /** Resolves with the exit code when the program has ended and all it wrote is on the screen. */
  readonly exit: Promise<number>
  /** Everything that was written, control sequences included. */
  written = ''
  /** What was put where the terminal pastes from. */
  clipboard = ''

  constructor(file: string, words: readonly string[], { columns = 80, rows = 24, env = {} }: TerminalOptions = {}) {
    this.#emulator = new xterm.Terminal({ cols: columns, rows, scrollback: 1000, allowProposedApi: true })
    this.#emulator.parser.registerOscHandler(52, (data) => {
      this.clipboard = Buffer.from(data.replace(/^c;/, ''), 'base64').toString()
      return true
    })
    const kept = Object.fromEntries(
      Object.entries(process.env).filter(([name]) => !['CI', 'NO_COLOR', 'KUBECONFIG', 'FORCE_COLOR'].includes(name)),
    )
    this.#pty = spawn(file, [...words], {
      name: env['TERM'] ?? 'xterm-256color',
      cols: columns,
      rows,
      env: { ...kept, ...env },
    })
    this.#pty.onData((text) => {
      this.written += text
      this.#emulator.write(text, () => {
        for (const look of [...this.#looking]) look()
      })
    })
    const { promise, resolve } = Promise.withResolvers<number>()
    this.#pty.onExit(({ exitCode }) => this.#emulator.write('', () => resolve(exitCode)))
    this.exit = promise
  }

  get pid(): number {
    return this.#pty.pid
  }

  type(...keys: readonly string[]): void {
    for (const key of keys) this.#pty.write(key)
  }

  resize(columns: number, rows: number): void {
    this.#emulator.resize(columns, rows)
    this.#pty.resize(columns, rows)
  }

  /**
   * Becomes small and as large as before while the program is not looking: what was on the screen is lost, the size is
   * the same.
   */
  loseAndRegain(): void {
    const { cols, rows } = this.#emulator
    this.#emulator.resize(10, 3)
    this.#emulator.resize(cols, rows)
    this.kill('SIGWINCH')
  }

  kill(signal: NodeJS.Signals): void {
    process.kill(this.pid, signal)
  }

  /** Closes the terminal, as a window or a connection is closed. */
  hangUp(): void {
    // It is there, but not in its types.
    ;(this.#pty as IPty & { destroy(): void }).destroy()
  }

  /** Ends the program, whatever it does. */
  close(): void {
    try {
      this.#pty.kill('SIGKILL')
    } catch {
      // It has ended by itself.
    }
  }

  /** The lines of the screen, without the spaces at their ends. */
  lines(): string[] {
    const { active } = this.#emulator.buffer
    return Array.from({ length: this.#emulator.rows }, (_, row) =>
      active.getLine(active.baseY + row)!.translateToString(true),
    )
  }

  text(): string {
    return this.lines().join('\n').trimEnd()
  }

  /** The lines of the screen, cell by cell. */
  cells(): TerminalCell[][] {
    const { active } = this.#emulator.buffer
    return Array.from({ length: this.#emulator.rows }, (_, row) =>
      Array.from({ length: this.#emulator.cols }, (_, column) => {
        const cell = active.getLine(active.baseY + row)!.getCell(column)!
        return {
          text: cell.getChars(),
          colour: cell.isFgDefault() ? undefined : cell.getFgColor(),
          bold: cell.isBold() !== 0,
          dim: cell.isDim() !== 0,
        }
      }),
    )
  }

  /** What is on the screen of the shell and above it, each cell with its colours, and where the cursor is. */
  history(): string {
    const { normal, active } = this.#emulator.buffer
    assert.equal(active.type, 'normal', 'the alternate screen is still shown')
    const cells = (row: number) =>
      Array.from({ length: this.#emulator.cols }, (_, column) => {
        const cell = normal.getLine(row)!.getCell(column)!
        return [
          cell.getChars(),
          cell.getFgColor(),
          cell.getBgColor(),
          cell.isBold(),
          cell.isDim(),
          cell.isInverse(),
        ].join(',')
      }).join(' ')
    return [
      ...Array.from({ length: normal.length }, (_, row) => cells(row)),
      `cursor ${normal.cursorX},${normal.cursorY}`,
    ].join('\n')
  }

  get isAlternate(): boolean {
    return this.#emulator.buffer.active.type === 'alternate'
  }

  /** Whether a cell of the screen has any colour or weight. */
  isPlain(): boolean {
    const { active } = this.#emulator.buffer
    return Array.from({ length: this.#emulator.rows }, (_, row) => active.getLine(active.baseY + row)!).every((line) =>
      Array.from({ length: this.#emulator.cols }, (_, column) => line.getCell(column)!).every((cell) =>
        cell.isAttributeDefault(),
      ),
    )
  }

  /** Resolves when the screen shows it. */
  async shows(wanted: RegExp): Promise<void> {
    await this.until(() => wanted.test(this.text()))
  }

  async showsNot(unwanted: RegExp): Promise<void> {
    await this.until(() => !unwanted.test(this.text()))
  }

  /**
   * Resolves when it is so, looked at after everything that is written.
   * @throws Error with what is shown, where the program has ended before
   */
  until(isSo: () => boolean): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const look = () => {
      if (isSo()) resolve()
    }
    this.#looking.add(look)
    look()
    void this.exit.then((code) => reject(new Error(`it has ended with ${code}:\n${this.text()}`)))
    return promise.finally(() => this.#looking.delete(look))
  }
}
