import assert from 'node:assert/strict'
import { readGroup } from '../../../src/domain/group/read-group.ts'
import { bare } from '../../../src/view/tui/layout.ts'
import { startAt } from '../../../src/view/tui/state.ts'
import { widthOf } from '../../../src/view/draw/width.ts'
import { groupView } from '../../../src/view/words/group-view.ts'
import { legacyPair, world } from '../../support/objects.ts'
import { NOW, viewOf, WORLDS } from '../worlds.ts'
import { Desk, desk, model } from './screens.ts'

const DENIED = 'list services in namespace legacy: services is forbidden: User "jane" cannot list resource "services"'
const PODS = 'Error from server (Forbidden): pods is forbidden: User "jane" cannot list resource "pods"'
const blind = { ...world(legacyPair()), services: [], endpointSlices: undefined, unreadable: [DENIED] }
const away = { lost: { since: NOW - 12_000, reason: 'list rollouts: connect ECONNREFUSED 10.0.0.1:6443' } }
const bereft = 'list rollouts in namespace legacy: 404 page not found; Argo Rollouts is not installed on this cluster'

/** What cannot be read, the screen of it, what it must say at any size, and why nothing can be done there. */
const STATES: readonly (readonly [what: string, at: () => Desk, says: readonly RegExp[], why: string])[] = [
  [
    'whose Services may not be read',
    () => desk(groupView(readGroup(blind, 'loan'), NOW)),
    [/^Group loan ✖ cannot be judged/, /✖ unreadable list services/, /Next: p shows why it is refused [^;]/],
    '',
  ],
  [
    'whose pods and Events may not be read',
    () =>
      desk(viewOf(WORLDS.ready), {
        extra: { events: PODS, analysisRuns: PODS },
        around: { pods: PODS, warnings: PODS, logs: new Map() },
      }).press('enter'),
    [/॥ ready to promote/, /Events Error from server \(Forbidden\): pods is/],
    '',
  ],
  [
    'of a cluster that is away',
    () => desk(viewOf(WORLDS.ready), away),
    [
      /^Group loan \? was: ready to promote/,
      /connection lost 12s ago, at 11:59:48 UTC; what is shown is from then: list rollouts: connect ECONNREFUSED/,
    ],
    'the connection is lost, and what is shown may be old; wait until it is back',
  ],
  [
    'of a cluster that was away from the beginning',
    () => new Desk(startAt('group', 'legacy/loan'), model(undefined, away)),
    [/^Group loan context prod-eu/, /no connection, and nothing was read yet: list rollouts: connect ECONNREFUSED/],
    'the connection is lost, and what is shown may be old; wait until it is back',
  ],
  [
    'of a cluster without Argo Rollouts',
    () => new Desk(startAt('group', 'legacy/loan'), model(undefined, { lost: { since: NOW, reason: bereft } })),
    [/nothing was read yet: .*; Argo Rollouts is not installed on this cluster/],
    'the connection is lost, and what is shown may be old; wait until it is back',
  ],
]

describe('the live screen of a group', () => {
  for (const [what, at, says, why] of STATES)
    for (const [columns, rows] of [
      [60, 20],
      [80, 24],
      [120, 40],
      [200, 50],
    ] as const)
      it(`${what} says so at ${columns}x${rows}, promises nothing that it cannot know, and keeps its bounds`, () => {
        const shown = at()
        const lines = shown.lines(columns, rows)
        const text = lines.join('\n').replaceAll(/\s+/g, ' ')
        for (const each of says) assert.match(text, each)
        assert.doesNotMatch(text, /there is no Service/)
        if (why !== '') assert.doesNotMatch(text, /Next:/)
        assert.equal(lines.length, rows - 1)
        for (const line of lines) assert.ok(widthOf(bare(line)) <= columns, line)
        assert.match(lines.at(-1)!, /\? help {3}q quit$/)
        if (why !== '') assert.equal(shown.press('p').state.notice, why)
      })
})
