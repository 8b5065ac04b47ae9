import type { GroupView } from '../words/group-view.ts'
import { currentRow, type Extra, keyOf, type Model, type ScreenState, type Surroundings } from './state.ts'
import { WhileShown } from './while-shown.ts'
import type { WatchedExtra, WatchedPast, WatchedPorts, WatchedSurroundings, World } from './world.ts'

const NOTHING: Extra & Surroundings = {
  events: undefined,
  analysisRuns: undefined,
  pods: undefined,
  warnings: undefined,
  logs: new Map(),
}

/** Milliseconds that a selection must stay before more is read of what is selected. */
const RESTING = 300

/** What is watched of the group and the member that are open, and what is forwarded; of no other anything is. */
export class WhatIsOpen {
  readonly #world: World
  readonly #over: AbortSignal
  readonly #member: WhileShown<WatchedExtra>
  readonly #group: WhileShown<WatchedSurroundings>
  readonly #ports: WhileShown<WatchedPorts>
  readonly #past: WhileShown<WatchedPast>

  constructor(world: World, changed: () => void, over: AbortSignal) {
    this.#world = world
    this.#over = over
    this.#member = new WhileShown(changed)
    this.#group = new WhileShown(changed)
    this.#ports = new WhileShown(changed)
    this.#past = new WhileShown(changed)
  }

  known(): Pick<Model, 'extra' | 'around' | 'forwarded' | 'past'> {
    return {
      extra: this.#member.watch?.extra() ?? NOTHING,
      around: this.#group.watch?.around() ?? NOTHING,
      forwarded: this.#ports.watch?.ports(),
      past: this.#past.watch?.past(),
    }
  }

  /** @param current the group that is selected, or open */
  follow(state: ScreenState, current: GroupView | undefined): void {
    const { page, forwarding } = state
    const world = this.#world
    this.#ports.show(forwarding && `${keyOf(forwarding)}/${forwarding.member}`, () => world.forward(forwarding!))
    const view = page === 'groups' ? undefined : current
    const past = page === 'history' ? view : undefined
    this.#past.show(past && keyOf(past), () => world.watchPast(past!))
    const members = view?.rows.map((each) => each.member.name).join(' ')
    this.#group.show(view && `${keyOf(view)}: ${members}`, () => world.watchGroup(view!.namespace, view!.name))
    const name = view && (page === 'member' || page === 'group') ? currentRow(state, view)?.member.name : undefined
    const open = () => world.watchMember(view!.namespace, name!)
    const key = name && `${keyOf(view!)}/${name}`
    if (page === 'member') return this.#member.show(key, open)
    this.#member.showLater(key, open, () => world.after(RESTING, this.#over))
  }

  close(): void {
    this.#member.close()
    this.#group.close()
    this.#ports.close()
    this.#past.close()
  }
}
