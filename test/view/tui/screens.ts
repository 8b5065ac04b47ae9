import { typed } from '../../support/typed.ts'
/** What the live screen is shown of in its tests, and how keys are pressed there. */

import assert from 'node:assert/strict'
import type { PhaseAhead } from '../../../src/domain/release/undo-ahead.ts'
import type { RunEvent } from '../../../src/domain/run/event.ts'
import type { GroupView } from '../../../src/view/words/group-view.ts'
import { worstFirst } from '../../../src/view/words/overview.ts'
import { frame } from '../../../src/view/tui/frame.ts'
import { reduce } from '../../../src/view/tui/reduce.ts'
import { type Effect, type Input, keyOf, type Model, startAt, type ScreenState } from '../../../src/view/tui/state.ts'
import { legacyPair, type WorldSpec } from '../../support/objects.ts'
import { NOW, viewOf, WORLDS } from '../worlds.ts'

export const LOOK = {
  colour: false,
  context: 'prod-eu',
  typed,
}

/** Every state of a group as a group of its own, worst first. */
export const ALL: readonly GroupView[] = worstFirst(Object.entries(WORLDS).map(([name, spec]) => viewOf(spec, name)))

export const PROTECTED: WorldSpec = legacyPair({ backend: { annotations: { 'rollouts-group/protected': 'true' } } })

const BEFORE = {
  next: undefined!,
  lingering: { version: '1.0', desired: 0, available: 0, own: { 'rollouts-group/live-until': '2026-01-01T11:00:00Z' } },
}

/** Users have come from 1.0 to 2.0, and its pods are gone. */
export const RELEASED: WorldSpec = legacyPair({
  frontend: { ...BEFORE, live: { version: '2.0', env: { BACKEND_HOST: 'backend-active' } } },
  backend: { ...BEFORE, live: { version: '2.0' } },
})

/** A release whose consumers are still on a Service in front of what is deployed next. */
export const UNSETTLED: WorldSpec = legacyPair({
  frontend: { next: undefined!, live: { version: '2.0', env: { BACKEND_HOST: 'backend-preview' } } },
  backend: { next: undefined!, live: { version: '2.0' } },
})

/** What undo-all foresees where consumers are on preview Services. */
export const AHEAD: readonly PhaseAhead[] = [
  { name: 'settle', moves: [{ member: 'my-frontend', versions: '2.0' }] },
  { name: 'deploy', moves: both('my-backend', 'my-frontend') },
  { name: 'promote', moves: both('my-frontend', 'my-backend') },
  { name: 'settle', moves: [{ member: 'my-frontend', versions: '1.0' }] },
]

function both(...members: readonly string[]) {
  return members.map((member) => ({ member, versions: '2.0 → 1.0' }))
}

export function model(views: readonly GroupView[] | undefined, more: Partial<Model> = {}): Model {
  return {
    views,
    extra: { events: undefined, analysisRuns: undefined },
    around: { pods: undefined, warnings: undefined, logs: new Map() },
    forwarded: undefined,
    past: views?.length === 1 ? views[0]!.group : undefined,
    lost: undefined,
    changed: new Set(),
    requests: [],
    readOnly: false,
    guarded: false,
    typed,
    now: NOW,
    deepest: 0,
    sight: 11,
    ...more,
  }
}

/** The page of one group. */
export function openAt(view: GroupView): ScreenState {
  return startAt('group', keyOf(view))
}

/** A session without a terminal: what keys lead to, and what it would show. */
export class Desk {
  state: ScreenState
  model: Model
  readonly effects: Effect[] = []

  constructor(state: ScreenState, shown: Model) {
    this.state = state
    this.model = shown
  }

  press(...keys: readonly string[]): this {
    for (const key of keys) this.#take(reduce(this.state, { type: 'key', key }, this.model))
    return this
  }

  paste(text: string): this {
    this.#take(reduce(this.state, { type: 'text', text }, this.model))
    return this
  }

  tell(...events: readonly RunEvent[]): this {
    for (const event of events) this.#take(reduce(this.state, { type: 'event', event }, this.model))
    return this
  }

  /** Anything else that comes in. */
  hear(...inputs: readonly Input[]): this {
    for (const input of inputs) this.#take(reduce(this.state, input, this.model))
    return this
  }

  over(end: Extract<Input, { type: 'over' }>['end']): this {
    return this.hear({ type: 'over', end })
  }

  /** The lines of the screen; how far it can be scrolled is remembered, as a session does. */
  lines(columns: number, rows: number): readonly string[] {
    const { lines, ...seen } = frame(this.state, this.model, { columns, rows }, LOOK)
    this.model = { ...this.model, ...seen }
    return lines
  }

  /** Scrolls as a person does who sees each frame. */
  scrollDown(columns: number, rows: number, times: number): readonly string[] {
    for (let left = times; left > 0; left--) {
      this.lines(columns, rows)
      this.press('down')
    }
    return this.lines(columns, rows)
  }

  #take({ state, effect }: ReturnType<typeof reduce>): void {
    this.state = state
    if (effect !== undefined) this.effects.push(effect)
  }
}

export function desk(view: GroupView, more: Partial<Model> = {}): Desk {
  return new Desk(openAt(view), model([view], more))
}

/**
 * Compares a screen with one that is drawn in the test, where it is indented by four; empty lines at the end of the
 * body are left out of neither.
 */
export function assertFrame(lines: readonly string[], expected: string): void {
  assert.equal(`\n${lines.map((line) => line.trimEnd()).join('\n')}`, expected.replaceAll('\n    ', '\n'))
}
