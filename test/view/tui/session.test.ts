import assert from 'node:assert/strict'
import { setImmediate } from 'node:timers/promises'
import { judge } from '../../../src/domain/plan/judge.ts'
import type { Plan } from '../../../src/domain/plan/plan.ts'
import type { RunEvent } from '../../../src/domain/run/event.ts'
import type { GroupView } from '../../../src/view/words/group-view.ts'
import { openSession } from '../../../src/view/tui/session.ts'
import type { GroupPlace, RunEnd, Wish } from '../../../src/view/tui/running.ts'
import { type Extra, type PortsShown, startAt } from '../../../src/view/tui/state.ts'
import type { Audience, World } from '../../../src/view/tui/world.ts'
import { legacyPair } from '../../support/objects.ts'
import { NOW, viewOf, WORLDS } from '../worlds.ts'
import { AHEAD, LOOK, openAt, RELEASED } from './screens.ts'

const READY = viewOf(WORLDS.ready)
const SHORT = viewOf(
  legacyPair({ frontend: { next: { version: '2.0', available: 2, env: { BACKEND_HOST: 'backend-preview' } } } }),
)
const HALF = viewOf(WORLDS.half)
const SIZE = { columns: 80, rows: 24 }

const PORTS: PortsShown = {
  ports: [{ member: 'my-frontend', side: 'next', address: 'http://127.0.0.1:9050', leadsTo: '2.0', reached: true }],
  trouble: undefined,
}

/** A session in a world of the test's making, whose time passes when it is told to. */
class Stage {
  now = NOW
  views: readonly GroupView[] | undefined
  reason: string | undefined
  readonly watched: string[] = []
  readonly deeds: string[] = []
  readonly runs: { readonly plan: Plan; emit(event: RunEvent): void; over(end: RunEnd): void }[] = []
  readonly undone: {
    readonly wish: Wish
    readonly place: GroupPlace
    readonly audience: Audience
    over(end: RunEnd | undefined): void
  }[] = []
  frames = 0
  readonly signal: AbortController
  readonly session
  readonly #alarms: { readonly at: number; ring(): void }[] = []
  readonly #listeners = new Set<() => void>()

  constructor(views: readonly GroupView[] | undefined, state = openAt(READY), signal = new AbortController()) {
    this.views = views
    this.signal = signal
    const extra: Extra = { events: [{ reason: 'Told', message: 'by the watch' }], analysisRuns: [] }
    const world: World = {
      ...LOOK,
      readOnly: false,
      requests: () => [],
      guarded: false,
      now: () => this.now,
      groups: {
        views: () => this.views,
        lost: () => (this.reason === undefined ? undefined : { reason: this.reason }),
        subscribe: (listener) => {
          this.#listeners.add(listener)
          return () => this.#listeners.delete(listener)
        },
      },
      after: (milliseconds, signal) =>
        new Promise((resolve, reject) => {
          this.#alarms.push({ at: this.now + milliseconds, ring: resolve })
          signal.addEventListener('abort', () => reject(signal.reason as Error))
        }),
      watchMember: (namespace, name) => {
        this.watched.push(`+${namespace}/${name}`)
        return {
          extra: () => extra,
          subscribe: () => () => {},
          close: () => this.watched.push(`-${namespace}/${name}`),
        }
      },
      watchGroup: (namespace, name) => {
        this.watched.push(`+pods of ${namespace}/${name}`)
        return {
          around: () => ({ pods: [], warnings: [], logs: new Map() }),
          subscribe: () => () => {},
          close: () => this.watched.push(`-pods of ${namespace}/${name}`),
        }
      },
      watchPast: ({ name }) => {
        this.watched.push(`+past of ${name}`)
        return {
          past: () => this.views?.[0]?.group,
          subscribe: () => () => {},
          close: () => this.watched.push(`-past of ${name}`),
        }
      },
      forward: ({ name, member }) => {
        this.watched.push(`+ports of ${name}/${member}`)
        return {
          ports: () => PORTS,
          subscribe: () => () => {},
          close: () => this.watched.push(`-ports of ${name}/${member}`),
        }
      },
      run: (plan, emit) => new Promise((over) => this.runs.push({ plan, emit, over })),
      inPhases: (wish, place, audience) => new Promise((over) => this.undone.push({ wish, place, audience, over })),
      stop: () => this.deeds.push('stop'),
      copy: (text) => this.deeds.push(`copy ${text}`),
      suspend: () => this.deeds.push('suspend'),
    }
    this.session = openSession(state, world, this.signal.signal)
    this.session.subscribe(() => {
      this.frames += 1
    })
  }

  /** All that is read of what is open has been. */
  async rested(): Promise<this> {
    this.text()
    await this.pass(1000)
    this.text()
    this.frames = 0
    return this
  }

  attach(): this {
    this.session.attach({
      leave: (exit) => this.deeds.push(`leave ${exit}`),
      givenAway: (use) => {
        this.deeds.push('given away')
        use()
      },
      lent: (use) => {
        this.deeds.push('lent')
        void use().then(() => this.deeds.push('given back'))
      },
    })
    return this
  }

  /** Tells the session that something has changed. */
  change(views = this.views): void {
    this.views = views
    for (const listener of this.#listeners) listener()
  }

  async pass(milliseconds: number): Promise<void> {
    const end = this.now + milliseconds
    for (;;) {
      await setImmediate()
      const next = this.#alarms.filter((each) => each.at <= end).sort((a, b) => a.at - b.at)[0]
      if (next === undefined) break
      this.#alarms.splice(this.#alarms.indexOf(next), 1)
      this.now = next.at
      next.ring()
    }
    this.now = end
  }

  /** As a person does who sees what each leads to. */
  press(...keys: readonly string[]): this {
    for (const key of keys) {
      this.session.pressed([key])
      this.text()
    }
    return this
  }

  text(): string {
    return this.session.frame(SIZE).join('\n')
  }
}

describe('a session of the live screen', () => {
  it('draws a frame once, and the same lines until something changes', () => {
    const { session } = new Stage([READY])
    assert.equal(session.frame(SIZE), session.frame({ ...SIZE }))
    assert.notEqual(session.frame(SIZE), session.frame({ columns: 60, rows: 24 }))
  })

  it('draws four frames a second, however much changes, and what a key does at once', async () => {
    const stage = new Stage([READY])
    for (let change = 0; change < 400; change++) {
      stage.change([change % 2 === 0 ? SHORT : READY])
      await stage.pass(5)
    }
    assert.equal(stage.frames, 8)
    stage.press('down')
    assert.equal(stage.frames, 9)
  })

  it('draws a change after a quiet time soon', async () => {
    const stage = await new Stage([READY]).rested()
    for (const views of [[SHORT], [READY]]) {
      stage.change(views)
      await stage.pass(60)
      assert.match(stage.text(), views[0] === SHORT ? /2\/3/ : /▸\*my-frontend/)
      await stage.pass(5000)
    }
    assert.equal(stage.frames, 4)
  })

  it('does not wait for a clock that has been put back', async () => {
    const stage = new Stage([READY])
    stage.change([SHORT])
    await stage.pass(60)
    stage.now -= 3_600_000
    const { frames } = stage
    stage.change([READY])
    await stage.pass(300)
    assert.ok(stage.frames > frames)
  })

  it('draws nothing where what it shows is the same', async () => {
    const stage = await new Stage([READY, viewOf(WORLDS.ready, 'other')]).rested()
    stage.change([READY, viewOf(WORLDS.half, 'other')])
    await stage.pass(1000)
    assert.equal(stage.frames, 0)
  })

  it('marks what has changed for two seconds', async () => {
    const stage = new Stage([READY])
    stage.change([SHORT])
    await stage.pass(100)
    assert.match(stage.text(), /▸\*my-frontend/)
    assert.doesNotMatch(stage.text(), /\*└ my-backend/)
    await stage.pass(1900)
    assert.match(stage.text(), /▸\*my-frontend/)
    await stage.pass(100)
    assert.match(stage.text(), /▸ my-frontend/)
  })

  it('marks a trace that is new', async () => {
    const stage = new Stage([READY])
    stage.change([HALF])
    await stage.pass(100)
    assert.match(stage.text(), /^ \*LIVE {2}users ─▶ my-frontend 2\.0/m)
  })

  it('marks nothing of what it sees first', async () => {
    const stage = new Stage(undefined, startAt('groups'))
    assert.match(stage.text(), /Reading the cluster…/)
    stage.change([READY])
    await stage.pass(100)
    assert.match(stage.text(), /▸ loan/)
  })

  it('marks a group that comes, and one that stands otherwise than before', async () => {
    const stage = new Stage([READY], startAt('groups'))
    stage.change([READY, viewOf(WORLDS.one, 'new')])
    await stage.pass(100)
    assert.match(stage.text(), /▸ loan[^]*^ \*new/m)
    await stage.pass(2000)
    stage.change([HALF, viewOf(WORLDS.one, 'new')])
    await stage.pass(250)
    assert.match(stage.text(), /▸\*loan[^]*^  new/m)
  })

  it('counts how long the connection is lost from when it was', async () => {
    const stage = new Stage([READY])
    stage.reason = 'connection refused'
    stage.change()
    await stage.pass(100)
    assert.match(stage.text(), /connection lost 0s ago, at 12:00:00 UTC/)
    const { frames } = stage
    await stage.pass(3000)
    stage.change()
    await stage.pass(4000)
    assert.ok(stage.frames > frames, 'by itself')
    assert.match(stage.text(), /connection lost 7s ago, at 12:00:00 UTC/)
    stage.reason = undefined
    stage.change()
    await stage.pass(250)
    assert.doesNotMatch(stage.text(), /connection lost/)
  })

  it('looks each second at old pods that are counted down, and rests where nothing is', async () => {
    const [counting, resting] = [new Stage([HALF]), new Stage([READY])]
    for (const stage of [counting, resting]) {
      await stage.pass(2000)
      stage.frames = 0
      await stage.pass(5000)
    }
    assert.deepEqual([counting.frames, resting.frames], [5, 0])
  })

  it('watches the member that is open, and no longer', () => {
    const stage = new Stage([READY])
    stage.press('enter')
    assert.deepEqual(stage.watched, ['+pods of legacy/loan', '+legacy/my-frontend'])
    assert.match(stage.text(), /Told: by the watch/)
    stage.press('g', 'esc', 'esc', 'down', 'enter')
    assert.deepEqual(stage.watched.slice(1), [
      '+legacy/my-frontend',
      '-legacy/my-frontend',
      '+legacy/my-frontend',
      '-legacy/my-frontend',
      '+legacy/my-backend',
    ])
    stage.press('q')
    assert.deepEqual(stage.watched.slice(-2), ['-legacy/my-backend', '-pods of legacy/loan'])
  })

  it('watches the member that is selected on a wide screen, once it has been so for a moment', async () => {
    const stage = new Stage([READY])
    const wide = () => stage.session.frame({ columns: 120, rows: 40 }).join('\n')
    wide()
    for (const key of ['down', 'up', 'down']) {
      stage.session.pressed([key])
      wide()
      await stage.pass(100)
    }
    assert.deepEqual(stage.watched, ['+pods of legacy/loan'])
    await stage.pass(300)
    assert.deepEqual(stage.watched, ['+pods of legacy/loan', '+legacy/my-backend'])
    await stage.pass(300)
    assert.match(wide(), /Told: by the watch/)
  })

  it('looks at the age of a gate now and then', async () => {
    const stage = new Stage([READY])
    assert.match(stage.text(), /for 12h/)
    await stage.pass(3_660_000)
    assert.match(stage.text(), /for 13h/)
  })

  it('takes no yes from keys that came in one piece with the question', () => {
    const stage = new Stage([READY])
    stage.session.pressed(['c', 'o', 'p', 'y'])
    assert.match(stage.text(), /Promote\?/)
    assert.equal(stage.runs.length, 0)
    stage.session.pressed(['y', 'e', 's'])
    assert.equal(stage.runs.length, 1)
  })

  it('takes no yes before the question was drawn', () => {
    const stage = new Stage([READY])
    stage.session.pressed(['p'])
    stage.session.pressed(['y'])
    assert.equal(stage.runs.length, 0)
    stage.press('end', 'y')
    assert.equal(stage.runs.length, 1)
  })

  it('shows the plan of the group as it is now, and takes no yes before that was read', async () => {
    const other = viewOf(WORLDS.halfAborted)
    const stage = new Stage([viewOf(WORLDS.starting)]).press('a')
    stage.change([other])
    // A key that is on its way while the plan becomes another one.
    await stage.pass(100)
    stage.session.pressed(['y'])
    assert.match(stage.text(), /The group has changed: this is its plan now\. {2}⏎: read/)
    stage.press('y')
    assert.match(stage.text(), /nothing was sent; ⏎ once it is read, then y/)
    assert.equal(stage.runs.length, 0)
    stage.press('enter', 'y')
    assert.deepEqual(
      stage.runs.map((each) => each.plan),
      [judge(other.group).plan('abort-all')],
    )
  })

  it('asks for the whole name again where the plan has become another while it was typed', async () => {
    const annotations = { 'rollouts-group/protected': 'true' }
    const stage = new Stage([viewOf(legacyPair({ backend: { annotations } }))]).press('p', 'end', 'l', 'o')
    stage.change([viewOf(legacyPair({ backend: { annotations }, frontend: { live: { version: '1.1' } } }))])
    await stage.pass(100)
    stage.text()
    stage.press('end', 'a', 'n', 'enter', 'enter')
    assert.match(stage.text(), /that is not its name; nothing was sent/)
    stage.press('l', 'o', 'a', 'n', 'enter')
    assert.equal(stage.runs.length, 1)
  })

  it('asks nothing again where the plan says the same of the group as it is now', async () => {
    const same = viewOf(WORLDS.ready)
    const stage = new Stage([READY]).press('p')
    stage.change([same])
    await stage.pass(100)
    stage.press('y')
    assert.equal(stage.runs[0]!.plan, same.plan)
  })

  it('shows the plan again where old pods would now stay for longer', async () => {
    const stage = new Stage([READY]).press('p')
    stage.change([viewOf(legacyPair({ frontend: { strategy: { scaleDownDelaySeconds: 45 } } }))])
    await stage.pass(100)
    assert.match(stage.text(), /old pods go \(45s\)[^]*The group has changed/)
  })

  it('puts a plan away of which nothing is left to do, and one of a group that is gone', async () => {
    const stage = new Stage([READY]).press('p')
    stage.change([viewOf(WORLDS.settled)])
    await stage.pass(300)
    assert.match(stage.text(), /the group has changed: nothing waits to be promoted; nothing was sent/)
    stage.change([READY])
    await stage.pass(300)
    stage.press('p')
    stage.change([])
    await stage.pass(300)
    assert.match(stage.text(), /the group is gone; nothing was sent/)
  })

  it('reads what the past of a group rests on while that is open', () => {
    const stage = new Stage([viewOf(RELEASED)]).press('h')
    assert.match(stage.text(), /▸ 1\.0 +· past/)
    stage.press('esc')
    assert.deepEqual(
      stage.watched.filter((each) => each.includes('past')),
      ['+past of loan', '-past of loan'],
    )
  })

  it('names the address of what is forwarded, once', async () => {
    const stage = new Stage([READY]).press('f')
    stage.change()
    await stage.pass(100)
    assert.match(stage.text(), /· my-frontend next on http:\/\/127\.0\.0\.1:9050; f ends it/)
    stage.press('down')
    stage.change([SHORT])
    await stage.pass(1000)
    assert.doesNotMatch(stage.text(), /f ends it/)
  })

  it('forwards until f ends it, or it is left, and shows where', () => {
    const stage = new Stage([READY]).press('f')
    assert.match(stage.text(), /my-frontend next {3}http:\/\/127\.0\.0\.1:9050 {3}2\.0/)
    stage.press('g')
    assert.match(stage.text(), /forwards loan/)
    stage.press('esc', 'f', 'down', 'f', 'q')
    assert.deepEqual(
      stage.watched.filter((each) => each.includes('ports')),
      [
        '+ports of loan/my-frontend',
        '-ports of loan/my-frontend',
        '+ports of loan/my-backend',
        '-ports of loan/my-backend',
      ],
    )
  })

  it('reads the pods of a group from its first frame on, though nothing changes', () => {
    const stage = new Stage([READY])
    stage.text()
    assert.deepEqual(stage.watched, ['+pods of legacy/loan'])
  })

  it('shows what a run tells, and what it came to', async () => {
    const stage = new Stage([READY]).press('p', 'y')
    assert.equal(stage.runs[0]!.plan, READY.plan)
    stage.runs[0]!.emit({ at: NOW, type: 'patched', wave: 1, member: 'my-frontend', action: 'promote' })
    assert.match(stage.text(), /◌ 1 {2}my-frontend {3}promote sent/)
    stage.runs[0]!.over({
      plan: READY.plan,
      reports: [
        { member: 'my-frontend', outcome: 'done', detail: '' },
        { member: 'my-backend', outcome: 'done', detail: '' },
      ],
      exit: 0,
    })
    await setImmediate()
    assert.match(stage.text(), /Group loan promoted: 2 of 2/)
  })

  it('asks before the first of several runs, tells of all, and answers no where it is left', async () => {
    const released = viewOf(RELEASED)
    const stage = new Stage([released]).press('u')
    const [{ place, audience, over }] = stage.undone as [(typeof stage.undone)[number]]
    assert.deepEqual(place, { namespace: 'legacy', name: 'loan' })
    audience.say('back to release 1.0')
    audience.foresee(AHEAD)
    audience.begins('settle')
    const first = audience.confirm(READY.plan)
    stage.press('end', 'y')
    assert.equal(await first, true)
    assert.match(stage.text(), /undo-all: settle, 1 of 4/)
    audience.begins('deploy')
    assert.match(stage.text(), /undo-all: deploy, 2 of 4/)
    assert.equal(await audience.confirm(READY.plan), true)
    over({ plan: READY.plan, reports: [], exit: 0 })
    await setImmediate()
    assert.match(stage.text(), /undo-all of loan is over/)
    stage.press('esc', 'u')
    const second = stage.undone[1]!.audience.confirm(READY.plan)
    stage.press('ctrl-c')
    assert.equal(await second, false)
    assert.deepEqual(stage.deeds, ['stop'])
  })

  it('takes the end of what was declined for that of no other run', async () => {
    const stage = new Stage([viewOf(RELEASED)]).press('u')
    const { audience, over } = stage.undone[0]!
    void audience.confirm(READY.plan)
    stage.press('esc')
    stage.change([READY])
    await stage.pass(300)
    stage.press('p', 'end', 'y')
    over({ plan: READY.plan, reports: [], exit: 1 })
    await setImmediate()
    assert.match(stage.text(), /promote-all of loan: wave 1 of 2/)
  })

  it('counts the time of a run', async () => {
    const stage = new Stage([READY]).press('p', 'y')
    await stage.pass(3000)
    assert.match(stage.text(), /wave 1 of 2, 3s/)
  })

  it('leaves when it is told to, and at once where the terminal comes later', () => {
    assert.deepEqual(new Stage([READY]).attach().press('q').deeds, ['leave 0'])
    assert.deepEqual(new Stage([READY]).press('q').attach().deeds, ['leave 0'])
  })

  it('gives the terminal away for Ctrl-Z, and to draw anew', () =>
    assert.deepEqual(new Stage([READY]).attach().press('ctrl-z', 'ctrl-l').deeds, [
      'given away',
      'suspend',
      'given away',
    ]))

  it('leaves when its signal ends', () => {
    const stage = new Stage([READY]).attach()
    stage.signal.abort()
    assert.deepEqual(stage.deeds, ['leave 130'])
  })

  it('leaves at once where its signal has ended before it began', () => {
    const ended = new AbortController()
    ended.abort()
    assert.deepEqual(new Stage([READY], openAt(READY), ended).attach().deeds, ['leave 130'])
  })

  it('stops a run when its signal ends, and leaves when that is over', async () => {
    const stage = new Stage([READY]).attach().press('p', 'y')
    stage.signal.abort()
    assert.deepEqual(stage.deeds, ['stop'])
    stage.runs[0]!.over({ plan: READY.plan, reports: [], exit: 130 })
    await setImmediate()
    assert.deepEqual(stage.deeds, ['stop', 'leave 130'])
  })

  it('hears of nothing any more once it is left', async () => {
    const stage = new Stage([READY]).press('q')
    const { frames } = stage
    stage.change([HALF])
    await stage.pass(5000)
    assert.equal(stage.frames, frames)
  })
})
