/**
 * The moving picture of README: a session in a shell, as the program really answers, one screen after the other, each
 * as long as it takes to be read.
 */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startSim } from '../../src/sim/start-sim.ts'
import { canvas, CELL, rowOf } from '../../src/view/draw/svg.ts'
import { TestTerminal, type TerminalCell } from '../support/terminal.ts'
import { LAUNCHER } from './scenes.ts'

/** A screen, and the seconds that it stays. */
export interface Shot {
  readonly screen: readonly (readonly TerminalCell[])[]
  readonly seconds: number
}

const SIZE = { columns: 96, rows: 31 } as const

/** Of the cluster's time, where only what is said counts, not how long it takes. */
export const HURRIED = 20

const RELEASE = 'kubectl rollouts-group release loan -f examples/plain/v2.yaml'
const ASKED = /\? \[y\/N\] $/
const PROMPT = /\$ $/
const LOOKED_AT = /Healthy[^\n]*\n[^]*Healthy[^\n]*\n\$/

/**
 * A group that nobody wired is looked at, released, and brought back: what a shell shows of it.
 * @param timeScale of the cluster
 */
export async function filmed(timeScale: number): Promise<Shot[]> {
  const dir = mkdtempSync(join(tmpdir(), 'film-'))
  const sim = await startSim({ scenario: 'plain', timeScale })
  const [kubeconfig, rc] = [join(dir, 'kubeconfig'), join(dir, 'rc')]
  writeFileSync(kubeconfig, sim.kubeconfig())
  writeFileSync(rc, `kubectl() { shift; ${LAUNCHER} "$@"; }\nPS1='$ '\n`)
  const terminal = new TestTerminal('/bin/bash', ['--noprofile', '--rcfile', rc, '-i'], {
    ...SIZE,
    env: { KUBECONFIG: kubeconfig },
  })
  const shots: Shot[] = []
  const shoot = (seconds: number) => void shots.push({ screen: terminal.cells(), seconds })
  const shows = async (wanted: RegExp, seconds: number) => {
    await terminal.until(() => wanted.test(terminal.lines().join('\n').replace(/\n+$/, '')))
    shoot(seconds)
  }
  /** Typed a piece at a time, on a screen that was cleared. */
  const types = async (command: string) => {
    terminal.type('\f')
    await terminal.until(() => terminal.text() === '$')
    shoot(0.6)
    for (const piece of command.match(/.{1,6}/g)!) {
      terminal.type(piece)
      await terminal.until(() => terminal.text().endsWith(piece.trimEnd()))
      shoot(0.15)
    }
    terminal.type('\r')
  }
  try {
    await terminal.until(() => PROMPT.test(terminal.lines()[0]!))
    await types('kubectl rollouts-group get-group loan')
    await shows(LOOKED_AT, 3)
    await types(RELEASE)
    await shows(ASKED, 7)
    terminal.type('y\r')
    await shows(/Group loan deployed/, 2.5)
    await shows(/users on 2\.0[^]*old pods of 1\.0 left/, 4)
    await shows(/Group loan promoted[^]*\n\$/, 4)
    await types('kubectl rollouts-group undo-all loan')
    await shows(ASKED, 6)
    terminal.type('y\r')
    await shows(/users on 1\.0[^]*old pods of 2\.0 left/, 4)
    await shows(/Group loan promoted[^]*\n\$/, 6)
    return shots
  } finally {
    terminal.close()
    await sim.stop()
    rmSync(dir, { recursive: true })
  }
}

/** Screens below each other, seen through a window that jumps from one to the next; each line is drawn once. */
export function filmOf(shots: readonly Shot[]): string {
  const lines = new Map<string, string>()
  const used = shots.flatMap(({ screen }, shot) =>
    screen.flatMap((row, index) => {
      const drawn = rowOf(row, 0).join('')
      if (drawn === '') return []
      const id = lines.get(drawn) ?? `l${lines.size}`
      lines.set(drawn, id)
      return [`<use href="#${id}" y="${(shot * SIZE.rows + index) * CELL.height}"/>`]
    }),
  )
  const whole = shots.reduce((sum, { seconds }) => sum + seconds, 0)
  const at = (shot: number) => `transform:translateY(${-shot * SIZE.rows * CELL.height}px)`
  let passed = 0
  const keys = shots.map(({ seconds }, shot) => {
    const key = `${((100 * passed) / whole).toFixed(2)}%{${at(shot)}}`
    passed += seconds
    return key
  })
  // Where nothing may move, or can, the last screen stands.
  const style =
    `.film{${at(shots.length - 1)};animation:film ${whole.toFixed(1)}s steps(1,end) infinite}` +
    `@keyframes film{${keys.join('')}}@media(prefers-reduced-motion:reduce){.film{animation:none}}`
  const height = SIZE.rows * CELL.height
  return canvas(
    SIZE.columns,
    SIZE.rows,
    [
      `<svg y="14" height="${height}" overflow="hidden"><g transform="translate(0,-14)"><g class="film">`,
      ...used,
      '</g></g></svg>',
    ],
    [`<style>${style}</style>`, '<defs>', ...[...lines].map(([drawn, id]) => `<g id="${id}">${drawn}</g>`), '</defs>'],
  )
}
