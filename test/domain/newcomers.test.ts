import assert from 'node:assert/strict'
import { graphOf } from '../../src/domain/group/call-graph.ts'
import { REVISION } from '../../src/domain/objects/labels.ts'
import { makePlan } from '../../src/domain/plan/make-plan.ts'
import type { MemberSpec, RevisionSpec } from '../support/objects.ts'
import { groupOf } from '../support/scenes.ts'

const LABEL = 'rollouts-group/release'
const labelled = (label: string) => ({ labels: { [LABEL]: label } })
const calls = (service: string) => ({ env: { NEXT_URL: `http://${service}:8080` } })

const API: MemberSpec = { name: 'api', live: { version: '2.0' }, next: { version: '3.0' } }
const WEB: MemberSpec = {
  name: 'web',
  live: { version: '2.0', ...calls('api-active') },
  next: { version: '3.0', ...calls('api-preview') },
}
/** On its first revision, or on a later one. */
const top = (live: RevisionSpec, revision = 1): MemberSpec => ({
  name: 'top',
  live: { ...live, ...calls('web-preview'), own: { [REVISION]: String(revision) } },
})
const atRest = ({ name, next }: MemberSpec): MemberSpec => ({ name, live: next! })

describe('whom only a member calls that came with the release that waits', () => {
  const released = (member: MemberSpec, from: string, to: string): MemberSpec => ({
    ...member,
    live: { ...member.live, ...labelled(from) },
    next: { ...member.next!, ...labelled(to) },
  })
  const table: readonly [what: string, members: MemberSpec[], entries: readonly string[]][] = [
    ['is where users come in still, as the version says', [top({ version: '3.0' }), WEB, API], ['top', 'web']],
    [
      'is where users come in still, as the label says',
      [top({ version: '9', ...labelled('3.0') }), released(WEB, '2.0', '3.0'), released(API, '2.0', '3.0')],
      ['top', 'web'],
    ],
    ['is not where the release before had that member', [top({ version: '2.0' }), WEB, API], ['top']],
    [
      'is not where the label of the release before says so, whatever its version is',
      [top({ version: '3.0', ...labelled('2.0') }), released(WEB, '2.0', '3.0'), released(API, '2.0', '3.0')],
      ['top'],
    ],
    ['is not where that member has been released before', [top({ version: '3.0' }, 2), WEB, API], ['top']],
    ['is not where nothing waits', [top({ version: '3.0' }), atRest(WEB), atRest(API)], ['top']],
  ]
  for (const [what, members, entries] of table)
    it(what, () => assert.deepEqual(graphOf(groupOf({ members })).entries, entries))

  it('keeps its users in order: it is promoted first, and what it calls when its old pods are gone', () => {
    const plan = makePlan(groupOf({ members: [top({ version: '3.0' }), WEB, API] }), 'promote-all', {})
    assert.deepEqual(
      plan.waves.map((wave) => wave.map(({ member }) => member)),
      [['web'], ['api']],
    )
  })
})
