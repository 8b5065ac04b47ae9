import assert from 'node:assert/strict'
import { at } from '../../src/domain/objects/fields.ts'
import { movesBack, undoing, wiringOf } from '../../src/domain/release/undo.ts'
import { legacyPair, type MemberSpec, type RevisionSpec, type WorldSpec } from '../support/objects.ts'
import { groupOf } from '../support/scenes.ts'

const LEFT = { 'rollouts-group/live-until': '2026-01-05T10:00:00Z' }
const RELEASE = 'rollouts-group/release'

/** 2.0 is live, 1.0 was. */
const past = (old: Partial<RevisionSpec> = {}, more: Partial<MemberSpec> = {}): MemberSpec => ({
  name: 'web',
  live: { version: '2.0' },
  lingering: { version: '1.0', desired: 0, available: 0, own: LEFT, labels: { [RELEASE]: '1.0' }, ...old },
  ...more,
})

/** It brought 1.0 back. */
const undone: RevisionSpec = { version: '1.0', labels: { [RELEASE]: '1.0-u1' } }

/** `1.0 as 1.0-u1`, or why there is nothing to go back to. */
function line(spec: WorldSpec, to?: string): string {
  const found = undoing(groupOf(spec), to, [])
  switch (found.state) {
    case 'none':
      return found.why
    case 'under-way':
      return `under way${found.inPart ? ' in part' : ''}: ${found.name}`
    case 'there':
      return `there: ${found.name}${found.before === undefined ? '' : `, before it ${found.before}`}`
    case 'lost':
      return `lost: ${found.release.lacks.join()}`
    case 'found':
      return `${found.release.name} as ${found.id}`
  }
}

describe('the release to go back to', () => {
  const rows: readonly [what: string, spec: WorldSpec, to: string | undefined, line: string][] = [
    ['is the one before, under a fresh name', { members: [past()] }, undefined, '1.0 as 1.0-u1'],
    [
      'has another name where that one is taken',
      { members: [past({ labels: { [RELEASE]: '1.0-u1' } })] },
      undefined,
      '1.0-u1 as 1.0-u2',
    ],
    [
      'is there already where users were brought back: the same command made again does not go forth',
      {
        members: [past({ version: '2.0', labels: { [RELEASE]: '2.0' } }, { live: undone })],
      },
      undefined,
      'there: 1.0-u1, before it 2.0',
    ],
    [
      'is there already while what it has left on preview Services is settled',
      {
        members: [
          past(
            { version: '2.0', labels: { [RELEASE]: '2.0' } },
            { live: undone, next: { version: '1.0', labels: { [RELEASE]: '1.0-u1-s1' } } },
          ),
        ],
      },
      undefined,
      'there: 1.0-u1, before it 2.0',
    ],
    [
      'is one where the version of what users are on is only numbered as if it had been brought back',
      { members: [past({}, { live: { version: '8-u202', labels: { [RELEASE]: '8-u202' } } })] },
      undefined,
      '1.0 as 1.0-u1',
    ],
    [
      'is the one before even where a member has stayed what it was then',
      { members: [past(), { name: 'api', live: { version: '1.0' } }] },
      undefined,
      '1.0 as 1.0-u1',
    ],
    [
      'is known by the release that it brought back once',
      { members: [past({ labels: { [RELEASE]: '1.0-u1' } })] },
      '1.0',
      '1.0-u1 as 1.0-u2',
    ],
    [
      'is not looked for while another one waits',
      { members: [past({}, { next: { version: '3.0' } })] },
      undefined,
      'under way: 3.0',
    ],
    [
      'nor while users are on a part of another one',
      { members: [past(), { name: 'api', live: { version: '1.0' }, next: { version: '2.0' } }] },
      undefined,
      'under way in part: 2.0',
    ],
    [
      'may be named while another one waits',
      { members: [past({}, { next: { version: '3.0' } })] },
      '1.0',
      '1.0 as 1.0-u1',
    ],
    [
      'keeps the name that waits at its gate, so that a run that was killed goes on',
      { members: [past({}, { next: { version: '1.0', labels: { [RELEASE]: '1.0-u1' } } })] },
      undefined,
      '1.0 as 1.0-u1',
    ],
    [
      'is none that nothing tells users of, unless it is named',
      { members: [past({ own: {} })] },
      undefined,
      'nothing tells which release users were on before; there are 1.0: say --to=NAME',
    ],
    ['may be named then', { members: [past({ own: {} })] }, '1.0', '1.0 as 1.0-u1'],
    ['must be there', { members: [past()] }, '0.9', 'there is no release 0.9; there are 1.0'],
    ['is not the one that users are on', { members: [past()] }, '2.0', 'there: 2.0'],
    [
      'is done where users are on it by another name, as after a run that was killed at its end',
      { members: [past({}, { live: undone })] },
      '1.0',
      'there: 1.0-u1',
    ],
    [
      'must have all that it had',
      { members: [past({ fromConfig: { HELLO: ['words', 'hello'] } })], configs: { words: 'missing' } },
      undefined,
      'lost: ConfigMap words is gone',
    ],
    [
      'is none in a first deployment',
      { members: [{ name: 'web', live: { version: '1.0' } }] },
      undefined,
      'nothing tells which release users were on before; no other release is there any more',
    ],
  ]
  for (const [what, spec, to, expected] of rows) it(what, () => assert.equal(line(spec, to), expected))

  const since = (at: string, until?: string): Partial<RevisionSpec> => ({
    created: `2026-01-0${at}T09:00:00Z`,
    own: {
      'rollouts-group/live-since': `2026-01-0${at}T10:00:00Z`,
      ...(until !== undefined && { 'rollouts-group/live-until': `2026-01-0${until}T10:00:00Z` }),
    },
  })
  const gone = { desired: 0, available: 0, created: '2026-01-01T09:00:00Z' }
  /** Web came to 2.0 alone on the 3rd, api stayed; both came to 3.0 on the 5th. */
  const released: WorldSpec = {
    members: [
      { name: 'api', live: { version: '3.0', ...since('5') }, lingering: { version: '1.0', ...gone, own: LEFT } },
      {
        name: 'web',
        live: { version: '3.0', ...since('5') },
        lingering: { version: '2.0', ...gone, ...since('3', '5') },
      },
    ],
  }

  it('brings what users had beside it back with it, of members that it did not change', () => {
    const group = groupOf(released)
    const found = undoing(group, undefined, [])
    assert.ok(found.state === 'found')
    assert.equal(found.release.name, '2.0')
    assert.equal(movesBack(group, found.release), 'web 3.0 → 2.0, api 3.0 → 1.0')
    const templates = found.manifests.map(({ name, object }) => [name, JSON.stringify(at(object, 'spec', 'template'))])
    assert.deepEqual(
      templates.map(([name, template]) => [name, /[123]\.0/.exec(template!)?.[0]]),
      [
        ['api', '1.0'],
        ['web', '2.0'],
      ],
    )
  })

  it('is the one before where users are on all that it changed, and on another revision beside it', () => {
    const [api] = released.members
    const web = { name: 'web', live: { version: '2.0', ...since('3') } }
    assert.equal(line({ members: [api!, web] }), '2.0 as 2.0-u1')
  })

  it('leaves as many pods as there are, whatever was applied', () => {
    const last = (spec: object) =>
      JSON.stringify({ apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', metadata: { name: 'web' }, spec })
    const scaled = (spec: object, replicas: number) => {
      const annotations = { 'kubectl.kubernetes.io/last-applied-configuration': last(spec) }
      const found = undoing(groupOf({ members: [past({}, { annotations, spec: { replicas } })] }), undefined, [])
      assert.ok(found.state === 'found')
      return found.manifests.map(({ object }) => at(object, 'spec', 'replicas'))
    }
    assert.deepEqual(scaled({ replicas: 0, template: {} }, 3), [3])
    assert.deepEqual(scaled({ template: {} }, 3), [undefined])
  })

  it('is named after what comes back, not after a member that stays and came with it at the very first', () => {
    const first = (day: string) => ({ version: '1.0', ...gone, created: `2026-01-0${day}T09:00:00Z`, own: LEFT })
    const web = { name: 'web', live: { version: '2.0', ...since('5') }, lingering: first('1') }
    const api = { name: 'api', live: { version: '7.3', created: '2026-01-02T09:00:00Z' } }
    const group = groupOf({ members: [api, web] })
    const found = undoing(group, undefined, [])
    assert.ok(found.state === 'found')
    assert.deepEqual([found.id, movesBack(group, found.release)], ['1.0-u1', 'web 2.0 → 1.0'])
  })

  it('brings back all that came to users together, though each has a version of its own, and one came first', () => {
    const own = (came: string) => ({ 'rollouts-group/live-since': `2026-01-05T10:00:0${came}Z` })
    const moved = (name: string, came: string, from: string, to: string): MemberSpec => ({
      name,
      live: { version: to, own: own(came), created: '2026-01-05T09:00:00Z' },
      lingering: { version: from, ...gone, created: `2026-01-01T09:00:0${came}Z`, own: LEFT },
    })
    const group = groupOf({ members: [moved('api', '1', '7.2', '7.3'), moved('web', '2', '3.1', '3.2')] })
    const found = undoing(group, undefined, [])
    assert.ok(found.state === 'found')
    assert.equal(movesBack(group, found.release), 'web 3.2 → 3.1, api 7.3 → 7.2')
  })

  /** api 1.0 called this, db 1.0 was called by it or not, and both are 2.0 now. */
  const beside = (calls: Record<string, string>, dbCalls: Record<string, string> = {}): WorldSpec => ({
    members: [
      past(
        { env: { API_URL: 'http://api-active' } },
        { live: { version: '2.0', env: { API_URL: 'http://api-active' } } },
      ),
      {
        name: 'api',
        live: { version: '2.0', env: { DB_URL: 'http://db-active' } },
        lingering: { version: '1.0', ...gone, own: LEFT, labels: { [RELEASE]: '1.0' }, env: calls },
      },
      {
        name: 'db',
        live: { version: '2.0' },
        lingering: { version: '0.9', ...gone, own: LEFT, created: '2026-01-01T00:00:00Z', env: dbCalls },
      },
    ],
  })
  const moved: readonly [what: string, spec: WorldSpec, moves: string][] = [
    ['whom it calls', beside({ DB_URL: 'http://db-active' }), 'api 2.0 → 1.0, web 2.0 → 1.0, db 2.0 → 0.9'],
    ['whom it may call', beside({ DB_URL: 'http://db-preview' }), 'api 2.0 → 1.0, web 2.0 → 1.0, db 2.0 → 0.9'],
    ['who calls it', beside({}, { API_URL: 'http://api-active' }), 'api 2.0 → 1.0, web 2.0 → 1.0, db 2.0 → 0.9'],
    ['nobody whom only the next release calls', beside({}), 'api 2.0 → 1.0, web 2.0 → 1.0'],
  ]
  for (const [what, spec, moves] of moved)
    it(`moves of those beside it ${what}`, () => {
      const group = groupOf(spec)
      const found = undoing(group, undefined, [])
      assert.equal(found.state === 'found' && movesBack(group, found.release), moves)
    })

  it('moves nobody else to what was beside it where nothing tells that users were on it', () => {
    const [api] = released.members
    const web = { name: 'web', live: { version: '3.0', ...since('5') }, lingering: { version: '2.0', ...gone } }
    const group = groupOf({ members: [api!, web] })
    const found = undoing(group, '2.0', [])
    assert.ok(found.state === 'found')
    assert.equal(movesBack(group, found.release), 'web 3.0 → 2.0')
  })

  it('is not offered again under the name that it had before it was brought back', () => {
    assert.equal(line({ members: [past({}, { live: undone })] }), 'there: 1.0-u1')
  })

  it('is wired by Services of its own where a member that is called has none in front of its next version', () => {
    const pair = legacyPair()
    assert.equal(wiringOf(groupOf(pair)), 'preview')
    const without = legacyPair({ backend: { strategy: { previewService: undefined } } })
    assert.equal(wiringOf(groupOf(without)), 'pinned')
    // Whom only that release calls is called, too.
    const once = (calls: string): WorldSpec => ({
      members: [past({ env: { API_URL: `http://${calls}:8080` } }), { ...without.members[1]!, name: 'api' }],
    })
    assert.deepEqual(
      ['api-active', 'db'].map((calls) => wiringOf(groupOf(once(calls)))),
      ['pinned', 'preview'],
    )
  })

  it('goes on while it waits, whatever its name is, without being named', () => {
    const web = past({ version: '2.0', labels: { [RELEASE]: '2.0-u1' } }, { live: undone })
    const waits = { ...web, next: { version: '2.0', labels: { [RELEASE]: '2.0-u2' } } }
    assert.equal(line({ members: [waits] }), '2.0-u1 as 2.0-u2')
  })

  it('has the pod template it had, without what the controller and the release have added', () => {
    const found = undoing(groupOf({ members: [past()] }), undefined, [])
    assert.ok(found.state === 'found')
    const template = at(found.manifests[0]!.object, 'spec', 'template')
    assert.deepEqual(at(template, 'metadata', 'labels'), { app: 'web' })
  })
})
