import assert from 'node:assert/strict'
import { contextOf } from '../../src/domain/checks/context.ts'
import { wayBack } from '../../src/domain/plan/way-back.ts'
import { cureOf } from '../../src/domain/plan/way-out.ts'
import type { PlanOptions } from '../../src/domain/intent.ts'
import { legacyPair, type MemberSpec, type RevisionSpec, type WorldSpec } from '../support/objects.ts'
import { groupOf } from '../support/scenes.ts'

const aborted = { abort: true, abortedAt: '2026-01-01T00:00:00Z', phase: 'Degraded', pauseConditions: [] }
const back = (more: Partial<MemberSpec> = {}): MemberSpec => ({
  name: 'back',
  live: { version: '1.0' },
  next: { version: '2.0' },
  ...more,
})
const wired = (version: string, service: string) => ({ version, env: { B_HOST: service } })

const SOON = Date.UTC(2026, 0, 9)
/** The consumer is promoted, what it calls waits, and its old pods go soon. */
const halfway = (old: Partial<RevisionSpec>): WorldSpec => ({
  members: [
    { name: 'front', live: wired('2.0', 'back-preview'), lingering: { ...wired('1.0', 'back-active'), ...old } },
    back(),
  ],
})

/** What is done to whom, and what is not and why: `abort a; abort b`. */
function line(spec: WorldSpec, options: PlanOptions): string {
  const { waves, skipped, findings } = wayBack(contextOf(groupOf(spec), 'abort-all', options))
  const moves = waves.map((wave) => wave.map((each) => `${each.action} ${each.member}`).join(', '))
  const left = skipped.map((each) => `${each.member}: ${each.why}`)
  return [...moves, ...left, ...findings.map((each) => each.code)].join('; ')
}

describe('the way back', () => {
  const rows: readonly [what: string, spec: WorldSpec, options: PlanOptions, line: string][] = [
    ['aborts at once what has no users', legacyPair(), {}, 'abort my-frontend, abort my-backend'],
    [
      'aborts consumers first, layer by layer, where it is asked to',
      legacyPair(),
      { oneByOne: true },
      'abort my-frontend; abort my-backend',
    ],
    [
      'puts the stable template back where users are on the next revision already',
      { members: [back({ active: 'next' })] },
      {},
      'restore-stable back',
    ],
    [
      'puts the stable template back where the controller would ignore an abort',
      { members: [back({ status: { promoteFull: true } })] },
      {},
      'restore-stable back',
    ],
    [
      'puts the stable template back where the next revision would skip its gate',
      { members: [back({ status: { blueGreen: { activeSelector: 'backlive', scaleUpPreviewCheckPoint: true } } })] },
      {},
      'restore-stable back',
    ],
    [
      'puts the stable template back under a live consumer that was left on the preview Service',
      { members: [{ name: 'front', live: wired('1.0', 'back-preview') }, back()] },
      {},
      'restore-stable back',
    ],
    [
      'aborts under consumers that are leaving: they are waited for',
      {
        members: [
          { name: 'front', live: wired('1.0', 'back-active'), lingering: wired('2.0', 'back-preview') },
          back(),
        ],
      },
      {},
      'abort back',
    ],
    [
      'puts the stable template back where it is asked to',
      legacyPair(),
      { toStable: true },
      'restore-stable my-frontend, restore-stable my-backend',
    ],
    [
      'leaves alone what the cluster shows withdrawn',
      { members: [back({ status: aborted })] },
      {},
      'back: back 2.0 is aborted already',
    ],
    [
      'aborts again where an abort was only asked for',
      { members: [back({ status: { abort: true, pauseConditions: [] } })] },
      {},
      'abort back',
    ],
    [
      'has nothing to go back to in a first deploy',
      { members: [back({ status: { stableRS: '' } })] },
      {},
      'back: its first revision is still being deployed; there is nothing to go back to',
    ],
    [
      'is closed where users are on a consumer that uses what would be withdrawn',
      { members: [{ name: 'front', live: wired('2.0', 'back-preview') }, back()] },
      {},
      'restore-stable back; partial-release',
    ],
    [
      'brings the promoted consumer back first, where that is asked for',
      halfway({ deadline: SOON }),
      { undoPromoted: true },
      'undo front; abort back',
    ],
    [
      'is closed where the old pods of the promoted consumer are about to go',
      halfway({ deadline: SOON }),
      { undoPromoted: true, since: SOON - 4000 },
      'restore-stable back; partial-release',
    ],
    [
      'is closed where they are not whole any more',
      halfway({ deadline: SOON, available: 2 }),
      { undoPromoted: true },
      'restore-stable back; partial-release',
    ],
    [
      'is closed where one consumer of two cannot come back',
      {
        members: [...halfway({ deadline: SOON }).members, { name: 'shop', live: wired('2.0', 'back-preview') }],
      },
      { undoPromoted: true },
      'restore-stable back; partial-release',
    ],
    [
      'blames nobody who has no part in it: of two pairs one is half promoted',
      {
        members: [
          { name: 'front', live: wired('2.0', 'back-preview') },
          back(),
          { name: 'shop', live: wired('1.0', 'till-active'), next: wired('2.0', 'till-preview') },
          { ...back(), name: 'till' },
        ],
      },
      {},
      'abort shop; restore-stable back, abort till; partial-release',
    ],
  ]
  for (const [what, spec, options, expected] of rows) it(what, () => assert.equal(line(spec, options), expected))
})

describe('of an undo that is taken back half way', () => {
  it('only who was promoted in it goes back, though what waits for the others brings something back, too', () => {
    const labelled = (version: string, id: string, service = 'back-active'): RevisionSpec => ({
      ...wired(version, service),
      labels: { 'rollouts-group/release': id },
    })
    const front = { name: 'front', live: labelled('1.0', '1.0-u1', 'back-preview'), next: labelled('2.0', '2.0-u1') }
    const members = [front, back({ live: { version: '2.0' }, next: labelled('1.0', '1.0-u1') })]
    assert.deepEqual(contextOf(groupOf({ members }), 'abort-all', {}).releases.back, ['front'])
  })
})

describe('withdrawing the release', () => {
  const mends = (spec: WorldSpec) => cureOf(groupOf(spec), {}) === 'abort-all'
  const canary = (more: Partial<MemberSpec> = {}) =>
    back({ canary: { steps: [{ setWeight: 20 }, { pause: {} }] }, ...more })
  const through = (member: MemberSpec): WorldSpec => ({
    members: [{ name: 'front', live: wired('7', 'back') }, member],
    services: [{ name: 'back', selector: { app: 'back' } }],
  })
  const calling = (version: string): WorldSpec => ({
    members: [{ name: 'front', live: wired(version, 'back') }, canary()],
    services: [{ name: 'back', selector: { app: 'back' } }],
  })
  it('mends what users meet, though it goes on until the last pods are gone', () =>
    assert.equal(mends(calling('1.0')), true))
  it('does not mend what it leads them to', () => assert.equal(mends(calling('2.0')), false))
  it('mends nothing where nothing is wrong', () => assert.equal(mends(through(canary())), false))
})
