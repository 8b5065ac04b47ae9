import assert from 'node:assert/strict'
import type { PlanOptions } from '../../src/domain/intent.ts'
import { makePlan } from '../../src/domain/plan/make-plan.ts'
import { bringingBack } from '../../src/domain/release/bring-back.ts'
import { settleRound } from '../../src/domain/release/settle.ts'
import { undoing } from '../../src/domain/release/undo.ts'
import { waysTo } from '../../src/domain/release/ways-to.ts'
import { groupOf } from '../support/scenes.ts'
import { threeTiers, type Wiring } from '../support/three-tiers.ts'
import { told } from '../support/typed.ts'

const tiers = (promoted: number, wiring?: Wiring) => groupOf(threeTiers(promoted, wiring))

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

describe('a consumer that was promoted, and whose old pods are gone', () => {
  const state = (env: Record<string, string>) =>
    bringingBack(
      groupOf({
        members: [
          {
            name: 'web',
            live: { version: '2.0', env: { API_HOST: 'api-preview' } },
            lingering: { version: '1.0', desired: 0, available: 0, env: { API_HOST: 'api-active', ...env } },
          },
          { name: 'api', live: { version: '1.0' }, next: { version: '2.0' } },
        ],
      }),
      {},
    ).state

  it('comes back as it was, unless whom it called was removed since', () =>
    assert.deepEqual([state({}), state({ DB_URL: 'http://db:8080' })], ['gone', 'lost']))
})
