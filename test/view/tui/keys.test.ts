import assert from 'node:assert/strict'
import { ALL as ALL_PAGES } from '../../../src/view/tui/state.ts'
import { KEYS } from '../../../src/view/tui/keys.ts'
import { type Effect, type Model, startAt, type ScreenState } from '../../../src/view/tui/state.ts'
import { BRING_BACK, SETTLE, UNDO } from '../../../src/view/tui/running.ts'
import type { Plan } from '../../../src/domain/plan/plan.ts'
import { viewOf, WORLDS } from '../worlds.ts'
import { threeTiers } from '../../support/three-tiers.ts'
import { legacyPair } from '../../support/objects.ts'
import { ALL, Desk, desk, model, openAt, PROTECTED, RELEASED } from './screens.ts'

const READY = viewOf(WORLDS.ready)
const LOST: Partial<Model> = { lost: { since: 0, reason: 'gone' } }
const onList = (more: Partial<Model> = {}) => new Desk(startAt('groups'), model(ALL, more))
const MAYBE = { next: undefined!, live: { version: '2.0' }, lingering: { version: '1.0', desired: 0, available: 0 } }
const WAS = viewOf(RELEASED)
const GONE = viewOf({
  members: RELEASED.members.map((each) => ({
    ...each,
    lingering: { ...each.lingering!, fromConfig: { URL: ['settings', 'url'] } },
  })),
  configs: { settings: 'missing' },
})
const DEPLOYS: Plan = { ...READY.plan, verb: 'deploy-all' }
/** Undoing has got as far as its question. */
const undoing = (more: Partial<Model> = {}) =>
  desk(WAS, more).press('u').hear({ type: 'said', words: 'back to release 1.0' }, { type: 'planned', plan: DEPLOYS })
const PORT = {
  member: 'my-frontend',
  side: 'next',
  address: 'http://127.0.0.1:9050',
  leadsTo: '',
  reached: true,
} as const
const UNDONE = { type: 'phases', wish: UNDO, place: { namespace: 'legacy', name: 'loan' } } as const
const run = (of = desk(READY)) => of.press('p', 'y')

/** From where, which keys, and what then differs from the state before. */
const MOVES: readonly (readonly [
  what: string,
  from: () => Desk,
  keys: readonly string[],
  change: Partial<ScreenState>,
])[] = [
  ['selects the next group', onList, ['down'], { group: 'legacy/empty' }],
  ['selects it with j, too', onList, ['j'], { group: 'legacy/empty' }],
  ['stops at the first', onList, ['down', 'up', 'up', 'k'], { group: 'legacy/leak' }],
  ['stops at the last', onList, ['end', 'down'], { group: 'legacy/settled' }],
  ['goes ten at a time', onList, ['pagedown'], { group: 'legacy/canary' }],
  ['goes back to the first', onList, ['end', 'home'], { group: 'legacy/leak' }],
  ...[' ', 'ctrl-f', 'ctrl-d'].map((key) => [`pages by ${key}`, onList, [key], { group: 'legacy/canary' }] as const),
  ...['pageup', 'ctrl-b', 'ctrl-u'].map(
    (key) => [`pages back by ${key}`, onList, ['pagedown', key], { group: 'legacy/leak' }] as const,
  ),
  ['goes to the last and the first as in vi', onList, ['G', 'down', 'g'], { group: 'legacy/leak' }],
  ['goes to the last member', () => desk(READY), ['G'], { member: 'my-backend' }],
  [
    'goes to the first member by two, which open no graph',
    () => desk(READY),
    ['G', 'g', 'g'],
    { member: 'my-frontend' },
  ],
  ['clears what is typed of a filter', onList, ['/', 'd', 'i', 'ctrl-u'], { typing: true }],
  ['clears what is typed of a place', onList, [':', 'd', 'i', 'ctrl-u'], { place: '' }],
  [
    'opens the selected group',
    onList,
    ['down', 'enter'],
    { page: 'group', group: 'legacy/empty', behind: [{ page: 'groups', filter: '', scroll: 0 }] },
  ],
  [
    'opens the first where none was selected',
    onList,
    ['enter'],
    { page: 'group', group: 'legacy/leak', behind: [{ page: 'groups', filter: '', scroll: 0 }] },
  ],
  ['leads back to the list', onList, ['enter', 'esc'], { group: 'legacy/leak' }],
  ['sorts by name', onList, ['s'], { order: 'by name' }],
  ['sorts the worst first again', onList, ['s', 's'], {}],
  ['keeps a filter', onList, ['/', 'd', 'i', 'x', 'backspace', 'enter'], { filter: 'di' }],
  ['gives a filter up', onList, ['/', 'd', 'esc'], {}],
  ['gives a kept filter up', onList, ['/', 'd', 'enter', 'esc'], {}],
  [
    'opens what the filter left, and comes back to the filter',
    onList,
    ['/', 'd', 'i', 'a', 'enter', 'enter', 'esc'],
    { filter: 'dia', group: 'legacy/diamond' },
  ],
  ['types keys that act elsewhere', onList, ['/', 'q', 'p'], { typing: true, filter: 'qp' }],
  ['lists only what is wrong', onList, ['z'], { onlyWrong: true }],
  ['lists all again', onList, ['z', 'z'], {}],
  ['lists all again with esc', onList, ['z', 'esc'], {}],
  [
    'goes to a group by its name',
    onList,
    [':', 'd', 'i', 'a', 'm', 'o', 'n', 'd', 'enter'],
    { page: 'group', group: 'legacy/diamond', behind: [{ page: 'groups', filter: '', scroll: 0 }] },
  ],
  [
    'goes to a group by a part of its name that no other has',
    onList,
    [':', 'm', 'o', 'd', 'enter'],
    { page: 'group', group: 'legacy/modern', behind: [{ page: 'groups', filter: '', scroll: 0 }] },
  ],
  ['goes to a namespace', onList, [':', 'l', 'e', 'g', 'a', 'c', 'y', 'enter'], { filter: 'legacy/' }],
  ['goes nowhere with esc', onList, [':', 'x', 'esc'], {}],
  [
    'says that there is no such group',
    onList,
    [':', 'n', 'i', 'x', 'enter'],
    { notice: 'no group or namespace is called nix' },
  ],
  [
    'says what is watched where the screen is of one group',
    () => desk(READY),
    [':', 'n', 'i', 'x', 'enter'],
    { notice: 'only legacy/loan is watched here; get-group -A -w watches all' },
  ],
  [
    'opens the difference of the selected member',
    () => desk(READY),
    ['down', 'd'],
    { page: 'difference', member: 'my-backend', behind: [{ page: 'group', filter: '', scroll: 0 }] },
  ],
  ['selects the next member', () => desk(READY), ['down'], { member: 'my-backend' }],
  [
    'opens the selected member',
    () => desk(READY),
    ['down', 'enter'],
    { page: 'member', member: 'my-backend', behind: [{ page: 'group', filter: '', scroll: 0 }] },
  ],
  ['opens the graph', () => desk(READY), ['g'], { page: 'graph', behind: [{ page: 'group', filter: '', scroll: 0 }] }],
  [
    'forwards the group, and the selected member',
    () => desk(READY),
    ['down', 'f'],
    {
      member: 'my-backend',
      forwarding: { namespace: 'legacy', name: 'loan', member: 'my-backend' },
      notice: 'forwarding, until f ends it…',
    },
  ],
  ['ends it', () => desk(READY), ['f', 'f'], { notice: 'loan is not forwarded any more' }],
  ['opens help, and comes back', () => desk(READY), ['?', 'esc'], {}],
  [
    'opens the log at its end',
    () => desk(READY),
    ['l'],
    { page: 'log', scroll: Number.MAX_SAFE_INTEGER, behind: [{ page: 'group', filter: '', scroll: 0 }] },
  ],
  ['closes a plan that is not confirmed', () => desk(READY), ['p', 'n'], { notice: 'not confirmed; nothing was sent' }],
  ['closes a plan with esc', () => desk(READY), ['p', 'esc'], { notice: 'not confirmed; nothing was sent' }],
  [
    'closes a plan with q, and does not quit',
    () => desk(READY),
    ['p', 'q'],
    { notice: 'not confirmed; nothing was sent' },
  ],
  ...['esc', 'n', 'q', 'enter'].map(
    (key) => ['closes a refused plan', () => desk(viewOf(WORLDS.trouble)), ['p', key], {}] as const,
  ),
]

/** Keys that cannot act, and the reason they give. */
const REASONS: readonly (readonly [what: string, at: () => Desk, key: string, why: string])[] = [
  ['d on the list', onList, 'd', 'open a group first: ⏎'],
  [
    'a where all was aborted',
    () => desk(viewOf(WORLDS.aborted)),
    'a',
    'nothing waits that could be withdrawn; r shows how it is tried again',
  ],
  [
    'p in production',
    () => desk(READY, { guarded: true }),
    'p',
    'this is production, and for reading; W allows writing',
  ],
  [
    'u where users were on no other release',
    () => desk(viewOf(WORLDS.settled)),
    'u',
    'no release is known that users were on before',
  ],
  ['u where a release waits', () => desk(READY), 'u', 'release 2.0 waits; p shows the plan; a shows the way back'],
  [
    'u where nothing tells whether users were',
    () => desk(viewOf(legacyPair({ frontend: MAYBE, backend: MAYBE }))),
    'u',
    'no release is known that users were on before; 1.0 may have been: h shows them, and ⏎ there goes back',
  ],
  ...([[], ['h', 'down']] as const).map(
    (keys) =>
      [
        `u where what users are on a part of cannot go back alone${keys.length > 0 ? ', in the history' : ''}`,
        () => desk(viewOf(threeTiers(2))).press(...keys),
        'u',
        'no part of it goes back alone; p takes users to all of it, and u back from there',
      ] as const,
  ),
  [
    '⏎ on the release that users are on',
    () => desk(WAS).press('h', 'up'),
    'enter',
    'users are on release 2.0; choose another one',
  ],
  [
    '⏎ on a release that waits',
    () => desk(READY).press('h', 'home'),
    'enter',
    'release 2.0 waits, and users were never on it; p shows how they come to it',
  ],
  [
    '⏎ on a release of which something is gone',
    () => desk(GONE).press('h'),
    'enter',
    'release 1.0 cannot come back as it was: ConfigMap settings is gone',
  ],
  [
    '⏎ on a release of the past on a screen for reading',
    () => desk(WAS, { readOnly: true }).press('h'),
    'enter',
    'nothing can be written here: --read-only',
  ],
  ['p while undoing is worked out', () => desk(WAS).press('u'), 'p', 'undo-all is being worked out'],
  ['u while a run goes on', run, 'u', 'promote-all of loan goes on: x stops it'],
  ['W where nothing is guarded', () => desk(READY), 'W', 'this is not production'],
  [
    'W on a screen for reading',
    () => desk(READY, { guarded: true, readOnly: true }),
    'W',
    'nothing can be written here: --read-only',
  ],
  ['f on an empty list', () => new Desk(startAt('groups'), model([])), 'f', 'there is no group'],
  ['e on an empty list', () => new Desk(startAt('groups'), model([])), 'e', 'there is no group'],
  ['a in the log', () => desk(READY).press('l'), 'a', 'go back to the group first: esc'],
  ['p where nothing waits', () => desk(viewOf(WORLDS.settled)), 'p', 'nothing waits to be promoted'],
  ['a where nothing waits', () => desk(viewOf(WORLDS.settled)), 'a', 'nothing waits that could be withdrawn'],
  ['p on a screen for reading', () => desk(READY, { readOnly: true }), 'p', 'nothing can be written here: --read-only'],
  [
    'p without a connection',
    () => desk(READY, LOST),
    'p',
    'the connection is lost, and what is shown may be old; wait until it is back',
  ],
  ['p while a run goes on', run, 'p', 'promote-all of loan goes on: x stops it'],
  ['q while a run goes on', run, 'q', 'promote-all goes on: x stops it'],
  ['p where the group is gone', () => new Desk(openAt(READY), model([])), 'p', 'there is no group'],
  ['x where nothing runs', () => desk(READY), 'x', 'nothing runs'],
  ['esc at the beginning', () => desk(READY), 'esc', 'q quits'],
  ['⏎ on an empty list', () => new Desk(startAt('groups'), model([])), 'enter', 'there is nothing to open'],
  ['s on a group', () => desk(READY), 's', 'sort is not here'],
  ['a key that is neither yes nor no to a plan', () => desk(READY).press('p'), 'w', 'y is yes; esc, n or q is no'],
  [
    'y where the plan goes on below',
    () => desk(READY, { deepest: 3 }).press('p', 'down', 'down'),
    'y',
    'the plan goes on below: ↓ shows it',
  ],
  [
    'y before the plan was drawn',
    () => desk(READY, { deepest: Infinity }).press('p'),
    'y',
    'the plan goes on below: ↓ shows it',
  ],
  [
    'y where the plan is refused',
    () => desk(viewOf(WORLDS.trouble)).press('p'),
    'y',
    'it is refused, and nothing was sent; esc closes it',
  ],
  [
    'a letter of its name where the plan of a protected group goes on below',
    () => desk(viewOf(PROTECTED), { deepest: 3 }).press('p'),
    'l',
    'the plan goes on below: ↓ shows it',
  ],
  ['a key that means nothing', () => desk(READY), 'w', 'w does nothing; ? shows the keys'],
]

/** What is asked of the world outside. */
const EFFECTS: readonly (readonly [
  what: string,
  at: () => Desk,
  keys: readonly string[],
  effects: readonly Effect[],
])[] = [
  ['q leaves', () => desk(READY), ['q'], [{ type: 'quit', exit: 0 }]],
  ...['q', 'quit'].map(
    (word) => [`:${word} leaves`, onList, [':', ...word, 'enter'], [{ type: 'quit', exit: 0 }]] as const,
  ),
  [':q leaves no run alone', () => run(), [':', 'q', 'enter'], [{ type: 'run', plan: READY.plan }]],
  ['Ctrl-C leaves, as an interruption', () => desk(READY), ['ctrl-c'], [{ type: 'quit', exit: 130 }]],
  ['Ctrl-C leaves while a plan is shown, too', () => desk(READY).press('p'), ['ctrl-c'], [{ type: 'quit', exit: 130 }]],
  [
    'Ctrl-C leaves while a filter is typed, too',
    () => desk(READY).press('/'),
    ['ctrl-c'],
    [{ type: 'quit', exit: 130 }],
  ],
  ['y carries the plan out that was shown', () => desk(READY), ['p', 'y'], [{ type: 'run', plan: READY.plan }]],
  [
    'y does once the end of the plan was in sight, wherever one is then',
    () => desk(READY, { deepest: 3 }),
    ['p', 'y', 'end', 'up', 'up', 'y'],
    [{ type: 'run', plan: READY.plan }],
  ],
  ['Y does, too', () => desk(READY), ['p', 'Y'], [{ type: 'run', plan: READY.plan }]],
  ...['enter', 'x', ' ', 'p', 'esc'].map(
    (key) => [`${key === ' ' ? 'space' : key} is no yes`, () => desk(READY), ['p', key], []] as const,
  ),
  [
    'another name than its own is no yes',
    () => desk(viewOf(PROTECTED)),
    ['p', 'l', 'o', 'a', 'n', 's', 'enter', 'y', 'enter'],
    [],
  ],
  [
    'y without a plan copies what leads on, and sends nothing',
    () => desk(READY),
    ['y'],
    [{ type: 'copy', text: 'kubectl rollouts-group promote-all loan -n legacy' }],
  ],
  [
    'y after a key that led to no plan copies nothing, whatever was looked at since; again it does',
    () => desk(READY),
    ['u', 'pagedown', 'y', 'y'],
    [{ type: 'copy', text: 'kubectl rollouts-group promote-all loan -n legacy' }],
  ],
  ['y before a plan is there copies nothing', () => desk(WAS), ['u', 'y'], [UNDONE]],
  [
    'y after a plan that is gone copies nothing',
    () => Object.assign(desk(READY).press('p'), { model: model([]) }).hear({ type: 'seen' }),
    ['y'],
    [],
  ],
  [
    'ctrl-u clears a name',
    () => desk(viewOf(PROTECTED), { deepest: 0 }),
    ['p', 'x', 'ctrl-u', 'l', 'o', 'a', 'n', 'enter'],
    [{ type: 'run', plan: viewOf(PROTECTED).plan }],
  ],
  [
    'G shows the end of a plan',
    () => desk(READY, { deepest: 3 }),
    ['p', 'y', 'j', 'y', 'G', 'y'],
    [{ type: 'run', plan: READY.plan }],
  ],
  [
    'y copies the command that goes back to the chosen release',
    () => desk(WAS),
    ['h', 'y'],
    [{ type: 'copy', text: 'kubectl rollouts-group undo-all --to=1.0 loan -n legacy' }],
  ],
  [
    'y copies the command for a pipeline where that is selected',
    () => desk(READY),
    ['e', 'down', 'y'],
    [{ type: 'copy', text: 'kubectl rollouts-group promote-all --yes loan -n legacy' }],
  ],
  [
    'y copies the hash of the selected member',
    () => desk(READY),
    ['down', 'e', 'end', 'up', 'y'],
    [{ type: 'copy', text: 'backendlive' }],
  ],
  [
    'e copies the command of a plan as a pipeline needs it, and the plan stands as before',
    () => desk(READY),
    ['p', 'e', 'y'],
    [
      { type: 'copy', text: 'kubectl rollouts-group promote-all --yes loan -n legacy' },
      { type: 'run', plan: READY.plan },
    ],
  ],
  ['u has what leads back worked out', () => desk(WAS), ['u'], [UNDONE]],
  [
    'u where users are on a part of a release brings them back, and withdraws the rest',
    () => desk(viewOf(WORLDS.half)),
    ['u'],
    [{ ...UNDONE, wish: BRING_BACK }],
  ],
  [
    '⏎ in the history brings them back to what they are on no more in part, and withdraws the rest',
    () => desk(viewOf(WORLDS.half)),
    ['h', 'down', 'enter'],
    [{ ...UNDONE, wish: BRING_BACK }],
  ],
  ['S has what points consumers back worked out', () => desk(WAS), ['S'], [{ ...UNDONE, wish: SETTLE }]],
  ...['enter', 'u'].map(
    (key) =>
      [
        `${key} goes back to the release that is chosen in the history: first that to which u leads`,
        () => desk(WAS),
        ['h', key],
        [{ ...UNDONE, wish: { ...UNDO, to: '1.0', asks: 'Go to release 1.0' } }],
      ] as const,
  ),
  [
    'e copies the command for a pipeline that goes back to the chosen release',
    () => desk(WAS).press('h', 'enter').hear({ type: 'planned', plan: DEPLOYS }),
    ['e'],
    [
      { ...UNDONE, wish: { ...UNDO, to: '1.0', asks: 'Go to release 1.0' } },
      { type: 'copy', text: 'kubectl rollouts-group undo-all --yes --to=1.0 loan -n legacy' },
    ],
  ],
  ['y is the yes to the first plan that leads back', undoing, ['y'], [UNDONE, { type: 'answer', yes: true }]],
  ['esc is the no to it', undoing, ['esc'], [UNDONE, { type: 'answer', yes: false }]],
  [
    'e copies its command',
    undoing,
    ['e'],
    [UNDONE, { type: 'copy', text: 'kubectl rollouts-group undo-all --yes loan -n legacy' }],
  ],
  [
    'its name is the yes to it in production',
    () => desk(WAS, { guarded: true }).press('W', 'u').hear({ type: 'planned', plan: DEPLOYS }),
    ['y', 'enter', 'l', 'o', 'a', 'n', 'enter'],
    [UNDONE, { type: 'answer', yes: true }],
  ],
  [
    'it is not confirmed once the connection is lost',
    () => Object.assign(undoing(), { model: model([WAS], LOST) }),
    ['y'],
    [UNDONE, { type: 'answer', yes: false }],
  ],
  [
    'y copies an address of this machine where it is forwarded to',
    () => desk(READY, { forwarded: { ports: [PORT], trouble: undefined } }),
    ['f', 'e', ...Array<string>(7).fill('down'), 'y'],
    [{ type: 'copy', text: PORT.address }],
  ],
  ['y is no yes in production', () => desk(READY, { guarded: true }), ['W', 'p', 'y', 'enter'], []],
  [
    'the name of the group is the yes in production',
    () => desk(READY, { guarded: true }),
    ['W', 'p', 'l', 'o', 'a', 'n', 'enter'],
    [{ type: 'run', plan: READY.plan }],
  ],
  [
    'p on the list plans for the selected group',
    () => new Desk(startAt('groups', 'legacy/loan'), model([READY])),
    ['p', 'y'],
    [{ type: 'run', plan: READY.plan }],
  ],
  [
    'Ctrl-C stops a run: once, twice',
    () => run(),
    ['ctrl-c', 'ctrl-c'],
    [{ type: 'run', plan: READY.plan }, { type: 'stop' }, { type: 'stop' }],
  ],
  [
    'x stops a run, from any page',
    () => run().press('g'),
    ['x'],
    [{ type: 'run', plan: READY.plan }, { type: 'stop' }],
  ],
  [
    'a plan is not carried out once the connection is lost',
    () => Object.assign(desk(READY).press('p'), { model: model([READY], LOST) }),
    ['y'],
    [],
  ],
  ['Ctrl-Z goes to the background', () => desk(READY), ['ctrl-z'], [{ type: 'suspend' }]],
  ['Ctrl-L draws anew', () => desk(READY), ['ctrl-l'], [{ type: 'redraw' }]],
  [
    'the name of a protected group, and only that, carries its plan out',
    () => desk(viewOf(PROTECTED)),
    ['p', 'y', 'enter', 'l', 'o', 'a', 'enter', 'l', 'o', 'a', 'm', 'backspace', 'n', 'enter'],
    [{ type: 'run', plan: viewOf(PROTECTED).plan }],
  ],
]

describe('the keys of the live screen', () => {
  for (const [what, from, keys, change] of MOVES) {
    it(`${keys.join(' ')} ${what}`, () => {
      const before = from()
      const { state } = before
      assert.deepEqual(before.press(...keys).state, { ...state, ...change })
    })
  }

  for (const [what, at, key, why] of REASONS)
    it(`say why they cannot act: ${what}`, () => assert.equal(at().press(key).state.notice, why))

  for (const [what, at, keys, effects] of EFFECTS)
    it(`reach beyond the screen: ${what}`, () => assert.deepEqual(at().press(...keys).effects, effects))

  it('ask about the first plan of several runs, and about none that follows', () => {
    const at = undoing().press('y').hear({ type: 'planned', plan: READY.plan })
    assert.deepEqual(at.effects.slice(1), [
      { type: 'answer', yes: true },
      { type: 'answer', yes: true },
    ])
    assert.deepEqual([at.state.run?.plan, at.state.run?.deed.name], [READY.plan, 'undo-all'])
  })

  it('say why nothing leads back: by what was said, or by the plan that is refused', () => {
    const at = desk(WAS)
      .press('u')
      .hear({ type: 'said', words: 'no other release is there' }, { type: 'over', end: undefined })
    assert.deepEqual([at.state.notice, at.state.asking], ['no other release is there', undefined])
    const plan = { ...viewOf(WORLDS.trouble).plan, verb: 'deploy-all' } as const
    const refusal = desk(WAS).press('u').over({ plan, reports: [], exit: 3 })
    assert.match(
      refusal.lines(80, 24).join('\n'),
      /Undo group loan in legacy \(context prod-eu\): refused[^]*next-wired-to-live/,
    )
    assert.equal(refusal.press('enter').state.dialog, undefined)
  })

  it('answer no where the group is gone meanwhile', () => {
    const at = Object.assign(undoing(), { model: model([]) }).hear({ type: 'seen' })
    assert.deepEqual(
      [at.effects[1], at.state.notice],
      [{ type: 'answer', yes: false }, 'the group is gone; nothing was sent'],
    )
  })

  it('have no two meanings on one page', () => {
    for (const page of ALL_PAGES) {
      const names = KEYS.filter((each) => each.pages.includes(page)).flatMap((each) => each.keys)
      assert.deepEqual(
        names.filter((each, index) => names.indexOf(each) !== index),
        [],
        page,
      )
    }
  })

  it('take no pasted text for keys', () => {
    const pasted = desk(READY).paste('copy')
    assert.deepEqual(
      [pasted.state.dialog, pasted.effects, pasted.state.notice],
      [undefined, [], 'pasted text does nothing here'],
    )
    assert.deepEqual(desk(READY).press('p').paste('y').effects, [])
  })

  it('take pasted text where text is asked for, its first line, and never as an answer', () => {
    assert.equal(desk(READY).press('/').paste('my-b\nq').state.filter, 'my-b')
    const typed = desk(viewOf(PROTECTED)).press('p').paste('loan\n')
    assert.deepEqual([typed.state.dialog?.typed, typed.effects], ['loan', []])
  })

  it('say nothing any more once another is pressed', () =>
    assert.equal(desk(READY).press('w', 'down').state.notice, ''))

  it('put the report of a run away before they lead back', () => {
    const over = onList().press('enter', 'esc', 'end', 'up', 'enter', 'p', 'y')
    over.over({ plan: READY.plan, reports: [], exit: 0 })
    assert.equal(over.state.run?.state, 'over')
    assert.deepEqual([over.press('esc').state.run, over.state.page], [undefined, 'group'])
    assert.equal(over.press('esc').state.page, 'groups')
  })

  it('scroll no further than there are lines, and back at once', () => {
    const help = desk(READY).press('?')
    help.scrollDown(80, 12, 100)
    const { scroll } = help.state
    assert.equal(scroll, help.model.deepest)
    assert.equal(help.press('up').state.scroll, scroll - 1)
  })

  it('on another member begin again at its first line', () =>
    assert.equal(desk(READY, { deepest: 5 }).press('pagedown', 'down').state.scroll, 0))
})
