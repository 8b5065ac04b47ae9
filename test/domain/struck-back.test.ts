import assert from 'node:assert/strict'
import type { PlanOptions } from '../../src/domain/intent.ts'
import { makePlan } from '../../src/domain/plan/make-plan.ts'
import { bringingBack } from '../../src/domain/release/bring-back.ts'
import { settleRound } from '../../src/domain/release/settle.ts'
import { undoing } from '../../src/domain/release/undo.ts'
import { waysTo } from '../../src/domain/release/ways-to.ts'
import type { MemberSpec, RevisionSpec } from '../support/objects.ts'
import { groupOf } from '../support/scenes.ts'
import { told } from '../support/typed.ts'

const RELEASE = 'rollouts-group/release'
type Wiring = 'role' | 'pinned'

const of = (version: string, to?: string): RevisionSpec => ({
  version,
  labels: { [RELEASE]: version },
  ...(to !== undefined && { env: { NEXT_URL: `http://${to}:8080` } }),
})
const left = (spec: RevisionSpec): RevisionSpec => ({
  ...spec,
  desired: 0,
  available: 0,
  own: { 'rollouts-group/live-until': '2026-01-05T10:00:00Z' },
})

/** Of three tiers, the first so many were promoted to 3.0. */
function tiers(promoted: number, wiring: Wiring = 'role') {
  const calls = (version: string, to: string | undefined) =>
    of(
      version,
      to && (wiring === 'pinned' ? `${to}-${version[0]}` : `${to}-${version === '2.0' ? 'active' : 'preview'}`),
    )
  const members = ['web', 'mid', 'api'].map((name, index, all): MemberSpec => {
    const [old, is] = ['2.0', '3.0'].map((version) => calls(version, all[index + 1])) as [RevisionSpec, RevisionSpec]
    return index < promoted ? { name, live: is, lingering: left(old) } : { name, live: old, next: is }
  })
  const pinned = ['mid', 'api'].flatMap((name) =>
    ['2.0', '3.0'].map((version) => ({
      name: `${name}-${version[0]}`,
      selector: { app: name, [RELEASE]: version },
    })),
  )
  return groupOf({ members, ...(wiring === 'pinned' && { services: pinned }) })
}

describe('members that were promoted, and call each other through Services in front of next versions', () => {
  const state = (promoted: number, wiring?: Wiring) => bringingBack(tiers(promoted, wiring), {}).state
  it('are not brought back: one of them would strike the users of another', () =>
    assert.deepEqual([state(2), state(1), state(2, 'pinned')], ['struck', 'gone', 'gone']))

  it('are taken to the end of the release before it is undone', () => {
    const group = tiers(2)
    const ways = waysTo(group).map(({ release, way }) => [release.name, way.state === 'open' ? way.verbs : way.state])
    assert.deepEqual(ways, [
      ['3.0', 'none'],
      ['2.0', ['promote-all', 'undo-all --to=2.0']],
    ])
    assert.deepEqual(undoing(group, undefined, []), { state: 'under-way', name: '3.0', inPart: true, toItsEnd: true })
  })

  it('are not told to come back by what cannot settle before the release has ended', () => {
    const remedy = (promoted: number) => {
      const group = tiers(promoted)
      const cluster = { snapshot: group.snapshot, group, configMaps: [] }
      const settling = settleRound([], { group: 'loan', namespace: 'legacy', belongs: () => true, cluster })
      return settling.state === 'refused' ? told(settling.findings[0]!.remedy) : settling.state
    }
    assert.match(remedy(2), /^promote it first: [^;]*promote-all loan -n legacy$/)
    assert.match(remedy(1), /; or withdraw it: [^;]*abort-all --undo-promoted loan -n legacy$/)
  })

  const note = (promoted: number, options: PlanOptions = {}) => {
    const { findings } = makePlan(tiers(promoted), 'promote-all', options)
    const { sentence, remedy } = findings.find(({ code }) => code === 'no-way-back-after')!
    return `${sentence}. ${told(remedy)}`
  }
  it('are known before the first of them is promoted, and after', () => {
    assert.match(note(1), /^from the promotion of mid and api on, .*\. until then abort-all --undo-promoted brings/)
    assert.match(note(0, { oneByOne: true }), /^once mid is promoted, .*\. until then abort-all --undo-promoted brings/)
    assert.match(note(2), /: none of it can be brought back alone\. once all of it is promoted undo-all brings/)
  })
})
