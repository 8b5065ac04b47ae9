import assert from 'node:assert/strict'
import type { Action } from '../../src/domain/actions/action.ts'
import { ACTIONS, transition } from '../../src/domain/actions/actions.ts'
import { momentOf, withScaleDowns } from '../../src/domain/trace/moments.ts'
import type { MemberSpec } from '../support/objects.ts'
import { groupOf, memberOf, momentLine } from '../support/scenes.ts'

const pair: MemberSpec = { name: 'web', live: { version: '1.0' }, next: { version: '2.0' } }
const steps = (...weights: number[]) => weights.flatMap((weight) => [{ setWeight: weight }, { pause: {} }])
const canary = (weights: number[], index: number, strategy: Record<string, unknown> = {}): MemberSpec => ({
  ...pair,
  canary: { steps: steps(...weights), index },
  strategy,
})
const aborted = { abort: true, abortedAt: '2026-01-01T00:00:00Z', phase: 'Degraded', pauseConditions: [] }
const routed = { trafficRouting: { nginx: { stableIngress: 'i' } } }

/** A member's moments while an action is carried out, a line each; the last one is where it rests. */
function passed(spec: MemberSpec, action: Action): string[] {
  // Users come through a Service over the pods of both revisions.
  const group = groupOf({ members: [spec], services: [{ name: 'web', selector: { app: 'web' } }] })
  const member = memberOf(group, spec.name)
  const { passing, rest } = transition(group, member, momentOf(member, group), action)
  return [...passing, rest].map(momentLine)
}

describe('what the controller does', () => {
  const rows: readonly [what: string, spec: MemberSpec, action: Action, moments: readonly string[]][] = [
    [
      'at a promote of a blue/green: the active Service moves, users of the old pods hold their connections',
      pair,
      'promote',
      [
        'web-active=webnext; web-preview=webnext; weblive lingering: ready, users, old connections; webnext live: ready, users',
      ],
    ],
    [
      'at a promote in full of a blue/green: the same',
      pair,
      'promote-full',
      [
        'web-active=webnext; web-preview=webnext; weblive lingering: ready, users, old connections; webnext live: ready, users',
      ],
    ],
    [
      'at an abort of a blue/green: the preview Service stays on the pods that go',
      pair,
      'abort',
      ['web-active=weblive; web-preview=webnext; weblive live: ready, users; webnext old: ready'],
    ],
    [
      'at the stable template in a blue/green: both Services are on stable at once',
      pair,
      'restore-stable',
      ['web-active=weblive; web-preview=weblive; weblive live: ready, users; webnext old: ready'],
    ],
    [
      'at the stable template while users are on the next revision: its pods linger',
      { ...pair, active: 'next' },
      'restore-stable',
      [
        'web-active=weblive; web-preview=weblive; weblive live: ready, users; webnext lingering: ready, users, old connections',
      ],
    ],
    [
      'at a gate that is not the last: users come onto the canary, nobody leaves the stable one',
      canary([0, 50], 1),
      'advance',
      ['web-stable=weblive; web-canary=webnext; weblive live: ready, users; webnext next: ready, users'],
    ],
    [
      'at a gate of weight 0: no users come yet',
      canary([0, 0, 50], 1, routed),
      'advance',
      ['web-stable=weblive; web-canary=webnext; weblive live: ready, users; webnext next: ready'],
    ],
    [
      'at a gate that has pods, and no weight: no users come yet',
      {
        ...pair,
        canary: {
          steps: [...steps(0), { setCanaryScale: { replicas: 1 } }, { pause: {} }, ...steps(50)],
          index: 1,
        },
        strategy: routed,
      },
      'advance',
      ['web-stable=weblive; web-canary=webnext; weblive live: ready, users; webnext next: ready'],
    ],
    [
      'at a gate of weight 100 without a router: the stable Service is left without pods',
      canary([20, 100], 1),
      'advance',
      [
        'web-stable=weblive; web-canary=webnext; weblive live: ready, users; webnext next: ready, users',
        'web-stable=weblive; web-canary=webnext; weblive live: gone; webnext next: ready, users',
      ],
    ],
    [
      'past a step of weight 100 without a router: the stable Service is empty for a while',
      {
        ...pair,
        canary: { steps: [...steps(20), { setWeight: 100 }, ...steps(50)], index: 1 },
      },
      'advance',
      [
        'web-stable=weblive; web-canary=webnext; weblive live: gone; webnext next: ready, users',
        'web-stable=weblive; web-canary=webnext; weblive live: ready, users; webnext next: ready, users',
      ],
    ],
    [
      'at a gate of weight 100 with a router: the stable pods stay',
      canary([20, 100], 1, routed),
      'advance',
      ['web-stable=weblive; web-canary=webnext; weblive live: ready, users; webnext next: ready, users'],
    ],
    [
      'at the last gate of a canary that keeps its last old pod: both Services move, old connections are held',
      canary([20], 1),
      'promote',
      [
        'web-stable=weblive; web-canary=webnext; weblive live: ready, users; webnext next: ready, users',
        'web-stable=webnext; web-canary=webnext; weblive lingering: ready, users, old connections; webnext live: ready, users',
      ],
    ],
    [
      'at the last gate of a canary whose last old pod may go first: the stable Service is empty in between',
      canary([20], 1, { maxUnavailable: 1 }),
      'promote',
      [
        'web-stable=weblive; web-canary=webnext; weblive live: ready, users; webnext next: ready, users',
        'web-stable=weblive; web-canary=webnext; weblive live: gone; webnext next: ready, users',
        'web-stable=webnext; web-canary=webnext; weblive lingering: ready, users, old connections; webnext live: ready, users',
      ],
    ],
    [
      'at a promote in full of a canary: all old pods may go first, whatever it says',
      canary([20, 50], 1),
      'promote-full',
      [
        'web-stable=weblive; web-canary=webnext; weblive live: ready, users; webnext next: ready, users',
        'web-stable=weblive; web-canary=webnext; weblive live: gone; webnext next: ready, users',
        'web-stable=webnext; web-canary=webnext; weblive lingering: ready, users, old connections; webnext live: ready, users',
      ],
    ],
    [
      'at an abort of a canary with users: the canary Service is on stable, its pods linger',
      canary([20], 1),
      'abort',
      [
        'web-stable=weblive; web-canary=weblive; weblive live: ready, users; webnext lingering: ready, users, old connections',
      ],
    ],
    [
      'at an abort of a canary without users: nothing lingers',
      canary([0], 1, routed),
      'abort',
      ['web-stable=weblive; web-canary=weblive; weblive live: ready, users; webnext old: ready'],
    ],
    [
      'at a retry of a blue/green: its pods come up again behind the preview Service, which is on it already',
      { ...pair, next: { version: '2.0', desired: 0, available: 0 }, status: aborted },
      'retry',
      [
        'web-active=weblive; web-preview=webnext; weblive live: ready, users; webnext next: gone',
        'web-active=weblive; web-preview=webnext; weblive live: ready, users; webnext next: ready',
      ],
    ],
    [
      'at a retry of a blue/green that users are on: it goes live without a gate',
      { ...pair, active: 'next', status: aborted },
      'retry',
      [
        'web-active=webnext; web-preview=webnext; weblive live: ready, users; webnext next: ready, users',
        'web-active=webnext; web-preview=webnext; weblive live: ready, users; webnext next: ready, users',
        'web-active=webnext; web-preview=webnext; weblive lingering: ready, users, old connections; webnext live: ready, users',
      ],
    ],
    [
      'at a retry of a canary: users come to it before its Service does',
      {
        ...canary([20], 0),
        preview: 'live',
        next: { version: '2.0', desired: 0, available: 0 },
        status: aborted,
      },
      'retry',
      [
        'web-stable=weblive; web-canary=weblive; weblive live: ready, users; webnext next: ready, users',
        'web-stable=weblive; web-canary=webnext; weblive live: ready, users; webnext next: ready, users',
      ],
    ],
    [
      'at a restart: one pod at a time is gone',
      pair,
      'restart',
      [
        'web-active=weblive; web-preview=webnext; weblive live: ready, users; webnext next: ready',
        'web-active=weblive; web-preview=webnext; weblive live: ready, users; webnext next: ready',
      ],
    ],
    [
      'at a restart of single pods: their Services are empty for a while',
      { ...pair, replicas: 1 },
      'restart',
      [
        'web-active=weblive; web-preview=webnext; weblive live: starting, users; webnext next: starting',
        'web-active=weblive; web-preview=webnext; weblive live: ready, users; webnext next: ready',
      ],
    ],
    [
      'at a restart of a canary that may be without 60 % of its pods: of two none is there for a while',
      { ...canary([20], 1, { maxUnavailable: '60%' }), replicas: 4, next: { version: '2.0', desired: 2 } },
      'restart',
      [
        'web-stable=weblive; web-canary=webnext; weblive live: ready, users; webnext next: starting, users',
        'web-stable=weblive; web-canary=webnext; weblive live: ready, users; webnext next: ready, users',
      ],
    ],
    [
      'at an undo while the old pods run: both Services go back at once, users of the new pods hold their connections',
      { name: 'web', live: { version: '2.0' }, lingering: { version: '1.0', deadline: 9e12 } },
      'undo',
      [
        'web-active=weblingering; web-preview=weblingering; weblingering live: ready, users; weblive lingering: ready, users, old connections',
      ],
    ],
    [
      'at a pause: nothing moves',
      pair,
      'pause',
      ['web-active=weblive; web-preview=webnext; weblive live: ready, users; webnext next: ready'],
    ],
    [
      'at the end of a pause in which something was deployed: the preview Service goes to its pods',
      { ...pair, preview: 'live' },
      'resume',
      [
        'web-active=weblive; web-preview=webnext; weblive live: ready, users; webnext next: ready',
        'web-active=weblive; web-preview=webnext; weblive live: ready, users; webnext next: ready',
      ],
    ],
    [
      'at the end of a pause in which a promote had begun: users go on',
      {
        ...pair,
        status: { blueGreen: { activeSelector: 'weblive', scaleUpPreviewCheckPoint: true }, pauseConditions: [] },
      },
      'resume',
      [
        'web-active=weblive; web-preview=webnext; weblive live: ready, users; webnext next: ready',
        'web-active=weblive; web-preview=webnext; weblive live: ready, users; webnext next: ready',
        'web-active=webnext; web-preview=webnext; weblive lingering: ready, users, old connections; webnext live: ready, users',
      ],
    ],
    [
      'at the end of a pause in which a canary was aborted: its pods go',
      { ...canary([20], 0), status: aborted },
      'resume',
      [
        'web-stable=weblive; web-canary=weblive; weblive live: ready, users; webnext lingering: ready, users, old connections',
      ],
    ],
    [
      'at the end of a pause of a canary at its gate: it stands there',
      canary([20, 50], 1),
      'resume',
      ['web-stable=weblive; web-canary=webnext; weblive live: ready, users; webnext next: ready, users'],
    ],
  ]
  for (const [what, spec, action, moments] of rows) it(what, () => assert.deepEqual(passed(spec, action), moments))

  it('is nothing to a member that has nothing to go to', () => {
    const group = groupOf({ members: [{ name: 'web', live: { version: '1.0' } }] })
    const member = memberOf(group, 'web')
    const here = momentOf(member, group)
    for (const action of (Object.keys(ACTIONS) as Action[]).filter((each) => ACTIONS[each].alone !== true))
      assert.deepEqual(transition(group, member, here, action), { passing: [], rest: here })
  })

  it('ends an aborted blue/green with an empty preview Service', () => {
    const group = groupOf({ members: [pair] })
    const member = memberOf(group, 'web')
    const { rest } = transition(group, member, momentOf(member, group), 'abort')
    assert.deepEqual(withScaleDowns(member, rest).map(momentLine), [
      'web-active=weblive; web-preview=webnext; weblive live: ready, users; webnext old: ready',
      'web-active=weblive; web-preview=webnext; weblive live: ready, users; webnext old: gone',
    ])
  })
})
