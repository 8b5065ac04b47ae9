import assert from 'node:assert/strict'
import { pastReleases } from '../../src/domain/group/past-releases.ts'
import { legacyPair, type WorldSpec } from '../support/objects.ts'
import { groupOf } from '../support/scenes.ts'

const live = (since: string) => ({
  'rollouts-group/live-since': since,
  'rollouts-group/live-by': 'ann@laptop',
})

const gone = { desired: 0, available: 0 }
const since2nd = live('2026-01-02T10:00:00Z')
const withdrawn = { 'rollouts-group/withdrawn': '2026-01-01T10:00:00Z' }
/** 2.0, which no user came to. */
const tried = (created: string) => ({ version: '2.0', ...gone, created, own: withdrawn })

/** Each release in a line: `2.0 waits: my-backend, my-frontend`. */
function lines(spec: WorldSpec): string[] {
  return pastReleases(groupOf(spec)).map(({ name, state, since, by, revisions, pods, lacks }) => {
    const who = since === undefined ? '' : ` since ${new Date(since).toISOString().slice(11, 16)} by ${by}`
    const back = lacks.length > 0 ? `; ${lacks.join(', ')}` : pods === undefined ? '; no pods' : ''
    return `${name} ${state}${who}: ${revisions.map((each) => each.member).join(', ')}${back}`
  })
}

describe('the releases of a group', () => {
  const rows: readonly [what: string, spec: WorldSpec, lines: readonly string[]][] = [
    [
      'are the revisions that share a version, the newest first',
      legacyPair(),
      ['2.0 waits: my-backend, my-frontend', '1.0 live: my-backend, my-frontend'],
    ],
    [
      'are one whether or not a v is written before the version, which is left out where only some write it',
      legacyPair({
        frontend: { live: { version: 'v1.0' }, next: { version: 'v2.0' } },
        backend: { live: { version: 'v1.0' }, next: { version: '2.0' } },
      }),
      ['2.0 waits: my-backend, my-frontend', 'v1.0 live: my-backend, my-frontend'],
    ],
    [
      'are called as their label is, however others write it',
      legacyPair({
        frontend: { live: { version: '1.0', labels: { 'rollouts-group/release': 'v1.0' } }, next: undefined! },
        backend: { live: { version: '1.0' }, next: undefined! },
      }),
      ['v1.0 live: my-backend, my-frontend'],
    ],
    [
      'are told apart by their label, whatever their version',
      legacyPair({
        frontend: {
          live: { version: '1.0', labels: { 'rollouts-group/release': '1.0-u1' } },
          next: { version: '1.0', labels: { 'rollouts-group/release': '1.0-u2' } },
        },
        backend: { next: undefined!, live: { version: '1.0', labels: { 'rollouts-group/release': '1.0-u1' } } },
      }),
      ['1.0-u2 waits: my-frontend', '1.0-u1 live: my-backend, my-frontend'],
    ],
    [
      'are another one where their member has that version in a label already, as after a first release of settings',
      {
        members: [
          {
            name: 'api',
            live: { version: '1.0', labels: { 'rollouts-group/release': '1.0' } },
            lingering: { version: '1.0' },
          },
          { name: 'web', live: { version: '1.0' } },
        ],
      },
      ['1.0 live: api, web', 'api-1.0-r1 past: api'],
    ],
    [
      'have nothing beside them where users are on them still, and have left what they had with them',
      {
        members: [
          { name: 'api', live: { version: '7.3' } },
          {
            name: 'web',
            live: { version: '2.0', own: live('2026-01-05T10:00:00Z') },
            lingering: {
              version: '1.0',
              desired: 0,
              available: 0,
              own: { 'rollouts-group/live-until': '2026-01-05T10:00:00Z' },
            },
          },
        ],
      },
      ['2.0 live since 10:00 by ann@laptop: web', '7.3 live: api', '1.0 past: web; no pods'],
    ],
    [
      'are the same one where its wiring was taken out of it',
      {
        members: [
          {
            name: 'api',
            live: { version: '1.0' },
            lingering: { version: '1.0', labels: { 'rollouts-group/release': '1.0' } },
          },
        ],
      },
      ['1.0 live: api'],
    ],
    [
      'are withdrawn where they were aborted',
      legacyPair({ frontend: { status: { abort: true } }, backend: { status: { abort: true } } }),
      ['2.0 withdrawn: my-backend, my-frontend', '1.0 live: my-backend, my-frontend'],
    ],
    [
      'say since when users are on all of it, and who brought the last of them there',
      legacyPair({
        frontend: { live: { version: '1.0', own: live('2026-01-05T10:00:00Z') } },
        backend: { live: { version: '1.0', own: live('2026-01-05T10:01:00Z') } },
      }),
      ['2.0 waits: my-backend, my-frontend', '1.0 live since 10:01 by ann@laptop: my-backend, my-frontend'],
    ],
    [
      'are live in part in the middle of a release',
      legacyPair({ frontend: { live: { version: '2.0' }, lingering: { version: '1.0' }, next: undefined! } }),
      ['2.0 in-part: my-backend, my-frontend', '1.0 in-part: my-backend, my-frontend'],
    ],
    [
      'may have been withdrawn, where nothing says that users were on them',
      { members: [{ name: 'web', live: { version: '3.0' }, lingering: { version: '2.0', desired: 0, available: 0 } }] },
      ['3.0 live: web', '2.0 maybe: web; no pods'],
    ],
    [
      'were withdrawn where that stands on them, whatever was released since',
      { members: [{ name: 'web', live: { version: '3.0' }, lingering: { version: '2.0', ...gone, own: withdrawn } }] },
      ['3.0 live: web', '2.0 withdrawn: web; no pods'],
    ],
    [
      'are what users were on, not what was tried under the same version later, and withdrawn',
      {
        members: [
          {
            name: 'web',
            live: { version: '3.0' },
            lingering: { version: '2.0', ...gone, own: since2nd },
            next: { version: '2.0', ...gone },
            status: { abort: true },
          },
        ],
      },
      ['3.0 live: web', '2.0 past since 10:00 by ann@laptop: web; no pods'],
    ],
    [
      'are what waits, where users were on that version before',
      {
        members: [
          {
            name: 'web',
            live: { version: '3.0' },
            lingering: { version: '2.0', ...gone, own: since2nd },
            next: { version: '2.0' },
          },
        ],
      },
      ['2.0 waits: web', '3.0 live: web'],
    ],
    [
      'hold nothing that was withdrawn of a version that users of the others had been on before it was made',
      {
        members: [
          { name: 'api', live: { version: '3.0' }, lingering: tried('2026-01-03T00:00:00Z') },
          { name: 'web', live: { version: '3.0' }, lingering: { version: '2.0', ...gone, own: since2nd } },
        ],
      },
      ['3.0 live: api, web', '2.0 past since 10:00 by ann@laptop: web; no pods'],
    ],
    [
      'were withdrawn where users had come to a part of them alone, and were brought back',
      {
        members: [
          { name: 'api', live: { version: '3.0' }, lingering: tried('2026-01-01T00:00:00Z') },
          { name: 'web', live: { version: '3.0' }, lingering: { version: '2.0', ...gone, own: since2nd } },
        ],
      },
      ['3.0 live: api, web', '2.0 withdrawn: api, web; no pods'],
    ],
    [
      'may have been, where nothing tells of the other part',
      {
        members: [
          { name: 'api', live: { version: '3.0' }, lingering: { version: '2.0', ...gone } },
          { name: 'web', live: { version: '3.0' }, lingering: { version: '2.0', ...gone, own: since2nd } },
        ],
      },
      ['3.0 live: api, web', '2.0 maybe: api, web; no pods'],
    ],
    [
      'lack what is gone',
      {
        members: [
          {
            name: 'web',
            live: { version: '3.0' },
            lingering: {
              version: '2.0',
              fromConfig: { GREETING: ['words', 'hello'] },
              own: live('2026-01-02T10:00:00Z'),
            },
          },
        ],
        configs: { words: 'missing' },
      },
      ['3.0 live: web', '2.0 past since 10:00 by ann@laptop: web; ConfigMap words is gone'],
    ],
  ]
  const own = (since: string) => ({ own: live(since) })
  const unversioned: readonly [what: string, spec: WorldSpec, lines: readonly string[]][] = [
    [
      'what waits, and what users are on, though no version says so',
      {
        members: [
          { name: 'api', live: {}, next: {} },
          { name: 'web', live: {}, next: {} },
        ],
      },
      ['api-rev-3 waits: api, web', 'api-rev-2 live: api, web'],
    ],
    [
      'what came to users one after the other, and what they had before',
      {
        members: [
          { name: 'api', live: own('2026-01-05T10:01:00Z'), lingering: {} },
          { name: 'web', live: own('2026-01-05T10:00:00Z'), lingering: {} },
        ],
      },
      ['api-rev-2 live since 10:01 by ann@laptop: api, web', 'api-rev-1 past: api, web'],
    ],
    [
      'what waits still of what users have come to in part',
      {
        members: [
          { name: 'api', live: {}, next: {} },
          { name: 'web', live: own('2026-01-05T10:00:00Z'), lingering: {} },
        ],
      },
      ['api-rev-3 in-part: api, web', 'api-rev-2 in-part: api, web'],
    ],
    [
      'nothing that was made only once users were on the other',
      {
        members: [
          { name: 'api', live: own('2026-01-01T10:00:00Z') },
          { name: 'web', live: own('2026-01-05T10:00:00Z') },
        ],
      },
      ['api-rev-2 live since 10:00 by ann@laptop: api', 'web-rev-2 live since 10:00 by ann@laptop: web'],
    ],
    [
      'what settles a release, and that',
      {
        members: [
          { name: 'api', live: own('2026-01-05T10:01:00Z') },
          {
            name: 'web',
            live: { ...own('2026-01-05T10:02:00Z'), labels: { 'rollouts-group/release': 'rev-1-s1' } },
            lingering: own('2026-01-05T10:00:00Z'),
          },
        ],
      },
      ['api-rev-2 live since 10:02 by ann@laptop: api, web'],
    ],
  ]
  for (const [what, spec, expected] of unversioned)
    it(`hold together ${what}`, () => assert.deepEqual(lines(spec), expected))
  for (const [what, spec, expected] of rows) it(what, () => assert.deepEqual(lines(spec), expected))
})
